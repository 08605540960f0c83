"""The payment saga, done: one attempt at a time at the terminal, asked after until evidence or staff end it.

An attempt outlives the visit that began it. While nobody knows how one ended, no other begins; the rest of the column
serves meanwhile. Not for: states (`kiosk.core.payment_saga`), screens (`kiosk.journeys.pay`), protocols (`drivers`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time
from functools import partial
from itertools import chain, repeat
from typing import Protocol

from drivers.payment_contract import (
    Approved,
    Cancelled,
    Declined,
    Goods,
    Inconclusive,
    NotSent,
    PaymentEvidence,
    PaymentOrder,
    Step,
    Terminal,
)
from kiosk.core.payment_period import PeriodResult
from kiosk.core.payment_saga import UNDECIDED, PaymentState, Verdict
from kiosk.day_end import DayEnd, PeriodBook, WallClock
from kiosk.journeys.ports import ChargeResult, Fee, MaybePaid, NotPaid, Paid, Progress, Tell
from kiosk.journeys.waiting import within
from kiosk.payment_journal import MISMATCH, AttemptJournal, NoteBook, language_of, remembered
from kiosk.store.errors import PaymentOpen, StoreFull
from kiosk.store.payments import Attempt

log = logging.getLogger("zuil.pay")

METHOD = "terminal"
NOT_READY = "not_ready"
ENQUIRIES_S = (2.0, 5.0, 5.0, 10.0, 15.0, 30.0)
"""Pauses before each question about an attempt of which nobody knows; then one a minute."""
AT_START_S = (0.0, *ENQUIRIES_S)
EVERY_S = 60.0


@dataclass(frozen=True)
class Patience:
    """How long is waited for what, in seconds.

    Attributes:
        card: for a card at the terminal, before we ask it to stop.
        citizen: for certainty while somebody stands there.
        reachable: of asking a terminal that answers without telling, before staff decide.
        away: of asking a terminal that does not answer.
        spend: for what was paid for to be issued, before the money goes back.
    """

    card: float = 90.0
    citizen: float = 90.0
    reachable: float = 15 * 60.0
    away: float = 24 * 3600.0
    spend: float = 120.0


class Book(NoteBook, PeriodBook, Protocol):
    """What the desk needs of the store."""

    async def intend_payment(self, product: str, amount_cents: int, method: str) -> str:
        """Write down an attempt; returns its id."""
        ...

    async def open_payments(self) -> list[Attempt]:
        """Attempts that are not over, without notes."""
        ...

    async def payment(self, payment_id: str) -> Attempt:
        """One attempt with its notes."""
        ...

    async def move_payment(self, payment_id: str, state: PaymentState, reason: str | None = None) -> None:
        """Move an attempt along an edge of its table."""
        ...

    async def decide_payment(self, payment_id: str, verdict: Verdict, by: str) -> PaymentState:
        """Let staff end an attempt, by name."""
        ...


class Time(WallClock, Protocol):
    """The part of `kiosk.journeys.ports.Clock` the desk lives by."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...


