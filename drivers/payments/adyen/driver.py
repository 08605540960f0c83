"""The driver of one Adyen terminal on the local network: evidence, and never the same money command twice.

A payment is one HTTPS exchange that stays open until the citizen is done. What was lost on the way is asked for by the
ServiceID of the payment, which the journal had before the first byte left. Not for: what an answer proves (`evidence`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from drivers.contract import DeviceStatus, Health, Reason
from drivers.payment_contract import (
    Cancelled,
    CancelledBy,
    DayEnded,
    DayResult,
    Goods,
    Inconclusive,
    Journal,
    NotCharged,
    NotReversed,
    NotSent,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
    ReversalEvidence,
    Voice,
)
from drivers.payments.adyen.attempt import OpenPayment, Timing, ask_status, no_number, reference_to, unexpected
from drivers.payments.adyen.display import News
from drivers.payments.adyen.evidence import (
    NotFound,
    StillRunning,
    payment_evidence,
    repeated,
    reversal_evidence,
    summary,
    transaction_of,
)
from drivers.payments.adyen.header import Category
from drivers.payments.adyen.numbers import CannotCount
from drivers.payments.adyen.session import Nothing, Prepared, Session, Trouble
from drivers.payments.adyen.status import device_status
from drivers.payments.adyen.values import (
    Diagnosis,
    DiagnosisReply,
    Payment,
    PaymentReply,
    Reference,
    Reply,
    Reversal,
    ReversalReply,
    StatusReply,
    Transaction,
)

CURRENCY = "EUR"


class AdyenTerminal:
    """Implements `drivers.payment_contract.TerminalDriver`; has no goods handshake and no end of day of its own."""

    def __init__(
        self,
        session: Session,
        timing: Timing | None = None,
        *,
        look_first: bool = True,
        news: News | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            look_first: ask how the terminal is just before a payment, and do not send one that it cannot take.
            news: of the terminal's screen; the driver closes it.
        """
        self._session = session
        self._timing = timing or Timing()
        self._look_first = look_first
        self.news = news
        self._clock = clock
        self._pause = pause
        self._now = now
        self._sent: set[str] = set()
        self._open: OpenPayment | None = None
        self._paying = self._cancelled_early = False
        self._lock = threading.Lock()

    def status(self) -> DeviceStatus:
        """See `TerminalDriver`."""
        reply = self._ask_how_it_is()
        if isinstance(reply, DiagnosisReply):
            return device_status(reply)
        return DeviceStatus(Health.UNAVAILABLE, reply.reason, reply.why)

    def pay(self, order: PaymentOrder, journal: Journal, tell: Voice) -> PaymentEvidence:
        """See `TerminalDriver`."""
        if order.currency != CURRENCY or order.amount_cents <= 0:
            return NotSent(Reason.NOT_CONFIGURED, f"an amount should be above 0 and in {CURRENCY}")
        if order.attempt_id in self._sent:
            return Inconclusive("this attempt was sent before; enquire")
        with self._lock:
            self._paying, self._cancelled_early = True, False
        try:
            return self._pay(order, journal, tell)
        finally:
            with self._lock:
                self._paying, self._open = False, None

    def ask_to_cancel(self) -> None:
        """See `TerminalDriver`; without an open payment there is nothing to cancel."""
        with self._lock:
            if self._open is not None:
                self._open.cancel()
            elif self._paying:
                self._cancelled_early = True

    def goods(self, answer: Goods) -> None:
        """See `TerminalDriver`; this protocol never asks."""

    def enquire(self, attempt: Remembered, journal: Journal) -> PaymentEvidence:
        """See `TerminalDriver`."""
        found = self._found(Category.PAYMENT, attempt, journal)
        if isinstance(found, NotFound):
            evidence: PaymentEvidence = NotCharged("the terminal never had this payment: NotFound, asked twice")
        elif isinstance(found, PaymentReply):
            aborted = "abortServiceId" in attempt.protocol
            evidence = payment_evidence(found, attempt.order, aborted, self._session.poi_id)
        else:
            return _unclear(found)
        if not isinstance(evidence, Inconclusive):
            journal.evidence(evidence, summary(found) if isinstance(found, PaymentReply) else "NotFound")
        return evidence

    def reverse(self, attempt: Remembered, journal: Journal) -> ReversalEvidence:
        """See `TerminalDriver`; one that was sent before (`reversalServiceId`) is asked about instead."""
        if "reversalServiceId" in attempt.protocol:
            return self._earlier_reversal(attempt, journal)
        original = transaction_of(attempt.ids)
        if original is None:
            return NotSent(
                Reason.NOT_CONFIGURED, "the terminal's own id and time of the payment are needed: enquire first"
            )
        if f"reversal {attempt.order.attempt_id}" in self._sent:
            return Inconclusive(
                "a reversal of this attempt was sent before; give its reversalServiceId to ask about it"
            )
        try:
            prepared = self._session.prepare(Reversal(original))
        except CannotCount as problem:
            return NotSent(Reason.NOT_CONFIGURED, str(problem))
        number = prepared.header.service_id
        journal.sending("reversal", {"reversalServiceId": number, **self._ids()}, {}, prepared.digest)
        self._sent.add(f"reversal {attempt.order.attempt_id}")
        reply = self._session.send(prepared, self._timing.reversal, _Acknowledging(journal))
        evidence: ReversalEvidence
        if isinstance(reply, ReversalReply):
            evidence, raw = reversal_evidence(reply, self._session.poi_id), summary(reply)
        else:
            evidence, raw = _not_answered(reply)
        journal.evidence(evidence, raw)
        return evidence

    def end_of_day(self, journal: Journal) -> DayResult:  # noqa: ARG002  # nothing is sent
        """See `TerminalDriver`; Adyen closes its days by itself, nothing is sent."""
        return DayEnded()

    def close(self) -> None:
        """See `TerminalDriver`; from any thread, a payment that is waited for becomes inconclusive."""
        with self._lock:
            if self._open is not None:
                self._open.close()
        if self.news is not None:
            self.news.close()

    def _pay(self, order: PaymentOrder, journal: Journal, tell: Voice) -> PaymentEvidence:
        busy = self._cannot_take() if self._look_first else None
        if busy is not None:
            return busy
        transaction = Transaction(order.attempt_id, f"{self._now().astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}")
        try:
            payment = Payment(transaction, order.amount_cents, order.currency, order.language)
            prepared = self._session.prepare(payment)
        except CannotCount as problem:
            return NotSent(Reason.NOT_CONFIGURED, str(problem))
        if self.news is not None:
            self.news.take()  # of what was before
        number = prepared.header.service_id
        reference = reference_to(Category.PAYMENT, number, self._session)
        watch = OpenPayment(self._session, reference, journal, tell, self._timing, self._clock, self.news)
        with self._lock:
            if self._cancelled_early:
                return Cancelled(CancelledBy.KIOSK)
            self._open = watch
        ids = {"serviceId": number, **self._ids(), "transactionId": transaction.id, "timeStamp": transaction.time}
        journal.sending("payment", ids, {}, prepared.digest)
        self._sent.add(order.attempt_id)
        evidence, raw = self._exchange(prepared, order, watch)
        journal.evidence(evidence, raw)
        return evidence

    def _exchange(self, prepared: Prepared, order: PaymentOrder, watch: OpenPayment) -> tuple[PaymentEvidence, str]:
        reply = self._session.send(prepared, self._timing.longest, watch)
        watch.tell_news()  # the last of it, "take your card", may have come with the answer
        found = reply if isinstance(reply, PaymentReply) else watch.found
        if found is not None:
            return payment_evidence(found, order, watch.aborted, self._session.poi_id), summary(found)
        evidence, raw = _not_answered(reply)
        return (Inconclusive(watch.why), raw) if watch.why and isinstance(evidence, Inconclusive) else (evidence, raw)

    def _ask_how_it_is(self) -> DiagnosisReply | Trouble:
        try:
            prepared = self._session.prepare(Diagnosis())
        except CannotCount as problem:
            return no_number(problem)
        reply = self._session.send(prepared, self._timing.answer)
        return reply if isinstance(reply, (DiagnosisReply, Trouble)) else unexpected()

    def _cannot_take(self) -> NotSent | None:
        state = self.status()
        if state.health in (Health.READY, Health.ATTENTION):
            return None
        return NotSent(state.reason or Reason.OFFLINE, state.raw)

    def _found(
        self, category: Category, attempt: Remembered, journal: Journal
    ) -> PaymentReply | ReversalReply | NotFound | StillRunning | Inconclusive | Trouble:
        """What the terminal repeats of an earlier message; "not found" only when it says so twice, a while apart: a
        request that had just arrived when its line broke may still be on its way inside the terminal."""
        number = attempt.protocol.get("serviceId" if category is Category.PAYMENT else "reversalServiceId")
        if number is None or any(attempt.protocol.get(name) != value for name, value in self._ids().items()):
            return Inconclusive("it was sent by another kiosk or to another terminal than the ones that are set")
        reference = reference_to(category, number, self._session)
        found = self._asked(reference, journal)
        if isinstance(found, NotFound):
            self._pause(self._timing.confirm)
            found = self._asked(reference, journal)
        return found

    def _asked(
        self, reference: Reference, journal: Journal
    ) -> PaymentReply | ReversalReply | NotFound | StillRunning | Inconclusive | Trouble:
        reply = ask_status(self._session, reference, journal, self._timing)
        return repeated(reply, reference) if isinstance(reply, StatusReply) else reply

    def _earlier_reversal(self, attempt: Remembered, journal: Journal) -> ReversalEvidence:
        found = self._found(Category.REVERSAL, attempt, journal)
        if isinstance(found, NotFound):
            evidence: ReversalEvidence = NotReversed("NotFound")
        elif isinstance(found, ReversalReply):
            evidence = reversal_evidence(found, self._session.poi_id)
        else:
            return _unclear(found)
        if not isinstance(evidence, Inconclusive):
            journal.evidence(evidence, summary(found) if isinstance(found, ReversalReply) else "NotFound")
        return evidence

    def _ids(self) -> dict[str, str]:
        return {"saleId": self._session.sale_id, "poiId": self._session.poi_id}


class _Acknowledging:
    """`Watch` of an exchange that nobody can end."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def written(self) -> None:
        self._journal.acknowledged()

    def waiting(self) -> bool:
        return True


def _not_answered(reply: Reply | Nothing | Trouble) -> tuple[NotSent | Inconclusive, str]:
    if not isinstance(reply, Trouble):
        return Inconclusive("an empty answer, or one of another kind"), ""
    if not reply.sent:
        return NotSent(reply.reason, reply.why), ""
    return Inconclusive(reply.why), ""


def _unclear(found: PaymentReply | ReversalReply | StillRunning | Inconclusive | Trouble) -> Inconclusive:
    match found:
        case StillRunning():
            return Inconclusive("InProgress: the terminal is still deciding")
        case Inconclusive() | Trouble():
            return Inconclusive(found.why)
        case _:
            return Inconclusive("the terminal repeats another kind of answer")
