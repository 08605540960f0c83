"""Everything around the page as properties for QML, and the one object QML talks to.

Takes views on the interface thread, hands on what the gate admits. Not for: threads (`screen`), words of a page
(`viewmodel`), what comes next (journeys).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Property, QObject, Qt, QTimer, Signal, Slot

from kiosk.core.pages import Chosen, Input, Keyed, Look, Tool, ToolUsed, Touched, View, WelcomePage
from kiosk.core.texts import Language, Texts, message
from kiosk.ui.bell import Ringing
from kiosk.ui.brand import Brand
from kiosk.ui.clockwork import Clockwork
from kiosk.ui.corners import Corners
from kiosk.ui.gate import Gate, same_place
from kiosk.ui.images import forget_codes
from kiosk.ui.measure import Measure
from kiosk.ui.metrics import Metrics, ScreenModel, offers_reach
from kiosk.ui.narration import seconds_left
from kiosk.ui.plain import Plain, plain, plain_list
from kiosk.ui.reader import Reader
from kiosk.ui.theme import ThemeValues
from kiosk.ui.tokens import load_design
from kiosk.ui.toolbar import plan_toolbar, tools_of
from kiosk.ui.viewmodel import PageModel
from kiosk.ui.words import OWN_NAMES, Wording

_CHROME = (
    "back",
    "next_page",
    "previous_page",
    "next_page_name",
    "previous_page_name",
    "field",
    "field_hint",
    "code_name",
    "key.space",
    "key.backspace",
    "key.digit_back",
    "key.clear",
    "key.digits",
    "key.letters",
)


class KioskModel(QObject):
    """The root of all bindings.

    Args:
        model: the panel.
        brand: the municipality and place.
        texts: the catalogue.
        reader: reads aloud.
        ringing: calls people back to their card.
        measure: the font's measure.
        theme: receives every token by name whenever the look changes.
        now: local time of the site, for the clock in the header.
        gate: decides which inputs count.
    """

    languageChanged = Signal()  # noqa: N815 - QML's spelling
    toolbarChanged = Signal()  # noqa: N815
    overlayChanged = Signal()  # noqa: N815
    pageReplaced = Signal(bool)  # noqa: N815
    clockChanged = Signal()  # noqa: N815
    settledChanged = Signal()  # noqa: N815
    given = Signal(object)
    knocked = Signal()

    def __init__(
        self,
        model: ScreenModel,
        brand: Brand,
        texts: Texts,
        reader: Reader,
        ringing: Ringing,
        measure: Measure,
        theme: QObject,
        now: Callable[[], datetime],
        *,
        gate: Gate,
        motion_scale: float,
    ) -> None:
        super().__init__()
        self._brand, self._texts, self._reader, self._measure = brand, texts, reader, measure
        self._theme, self._gate, self._ringing = theme, gate, ringing
        self._values = ThemeValues(model, brand.colour, motion_scale)
        self._offers_reach = offers_reach(model, load_design())
        self._corners = Corners()
        self._view: View | None = None
        self._page: PageModel | None = None
        self._overlay: PageModel | None = None
        self._pages: set[QObject] = set()
        self._chrome: dict[Language, Plain] = {}
        self._backwards = False
        self._clock = Clockwork(now, self.clockChanged.emit, self)
        self._settle = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._settle.timeout.connect(self.settledChanged)
        self._apply(Look())

    def show(self, view: View) -> None:
        """Draw `view`; called on the interface thread only."""
        old, self._view = self._view, view
        if old is None or old.look != view.look:
            self._apply(view.look)
        self._gate.shown(view, time.monotonic())
        if self._gate.settling(time.monotonic()):
            self._settle.start(round(self._gate.settle_s * 1000) + 1)
            self.settledChanged.emit()
        if old is None or old.language != view.language:
            self._clock.language = view.language
            self.languageChanged.emit()
        if old is None or _toolbar_of(old) != _toolbar_of(view):
            self.toolbarChanged.emit()
        self._reader.shown(view)
        self._ringing.shown(view)
        self._show_page(old, view)
        self._show_overlay(view)

    def _show_page(self, old: View | None, view: View) -> None:
        words = Wording(self._texts, view.language).page(view.page)
        if self._page is not None and same_place(old, view):
            self._page.update(words, view.serial, self._metrics())
            return
        self._page = PageModel(words, view.serial, self._metrics(), self._measure, self)
        self._page.given.connect(self._give)
        self._pages.add(self._page)  # it lives as long as its page is drawn, a page on its way out included
        self.pageReplaced.emit(self._backwards)
        self._backwards = False

    def _show_overlay(self, view: View) -> None:
        if view.overlay is None:
            if self._overlay is not None:
                gone, self._overlay = self._overlay, None
                self.overlayChanged.emit()
                gone.deleteLater()
            return
        words = Wording(self._texts, view.language).page(view.overlay.page)
        if self._overlay is None:
            self._overlay = PageModel(words, view.serial, self._metrics(), self._measure, self)
            self._overlay.given.connect(self._give)
        else:
            self._overlay.update(words, view.serial, self._metrics())
        self.overlayChanged.emit()

    def _metrics(self) -> Metrics:
        return self._values.metrics(self._view.look if self._view else Look())

    def _apply(self, look: Look) -> None:
        for name, value in self._values.values(look).items():
            self._theme.setProperty(name, value)

    def _give(self, given: Input) -> None:
        if self._gate.admits(given, time.monotonic()):
            self._backwards = not isinstance(given, Chosen | Keyed | ToolUsed)
            self._reader.interrupt()
            self.given.emit(given)

    def _get_page(self) -> PageModel | None:
        return self._page

    def _get_overlay(self) -> PageModel | None:
        return self._overlay

    def _get_seconds(self) -> str:
        return seconds_left(self._view, self._texts) if self._view else ""

    def _get_settled(self) -> bool:
        return not self._settle.isActive()

    def _get_words(self) -> Plain:
        language = self._view.language if self._view else "nl"
        if language not in self._chrome:
            words = {key: self._texts.words(message(f"ui.{key}"), language) for key in _CHROME}
            self._chrome[language] = {key.replace(".", "_"): value for key, value in words.items()}
        return self._chrome[language]

    def _get_languages(self) -> list[Plain]:
        if self._view is None or len(self._view.languages) < 2:
            return []
        return [
            {"code": code, "name": OWN_NAMES[code], "on": code == self._view.language} for code in self._view.languages
        ]

    def _get_tools(self) -> list[Plain]:
        if self._view is None:
            return []
        tools = tools_of(self._view.look, self._offered(), self._texts, self._view.language)
        if isinstance(self._view.page, WelcomePage):
            tools = tuple(tool for tool in tools if tool.id != Tool.START_OVER.value)
        return plain_list(tools)

    def _offered(self) -> list[Tool]:
        hidden = {Tool.LANGUAGE}
        hidden |= set() if self._offers_reach else {Tool.REACH}
        hidden |= set() if self._reader.available else {Tool.SPEECH}
        return [tool for tool in Tool if tool not in hidden]

    def _get_header(self) -> Plain:
        language = self._view.language if self._view else "nl"
        words = Wording(self._texts, language)
        practice = words.words(message("ui.practice")) if self._brand.practice else ""
        name, place = words.words(self._brand.name), words.words(self._brand.place)
        return {"name": name, "place": place, "mark": self._brand.mark, "practice": practice}

    def _get_keyboard(self) -> Plain:
        design = load_design()
        language = self._view.language if self._view else "nl"
        letters = design.keyboards[design.keyboard_by_language.get(language, "qwerty")]
        return {"letters": [list(row) for row in letters], "digits": [list(row) for row in design.keyboards["digits"]]}

    def _get_time(self) -> str:
        return self._clock.time

    def _get_date(self) -> str:
        return self._clock.date

    page = Property(QObject, _get_page, notify=pageReplaced)
    overlay = Property(QObject, _get_overlay, notify=overlayChanged)
    seconds = Property(str, _get_seconds, notify=overlayChanged)
    settled = Property(bool, _get_settled, notify=settledChanged)
    words = Property(dict, _get_words, notify=languageChanged)
    header = Property(dict, _get_header, notify=languageChanged)
    keyboard = Property(dict, _get_keyboard, notify=languageChanged)
    languages = Property(list, _get_languages, notify=toolbarChanged)
    tools = Property(list, _get_tools, notify=toolbarChanged)
    time = Property(str, _get_time, notify=clockChanged)
    date = Property(str, _get_date, notify=clockChanged)

    @Slot(float, result="QVariantMap")
    def planToolbar(self, width: float) -> Plain:  # noqa: N802 - QML's spelling
        """Columns and heights of the toolbar for a width."""
        languages = self._view.languages if self._view else ("nl",)
        tools, metrics = self._offered(), self._metrics()
        return plain(plan_toolbar(languages, tools, int(width), metrics, self._texts, self._measure))

    @Slot(int, int, result=str)
    def pageOf(self, page: int, pages: int) -> str:  # noqa: N802 - QML's spelling
        """ "Page 2 of 5" in the language of the visit."""
        language = self._view.language if self._view else "nl"
        return self._texts.words(message("ui.page_of", page=page, pages=pages), language)

    @Slot(QObject)
    def gone(self, page: QObject) -> None:
        """A page is no longer drawn; with the last one of a visit everything it showed is forgotten."""
        self._pages.discard(page)
        page.deleteLater()
        if self._view is not None and isinstance(self._view.page, WelcomePage):
            self._measure.forget()
            forget_codes()

    @Slot(str, str)
    def use(self, tool: str, argument: str) -> None:
        """A tool of the toolbar was touched, or its key pressed."""
        self._give(ToolUsed(Tool(tool), argument))

    @Slot()
    def touched(self) -> None:
        """Somebody is there."""
        self._give(Touched())

    @Slot(float, float, float, float)
    def pressed(self, x: float, y: float, width: float, height: float) -> None:
        """The glass of that size was pressed there."""
        if self._corners.pressed((x, y), (width, height), time.monotonic()):
            self.knocked.emit()

    @Slot(str, str)
    def focused(self, name: str, description: str) -> None:
        """The focus came to something."""
        if self._view is not None:
            self._reader.focused(name, description, self._view)

    @Slot()
    def repeat(self) -> None:
        """Say it again."""
        self._reader.repeat()


def _toolbar_of(view: View) -> tuple[object, ...]:
    return view.language, view.languages, view.look, view.page.kind
