"""Where reading matter stands: cards with facts and sections poured into columns and pages.

Pure. A card that does not fit is split between its items or goes to the next column or page; nothing is cut.
Not for: options (`planning`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kiosk.core.pages import CardPage
from kiosk.ui.measure import Measure, Style
from kiosk.ui.metrics import Metrics
from kiosk.ui.words import FactWords, PageWords, SectionWords

_STEPS = 24


@dataclass(frozen=True)
class Block:
    """One card of reading matter.

    Attributes:
        kind: `fact`, `section`, `number`, `paper` or `code`.
        heading: heading, label of a fact, or the number itself.
        lines: items of a section, value of a fact, sentence of a paper line.
        said: what stands for a private value wherever it may be heard.
        grows: whether it takes the height that is left (the number does).
        half: whether two of its kind may stand side by side.
    """

    kind: str
    heading: str = ""
    lines: tuple[str, ...] = ()
    icon: str = ""
    bulleted: bool = False
    grows: bool = False
    half: bool = False
    said: str = ""


@dataclass(frozen=True)
class Placed:
    """A block with its place in pixels."""

    block: Block
    x: int
    y: int
    width: int
    height: int


Sheet = tuple[Placed, ...]
Line = list[tuple[Block, int, int]]
"""Blocks side by side, each with its left edge and its width."""


def blocks_of(page: PageWords) -> tuple[Block, ...]:
    """The reading matter of a page, in reading order."""
    facts = tuple(Block("fact", f.label, (f.value,), f.icon, half=True, said=f.said) for f in page.facts)
    beside = page.kind == CardPage.kind
    sections = tuple(
        Block("section", s.heading, s.items, s.icon, s.bulleted, half=beside and s.bulleted) for s in page.sections
    )
    number = (Block("number", page.label, grows=True),) if page.label else ()
    paper = (Block("paper", page.tone, (page.paper,), page.icon),) if page.paper else ()
    code = (Block("code", page.code, (page.code_hint,)),) if page.code else ()
    return number + paper + facts + sections + code


class Flow:
    """Pours blocks into pages of an area.

    Args:
        narrow: one column in landscape, too.
    """

    def __init__(self, m: Metrics, measure: Measure, *, narrow: bool = False) -> None:
        self._m, self._measure = m, measure
        self._narrow = narrow or m.portrait

    def begin(self, blocks: Sequence[Block], area: tuple[int, int]) -> tuple[Sheet, tuple[Block, ...]]:
        """What goes into one column of (width, height) pixels, from the top, and what is left over."""
        width, height = area
        strip = next(self._strips(blocks, width, max(height, 0)), ())
        if sum_height(strip) > height:
            return (), tuple(blocks)
        return strip, _left(blocks, strip)

    def pages(self, blocks: Sequence[Block], area: tuple[int, int], paging: int) -> tuple[Sheet, ...]:
        """Pages of placed blocks for (width, height) pixels; `paging` pixels go to the pager where pages are needed."""
        single = self._balance(blocks, area)
        if single is not None:
            return (single,)
        width, height = area
        lower = height - paging
        columns = self._columns(blocks)
        strips = list(self._strips(blocks, self._column_width(width, columns), lower))
        return tuple(
            tuple(p for at, strip in enumerate(strips[i : i + columns]) for p in self._shift(strip, at, width, columns))
            for i in range(0, len(strips), columns)
        )

    def height(self, block: Block, width: int) -> int:
        """Least height of a block of `width`."""
        m = self._m
        match block.kind:
            case "number":
                return round(m.display * 1.15) + m.pad
            case "code":
                return code_side(m) + 2 * m.pad
            case "fact":
                return self._fact(block, width)
            case "paper":
                room = width - 2 * m.pad - m.icon - m.pad
                return max(self._text(block.lines[0], room, 600), m.icon) + m.pad * 5 // 3
            case _:
                return self._section(block, width)

    def _balance(self, blocks: Sequence[Block], area: tuple[int, int]) -> Sheet | None:
        width, height = area
        columns = self._columns(blocks)
        if columns == 1:
            strips = list(self._strips(blocks, width, height))
            return self._grown(strips[0], height) if len(strips) == 1 else None
        if blocks[0].grows:
            return self._number_beside(blocks, area)
        column = self._column_width(width, columns)
        if len(list(self._strips(blocks, column, height))) > columns:
            return None
        steps = (height * step // _STEPS for step in range(1, _STEPS + 1))
        best = next((step for step in steps if self._holds(blocks, column, step, columns)), height)
        strips = list(self._strips(blocks, column, best))
        return tuple(p for at, strip in enumerate(strips) for p in self._shift(strip, at, width, columns))

    def _number_beside(self, blocks: Sequence[Block], area: tuple[int, int]) -> Sheet | None:
        width, height = area
        column = self._column_width(width, 2)
        beside = [block for block in blocks[1:] if block.kind != "paper"]
        left = list(self._strips([block for block in blocks if block not in beside], column, height))
        right = list(self._strips(beside, column, height))
        if len(left) != 1 or len(right) > 1:
            return None
        rest = right[0] if right else ()
        spare = max(sum_height(rest), min(height, round(self._m.display * 2))) - sum_height(left[0])
        return (*_taller(left[0], max(spare, 0)), *self._shift(rest, 1, width, 2))

    def _holds(self, blocks: Sequence[Block], column: int, height: int, columns: int) -> bool:
        strips = list(self._strips(blocks, column, height))
        return len(strips) <= columns and all(sum_height(strip) <= height for strip in strips)

    def _columns(self, blocks: Sequence[Block]) -> int:
        return 1 if self._narrow or len(blocks) < 2 else 2

    def _column_width(self, width: int, columns: int) -> int:
        return (width - (columns - 1) * self._m.gap) // columns

    def _shift(self, strip: Sheet, at: int, width: int, columns: int) -> Sheet:
        offset = at * (self._column_width(width, columns) + self._m.gap)
        return tuple(replace(placed, x=placed.x + offset) for placed in strip)

    def _grown(self, strip: Sheet, height: int) -> Sheet:
        spare = min(height - sum_height(strip), round(self._m.display * 1.2))
        return _taller(strip, spare) if strip and strip[0].block.grows and spare > 0 else strip

    def _strips(self, blocks: Sequence[Block], width: int, height: int) -> Iterator[Sheet]:
        strip: list[Placed] = []
        y, queue = 0, list(self._lines(blocks, width))
        while queue:
            line = queue.pop(0)
            tall = max(self.height(block, w) for block, _, w in line)
            if y + tall > height:
                parts = self._parts(line, width, height - y)
                if parts:
                    queue[:0] = parts
                    continue
                if strip:
                    yield tuple(strip)
                    strip, y = [], 0
                    queue.insert(0, line)
                    continue
            strip += [Placed(block, x, y, w, tall) for block, x, w in line]
            y += tall + self._m.gap
        if strip:
            yield tuple(strip)

    def _parts(self, line: Line, width: int, height: int) -> list[Line]:
        """A row that is too high as rows that may fit: side by side no longer, or split between its items."""
        if len(line) > 1:
            whole = max(self.height(block, width) for block, _, _ in line)
            return [] if whole <= height else [[(block, 0, width)] for block, _, _ in line]
        parts = self._split(line[0][0], width, height)
        return [[(part, 0, width)] for part in parts] if parts else []

    def _lines(self, blocks: Sequence[Block], width: int) -> Iterator[Line]:
        """Rows of blocks; two facts, or two lists, in a row whose words stay on one line each share it."""
        half = self._column_width(width, 2)
        at = 0
        while at < len(blocks):
            pair = blocks[at : at + 2]
            if len(pair) == 2 and all(block.half and self._short(block, half) for block in pair):
                yield [(pair[0], 0, half), (pair[1], half + self._m.gap, half)]
                at += 2
            else:
                yield [(blocks[at], 0, width)]
                at += 1

    def _short(self, block: Block, half: int) -> bool:
        if block.kind == "section":
            return self._short_section(block, half)
        room = half - fact_inset(self._m)
        one_line = self._text("H", room, 600)
        heading = self._measure.widest(block.heading, Style(self._m.label, 400, self._m.bodyLeading))
        return self._text(block.lines[0], room, 600) <= one_line and heading <= room

    def _short_section(self, block: Block, half: int) -> bool:
        m, room = self._m, half - section_inset(self._m) - self._m.pad
        inner, one_line = room - bullet_indent(m), self._text("H", room, 400)
        heading = self._measure.height(block.heading, Style(m.title, 600, m.titleLeading), room)
        return heading <= self._measure.height("H", Style(m.title, 600, m.titleLeading), room) and all(
            self._text(line, inner, 400) <= one_line for line in block.lines
        )

    def _split(self, block: Block, width: int, height: int) -> tuple[Block, Block] | None:
        if block.kind != "section":
            return None
        for count in range(len(block.lines) - 1, 0, -1):
            head = replace(block, lines=block.lines[:count])
            if self.height(head, width) <= height:
                return head, replace(block, lines=block.lines[count:])
        return None

    def _fact(self, block: Block, width: int) -> int:
        m, room = self._m, width - fact_inset(self._m)
        text = self._measure.height(block.heading, Style(m.label, 400, m.bodyLeading), room)
        return max(text + self._text(block.lines[0], room, 600) + 4, m.icon) + m.pad * 5 // 3

    def _section(self, block: Block, width: int) -> int:
        m = self._m
        room = width - section_inset(m) - m.pad
        text = self._measure.height(block.heading, Style(m.title, 600, m.titleLeading), room)
        inner = room - (bullet_indent(m) if block.bulleted else 0)
        items = sum(self._text(line, inner, 400) + item_gap(m) for line in block.lines)
        return max(text + items, m.icon) + m.pad * 2

    def _text(self, text: str, width: float, weight: int) -> int:
        return self._measure.height(text, Style(self._m.body, weight, self._m.bodyLeading), width)


def _left(blocks: Sequence[Block], placed: Sheet) -> tuple[Block, ...]:
    """The blocks, and the items of the one that was split, that do not stand on `placed`."""
    queue = list(blocks)
    for part in (each.block for each in placed):
        if len(part.lines) == len(queue[0].lines):
            queue.pop(0)
        else:
            queue[0] = replace(queue[0], lines=queue[0].lines[len(part.lines) :])
    return tuple(queue)


def _taller(strip: Sheet, spare: int) -> Sheet:
    first = replace(strip[0], height=strip[0].height + spare)
    return (first, *(replace(placed, y=placed.y + spare) for placed in strip[1:]))


def sum_height(strip: Sheet) -> int:
    """Lower edge of the lowest block."""
    return max((placed.y + placed.height for placed in strip), default=0)


def fact_inset(m: Metrics) -> int:
    """What a fact's icon and padding take from its width."""
    return 2 * m.pad + m.icon + m.pad * 3 // 4


def section_inset(m: Metrics) -> int:
    """Left edge of a section's words: padding and icon column."""
    return m.pad + m.icon + m.pad * 3 // 4


def bullet_indent(m: Metrics) -> int:
    """How far list points stand in from their section's words."""
    return round(m.body * 0.9)


def item_gap(m: Metrics) -> int:
    """Room above each item of a section."""
    return round(m.body * 0.32)


def code_side(m: Metrics) -> int:
    """Side of the QR code with its quiet zone: large enough to scan from where people stand."""
    return max(m.primaryTarget * 3, round((280 if m.portrait else 250) * m.unit))


__all__ = ["Block", "FactWords", "Flow", "Placed", "SectionWords", "Sheet", "blocks_of", "code_side"]
