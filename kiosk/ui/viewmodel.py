"""A view as plain properties for QML: words already rendered, lists as values, plans on request.

`PageModel` is one page on screen; `kiosk_model` is everything around it. QML decides nothing: what is touched goes to
`given`. A key of a keypad is handed on and forgotten. Not for: threads (`screen`), sizes (`metrics`, `planning`,
`flow`).
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Property, QObject, Signal, Slot

from kiosk.core.pages import CLEAR, ERASE, Chosen, Keyed, Typed, WentBack
from kiosk.ui.card_plan import CardRoom, plan_card
from kiosk.ui.flow import Flow, blocks_of
from kiosk.ui.gate import FieldEcho
from kiosk.ui.measure import Measure
from kiosk.ui.menu import QUIET, Menu
from kiosk.ui.metrics import Metrics
from kiosk.ui.plain import Plain, plain, plain_list
from kiosk.ui.planning import action_style, plan_grid
from kiosk.ui.words import OptionWords, PageWords

_KEYS = {"backspace": ERASE, "clear": CLEAR}


class PageModel(QObject):
    """One page. Its words change in place (language, results, paper); another page is another model."""

    changed = Signal()
    fieldOrdered = Signal(str)  # noqa: N815 - QML's spelling
    given = Signal(object)

    def __init__(self, words: PageWords, serial: int, m: Metrics, measure: Measure, parent: QObject) -> None:
        super().__init__(parent)
        self._words, self._serial, self._m, self._measure = words, serial, m, measure
        self._echo = FieldEcho(words.query)
        self._plain = plain(words)

    def update(self, words: PageWords, serial: int, m: Metrics) -> None:
        """Take newer words of the same page, or another look."""
        self._serial = serial
        if (words, m) == (self._words, self._m):
            return
        self._words, self._m, self._plain = words, m, plain(words)
        if self._echo.arrived(words.query):
            self.fieldOrdered.emit(words.query)
        self.changed.emit()

    def _get_words(self) -> Plain:
        return self._plain

    words = Property(dict, _get_words, notify=changed)

    @Slot(str)
    def choose(self, option: str) -> None:
        """An option was touched."""
        self.given.emit(Chosen(self._serial, option))

    @Slot()
    def goBack(self) -> None:  # noqa: N802 - QML's spelling
        """Back was touched."""
        self.given.emit(WentBack(self._serial))

    @Slot(str)
    def typed(self, text: str) -> None:
        """The field now says `text`; nothing is sent when it is what a view ordered."""
        if text != self._echo.text:
            self._echo.typed(text)
            self.given.emit(Typed(self._serial, text))

    @Slot(float, float)
    def touchedAt(self, across: float, down: float) -> None:  # noqa: N802 - QML's spelling
        """The screen was touched so many pixels from the mark; answered in millimetres."""
        mm = self._m.millimetre
        self.given.emit(Typed(self._serial, f"{across / mm:.1f} {down / mm:.1f}"))

    @Slot(float, result=float)
    def pixels(self, millimetres: float) -> float:
        """A length on the glass in pixels of the canvas."""
        return millimetres * self._m.millimetre

    @Slot(str)
    def key(self, key: str) -> None:
        """A key of the keypad was pressed: one digit, or the name of another key."""
        self.given.emit(Keyed(self._serial, _KEYS.get(key, key)))

    @Slot(float, float, float, float, float, result="QVariantMap")
    def planCard(self, column: float, width: float, height: float, paging: float, below: float) -> Plain:  # noqa: N802 - QML's
        """Picture and pages of reading matter; beside the picture it has `column`, on further pages `width`."""
        room = CardRoom(int(column), int(width), int(height), int(paging), int(below))
        return plain(plan_card(blocks_of(self._words), room, self._m, self._measure))

    @Slot(float, float, float, int, result="QVariantList")
    def planMenu(self, width: float, height: float, paging: float, most: int) -> list[Plain]:  # noqa: N802 - QML's
        """Pages of option tiles for an area; `paging` is what the pager takes, `most` the columns of large tiles."""
        area = int(width), int(height)
        return plain_list(self._menu().pages(self._words.options, area, int(paging), self._words.group, most))

    @Slot(float, float, float, result="QVariantList")
    def planResults(self, width: float, height: float, paging: float) -> list[Plain]:  # noqa: N802 - QML's spelling
        """Pages of search results, packed from the top; quiet options are no results."""
        wanted = [at for at, option in enumerate(self._words.options) if option.weight != QUIET]
        found = [self._words.options[at] for at in wanted]
        sheets = self._menu().results(found, (int(width), int(height)), int(paging))
        return [
            {"spots": plain_list([replace(spot, option=wanted[spot.option]) for spot in sheet.spots])}
            for sheet in sheets
        ]

    @Slot(float, float, float, result="QVariantList")
    def planFlow(self, width: float, height: float, paging: float) -> list[list[Plain]]:  # noqa: N802 - QML's spelling
        """Pages of reading matter for an area."""
        area = int(width), int(height)
        sheets = Flow(self._m, self._measure).pages(blocks_of(self._words), area, int(paging))
        return [plain_list(sheet) for sheet in sheets]

    @Slot(float, result="QVariantMap")
    def planActions(self, width: float) -> Plain:  # noqa: N802 - QML's spelling
        """The ways on above the bottom bar: which options, in how many columns, how high."""
        return self._plan(self.actions(), width)

    @Slot(float, result="QVariantMap")
    def planOthers(self, width: float) -> Plain:  # noqa: N802 - QML's spelling
        """All options but the lead, as an overlay shows them."""
        return self._plan([option for option in self._words.loose if option is not self._words.lead], width)

    def _plan(self, options: list[OptionWords], width: float) -> Plain:
        most = 2 if self._m.portrait else 3
        grid = plan_grid(options, int(width), range(most, 0, -1), action_style(self._m), self._m.gap, self._measure)
        columns = min(grid.columns, max(len(options), 1))
        return {"options": plain_list(options), "columns": columns, "height": grid.height}

    def actions(self) -> list[OptionWords]:
        """Options that stand above the bar: those that are neither tiles nor results nor in the bar."""
        bar = (self._words.lead, self._words.second)
        return [option for option in self._words.loose if option not in bar]

    @Slot(result="QVariantMap")
    def lead(self) -> Plain:
        """The option bottom right, or an empty map."""
        return plain(self._words.lead) if self._words.lead else {}

    @Slot(result="QVariantMap")
    def second(self) -> Plain:
        """The option bottom left where there is no Back, or an empty map."""
        return plain(self._words.second) if self._words.second else {}

    def _menu(self) -> Menu:
        return Menu(self._m, self._measure)
