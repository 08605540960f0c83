"""The terminal closes its period once a day, and its totals are laid beside ours; differences go to staff.

A closing is begun on disk before its first byte leaves and told once. One of which nobody knows how it ended is
followed by another at once: closing twice loses nothing, and the second tells which payments the first one took. Not
for: what is compared (`kiosk.core.payment_period`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime, time
from typing import Protocol, assert_never

from drivers.payment_contract import (
    DayEnded,
    DayResult,
    Declined,
    Goods,
    Inconclusive,
    NotSent,
    PaymentEvidence,
    Receipt,
    ReversalEvidence,
    Terminal,
)
from kiosk.core.payment_period import NEEDS_STAFF, PeriodResult, Takings, judge
from kiosk.store.periods import Period, carried

log = logging.getLogger("zuil.pay")

LOOK_S = 30.0
"""Seconds between two looks whether the time has come."""
AGAIN_S = 600.0
"""Seconds after which a closing that could not begin, or of which nobody knows, is tried again."""
REMEMBERED = 10
"""Closings that are looked back at."""


class PeriodBook(Protocol):
    """What this needs of the store."""

    def begin_period_now(self, method: str, sent: Mapping[str, object]) -> Period:
        """Write down that a closing may leave; returns it."""
        ...

    def end_period_now(
        self, period_id: str, result: PeriodResult, theirs: Takings | None, told: Mapping[str, object], reason: str = ""
    ) -> Period:
        """Write down how it ended."""
        ...

    async def recent_periods(self, limit: int) -> list[Period]:
        """The newest closings, newest first."""
        ...


class WallClock(Protocol):
    """The part of `kiosk.journeys.ports.Clock` that this lives by."""

    def now(self) -> datetime:
        """Local time of the site."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        ...


class DayEnd:
    """Closes the terminal's period every day.

    Args:
        method: whose payments are counted.
        at: from when on each day, local time; None only when staff ask.
        free: whether the terminal has nothing else to do, and no attempt is undecided.
        holding: keeps payments from beginning meanwhile.
    """

    def __init__(
        self,
        book: PeriodBook,
        terminal: Terminal,
        clock: WallClock,
        method: str,
        at: time | None,
        free: Callable[[], bool],
        holding: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        self._book = book
        self._terminal = terminal
        self._clock = clock
        self._method = method
        self._at = at
        self._free = free
        self._holding = holding

    async def keep(self) -> None:
        """Close when the time has come, for ever."""
        while True:
            pause = LOOK_S
            if await self._due() and self._free():
                result = await self.close()
                pause = AGAIN_S if result is None or result is PeriodResult.UNKNOWN else LOOK_S
            await self._clock.sleep(pause)

    async def close(self) -> PeriodResult | None:
        """Let the terminal close its period now, and compare.

        Returns:
            How it ended; None when nothing was sent, because the terminal is busy or cannot be reached.
        """
        if not self._free():
            return None
        with self._holding("endOfDay"):
            before = carried(await self._book.recent_periods(REMEMBERED))
            journal = PeriodJournal(self._book, self._method)
            result = await self._terminal.end_of_day(journal)
            return await asyncio.to_thread(_conclude, journal, result, before)

    async def _due(self) -> bool:
        periods = await self._book.recent_periods(1)
        if periods and periods[0].result is PeriodResult.UNKNOWN:
            return True
        now = self._clock.now()
        if self._at is None or now.time() < self._at:
            return False
        return not periods or datetime.fromtimestamp(periods[0].began_ms / 1000, now.tzinfo).date() != now.date()


class PeriodJournal:
    """The durable memory of one closing; see `drivers.payment_contract.Journal`."""

    def __init__(self, book: PeriodBook, method: str) -> None:
        self._book = book
        self._method = method
        self._period: Period | None = None

    def begun(self) -> Period:
        """The closing on disk; a terminal that needs no command has begun by being asked."""
        if self._period is None:
            self._period = self._book.begin_period_now(self._method, {})
        return self._period

    def sending(self, kind: str, protocol: Mapping[str, str], before: Mapping[str, str], digest: str) -> None:
        """See the contract; from here on it counts as begun."""
        sent = {"command": kind, "protocol": dict(protocol), "before": dict(before), "digest": digest}
        self._period = self._book.begin_period_now(self._method, sent)

    def acknowledged(self) -> None:
        """The result says it."""

    def evidence(self, evidence: PaymentEvidence | ReversalEvidence | DayResult, raw: str) -> None:
        """The result says it; a stop before it is written leaves a closing of which nobody knows."""

    def goods(self, answer: Goods) -> None:
        """Nothing is sold by closing."""

    def enquiry(self, asked: str, answer: str) -> None:
        """What the terminal does beside closing is of no interest."""

    def ended(self, result: PeriodResult, theirs: Takings | None, told: Mapping[str, object], why: str) -> None:
        """How it ended."""
        self._book.end_period_now(self.begun().id, result, theirs, told, why)


def _conclude(journal: PeriodJournal, result: DayResult, before: Sequence[Takings]) -> PeriodResult | None:
    match result:
        case NotSent(reason, detail):
            log.warning("the terminal's period could not be closed: %s %s", reason.value, detail)
            return None
        case DayEnded(totals, receipts):
            theirs = None if totals is None else sum((Takings(t.count, t.amount_cents) for t in totals), Takings())
            told: dict[str, object] = {"totals": [asdict(total) for total in totals or ()], **_papers(receipts)}
            ended, why = judge(journal.begun().ours, before, theirs), ""
        case Declined(code, receipts):
            theirs, told, ended, why = None, _papers(receipts), PeriodResult.REFUSED, code
        case Inconclusive(why):
            theirs, told, ended = None, {}, PeriodResult.UNKNOWN
        case _:
            assert_never(result)
    if ended in NEEDS_STAFF:
        log.error("the terminal's period: %s %s", ended.value, why)
    journal.ended(ended, theirs, told, why)
    return ended


def _papers(receipts: tuple[Receipt, ...]) -> dict[str, object]:
    return {"receipts": [list(receipt.lines) for receipt in receipts]}
