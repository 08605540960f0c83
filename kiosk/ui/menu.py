"""Pages of a menu: large tiles on top, a headed grid, compact tiles below, next pages when they do not fit.

Pure. Not for: how a single tile is built (`planning`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kiosk.core.pages import Weight
from kiosk.ui.measure import Measure
from kiosk.ui.metrics import Metrics
from kiosk.ui.planning import (
    Grid,
    Line,
    MenuSheet,
    Spot,
    TileStyle,
    compact_style,
    group_height,
    plan_grid,
    primary_style,
    tile_style,
)
from kiosk.ui.words import OptionWords

PRIMARY, NORMAL, QUIET = Weight.PRIMARY.value, Weight.NORMAL.value, Weight.QUIET.value
_STEPS = 24


class Menu:
    """Plans the menu of one area."""

    def __init__(self, m: Metrics, measure: Measure) -> None:
        self._m, self._measure = m, measure

    def pages(
        self, options: Sequence[OptionWords], area: tuple[int, int], paging: int, group: str = "", most: int = 2
    ) -> tuple[MenuSheet, ...]:
        """Pages of spots for (width, height) pixels.

        Args:
            options: what to place.
            area: width and height.
            paging: height the pager takes from the area, where pages are needed.
            group: heading above the grid.
            most: most columns of large tiles.
        """
        width, height = area
        lines = list(self._lines(options, width, most))
        heading = group_height(group, self._m, self._measure, width)
        whole = self._fill(lines, height, heading)
        if len(whole) <= 1:
            return tuple(self._place(page, area, heading, single=True) for page in whole) or (MenuSheet(()),)
        lower = height - paging
        mixed = len({line.kind for line in lines}) > 1
        pages = self._fill(lines, lower, heading) if mixed else self._even(lines, lower, heading)
        return tuple(self._place(page, (width, lower), heading, single=False) for page in pages)

    def results(self, options: Sequence[OptionWords], area: tuple[int, int], paging: int) -> tuple[MenuSheet, ...]:
        """Pages of search results, best first from the top, rows no higher than they need."""
        width, height = area
        columns = range(2, 0, -1) if self._m.portrait else (1,)
        style = compact_style(self._m)
        grid = plan_grid(options, width, columns, style, self._m.gap, self._measure)
        if grid.height > height - paging:
            # Where there is hardly any room, one wide tile says its words on fewer lines than two narrow ones.
            grid = plan_grid(options, width, (1,), style, self._m.gap, self._measure)
        lines = [
            Line(QUIET, tuple(range(at, min(at + grid.columns, len(options)))), grid.columns, grid.height)
            for at in range(0, len(options), grid.columns)
        ]
        pages = self._fill(lines, height, 0)
        if len(pages) > 1:
            pages = self._fill(lines, height - paging, 0)
        return tuple(self._place(page, (width, self._room(page, 0)), 0, single=False) for page in pages)

    def _lines(self, options: Sequence[OptionWords], width: int, most: int) -> Iterator[Line]:
        counts = {kind: sum(option.weight == kind for option in options) for kind in (PRIMARY, NORMAL, QUIET)}
        spread = sum(count > 0 for count in counts.values()) > 1
        for kind, style in self._styles().items():
            places = [at for at, option in enumerate(options) if option.weight == kind]
            grid = self._grid([options[at] for at in places], kind, counts, style, width, most)
            for start in range(0, len(places), grid.columns):
                yield Line(kind, tuple(places[start : start + grid.columns]), grid.columns, grid.height, spread)

    def _styles(self) -> dict[str, TileStyle]:
        return {PRIMARY: primary_style(self._m), NORMAL: tile_style(self._m), QUIET: compact_style(self._m)}

    def _grid(
        self, options: list[OptionWords], kind: str, counts: dict[str, int], style: TileStyle, width: int, most: int
    ) -> Grid:
        few = kind == NORMAL and not counts[QUIET] and len(options) <= (5 if self._m.portrait else 2)
        narrow = self._m.portrait or (len(options) == 4 and not counts[QUIET])
        wanted = most if kind == PRIMARY else 2 if narrow else 3
        columns = (1,) if few else range(wanted, 0, -1)
        return plan_grid(options, width, columns, style, self._m.gap, self._measure)

    def _fill(self, lines: list[Line], height: int, heading: int) -> list[list[Line]]:
        pages: list[list[Line]] = []
        for line in lines:
            if pages and self._room([*pages[-1], line], heading) <= height:
                pages[-1].append(line)
            else:
                pages.append([line])
        return pages

    def _even(self, lines: list[Line], height: int, heading: int) -> list[list[Line]]:
        fewest = len(self._fill(lines, height, heading))
        steps = (height * step // _STEPS for step in range(_STEPS // 2, _STEPS + 1))
        return next(
            pages
            for step in steps
            if len(pages := self._fill(lines, step, heading)) == fewest
            and (step == height or all(self._room(page, heading) <= step for page in pages))
        )

    def _room(self, lines: list[Line], heading: int) -> int:
        gaps = self._m.gap * max(len(lines) - 1, 0)
        return sum(line.height for line in lines) + gaps + (heading if _headed(lines) else 0)

    def _place(self, lines: list[Line], area: tuple[int, int], heading: int, *, single: bool) -> MenuSheet:
        width, height = area
        grown = self._grow(lines, height - self._room(lines, heading))
        y = max(height - self._room(grown, heading), 0) if single else 0
        spots: list[Spot] = []
        headed = -1
        for line in grown:
            if headed < 0 and line.kind != PRIMARY and heading:
                headed, y = y, y + heading
            spots += self._row(line, width, y)
            y += line.height + self._m.gap
        return MenuSheet(tuple(spots), headed)

    def _row(self, line: Line, width: int, y: int) -> Iterator[Spot]:
        columns = len(line.options) if line.spread else line.columns
        cell = (width - (columns - 1) * self._m.gap) // columns
        for at, option in enumerate(line.options):
            yield Spot(option, line.kind, at * (cell + self._m.gap), y, cell, line.height)

    def _grow(self, lines: list[Line], spare: int) -> list[Line]:
        """Lets rows take the spare height, large tiles two shares, each up to what still looks like a tile."""
        if spare <= 0 or not lines:
            return lines
        shares = {PRIMARY: 2, NORMAL: 2, QUIET: 1}
        unit = spare // sum(shares[line.kind] for line in lines)
        styles = self._styles()
        return [
            replace(line, height=max(line.height, min(line.height + unit * shares[line.kind], styles[line.kind].most)))
            for line in lines
        ]


def _headed(lines: list[Line]) -> bool:
    return any(line.kind != PRIMARY for line in lines)
