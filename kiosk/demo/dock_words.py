"""What the page of the dock says, in the language of whoever practises: levers, their states, and what goes wrong.

Names of levers and states stay what they are in addresses, visit files and recordings; only what is read differs. Not
for: what a lever does (`dock`) or the texts of the column (`assets/translations/*.toml`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from config.texts import Catalog, load_texts
from kiosk.core.texts import LANGUAGES, Language, message
from kiosk.demo.dock import CannotMove, DockState, Lever
from kiosk.paths import TRANSLATIONS

Plain = dict[str, object]
_FIXED = ("title", "languages", "around", "levers", "came_out", "recorded", "ended", "no_paper")
"""Words of the page that hold no number."""


@cache
def dock_texts() -> Catalog:
    """The catalogue of the dock; read by the first who asks, because a column has no use for it."""
    return load_texts(TRANSLATIONS / "dock")


class DockWords:
    """A dock's state in words.

    Args:
        languages: those of the site; the first is that of whoever chose none.
    """

    def __init__(self, languages: Sequence[Language] = LANGUAGES) -> None:
        self.languages = tuple(languages)

    def chosen(self, asked: str) -> Language:
        """The language asked for, or the first of the site."""
        return asked if asked in self.languages else self.languages[0]

    def state(self, state: DockState, language: Language) -> Plain:
        """Everything the page shows, as JSON can hold it."""
        return {
            "language": language,
            "languages": {code: self._says("page.own_name", code) for code in self.languages},
            "levers": [self._lever(lever, language) for lever in state.levers],
            "papers": state.papers,
            "column_running": state.column_running,
            "sheets": state.sheets,
            "recorded": state.recorded,
            "pages": {self._says(f"around.{slug(title)}", language): url for title, url in state.pages.items()},
            "words": self._page(state, language),
        }

    def problem(self, why: CannotMove, language: Language) -> str:
        """Why a lever cannot be moved now, and what to do."""
        return self._says(f"problem.{why.problem}", language)

    def _lever(self, lever: Lever, language: Language) -> Plain:
        named = {kind: {name: f"{kind}.{lever.id}.{name}" for name in lever.states} for kind in ("name", "does")}
        return {
            "id": lever.id,
            "title": self._says(f"lever.{lever.id}", language),
            "now": lever.now,
            "states": {name: self._says(key, language) for name, key in named["does"].items()},
            "labels": {name: self._says(key, language) for name, key in named["name"].items()},
        }

    def _page(self, state: DockState, language: Language) -> Mapping[str, str]:
        paper = {"paper": state.papers, "paper_picture": state.papers, "sheet": state.sheets}
        return {
            **{name: self._says(f"page.{name}", language) for name in _FIXED},
            **{name: self._says(f"page.{name}", language, number=number) for name, number in paper.items()},
            "column": self._says("page.runs" if state.column_running else "page.off", language),
            "visitors": self._visitors(state, language),
        }

    def _visitors(self, state: DockState, language: Language) -> str:
        day = state.day
        if not day.of:
            return ""
        ends = {"stayed": day.stayed, "left": day.left, "turned_away": day.turned_away}
        return self._says("page.visitors", language, came=day.came, of=day.of, **ends)

    def _says(self, key: str, language: Language, **numbers: int) -> str:
        return dock_texts().words(message(key, **numbers), language)


def slug(title: str) -> str:
    """Key of a page around the column: "Counter page" is `counter-page`."""
    return title.lower().replace(" ", "-")
