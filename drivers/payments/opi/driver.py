"""The driver of one OPI-NL terminal: evidence, and never the same money command twice.

A payment is one request on channel 0 that stays open until the citizen is done, while the terminal calls back on
channel 1. Not for: what an answer proves (`evidence`, `enquiry`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from drivers.contract import CannotOpen, DeviceStatus, Health, Reason
from drivers.payment_contract import (
    Cancelled,
    CancelledBy,
    DayResult,
    Goods,
    Inconclusive,
    Journal,
    NotSent,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
    ReversalEvidence,
    Voice,
)
from drivers.payments.opi.address import OpiAddress
from drivers.payments.opi.desk import Case
from drivers.payments.opi.evidence import day_result, payment_evidence, unfitting
from drivers.payments.opi.exchange import Answered, Lost
from drivers.payments.opi.mask import mask_document
from drivers.payments.opi.memory import CannotRemember, FileMemory, Memory, usual_place
from drivers.payments.opi.patience import Limits
from drivers.payments.opi.profile import OpiProfile, PrinterStatus, Timing
from drivers.payments.opi.recovery import Recovery
from drivers.payments.opi.requests import CardType
from drivers.payments.opi.responses import Response
from drivers.payments.opi.results import PRINT_LAST_TICKET
from drivers.payments.opi.session import Command, Prepared, Session
from drivers.payments.opi.status import device_status, trouble


class OpiTerminal:
    """Implements `drivers.payment_contract.TerminalDriver`."""

    def __init__(
        self,
        address: OpiAddress,
        profile: OpiProfile | None = None,
        timing: Timing | None = None,
        *,
        memory: Memory | None = None,
        printer: Callable[[], PrinterStatus] = lambda: PrinterStatus.AVAILABLE,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """Keep the settings; nothing is opened yet.

        Args:
            memory: where numbers come from; else the file of the address.
            printer: asked before each payment how our receipt printer is.
            now: with a time zone.
        """
        kept = memory or FileMemory(address.memory or usual_place(address.workstation))
        self._profile = profile or OpiProfile()
        self._session = Session(address, self._profile, timing or Timing(), kept, printer, clock, now)
        self._recovery = Recovery(self._session)
        self._sent: set[str] = set()
        self._cancel = threading.Event()
        self._paying = False
        self._lock = threading.Lock()

    def listen(self) -> int | CannotOpen:
        """Open the port of channel 1, if it is not; its number. Every other call does so too."""
        return self._session.listen()

    def status(self) -> DeviceStatus:
        """See `TerminalDriver`."""
        closed = self._session.ready()
        if closed is not None:
            return closed
        try:
            reply = self._session.service(self._profile.probe)
        except CannotRemember as problem:
            return DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED, str(problem))
        return device_status(reply.response) if isinstance(reply, Answered) else trouble(reply)

    def pay(self, order: PaymentOrder, journal: Journal, tell: Voice) -> PaymentEvidence:
        """See `TerminalDriver`."""
        if order.amount_cents <= 0 or len(order.currency) != 3:
            return NotSent(Reason.NOT_CONFIGURED, "an amount should be above 0, in a currency of three letters")
        if order.attempt_id in self._sent:
            return Inconclusive("this attempt was sent before; enquire")
        with self._lock:
            self._cancel.clear()
            self._paying = True
        self._session.box.reset()
        try:
            return self._pay(order, journal, tell)
        except CannotRemember as problem:
            return NotSent(Reason.NOT_CONFIGURED, str(problem))
        finally:
            with self._lock:
                self._paying = False

    def ask_to_cancel(self) -> None:
        """See `TerminalDriver`; without an open payment there is nothing to cancel."""
        with self._lock:
            if self._paying:
                self._cancel.set()
        self._session.bell.ring()

    def goods(self, answer: Goods) -> None:
        """See `TerminalDriver`; only asked for by a profile with a goods handshake."""
        self._session.box.put(answer)
        self._session.bell.ring()

    def enquire(self, attempt: Remembered, journal: Journal) -> PaymentEvidence:
        """See `TerminalDriver`."""
        try:
            return self._recovery.enquire(attempt, journal)
        except CannotRemember as problem:
            return Inconclusive(str(problem))

    def reverse(self, attempt: Remembered, journal: Journal) -> ReversalEvidence:
        """See `TerminalDriver`; one that was sent before (`reversalRequestId`) is asked about instead."""
        try:
            return self._recovery.reverse(attempt, journal)
        except CannotRemember as problem:
            return NotSent(Reason.NOT_CONFIGURED, str(problem))

    def end_of_day(self, journal: Journal) -> DayResult:
        """See `TerminalDriver`."""
        closed = self._session.ready()
        if closed is not None:
            return NotSent(closed.reason or Reason.OFFLINE, closed.raw)
        try:
            prepared = self._session.prepare(self._profile.end_of_day)
        except CannotRemember as problem:
            return NotSent(Reason.NOT_CONFIGURED, str(problem))
        timing = self._session.timing
        limits = Limits(timing.slow, timing.slow, timing.linger)
        case = Case(prepared.number, journal=journal)
        ids = {"requestId": str(prepared.number), "workstation": self._session.workstation}
        reply = self._session.command(Command("endOfDay", prepared, ids, {}, case, journal, limits))
        if isinstance(reply, CannotOpen):
            return NotSent(reply.reason, reply.detail)
        if isinstance(reply, Lost):
            return Inconclusive(reply.why)
        seen = self._session.desk.heard(str(prepared.number)).circumstances()
        result = day_result(reply.response, self._profile.end_of_day, prepared.number, seen)
        journal.evidence(result, mask_document(reply.document))
        return result

    def close(self) -> None:
        """See `TerminalDriver`."""
        self._session.close()

    def _pay(self, order: PaymentOrder, journal: Journal, tell: Voice) -> PaymentEvidence:
        session = self._session
        closed = session.ready()
        if closed is not None:
            return NotSent(closed.reason or Reason.OFFLINE, closed.raw)
        if not session.stan:
            session.card(CardType.REPEAT_LAST_MESSAGE)  # what the terminal did last, to know ours from it later
        prepared = session.prepare(CardType.CARD_PAYMENT, order.language, (order.amount_cents, order.currency))
        if self._cancel.is_set():
            return Cancelled(CancelledBy.KIOSK)
        command = self._payment(prepared, journal, tell)
        # Noted first: should the journal fail in the middle, this attempt is asked about, and never sent again.
        self._sent.add(order.attempt_id)
        reply = session.command(command)
        if isinstance(reply, CannotOpen):
            self._sent.discard(order.attempt_id)
            return NotSent(reply.reason, reply.detail)
        if isinstance(reply, Lost):
            return Inconclusive(reply.why)
        evidence = self._evidence(reply.response, order, command)
        journal.evidence(evidence, mask_document(reply.document))
        if reply.response.result == PRINT_LAST_TICKET:
            # The terminal takes no payment before somebody collects the ticket of the one before.
            session.card(CardType.TICKET_REPRINT, journal)
        return evidence

    def _payment(self, prepared: Prepared, journal: Journal, tell: Voice) -> Command:
        session, timing = self._session, self._session.timing
        ids = {
            "requestId": str(prepared.number),
            "workstation": session.workstation,
            "sentAt": prepared.sent_at,
        }
        before = {name: value for name, value in (("terminal", session.terminal), ("stan", session.stan)) if value}
        voice = tell if self._profile.shows_texts else (lambda step, _text="": tell(step))
        case = Case(prepared.number, money=True, journal=journal, tell=voice)
        limits = Limits(timing.idle, timing.longest, timing.linger)
        return Command("payment", prepared, ids, before, case, journal, limits, self._cancel.is_set)

    def _evidence(self, reply: Response, order: PaymentOrder, command: Command) -> PaymentEvidence:
        wrong = unfitting(reply, CardType.CARD_PAYMENT, command.prepared.number, self._session.workstation)
        if wrong:
            return Inconclusive(wrong)
        seen = self._session.desk.heard(str(command.prepared.number)).circumstances(command.aborted)
        return payment_evidence(reply, order, seen)
