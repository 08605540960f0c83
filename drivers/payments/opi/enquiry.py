"""What became of an attempt whose answer was lost: RepeatLastMessage, then TicketReprint.

The protocol only knows its last payment, so the answer is compared with what was known before ours. Not for: when to
ask again (the payment saga).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from drivers.payment_contract import Approved, Ids, Inconclusive, NotCharged, PaymentEvidence, Remembered
from drivers.payments.opi.evidence import Circumstances, payment_evidence
from drivers.payments.opi.requests import CardType
from drivers.payments.opi.responses import Original, Response
from drivers.payments.opi.results import BUSY, UNAVAILABLE
from drivers.payments.opi.tickets import Ticket, why_not_ours

_MONEY = (CardType.CARD_PAYMENT.value, CardType.PAYMENT_REVERSAL.value, CardType.PAYMENT_REFUND.value)


class Next(Enum):
    """What must be asked before anybody knows."""

    IDLE_AND_NEVER_CALLED_BACK = "whether it is idle, and never called back for ours"
    TICKET = "the last ticket"


@dataclass(frozen=True)
class Remains:
    """An attempt as far as this protocol needs it.

    Attributes:
        request_id: of the payment.
    """

    attempt: Remembered
    request_id: int
    workstation: str


def remains(attempt: Remembered, workstation: str) -> Remains | Inconclusive:
    """The attempt, when it was ours and its number is known."""
    number = attempt.protocol.get("requestId", "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return Inconclusive("the number of the payment's request is not known")
    if attempt.protocol.get("workstation", workstation) != workstation:
        return Inconclusive("it was sent by another till than the one that is set")
    return Remains(attempt, int(number), workstation)


def read_repeated(reply: Response, ours: Remains, asked: int, seen: Circumstances) -> PaymentEvidence | Next:
    """What the answer to RepeatLastMessage proves.

    Args:
        asked: number of that request.
    """
    if _is_literal(reply, ours):
        return _judged(reply, ours, seen)
    if reply.request_id != str(asked):
        return Inconclusive("the answer names another request")
    if reply.workstation not in ("", ours.workstation):
        return Next.TICKET
    original = reply.original
    if original is None and reply.result in (BUSY, UNAVAILABLE):
        return Inconclusive("the terminal is busy, or prints, or starts: ask later")
    if original is None or original.workstation not in ("", ours.workstation):
        return Next.TICKET
    if original.request_id == str(ours.request_id):
        if original.type != CardType.CARD_PAYMENT.value:
            return Next.TICKET
        return _judged(replace(reply, result=original.result), ours, seen)
    return _another(original, reply, ours)


def not_charged(state: Response | None, called_back: bool | None) -> NotCharged | Next:
    """Whether an older last message proves that the terminal never took ours.

    Args:
        state: answer to the question how it is; None when it is not idle, or did not answer.
        called_back: whether it ever called back for ours; None when nobody knows.
    """
    if state is not None and called_back is False:
        return NotCharged("the terminal's last message is older than this payment, and it never called back for it")
    return Next.TICKET


def read_ticket(tickets: tuple[Ticket, ...], ours: Remains, window: float) -> PaymentEvidence:
    """What the tickets that the terminal gave again prove: paid, or nothing."""
    why = "the terminal gave no ticket with data"
    for ticket in tickets:
        why = why_not_ours(ticket, ours.attempt, window)
        if not why:
            order = ours.attempt.order
            ids = Ids(trace=ticket.stan, reference=ticket.reference or ticket.approval, terminal=ticket.terminal)
            return Approved(order.amount_cents, order.currency, ids)
    return Inconclusive(f"the last ticket is not known to be this payment's: {why}")


def _is_literal(reply: Response, ours: Remains) -> bool:
    """Some terminals send the last answer itself once more."""
    return (
        reply.original is None
        and reply.type == CardType.CARD_PAYMENT.value
        and reply.request_id == str(ours.request_id)
        and reply.workstation in ("", ours.workstation)
    )


def _judged(reply: Response, ours: Remains, seen: Circumstances) -> PaymentEvidence | Next:
    evidence = payment_evidence(reply, ours.attempt.order, seen, amount_needed=False)
    unclear = isinstance(evidence, Inconclusive) and reply.result != "Success"
    return Next.TICKET if unclear else evidence


def _another(original: Original, reply: Response, ours: Remains) -> PaymentEvidence | Next:
    number = original.request_id
    if not (number.isascii() and number.isdigit()):
        return Next.TICKET
    if int(number) > ours.request_id:
        if original.type in _MONEY:
            return Inconclusive("the terminal did something with money after this payment")
        return Next.TICKET
    known = ours.attempt.before.get("terminal", "")
    if not known or reply.terminal not in ("", known):
        return Next.TICKET
    return Next.IDLE_AND_NEVER_CALLED_BACK
