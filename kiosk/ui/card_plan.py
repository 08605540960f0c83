"""How much of a card page the picture gets, and where its reading matter stands.

Pure. The picture is as large as it can be with everything on one page; where that would make it too small to be of
help, it keeps its least size and the reading matter goes on, without it, on further pages. In landscape picture and
words stand side by side. Not for: drawing the picture (QML).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.ui.flow import Block, Flow, Sheet
from kiosk.ui.measure import Measure
from kiosk.ui.metrics import Metrics

_STEPS = 12
_MOST, _LEAST = 0.5, 0.24
"""Height of the picture in shares of the page's width, in portrait."""


@dataclass(frozen=True)
class CardRoom:
    """What a card page has to give, in pixels.

    Attributes:
        column: width of the words on the first page; in landscape the picture stands beside them.
        width: width of everything.
        height: height of everything.
        paging: what the pager takes from the height where pages are needed.
        below: what stands between picture and words, its gap included; 0 where nothing does.
    """

    column: int
    width: int
    height: int
    paging: int
    below: int


@dataclass(frozen=True)
class CardPlan:
    """Height of the picture in pixels, and the pages of reading matter."""

    picture: int
    sheets: tuple[Sheet, ...]


def plan_card(blocks: Sequence[Block], room: CardRoom, m: Metrics, measure: Measure) -> CardPlan:
    """The plan for these blocks; there may be none."""
    flow = Flow(m, measure, narrow=True)
    if not m.portrait:
        sheet, left = flow.begin(blocks, (room.column, room.height))
        if left:
            sheet, left = flow.begin(blocks, (room.column, room.height - room.paging))
        return CardPlan(room.height, _pages(sheet, left, room, m, measure))
    most = min(round(room.width * _MOST), room.height - room.below)
    if not blocks:
        return CardPlan(most, ())
    least = min(round(room.width * _LEAST), most)
    for step in range(_STEPS + 1):
        picture = most - (most - least) * step // _STEPS
        sheet, left = flow.begin(blocks, (room.column, room.height - picture - m.gap - room.below))
        if not left:
            return CardPlan(picture, (sheet,))
    height = room.height - room.paging - least - m.gap - room.below
    sheet, left = flow.begin(blocks, (room.column, height))
    return CardPlan(least, _pages(sheet, left, room, m, measure))


def _pages(first: Sheet, left: Sequence[Block], room: CardRoom, m: Metrics, measure: Measure) -> tuple[Sheet, ...]:
    """The first page, and what is left on pages of the whole width."""
    if not left:
        return (first,) if first else ()
    return (first, *Flow(m, measure).pages(left, (room.width, room.height - room.paging), 0))