class TerminalDesk:
    """Takes fees at a terminal; implements `kiosk.journeys.ports.Payments`.

    Args:
        reverses: whether what was paid and not given is undone at the terminal; else staff pay back.
        day_end: from when on the terminal closes its period each day; None when staff ask.
    """

    method = METHOD

    def __init__(
        self,
        book: Book,
        terminal: Terminal,
        clock: Time,
        patience: Patience | None = None,
        *,
        reverses: bool = True,
        day_end: time | None = None,
    ) -> None:
        self._book = book
        self._terminal = terminal
        self._clock = clock
        self._patience = patience or Patience()
        self._reverses = reverses
        self._started = False
        self._held: set[str] = set()
        """What keeps the terminal from a new payment: ids of attempts, or a word for what is being done."""
        self._waited_for: set[str] = set()
        """Attempts whose citizen still stands there."""
        self._decided: dict[str, asyncio.Event] = {}
        """Of attempts the terminal is asked about: set when staff decided."""
        self._running: set[asyncio.Task[None]] = set()
        self._day_end = DayEnd(book, terminal, clock, METHOD, day_end, lambda: self.ready, self._holding)

    @property
    def ready(self) -> bool:
        """See the port."""
        return self._started and not self._held and self._terminal.status.usable

    async def start(self) -> None:
        """Take up what an earlier run left open; returns at once, the work goes on by itself."""
        for attempt in await self._open():
            if attempt.state in UNDECIDED:
                log.warning("payment %s of an earlier run is open: %s", attempt.id, attempt.state.value)
                self._go_on(attempt.id, partial(self._seek, attempt.id, AT_START_S))
        self.give_back()
        self._started = True
        self._go_on("day", self._day_end.keep, holds=False)

    async def charge(self, fee: Fee, tell: Tell) -> ChargeResult:
        """See the port."""
        if not self.ready:
            return NotPaid(NOT_READY)
        with self._holding("charge"):
            try:
                payment_id = await self._book.intend_payment(fee.product, fee.amount_cents, METHOD)
            except PaymentOpen as other:
                log.error("no payment begins: %s is open", other)
                return NotPaid(NOT_READY)
            order = PaymentOrder(payment_id, fee.amount_cents, language=fee.language)
            evidence = await self._asked_to_pay(order, tell)
            try:
                state = await self._concluded(order, evidence)
            except StoreFull:
                log.exception("payment %s: its end could not be written down", payment_id)
                self._go_on(payment_id, partial(self._write_down_late, payment_id))
                return MaybePaid(payment_id)
            if state in UNDECIDED:
                state = await self._found_out(payment_id, tell)
        match state:
            case PaymentState.SETTLED:
                self._go_on("spend", partial(self._see_it_spent, payment_id), holds=False)
                receipts = evidence.receipts if isinstance(evidence, Approved) else ()
                return Paid(payment_id, tuple(each.lines for each in receipts if each.for_citizen))
            case PaymentState.FAILED:
                return NotPaid(_why(evidence))
            case _:
                return MaybePaid(payment_id)

    def cancel(self) -> None:
        """See the port."""
        self._terminal.ask_to_cancel()

    def give_back(self) -> None:
        """See the port."""
        if self._reverses and "undo" not in self._held:
            self._go_on("undo", self._undo_all)

    async def decide(self, payment_id: str, verdict: Verdict, by: str) -> PaymentState:
        """Let staff end an attempt, by name; what they found to be paid goes back where it can.

        Raises:
            kiosk.store.errors.UnknownPayment: when there is no such attempt.
            kiosk.core.payment_saga.NotTheirs: when it is not theirs to decide where it stands.
        """
        state = await self._book.decide_payment(payment_id, verdict, by)
        if payment_id in self._decided:
            self._decided.pop(payment_id).set()
        if state is PaymentState.UNDELIVERED:
            self.give_back()
        return state

    async def close_period(self) -> PeriodResult | None:
        """Let the terminal close its period now; None when it is busy or cannot be reached."""
        return await self._day_end.close()

    async def finish(self) -> None:
        """At shutdown: stop asking. What is open is on disk and goes on at the next start."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    # --- paying ---------------------------------------------------------------------------------------------------

    async def _asked_to_pay(self, order: PaymentOrder, tell: Tell) -> PaymentEvidence:
        loop, seen = asyncio.get_running_loop(), asyncio.Event()
        journal = _WithGoods(self._book, order, self._terminal)

        def told(progress: Progress) -> None:
            if progress is not Progress.WAITING_FOR_CARD:
                seen.set()
            tell(progress)

        def heard(step: Step, text: str = "") -> None:  # noqa: ARG001 - its own words may be in any language
            loop.call_soon_threadsafe(told, Progress[step.name])

        impatient = asyncio.create_task(self._ask_to_stop(seen))
        try:
            return await self._terminal.pay(order, journal, heard)
        finally:
            impatient.cancel()

    async def _ask_to_stop(self, seen: asyncio.Event) -> None:
        """Nobody shows a card: ask the terminal to end it. Only its word counts."""
        await self._clock.sleep(self._patience.card)
        if not seen.is_set():
            self._terminal.ask_to_cancel()

    async def _concluded(self, order: PaymentOrder, evidence: PaymentEvidence) -> PaymentState:
        """Let what the driver returned count; an attempt of which nothing was sent is over."""
        journal = AttemptJournal(self._book, order)
        state = await asyncio.to_thread(journal.conclude, evidence)
        if state is PaymentState.INTENDED:
            await self._book.move_payment(order.attempt_id, PaymentState.FAILED, "notSent")
            return PaymentState.FAILED
        if state in (PaymentState.SENDING, PaymentState.UNDER_WAY):
            # Only after the note that it may be sent: nobody can prove that no byte left.
            await self._book.move_payment(order.attempt_id, PaymentState.UNKNOWN, "noEvidence")
            return PaymentState.UNKNOWN
        if state is PaymentState.UNKNOWN and isinstance(evidence, Approved):
            return await asyncio.to_thread(journal.give_up, MISMATCH)
        return state

    async def _found_out(self, payment_id: str, tell: Tell) -> PaymentState:
        """Ask the terminal while the citizen waits; the asking goes on without them."""
        tell(Progress.CHECKING)
        self._waited_for.add(payment_id)
        seeking = self._go_on(payment_id, partial(self._seek, payment_id))
        patient = asyncio.ensure_future(self._clock.sleep(self._patience.citizen))
        try:
            await asyncio.wait({seeking, patient}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # In one go: who is not told now is not there any more, and what is known from here on goes back.
            known = seeking.done()
            patient.cancel()
            self._waited_for.discard(payment_id)
        return (await self._book.payment(payment_id)).state if known else PaymentState.UNKNOWN

    # --- finding out ----------------------------------------------------------------------------------------------

    async def _seek(self, payment_id: str, pauses: Sequence[float] = ENQUIRIES_S) -> None:
        """Ask the terminal what became of an attempt, until it is known."""
        since = self._clock.monotonic()
        for pause in chain(pauses, repeat(EVERY_S)):
            await within(self._decided.setdefault(payment_id, asyncio.Event()).wait(), pause, self._clock)
            attempt = await self._book.payment(payment_id)
            if attempt.state not in UNDECIDED:
                return  # staff decided
            order = _order_of(attempt)
            journal = AttemptJournal(self._book, order)
            evidence = await self._terminal.enquire(remembered(order, attempt.notes), journal)
            if not isinstance(evidence, NotSent | Inconclusive):
                state = await asyncio.to_thread(journal.conclude, evidence)
                if state not in UNDECIDED:
                    log.info("payment %s: %s after all", payment_id, state.value)
                    await self._known_late(payment_id, state)
                    return
            asked = self._clock.monotonic() - since
            limit = self._patience.reachable if self._terminal.status.usable else self._patience.away
            if asked > limit and attempt.state is not PaymentState.CASE:
                await asyncio.to_thread(journal.give_up, "notKnown")

    async def _write_down_late(self, payment_id: str) -> None:
        """There was no room for the end, and whoever paid was told that nobody knows: what is known later is late."""
        while True:
            await self._clock.sleep(ENQUIRIES_S[0])
            try:
                state = (await self._book.payment(payment_id)).state
                if state in UNDECIDED:
                    await self._seek(payment_id)
                else:
                    await self._known_late(payment_id, state)
                return
            except StoreFull:
                log.warning("payment %s: known, and there is no room to write it down", payment_id)

    async def _known_late(self, payment_id: str, state: PaymentState) -> None:
        if state is PaymentState.SETTLED and payment_id not in self._waited_for:
            await self._book.move_payment(payment_id, PaymentState.UNDELIVERED, "nobodyThere")
            self.give_back()

    async def _see_it_spent(self, payment_id: str) -> None:
        """A visit that ended by a defect, or a document that could not be made after all, must not keep the money."""
        await self._clock.sleep(self._patience.spend)
        if (await self._book.payment(payment_id)).state is PaymentState.SETTLED:
            log.error("payment %s: nothing was given for it", payment_id)
            await self._book.move_payment(payment_id, PaymentState.UNDELIVERED, "notGiven")
            self.give_back()

    # --- giving back ----------------------------------------------------------------------------------------------

    async def _undo_all(self) -> None:
        """Undo at the terminal what was paid and not given; a terminal that cannot be reached is tried again."""
        while await self._undo_each():
            await self._clock.sleep(EVERY_S)

    async def _undo_each(self) -> bool:
        """Whether one could not be sent."""
        again = False
        for found in await self._open():
            if found.state is not PaymentState.UNDELIVERED:
                continue
            attempt = await self._book.payment(found.id)
            order = _order_of(attempt)
            journal = AttemptJournal(self._book, order)
            evidence = await self._terminal.reverse(remembered(order, attempt.notes), journal)
            state = await asyncio.to_thread(journal.conclude, evidence)
            if state is PaymentState.REVERSING:
                # It may have left, and no protocol tells for certain later: the municipality looks and pays back.
                await self._book.move_payment(found.id, PaymentState.REFUND_DUE, "reversalUnknown")
            again = again or state is PaymentState.UNDELIVERED
        return again

    async def _open(self) -> list[Attempt]:
        return [attempt for attempt in await self._book.open_payments() if attempt.method == METHOD]

    @contextmanager
    def _holding(self, what: str) -> Iterator[None]:
        self._held.add(what)
        try:
            yield
        finally:
            self._held.discard(what)

    def _go_on(
        self, what: str, work: Callable[[], Coroutine[None, None, None]], *, holds: bool = True
    ) -> asyncio.Task[None]:
        """Run `work` beside everything else; while it `holds` the terminal no payment begins."""

        async def held() -> None:
            try:
                await work()
            except Exception:
                log.exception("%s ended by a defect; it goes on at the next start", what)
            finally:
                self._held.discard(what)
                self._decided.pop(what, None)

        if holds:
            self._held.add(what)
        task = asyncio.get_running_loop().create_task(held())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


class _WithGoods(AttemptJournal):
    """Tells the terminal that the goods are out as soon as it has the command.

    What is sold here can always be given: on another paper, as a file, at the counter.
    """

    def __init__(self, book: NoteBook, order: PaymentOrder, terminal: Terminal) -> None:
        super().__init__(book, order)
        self._terminal = terminal

    def acknowledged(self) -> None:
        """See `AttemptJournal`."""
        super().acknowledged()
        self._terminal.goods(Goods.OUT)


def _order_of(attempt: Attempt) -> PaymentOrder:
    return PaymentOrder(attempt.id, attempt.amount_cents, language=language_of(attempt.notes))


def _why(evidence: PaymentEvidence) -> str:
    match evidence:
        case Cancelled():
            return "cancelled"
        case Declined():
            return "declined"
        case NotSent():
            return NOT_READY
        case _:
            return "not_charged"
