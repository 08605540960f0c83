"""Identify the person by their card, for one purpose: put in, read, confirm, and key the PIN where the purpose asks.

What was read lives in the coroutine that uses it and nowhere else; taking the card out ends that coroutine at once.
Not for: what the pages say (`card_pages`), the PIN (`pin`), getting the card back (`give_back`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from drivers.card_contract import (
    Authenticated,
    CardFailed,
    CardKind,
    CardProblem,
    CardRead,
    CardRequest,
    CheckName,
    Field,
    Finding,
    Part,
    Progress,
    Slot,
    Verdict,
)
from kiosk.core.events import CARD_USED
from kiosk.core.purposes import Level, Purpose
from kiosk.core.texts import Text
from kiosk.journeys import card_pages
from kiosk.journeys.give_back import give_back
from kiosk.journeys.pin import authenticate
from kiosk.journeys.visit import Back, Leave, Outcome, Visit

T = TypeVar("T")

NOT_DECISIVE = frozenset({CheckName.VALIDITY})
"""Checks whose failure is told to the person and does not make the card untrustworthy: an expired card is genuine."""


@dataclass(frozen=True)
class Identified:
    """A person as this visit knows them.

    Attributes:
        authenticated: with a level of PIN, that the holder was here; else None, and the card alone proves no presence.
    """

    purpose: Purpose
    card: CardRead
    authenticated: Authenticated | None = None

    @property
    def verdict(self) -> Verdict:
        """Every check made."""
        more = self.authenticated.verdict.checks if self.authenticated else ()
        return Verdict(self.card.verdict.checks + more)


class Ended(Enum):
    """Ways out of identification that are no identification."""

    BACK = "left"
    """The person went on without a card."""
    REFUSED = "refused"
    """The card cannot be trusted, or its PIN cannot be used."""
    FAILED = "failed"
    """Reader or card failed."""
    GONE = "removed"
    """The card was taken out before the end."""


async def with_card(
    visit: Visit, purpose: Purpose, use: Callable[[Identified], Awaitable[T]], *, shown_by_use: bool = False
) -> T | Ended:
    """Identify somebody, let `use` have them, forget them, and see that the card goes home.

    Args:
        shown_by_use: `use` itself begins with showing what was read, so that nobody confirms the same twice.

    Returns:
        What `use` returned, or how it ended without.
    """
    ended = Ended.FAILED.value
    try:
        outcome = await _identified(visit, purpose, use, shown_by_use=shown_by_use)
        ended = outcome.value if isinstance(outcome, Ended) else Outcome.DONE.value
    except Leave as leave:
        ended = leave.outcome.value
        raise
    finally:
        await visit.column.store.record(
            CARD_USED,
            {"officeId": visit.column.here.id, "purpose": purpose.id, "level": purpose.level.value, "outcome": ended},
        )
    await give_back(visit)
    return outcome


async def _identified(
    visit: Visit, purpose: Purpose, use: Callable[[Identified], Awaitable[T]], *, shown_by_use: bool
) -> T | Ended:
    news: Text | None = None
    while True:
        slot = await _card_in(visit, purpose, news)
        if isinstance(slot, Ended):
            return slot
        read = await _read(visit, purpose)
        if isinstance(read, CardRead):
            confirmed = _confirmed(visit, purpose, read, use, shown_by_use=shown_by_use)
            return await _while_in(visit, slot, confirmed)
        if read.problem is CardProblem.READER:
            await visit.choose(card_pages.reader_failed())
            return Ended.FAILED
        news = card_pages.problem_words(read.problem)


async def _card_in(visit: Visit, purpose: Purpose, news: Text | None) -> Slot | Ended:
    """Wait until there is an identity card in the slot that belongs to this visit.

    Putting it in is the person's yes to what the page says; a card that nobody put in while the page stood there is
    asked for in words.
    """
    desk, told = visit.column.desk, False
    while True:
        slot = desk.slot
        if not desk.cards.status.usable:
            await visit.choose(card_pages.reader_failed())
            return Ended.FAILED
        ready = slot.card is CardKind.EID and not desk.is_left(slot) and news is None
        if ready and told:
            return slot
        page = (
            card_pages.may_we_read(purpose)
            if ready
            else card_pages.slot_page(purpose, slot.card, left=desk.is_left(slot), news=news)
        )
        answer = await visit.choose_unless(page, desk.cards.changed(slot))
        if not isinstance(answer, Slot) and answer != card_pages.READ:
            return Ended.BACK
        told = answer == card_pages.READ or (isinstance(answer, Slot) and not answer.found)
        if isinstance(answer, Slot) and answer.card is not None:
            news = None


async def _read(visit: Visit, purpose: Purpose) -> CardRead | CardFailed:
    """Read what the purpose asks for, with each part told on the screen as it begins."""
    loop, watched = asyncio.get_running_loop(), True

    def show(progress: Progress) -> None:
        # The driver reads on when the visit has ended meanwhile, and may no longer draw on what others see.
        if watched:
            visit.show(card_pages.reading(progress))

    request = CardRequest(frozenset(Field(name) for name in purpose.fields), purpose.proof)
    reading = visit.column.desk.cards.read(request, lambda progress: _soon(loop, show, progress))
    try:
        answer = await visit.choose_unless(card_pages.reading(Progress(Part.IDENTITY, 0, 1)), reading)
    finally:
        watched = False
    if not isinstance(answer, CardRead | CardFailed):
        raise AssertionError("a page without options was answered")
    return answer


def _soon(loop: asyncio.AbstractEventLoop, show: Callable[[Progress], None], progress: Progress) -> None:
    """From the thread of the bus to the journeys' loop."""
    loop.call_soon_threadsafe(show, progress)


