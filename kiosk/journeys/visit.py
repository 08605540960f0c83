"""One person at the column: the words a journey uses to ask and tell, and everything that is the same on every page.

Language, text size, contrast, reach, speech, help, start over and the idle warning are handled here once, so that a
journey only sees answers. Not for: what to ask (the journeys) or how it looks (the screens).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeVar, assert_never

from drivers.card_contract import Pin
from kiosk.core import pages
from kiosk.core.catalogue import ContactPoint, Site
from kiosk.core.pages import (
    Chosen,
    Input,
    Keyed,
    Look,
    NoticePage,
    Option,
    Overlay,
    Page,
    PinPage,
    SearchPage,
    Tone,
    Tool,
    ToolUsed,
    Touched,
    Typed,
    View,
    Weight,
    WentBack,
    adjusted,
)
from kiosk.core.texts import Language, Localized, Texts, message
from kiosk.journeys.card_desk import CardDesk
from kiosk.journeys.ports import AttestDesk, Clock, CounterFees, Devices, Network, Payments, Screen, Store, Till
from kiosk.journeys.printing import Printing
from kiosk.journeys.staff_desk import StaffDesk
from kiosk.journeys.waiting import within

T = TypeVar("T")


class Outcome(Enum):
    """How a visit ended."""

    DONE = "done"
    LEFT = "left"
    TIMED_OUT = "timedOut"
    FAILED = "failed"
    ENDED = "endedByStaff"


class Leave(Exception):
    """The visit ends here; every `finally` on the way out leaves the devices clean.

    Attributes:
        outcome: how it ended.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class Home(Exception):
    """Something is finished and the same person has another question: on to the first page of the visit."""


class Back(Enum):
    """The answer that is not an option."""

    BACK = "back"


@dataclass(frozen=True)
class Timing:
    """Seconds of patience: before the idle warning, of the warning, and on a page that shows a number."""

    idle: float = 60
    warning: int = 20
    ticket: float = 30


@dataclass(frozen=True)
class Column:
    """What every visit at this column shares: the ports, the municipality's offer and where the column stands.

    Attributes:
        here: the contact point in which the column stands.
        kiosk_id: the column's own id; stands on what it seals.
        desk: the card reader, and what visits must know of each other's cards.
        attests: makes attests and asks registers.
        payments: takes fees.
        counter_fees: knows of the fees that are paid at the counter.
        till: what staff do with payments; None in rehearsals.
        cards_accepted: names of the cards a fee can be paid with, as they are shown.
        follow_url: base address of the page that shows a ticket's place in the queue, or "" when there is none.
        bulletin: the line staff have for everybody now, or None.
        staff: what staff mode works with; None for a column without it, which is never closed either.
    """

    screen: Screen
    store: Store
    devices: Devices
    network: Network
    clock: Clock
    texts: Texts
    site: Site
    here: ContactPoint
    kiosk_id: str
    printing: Printing
    desk: CardDesk
    attests: AttestDesk
    payments: Payments
    counter_fees: CounterFees
    till: Till | None = None
    cards_accepted: str = ""
    timing: Timing = field(default_factory=Timing)
    follow_url: str = ""
    bulletin: Callable[[], Localized | None] = lambda: None
    staff: StaffDesk | None = None


Helper = Callable[["Visit"], Coroutine[None, None, None]]


