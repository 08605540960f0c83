"""A screen played by a script: what stands on it can be read, and anything a person can do can be done.

Not for: the steps of a script (`visit_file`) or the world around the column (`kiosk.demo`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kiosk.core.pages import Chosen, Input, Keyed, Option, Page, PinPage, Tool, ToolUsed, Typed, View, WentBack
from kiosk.core.texts import Texts
from kiosk.terminal.draw import Drawing


class NotOnScreen(LookupError):
    """A script wants to touch what is not there; the text says what is."""


class ScriptScreen:
    """A `Screen` for scripts and tests.

    Attributes:
        view: what is shown now, or None before the first view.
        shown: every view so far, oldest first.
        watcher: called with each view before the journey goes on, or None.
    """

    def __init__(self, texts: Texts) -> None:
        self._drawing = Drawing(texts)
        self._inputs: asyncio.Queue[Input] = asyncio.Queue()
        self._knock: Callable[[], None] | None = None
        self.view: View | None = None
        self.shown: list[View] = []
        self.watcher: Callable[[View], None] | None = None

    def show(self, view: View) -> None:
        """See `kiosk.journeys.ports.Screen`."""
        self.view = view
        self.shown.append(view)
        if self.watcher is not None:
            self.watcher(view)

    async def read(self) -> Input:
        """See `kiosk.journeys.ports.Screen`."""
        return await self._inputs.get()

    @property
    def page(self) -> Page:
        """The page that takes input now: the notice on top, or the page itself."""
        view = self._current()
        return view.overlay.page if view.overlay else view.page

    def lines(self) -> list[str]:
        """Every line on screen now, in the visit's language."""
        return self._drawing.lines(self.view) if self.view else []

    def on_knock(self, listener: Callable[[], None]) -> None:
        """See `kiosk.journeys.ports.Screen`."""
        self._knock = listener

    def knock(self) -> None:
        """Make the hidden gesture of staff."""
        if self._knock is not None:
            self._knock()

    def touch(self, name: str) -> None:
        """Choose the option with that id or those words.

        Raises:
            NotOnScreen: when there is no such option; the text lists those there are.
        """
        view = self._current()
        for option in self.page.options:
            if name in (option.id, self._words(option, view)):
                return self.give(Chosen(view.serial, option.id))
        there = ", ".join(f"{o.id} '{self._words(o, view)}'" for o in self.page.options)
        raise NotOnScreen(f"nothing says '{name}'; there are: {there}")

    def back(self) -> None:
        """Go back.

        Raises:
            NotOnScreen: when the page has no Back.
        """
        if not self.page.back:
            raise NotOnScreen("this page has no Back")
        self.give(WentBack(self._current().serial))

    def type(self, text: str) -> None:
        """Let the field hold `text`."""
        self.give(Typed(self._current().serial, text))

    def key(self, keys: str) -> None:
        """Press keys of the keypad, one after the other: digits, `ERASE`, `CLEAR`.

        Raises:
            NotOnScreen: when there is no keypad.
        """
        view = self._current()
        if not isinstance(self.page, PinPage):
            raise NotOnScreen("there is no keypad on this page")
        for key in keys:
            self.give(Keyed(view.serial, key))

    def use(self, tool: Tool, argument: str = "") -> None:
        """Use a tool of the toolbar."""
        self.give(ToolUsed(tool, argument))

    def give(self, given: Input) -> None:
        """Any input, also a stale or senseless one."""
        self._inputs.put_nowait(given)

    def _current(self) -> View:
        if self.view is None:
            raise NotOnScreen("the screen is still dark")
        return self.view

    def _words(self, option: Option, view: View) -> str:
        return self._drawing.option_words(option, view.language)
