"""A payment as the terminal writes it down for the municipality, and whether it is the one that is looked for.

Not for: the lines of a receipt (`receipts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from drivers.payment_contract import Remembered
from drivers.payments.opi.amounts import read_amount
from drivers.payments.opi.responses import Response
from drivers.payments.opi.xml import fact

_LONGEST = 64


@dataclass(frozen=True)
class Ticket:
    """What is told of one payment; what is not there is empty or None."""

    amount_cents: int | None = None
    currency: str = ""
    approval: str = ""
    reference: str = ""
    stan: str = ""
    terminal: str = ""
    time: str = ""

    @property
    def approved(self) -> bool:
        """Whether it says that somebody approved a payment."""
        return bool(self.approval)


def read_ticket(element: Element) -> Ticket | None:
    """The data below an output; None when it holds none."""
    total = next((e for e in element.iter() if e.tag in ("TotalAmount", "DetailedAmount")), None)
    ticket = Ticket(
        read_amount((total.text or "").strip()) if total is not None else None,
        total.get("Currency", "").strip()[:3] if total is not None else "",
        _of(element, "AuthorisationCode", "AuthorizationCode", "ApprovalCode"),
        _of(element, "TransactionRefNumber", "TrxReferenceNumber"),
        _of(element, "STAN"),
        _of(element, "TerminalID"),
        _of(element, "DateAndTime", "TimeStamp"),
    )
    return ticket if ticket != Ticket() else None


def ticket_of(reply: Response) -> Ticket | None:
    """The data of an answer that repeats a ticket; None when it holds none."""
    if not reply.has_amount:
        return None
    return Ticket(
        reply.amount_cents,
        reply.currency,
        reply.approval,
        reply.reference,
        reply.stan,
        reply.terminal,
        reply.time,
    )


def why_not_ours(ticket: Ticket, attempt: Remembered, window: float) -> str:
    """Why this ticket does not prove that the attempt was paid; empty when it does.

    Everything must be told and fit: a number of the terminal that is newer than the one before the attempt, amount,
    currency, an approval, and a time not further away than `window` seconds.
    """
    order, before = attempt.order, attempt.before
    checks = (
        (ticket.approved, "it names no approval"),
        (ticket.amount_cents == order.amount_cents, "another amount"),
        (ticket.currency == order.currency, "another currency"),
        (bool(ticket.stan and before.get("stan")), "the number of the payment before is not known"),
        (ticket.stan != before.get("stan"), "it is the payment before"),
        (bool(ticket.terminal) and ticket.terminal == before.get("terminal"), "another terminal, or none named"),
        (_near(ticket.time, attempt.protocol.get("sentAt", ""), window), "another time, or none named"),
    )
    return next((why for fits, why in checks if not fits), "")


def _near(said: str, sent: str, window: float) -> bool:
    try:
        there, here = (datetime.fromisoformat(each) for each in (said, sent))
        if there.tzinfo is None:
            there = there.replace(tzinfo=here.tzinfo)
        return abs((there - here).total_seconds()) <= window
    except (ValueError, TypeError, OverflowError):
        return False


def _of(element: Element, *names: str) -> str:
    for each in element.iter():
        found = fact(each, *names)
        if found:
            return "".join(letter for letter in found if letter.isprintable())[:_LONGEST]
    return ""
