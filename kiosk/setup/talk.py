"""How setup asks and tells: over any `Screen`, with no time limit and no visit, because a technician fetches cables.

Not for: citizens (`kiosk.journeys.visit`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from kiosk.core.pages import (
    Chosen,
    Input,
    Look,
    MeasurePage,
    NoticePage,
    Page,
    SearchPage,
    Tool,
    ToolUsed,
    Typed,
    View,
    WentBack,
    adjusted,
)
from kiosk.core.texts import LANGUAGES, Language, Text
from kiosk.journeys.ports import Screen
from kiosk.journeys.visit import Back

T = TypeVar("T")


class GivenUp(Exception):
    """The technician left; nothing that was not written is kept."""


class Talk:
    """A conversation with one technician.

    Attributes:
        language: of everything from now on.
    """

    def __init__(self, screen: Screen, language: Language = LANGUAGES[0]) -> None:
        self.language = language
        self._screen = screen
        self._look = Look()
        self._serial = 0
        self._page: Page | None = None

    def show(self, page: Page) -> None:
        """Draw a page that takes no answer, or a newer state of the one that waits for one."""
        self._page = page
        self._draw()

    async def choose(self, page: Page) -> str | Back:
        """Show a page and wait for one of its options."""
        self._fresh(page)
        while True:
            answer = self._answer(await self._read())
            if answer is not None:
                return answer

    async def fill(self, page: Callable[[str], SearchPage], text: str = "") -> tuple[str | Back, str]:
        """Show a field.

        Args:
            page: makes the page for what is typed so far.

        Returns:
            What was chosen, and what stood in the field then.
        """
        self._fresh(page(text))
        while True:
            given = await self._read()
            if isinstance(given, Typed) and given.serial == self._serial:
                text = given.text
                self.show(page(text))
            answer = self._answer(given)
            if answer is not None:
                return answer, text.strip()

    async def touched(self, page: MeasurePage, seconds: float) -> tuple[float, float] | Back | None:
        """Show a mark.

        Returns:
            How far from it the screen was touched, millimetres across and down; None when no touch came in time.
        """
        self._fresh(page)
        try:
            async with asyncio.timeout(seconds):
                return await self._touch()
        except TimeoutError:
            return None

    async def _touch(self) -> tuple[float, float] | Back:
        while True:
            given = await self._read()
            if isinstance(given, Typed) and given.serial == self._serial and (place := _place(given.text)):
                return place
            if isinstance(self._answer(given), Back):
                return Back.BACK

    async def meanwhile(self, title: Text, work: Callable[[], T]) -> T:
        """Do something that blocks, and say so."""
        self._fresh(NoticePage(title=title, icon="clock", back=False))
        return await asyncio.to_thread(work)

    def _fresh(self, page: Page) -> None:
        self._serial += 1
        self.show(page)

    def _draw(self) -> None:
        if self._page is not None:
            self._screen.show(View(self._serial, self._page, self.language, LANGUAGES, self._look))

    async def _read(self) -> Input:
        while True:
            given = await self._screen.read()
            if not isinstance(given, ToolUsed):
                return given
            if given.tool is Tool.START_OVER:
                raise GivenUp
            if given.tool is Tool.LANGUAGE and given.argument in LANGUAGES:
                self.language = given.argument
            self._look = adjusted(self._look, given.tool)
            self._draw()

    def _answer(self, given: Input) -> str | Back | None:
        match given:
            case Chosen(serial, option) if serial == self._serial and self._page and self._page.option(option):
                return option
            case WentBack(serial) if serial == self._serial and self._page and self._page.back:
                return Back.BACK
            case _:
                return None


def _place(text: str) -> tuple[float, float] | None:
    """Two numbers, as a screen that is touched tells them."""
    try:
        across, down = (float(part) for part in text.split())
    except ValueError:
        return None
    return across, down
