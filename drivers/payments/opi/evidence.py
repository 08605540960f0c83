"""What an answer proves: result and request and amount and currency, together; else nobody knows.

Not for: asking (`enquiry`), or deciding what becomes of an attempt (the payment saga).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.payment_contract import (
    Approved,
    Cancelled,
    CancelledBy,
    DayEnded,
    DayResult,
    Declined,
    Goods,
    Ids,
    Inconclusive,
    NotCharged,
    NotReversed,
    PaymentEvidence,
    PaymentOrder,
    Receipt,
    ReversalEvidence,
    Reversed,
)
from drivers.payments.opi.requests import CardType, ServiceType
from drivers.payments.opi.responses import Response
from drivers.payments.opi.results import SERVICE_DONE, Verdict, named, verdict


@dataclass(frozen=True)
class Circumstances:
    """What happened besides, while the answer was waited for.

    Attributes:
        approval_seen: the terminal's journal named an approval, or it asked for the goods.
        aborted: we asked it to stop.
        goods: what we said of the goods, where it asked.
    """

    approval_seen: bool = False
    aborted: bool = False
    goods: Goods | None = None
    receipts: tuple[Receipt, ...] = ()


def unfitting(reply: Response, kind: CardType, request_id: int, workstation: str) -> str:
    """Why this is not the answer to our request; empty when it is."""
    if reply.request_id != str(request_id):
        return "the answer names another request"
    if reply.type != kind.value:
        return "the answer is to another kind of request"
    if reply.workstation not in ("", workstation):
        return "the answer names another till"
    return ""


def payment_evidence(
    reply: Response, order: PaymentOrder, seen: Circumstances, *, amount_needed: bool = True
) -> PaymentEvidence:
    """Of an answer that is known to be the one to this payment.

    Args:
        amount_needed: False for a repeated answer, which may leave the amount out.
    """
    found = verdict(reply.result, reply.terminal_reason)
    if found is Verdict.DONE:
        return _approved(reply, order, seen, amount_needed)
    if found is Verdict.UNCLEAR:
        return Inconclusive(f"the terminal says {named(reply.result)}")
    if seen.approval_seen and seen.goods is not Goods.REFUSED:
        return Inconclusive(f"the terminal says {named(reply.result)}, and spoke of an approval before")
    if seen.goods is Goods.REFUSED:
        return NotCharged(f"the goods were not handed out, and the terminal says {named(reply.result)}")
    match found:
        case Verdict.DECLINED:
            return Declined(reply.reason or reply.result, seen.receipts)
        case Verdict.ABORTED:
            return Cancelled(CancelledBy.KIOSK if seen.aborted else CancelledBy.CITIZEN, seen.receipts)
        case Verdict.TIMED_OUT:
            return Cancelled(CancelledBy.TIME_OUT, seen.receipts)
        case Verdict.NOT_STARTED:
            return NotCharged(f"the terminal says {named(reply.result)}: it started nothing")


def reversal_evidence(reply: Response, order: PaymentOrder, seen: Circumstances) -> ReversalEvidence:
    """Of an answer that is known to be the one to this reversal."""
    found = verdict(reply.result, reply.terminal_reason)
    if found is Verdict.UNCLEAR or found is Verdict.TIMED_OUT:
        return Inconclusive(f"the terminal says {named(reply.result)}")
    if found is not Verdict.DONE:
        return NotReversed(reply.reason or named(reply.result))
    # Some terminals say 0.00 in the answer to a reversal.
    if reply.has_amount and reply.amount_cents not in (0, order.amount_cents):
        return Inconclusive("the terminal says that it undid another amount")
    return Reversed(ids_of(reply), seen.receipts)


def day_result(reply: Response, kind: ServiceType, request_id: int, seen: Circumstances) -> DayResult:
    """Of an answer to the wish to close the period."""
    if reply.request_id != str(request_id) or reply.type != kind.value:
        return Inconclusive("the answer names another request")
    if reply.result in SERVICE_DONE:
        return DayEnded(reply.totals or None, seen.receipts)
    if verdict(reply.result) in (Verdict.DECLINED, Verdict.ABORTED, Verdict.NOT_STARTED):
        return Declined(reply.reason or reply.result, seen.receipts)
    return Inconclusive(f"the terminal says {named(reply.result)}")


def ids_of(reply: Response) -> Ids:
    """What the terminal calls it."""
    return Ids(
        receipt=reply.receipt,
        trace=reply.stan,
        reference=reply.reference or reply.approval,
        terminal=reply.terminal,
    )


def _approved(reply: Response, order: PaymentOrder, seen: Circumstances, amount_needed: bool) -> PaymentEvidence:
    if reply.has_amount or amount_needed:
        if reply.amount_cents != order.amount_cents:
            return Inconclusive("the terminal says Success for another amount, or for one that cannot be read")
        if reply.currency != order.currency and (reply.currency or amount_needed):
            return Inconclusive("the terminal says Success in another currency")
    return Approved(order.amount_cents, order.currency, ids_of(reply), reply.card, seen.receipts)
