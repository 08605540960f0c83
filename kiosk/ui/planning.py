"""Where options stand: columns, heights and pages of tiles, chosen by what really fits.

Pure: words, sizes and a `Measure` go in, numbers come out; nothing is ever cut to fit, it goes to a next page.
Not for: reading matter (`flow`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from kiosk.ui.measure import Measure, Style
from kiosk.ui.metrics import Metrics
from kiosk.ui.words import OptionWords

HINT_GAP = 6


@dataclass(frozen=True)
class TileStyle:
    """How a tile is built: label and hint beside a disc of `disc` pixels, `pad` around.

    Attributes:
        least: smallest height.
        most: height up to which a tile may grow to fill a page.
        trail: what an arrow takes at the end of a tile that has no icon.
    """

    label: Style
    hint: Style
    disc: int
    pad: int
    least: int
    most: int
    trail: int = 0

    def text_width(self, width: float, icon: bool) -> float:
        """What is left for words in a tile of `width`."""
        return width - 2 * self.pad - (self.disc + self.pad * 3 // 4 if icon else self.trail)


@dataclass(frozen=True)
class Grid:
    """Equal tiles: so many columns, each so high."""

    columns: int
    height: int

    def rows(self, count: int) -> int:
        """Rows that `count` tiles take."""
        return ceil(count / self.columns)

    def room(self, count: int, gap: int) -> int:
        """Height of `count` tiles with gaps between."""
        rows = self.rows(count)
        return rows * self.height + max(rows - 1, 0) * gap


@dataclass(frozen=True)
class Spot:
    """Where one option stands: its place in the page's options, and a rectangle in pixels.

    Attributes:
        kind: weight of the option, which is also how it is drawn.
    """

    option: int
    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class MenuSheet:
    """One page of a menu: spots, and the height at which the group's heading stands (-1 without)."""

    spots: tuple[Spot, ...]
    heading: int = -1


@dataclass(frozen=True)
class Line:
    """One row of equal tiles, before it has a place; `spread` lets a row that is not full take the whole width."""

    kind: str
    options: tuple[int, ...]
    columns: int
    height: int
    spread: bool = False


def tile_style(m: Metrics) -> TileStyle:
    """Tiles of a menu's grid and of search results."""
    return TileStyle(*_styles(m), m.disc, m.pad, m.tileMin, m.tileMax)


def primary_style(m: Metrics) -> TileStyle:
    """The one or two large tiles on top of a menu."""
    label = Style(m.primaryTitle, 700, m.titleLeading)
    hint = Style(m.label, 400, m.bodyLeading)
    return TileStyle(label, hint, m.primaryDisc, m.pad, m.primaryMin, m.primaryMax, m.actionIcon + m.step)


def action_style(m: Metrics) -> TileStyle:
    """Ways on that stand above the bottom bar: an icon without a disc, a label, a hint."""
    return TileStyle(*_styles(m), m.actionIcon, m.pad, m.button, m.button)


def compact_style(m: Metrics) -> TileStyle:
    """Quiet options of a menu: a small icon and a label."""
    label = Style(m.body, 600, m.titleLeading)
    least = max(m.primaryTarget, round(m.body * 2.2))
    return TileStyle(label, Style(m.label, 400, m.bodyLeading), m.compactIcon, m.pad, least, round(least * 1.35))


def plan_grid(
    options: Sequence[OptionWords], width: int, candidates: Sequence[int], style: TileStyle, gap: int, measure: Measure
) -> Grid:
    """The most columns of `candidates` in which every word stays whole, and the height all tiles then need."""
    usable = [c for c in candidates if c == 1 or c <= len(options)] or [1]
    for columns in usable:
        tile = _cell(width, columns, gap)
        if all(_whole(option, style, tile, measure) for option in options):
            break
    tile = _cell(width, columns, gap)
    return Grid(columns, max((tile_height(o, style, tile, measure) for o in options), default=style.least))


def tile_height(option: OptionWords, style: TileStyle, width: float, measure: Measure) -> int:
    """Pixels a tile of `width` needs to show all its words."""
    room = style.text_width(width, bool(option.icon))
    text = measure.height(option.label, style.label, room)
    if option.hint:
        text += HINT_GAP + measure.height(option.hint, style.hint, room)
    inset = style.pad * 2 // 3
    return max(style.least, text + 2 * inset, (style.disc + inset if option.icon else 0))


def group_height(group: str, m: Metrics, measure: Measure, width: int) -> int:
    """Height of the heading above a grid, with the room below it; 0 where there is none."""
    return measure.height(group, Style(m.h2, 600, m.titleLeading), width) + m.gap * 3 // 4 if group else 0


def pager_height(m: Metrics) -> int:
    """Height of the row with previous page, "page 2 of 5", next page."""
    return max(m.primaryTarget, round(m.body * 2.6))


def _whole(option: OptionWords, style: TileStyle, width: float, measure: Measure) -> bool:
    room = style.text_width(width, bool(option.icon))
    return measure.widest(option.label, style.label) <= room and measure.widest(option.hint, style.hint) <= room


def _cell(width: int, columns: int, gap: int) -> int:
    return (width - (columns - 1) * gap) // columns


def _styles(m: Metrics) -> tuple[Style, Style]:
    return Style(m.title, 600, m.titleLeading), Style(m.label, 400, m.bodyLeading)
