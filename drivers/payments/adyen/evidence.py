"""What an answer of a nexo terminal proves, and what it does not; the same in JSON and in XML.

Only an answer to our own ServiceID, or the repeated answer inside a status, proves anything.
Not for: asking (`session`).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.payment_contract import (
    Approved,
    Cancelled,
    CancelledBy,
    Declined,
    Ids,
    Inconclusive,
    NotReversed,
    PaymentEvidence,
    PaymentOrder,
    ReversalEvidence,
    Reversed,
)
from drivers.payments.adyen.header import Category, Header, MessageType
from drivers.payments.adyen.values import (
    Outcome,
    PaymentReply,
    Reference,
    Result,
    ReversalReply,
    StatusReply,
    Transaction,
)

BUSY, IN_PROGRESS, NOT_FOUND = "Busy", "InProgress", "NotFound"
_NOT_FINAL = frozenset({BUSY, IN_PROGRESS})
_KEPT = ("refusalReason", "message", "errors", "warnings")
"""Of `AdditionalResponse`; much of the rest is about the person with the card."""


@dataclass(frozen=True)
class NotFound:
    """The terminal knows of no such message."""


@dataclass(frozen=True)
class StillRunning:
    """It is not decided yet."""


def payment_evidence(reply: PaymentReply, order: PaymentOrder, aborted: bool, terminal: str) -> PaymentEvidence:
    """What an answer to our payment proves.

    Args:
        aborted: whether we asked to cancel it.
        terminal: POIID.
    """
    if reply.ours and reply.ours != order.attempt_id:
        return Inconclusive("an answer about another attempt than the one asked about")
    if reply.outcome.result is Result.FAILURE:
        return _failed(reply, aborted)
    if reply.outcome.result is Result.PARTIAL:
        return Inconclusive("the terminal says that a part was paid, which nobody asked for")
    if (reply.amount_cents, reply.currency) != (order.amount_cents, order.currency):
        return Inconclusive(f"paid, but {reply.amount_cents} cents of {reply.currency or 'no currency'} were booked")
    return Approved(order.amount_cents, order.currency, ids_of(reply.transaction, terminal), reply.card, reply.receipts)


def _failed(reply: PaymentReply, aborted: bool) -> PaymentEvidence:
    condition = reply.outcome.condition
    if condition in _NOT_FINAL:
        return Inconclusive(f"{condition}: the answer is not about our payment alone")
    if condition == "Cancel":
        return Cancelled(CancelledBy.CITIZEN, reply.receipts)
    if condition == "Aborted":
        return Cancelled(CancelledBy.KIOSK if aborted else CancelledBy.TIME_OUT, reply.receipts)
    return Declined(condition or reply.outcome.result.value, reply.receipts)


def reversal_evidence(reply: ReversalReply, terminal: str) -> ReversalEvidence:
    """What an answer to our reversal proves."""
    if reply.outcome.result is Result.SUCCESS:
        return Reversed(ids_of(reply.transaction, terminal), reply.receipts)
    if reply.outcome.result is Result.PARTIAL or reply.outcome.condition in _NOT_FINAL:
        return Inconclusive(f"{reply.outcome.condition or reply.outcome.result.value}: not decided")
    return NotReversed(reply.outcome.condition or reply.outcome.result.value)


def repeated(
    reply: StatusReply, asked: Reference
) -> PaymentReply | ReversalReply | NotFound | StillRunning | Inconclusive:
    """What a status says about the message `asked`; success outside only means that it was found."""
    if reply.outcome.result is not Result.SUCCESS:
        if reply.outcome.condition == NOT_FOUND:
            return NotFound()
        if reply.outcome.condition == IN_PROGRESS:
            return StillRunning()
        return Inconclusive(f"the terminal cannot say: {reply.outcome.condition or reply.outcome.result.value}")
    if reply.repeated is None:
        return Inconclusive("the terminal found it, and does not say what came of it")
    if reply.header is None or not _is_about(reply.header, asked):
        return Inconclusive("the terminal repeats the answer to something else")
    fits = isinstance(reply.repeated, PaymentReply) == (asked.category is Category.PAYMENT)
    return reply.repeated if fits else Inconclusive("the terminal repeats another kind of answer")


def _is_about(header: Header, asked: Reference) -> bool:
    named = (header.category, header.type, header.service_id, header.sale_id, header.poi_id)
    poi_id = asked.poi_id or header.poi_id
    return named == (asked.category, MessageType.RESPONSE, asked.service_id, asked.sale_id, poi_id)


def ids_of(transaction: Transaction | None, terminal: str) -> Ids:
    """POITransactionID is `<tender>.<PSP reference>`: `receipt` and `reference`; its time, without which nothing can be
    undone, is `trace`."""
    if transaction is None:
        return Ids(terminal=terminal)
    tender, _, psp = transaction.id.rpartition(".")
    receipt, reference = (tender, psp) if tender else ("", transaction.id)
    return Ids(receipt=receipt, trace=transaction.time, reference=reference, terminal=terminal)


def transaction_of(ids: Ids) -> Transaction | None:
    """The way back; None when a part is missing."""
    whole = f"{ids.receipt}.{ids.reference}" if ids.receipt else ids.reference
    return Transaction(whole, ids.trace) if ids.reference and ids.trace else None


def summary(reply: PaymentReply | ReversalReply | StatusReply) -> str:
    """What of an answer is kept for technicians: nothing of the card or of who holds it."""
    told = [f"{type(reply).__name__.removesuffix('Reply')} {_outcome(reply.outcome)}"]
    if isinstance(reply, StatusReply):
        return "; ".join([*told, *([summary(reply.repeated)] if reply.repeated else [])])
    if reply.transaction:
        told.append(f"POITransactionID {reply.transaction.id} {reply.transaction.time}")
    if isinstance(reply, PaymentReply):
        told.append(f"{reply.amount_cents} cents {reply.currency}, online {reply.online}, for {reply.ours or 'nobody'}")
    return "; ".join(told)[:1000]


def _outcome(outcome: Outcome) -> str:
    kept = [f"{name}={outcome.additional[name][:100]}" for name in _KEPT if name in outcome.additional]
    return " ".join([outcome.result.value, *([outcome.condition] if outcome.condition else []), *kept])