async def _confirmed(
    visit: Visit, purpose: Purpose, card: CardRead, use: Callable[[Identified], Awaitable[T]], *, shown_by_use: bool
) -> T | Ended:
    """Show what was read; go on only with the person's word, and the PIN where it is asked for."""
    if untrusted(card.verdict):
        await visit.choose(card_pages.untrusted(visit.column.here.phone))
        return Ended.REFUSED
    if not shown_by_use and await _shown(visit, purpose, card) != card_pages.CONFIRM:
        return Ended.BACK
    if purpose.level is Level.CARD:
        return await use(Identified(purpose, card))
    if card.verdict.finding(CheckName.VALIDITY) is Finding.FAILED:
        await visit.choose(card_pages.expired_for_pin())
        return Ended.REFUSED
    authenticated = await authenticate(visit)
    if authenticated is None:
        return Ended.REFUSED
    if authenticated is Back.BACK:
        return Ended.BACK
    if untrusted(authenticated.verdict):
        await visit.choose(card_pages.untrusted(visit.column.here.phone))
        return Ended.REFUSED
    return await use(Identified(purpose, card, authenticated))


async def _shown(visit: Visit, purpose: Purpose, card: CardRead) -> str | Back:
    return await visit.choose(card_pages.review(purpose, card, visit.column.clock.now().date()))


def untrusted(verdict: Verdict) -> bool:
    """Whether a check failed that a genuine card in the hands of its holder passes."""
    return any(check.name not in NOT_DECISIVE for check in verdict.failed)


async def _while_in(visit: Visit, slot: Slot, work: Awaitable[T | Ended]) -> T | Ended:
    """Go on as long as the card is in; once it is out, everything read of it ends with the coroutine that held it."""
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_changed(visit, slot))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
    finally:
        for task in (working, gone):
            task.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)
    if not working.cancelled():
        # What could not be undone any more was finished in that moment, and counts.
        return working.result()
    await visit.choose(card_pages.taken_out())
    return Ended.GONE


async def _changed(visit: Visit, slot: Slot) -> None:
    await visit.column.desk.cards.changed(slot)
