"""Somebody with a wish and some patience: takes what they came for where it is offered, and goes where they are sent.

They know pages only by what stands on them. Not for: judging what they were told (`judge`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.clock import settle
from kiosk.core.pages import (
    CardPage,
    CardPicture,
    Page,
    PinPage,
    SearchPage,
    TicketPage,
    Tool,
    View,
    Weight,
    WelcomePage,
)
from kiosk.core.texts import Message
from kiosk.demo.cards import OUT
from kiosk.terminal.script_screen import NotOnScreen
from tests.faults.faults import Fault
from tests.faults.stand import Stand
from tests.faults.steps import Journey, step

PIN = "1234"
TRIES = 2
MOVES = 80
LOOK_S = 1.5
PAPER_S = 4.0
WAY_OUT = ("stay", "leave", "done", "cancel", "continue", "go_on")


class NeverEnds(AssertionError):
    """Somebody cannot get away from the column; the text says where they stand."""


@dataclass
class Seen:
    """What one person saw.

    Attributes:
        views: each view and its step, in order.
        thrown_at: step at which the fault was thrown, or "".
        cut: whether the column went off under their hands.
    """

    views: list[tuple[str, View]] = field(default_factory=list)
    thrown_at: str = ""
    cut: bool = False

    @property
    def steps(self) -> list[str]:
        """Every step once, in the order they came."""
        return list(dict.fromkeys(name for name, _ in self.views))


@dataclass
class Citizen:
    """One person.

    Attributes:
        code: of an earlier request, to collect it with.
        at: step at which something goes wrong.
        fault: what.
    """

    stand: Stand
    journey: Journey
    code: str = ""
    at: str = ""
    fault: Fault | None = None
    seen: Seen = field(default_factory=Seen)
    on_step: Callable[[str], object] = field(default=lambda _: None)

    def __post_init__(self) -> None:
        self._wishes = list(self.journey.wishes)
        self._begun = self._helped = self._typed = False
        self._insertions = self._pins = 0
        self._looked_at: set[str] = set()

    async def visit(self) -> Seen:
        """From the attract screen until it stands there again."""
        screen = self.stand.screen
        screen.watcher = self._look
        if screen.view is not None:
            self._look(screen.view)
        try:
            for _ in range(MOVES):
                if self.stand.off:
                    self.seen.cut = True
                    await self.stand.start_again()
                    return self.seen
                if self._begun and isinstance(self._page, WelcomePage):
                    return self.seen
                await self._move()
        finally:
            self.stand.screen.watcher = None
        raise NeverEnds(f"after {MOVES} moves: {self.stand.screen.lines()}")

    @property
    def _page(self) -> Page:
        return self.stand.screen.page

    def _look(self, view: View) -> None:
        name = step(view)
        self.seen.views.append((name, view))
        self.on_step(name)
        if name == self.at and self.fault is not None and not self.seen.thrown_at:
            self.seen.thrown_at = name
            self.stand.throw(self.fault)

    async def _move(self) -> None:
        before = self.stand.screen.view
        patience = LOOK_S
        try:
            patience = await self._do(self._page)
        except NotOnScreen:
            return  # it changed under the finger
        limit = time.monotonic() + patience
        await settle()
        while self.stand.screen.view is before and time.monotonic() < limit and not self.stand.off:
            await self.stand.turn()

    async def _do(self, page: Page) -> float:
        """Do one thing; returns how long to look at what comes of it."""
        if isinstance(page, CardPage):
            return await self._at_the_reader(page)
        if isinstance(page, PinPage):
            return await self._key(page)
        if isinstance(page, SearchPage) and not self._typed:
            self._typed = True
            self.stand.screen.type(self.code if self.journey.collects else self.journey.words)
            return LOOK_S
        if isinstance(page, TicketPage) and _printing(page):
            await self._wait_for_paper()
        if self.journey.help and not self._helped and self._begun:
            self._helped = True
            self.stand.screen.use(Tool.HELP)
            return LOOK_S
        return self._choose()

    def _choose(self) -> float:
        page, screen = self._page, self.stand.screen
        there = {option.id: option for option in page.options}
        wish = next((wish for wish in self._wishes if wish in there), None)
        if wish is not None:
            self._wishes.remove(wish)
            self._begun = True
            screen.touch(wish)
        elif way := next((way for way in WAY_OUT if way in there), None):
            screen.touch(way)
        elif page.back and not (page.options or self._waited(page)):
            return 4.0
        elif page.back:
            screen.back()
        elif page.kind == "menu":
            screen.use(Tool.START_OVER)
        elif page.options:
            primary = next((o for o in page.options if o.weight is Weight.PRIMARY), page.options[0])
            screen.touch(primary.id)
        else:
            return 10.0
        return LOOK_S

    def _waited(self, page: Page) -> bool:
        """Whether they looked long enough at a page that only says what is being done."""
        name = repr(page.title)
        known = name in self._looked_at
        self._looked_at.add(name)
        return known

    async def _at_the_reader(self, page: CardPage) -> float:
        stand = self.stand
        match page.picture:
            case CardPicture.TAKE | CardPicture.TURN:
                await stand.put_in(OUT)
                return LOOK_S
            case CardPicture.INSERT if stand.world.cards.card == OUT and self._insertions < TRIES:
                self._insertions += 1
                assert self.journey.card
                await stand.put_in(self.journey.card)
                return LOOK_S
            case CardPicture.INSERT | CardPicture.READING:
                return self._choose()

    async def _key(self, page: PinPage) -> float:
        if self._pins == TRIES:
            return self._choose()
        if page.entered < page.least:
            self.stand.screen.key(PIN[page.entered :])
            return LOOK_S
        self._pins += 1
        self.stand.screen.touch("confirm")
        return LOOK_S

    async def _wait_for_paper(self) -> None:
        limit = time.monotonic() + PAPER_S
        while time.monotonic() < limit and not self.stand.off:
            page = self._page
            if not (isinstance(page, TicketPage) and _printing(page)):
                return
            await self.stand.turn(0.02)


def _printing(page: TicketPage) -> bool:
    return isinstance(page.paper, Message) and ".printing" in page.paper.key
