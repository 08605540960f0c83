"""The kiosk in a terminal: the same journeys, read and answered as lines of text.

For machines without a display, for people who try the product over SSH, and for those who prefer a terminal reader.
Beside a keypad a line of digits is the PIN: it goes on as keys, is neither shown by the terminal nor kept, and options
have letters. Not for: deciding anything.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from kiosk.core.pages import (
    CLEAR,
    Chosen,
    Input,
    Keyed,
    Page,
    PinPage,
    SearchPage,
    Tool,
    ToolUsed,
    Touched,
    Typed,
    View,
    WentBack,
)
from kiosk.core.texts import Texts, message
from kiosk.terminal.draw import Drawing, option_marks
from kiosk.terminal.echo import Echo

_TOOLS = {"?": Tool.HELP, "0": Tool.START_OVER}
_TOOLS_BESIDE_KEYPAD = {"?": Tool.HELP, "q": Tool.START_OVER}
KNOCK = "!staff"
_DIGITS = frozenset("0123456789")


class TextScreen:
    """A `Screen` on two text streams.

    Args:
        texts: turns texts into words.
        source: lines typed by the person; its end ends the program (`ended`).
        out: where views are written.
        practice: whether every page must say that it is practice.

    Attributes:
        shown: set once the first view is written.
        ended: set once everything typed was answered.
    """

    def __init__(self, texts: Texts, source: TextIO, out: TextIO, *, practice: bool = False) -> None:
        self._drawing = Drawing(texts)
        self._texts = texts
        self._source = source
        self._echo = Echo(source)
        self._out = out
        self._view: View | None = None
        self._practice = practice
        self._last: list[str] = []
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._knock: Callable[[], None] | None = None
        self.shown = asyncio.Event()
        self.ended = asyncio.Event()

    def start(self) -> None:
        """Begin to listen; call on the loop that reads."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, args=(loop,), name="zuil-keyboard", daemon=True).start()

    def show(self, view: View) -> None:
        """Print the view when it says something new; a countdown alone is not printed every second."""
        self._view = view
        self.shown.set()
        self._echo.hide(isinstance(_asking(view), PinPage))
        lines = self._drawing.lines(view)
        if lines != self._last:
            self._last = lines
            self._write("", *self._mark(view), *lines, self._help(view))

    async def read(self) -> Input:
        """The next line that means something."""
        while True:
            line = await self._lines.get()
            if line is None:
                # Everything typed was answered; only now may the program end.
                self.ended.set()
                continue
            given = self._meaning(line.strip())
            if given is not None:
                return given
            if self._view:
                self._write(self._help(self._view))

    def on_knock(self, listener: Callable[[], None]) -> None:
        """See `kiosk.journeys.ports.Screen`; a line of `KNOCK` is the gesture, and stands in no help."""
        self._knock = listener

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        # The loop may end while somebody still types; what is typed then answers nothing.
        with suppress(RuntimeError):
            for line in self._source:
                loop.call_soon_threadsafe(self._take, line)
            loop.call_soon_threadsafe(self._lines.put_nowait, None)

    def _take(self, line: str) -> None:
        if line.strip() == KNOCK and self._knock is not None:
            self._knock()
        else:
            self._lines.put_nowait(line)

    def _meaning(self, line: str) -> Input | None:
        view = self._view
        if view is None:
            return None
        page = _asking(view)
        tools = _tools(page)
        if not line:
            return Touched()
        if line in tools:
            return ToolUsed(tools[line])
        if line.removeprefix("/") in view.languages and line.startswith("/"):
            return ToolUsed(Tool.LANGUAGE, line.removeprefix("/"))
        if line == "<" and page.back:
            return WentBack(view.serial)
        if line in (marks := option_marks(page)):
            return Chosen(view.serial, page.options[marks.index(line)].id)
        if isinstance(page, PinPage):
            return Keyed(view.serial, line) if line == CLEAR or _DIGITS.issuperset(line) else None
        return Typed(view.serial, line) if isinstance(page, SearchPage) else None

    def _mark(self, view: View) -> list[str]:
        return [self._texts.spoken(message("practice.screen"), view.language)] if self._practice else []

    def _help(self, view: View) -> str:
        asked = _asking(view)
        prompt = message("ui.pin.line" if isinstance(asked, PinPage) else "text.number")
        keys = [self._texts.spoken(prompt, view.language)]
        if view.page.back and not view.overlay:
            keys.append("< " + self._texts.spoken(message("text.back"), view.language))
        keys += ["? " + self._texts.spoken(message("text.help"), view.language)]
        start_over = next(key for key, tool in _tools(asked).items() if tool is Tool.START_OVER)
        keys += [f"{start_over} " + self._texts.spoken(message("text.start_over"), view.language)]
        if len(view.languages) > 1:
            keys.append(" ".join(f"/{language}" for language in view.languages))
        return "   ".join(keys)

    def _write(self, *lines: str) -> None:
        self._out.write("\n".join(lines) + "\n")
        self._out.flush()


def _asking(view: View) -> Page:
    """The page that takes input: the notice on top, or the page itself."""
    return view.overlay.page if view.overlay else view.page


def _tools(page: Page) -> dict[str, Tool]:
    return _TOOLS_BESIDE_KEYPAD if isinstance(page, PinPage) else _TOOLS