class Visit:
    """One visit, wholly in one language at a time.

    Args:
        serial: before that of the first view; of two visits at once, each has its own range.

    Attributes:
        column: what the visit shares with others.
        language: the language of everything on screen and paper from now on.
        look: how this person wants to see and hear.
        page: the page shown now.
    """

    def __init__(
        self, column: Column, language: Language, look: Look | None = None, *, call_host: Helper, serial: int = 0
    ) -> None:
        self.column = column
        self.language = language
        self.look = look or Look()
        self.page: Page = NoticePage(title=message("visit.starting"))
        self._serial = serial
        self._overlay: Overlay | None = None
        self._call_host = call_host

    async def choose(
        self, page: Page, *, updates: AsyncIterator[Page] | None = None, patience: float | None = None
    ) -> str | Back:
        """Show a page and wait for one of its options.

        Args:
            page: what to ask.
            updates: newer states of the same page, drawn as they come (paper, people ahead).
            patience: seconds before the idle warning, when other than usual.

        Returns:
            The id of the chosen option, or `Back.BACK` when the page permits going back.
        """
        self._show(page)
        follower = asyncio.ensure_future(self._follow(updates)) if updates else None
        try:
            while True:
                answer = self._answer(await self._read(patience))
                if answer is not None:
                    return answer
        finally:
            if follower:
                follower.cancel()
                await asyncio.gather(follower, return_exceptions=True)

    async def search(self, found: Callable[[str], SearchPage], query: str = "") -> str | Back:
        """Show a search page that follows what is typed.

        Args:
            found: makes the page for a query.
            query: what was typed before, when the citizen comes back to it.
        """
        return await self._filled(found(query), lambda given: found(given.text) if isinstance(given, Typed) else None)

    async def key_in(self, page: Callable[[int], PinPage], pin: Pin) -> str | Back:
        """Show a keypad; what is keyed goes into `pin` and nowhere else.

        Args:
            page: makes the page for a number of digits.
        """

        def pressed(given: Input) -> PinPage | None:
            if not isinstance(given, Keyed):
                return None
            match given.keys:
                case pages.ERASE:
                    pin.drop()
                case pages.CLEAR:
                    pin.wipe()
                case digits:
                    pin.add(digits)
            return page(len(pin))

        return await self._filled(page(len(pin)), pressed)

    async def choose_unless(
        self,
        page: Page,
        happens: Awaitable[T],
        *,
        updates: AsyncIterator[Page] | None = None,
        patience: float | None = None,
    ) -> str | Back | T:
        """Show a page until one of its options is chosen, or until something else happens.

        Args:
            happens: cancelled when an option comes first.
            updates, patience: as in `choose`.
        """
        return await self.unless(self.choose(page, updates=updates, patience=patience), happens)

    async def unless(self, asking: Awaitable[str | Back], happens: Awaitable[T]) -> str | Back | T:
        """The answer to what is asked, or what happens before it; the other one is cancelled."""
        choosing = asyncio.ensure_future(asking)
        happening = asyncio.ensure_future(happens)
        try:
            await asyncio.wait({choosing, happening}, return_when=asyncio.FIRST_COMPLETED)
            return happening.result() if happening.done() else choosing.result()
        finally:
            for task in (choosing, happening):
                task.cancel()
            await asyncio.gather(choosing, happening, return_exceptions=True)

    def show(self, page: Page) -> None:
        """Draw another page in place of the one shown; whoever waits for an answer goes on waiting."""
        self.page = page
        self._draw()

    async def _filled(self, page: Page, after: Callable[[Input], Page | None]) -> str | Back:
        """Show a page with something to fill in; `after` is the page after an input, or None where nothing changes."""
        self._show(page)
        while True:
            given = await self._read(None)
            if isinstance(given, Typed | Keyed) and given.serial == self._serial:
                changed = after(given)
                if changed is not None:
                    self.show(changed)
            answer = self._answer(given)
            if answer is not None:
                return answer

    async def tell(self, notice: NoticePage, *, updates: AsyncIterator[NoticePage] | None = None) -> None:
        """Lay a notice over the page until it is answered, then show the page again.

        Args:
            updates: newer states of the same notice, drawn as they come.
        """
        follower = asyncio.ensure_future(self._follow_over(updates)) if updates else None
        try:
            await self._ask_over(notice, None)
        finally:
            if follower:
                follower.cancel()
                await asyncio.gather(follower, return_exceptions=True)

    def leave(self, outcome: Outcome) -> Leave:
        """The exception that ends the visit: `raise visit.leave(Outcome.DONE)`."""
        return Leave(outcome)

    def _show(self, page: Page) -> None:
        self._serial += 1
        self.page = page
        self._draw()

    def _draw(self) -> None:
        languages = self.column.site.profile.languages
        self.column.screen.show(View(self._serial, self.page, self.language, languages, self.look, self._overlay))

    async def _follow(self, updates: AsyncIterator[Page]) -> None:
        async for page in updates:
            self.show(page)

    async def _follow_over(self, updates: AsyncIterator[NoticePage]) -> None:
        async for notice in updates:
            if self._overlay is not None and notice != self._overlay.page:
                self._overlay = replace(self._overlay, page=notice)
                self._draw()

    def _answer(self, given: Input) -> str | Back | None:
        match given:
            case Chosen(serial, option) if serial == self._serial and self.page.option(option):
                return option
            case WentBack(serial) if serial == self._serial and self.page.back:
                return Back.BACK
            case _:
                return None

    async def _read(self, patience: float | None) -> Input:
        """The next input that is not a tool; tools and the idle warning are dealt with here."""
        while True:
            given = await self._read_awake(patience or self.column.timing.idle)
            if isinstance(given, ToolUsed):
                await self._use(given)
            elif not isinstance(given, Touched):
                return given

    async def _read_awake(self, patience: float) -> Input:
        """The next input; nobody there for `patience` seconds leads to the warning, and that to the end."""
        while True:
            given = await within(self.column.screen.read(), patience, self.column.clock)
            if given is not None:
                return given
            await self._ask_over(idle_notice(), self.column.timing.warning)

    async def _ask_over(self, notice: NoticePage, seconds: int | None) -> None:
        """Lay a notice over the page until it is answered. Out of `seconds`, the visit is over."""
        self._serial += 1
        self._overlay = Overlay(notice, seconds)
        try:
            while seconds is None or seconds > 0:
                self._overlay = replace(self._overlay, seconds_left=seconds)
                notice = self._overlay.page
                self._draw()
                patience = 1.0 if seconds is not None else self.column.timing.idle
                given = await within(self.column.screen.read(), patience, self.column.clock)
                if given is not None and self._answers_overlay(notice, given, counting=seconds is not None):
                    return
                if given is None:
                    seconds = seconds - 1 if seconds is not None else self.column.timing.warning
            raise Leave(Outcome.TIMED_OUT)
        finally:
            self._overlay = None
            self._serial += 1
            self._draw()

    def _answers_overlay(self, notice: NoticePage, given: Input, *, counting: bool) -> bool:
        """Whether the input answers the notice; while a time-out counts down, any sign of life does."""
        match given:
            case Chosen(serial, option):
                if option == "leave" and serial == self._serial:
                    raise Leave(Outcome.LEFT)
                return serial == self._serial and notice.option(option) is not None
            case ToolUsed(Tool.START_OVER):
                raise Leave(Outcome.LEFT)
            case ToolUsed(Tool.HELP) | WentBack() | Typed() | Keyed() | Touched():
                return counting
            case ToolUsed():
                self._adjust(given)
                return False
            case _:
                assert_never(given)

    async def _use(self, used: ToolUsed) -> None:
        match used.tool:
            case Tool.HELP:
                await self._call_host(self)
            case Tool.START_OVER:
                raise Leave(Outcome.LEFT)
            case _:
                self._adjust(used)
                self._draw()

    def _adjust(self, used: ToolUsed) -> None:
        if used.tool is Tool.LANGUAGE and used.argument in self.column.site.profile.languages:
            self.language = used.argument
        self.look = adjusted(self.look, used.tool)


def idle_notice() -> NoticePage:
    """The warning before a visit ends for want of anybody."""
    return NoticePage(
        title=message("idle.title"),
        subtitle=message("idle.subtitle"),
        tone=Tone.WARNING,
        icon="clock",
        options=(
            Option("stay", message("idle.stay"), weight=Weight.PRIMARY),
            Option("leave", message("idle.leave")),
        ),
        back=False,
    )
