"""From what was heard to what it proves. Pure, and careful: what contradicts itself proves nothing.

Paid needs an approval of exactly our amount, our acceptance of it, and the end 06 0F. Not for: what an enquiry proves
(`recovery`).
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
    NotCharged,
    NotReversed,
    PaymentEvidence,
    PaymentOrder,
    Receipt,
    ReversalEvidence,
    Reversed,
)
from drivers.payments.zvt import codes
from drivers.payments.zvt.commands import CURRENCIES
from drivers.payments.zvt.conversation import End
from drivers.payments.zvt.fields import RESULT, read_fields
from drivers.payments.zvt.messages import Completed, Failed, StatusInfo


@dataclass(frozen=True)
class Heard:
    """What a payment left behind.

    Attributes:
        last: the last 04 0F.
        accepted: the approval that we accepted with 80 00.
        refused: why we refused an approval with 84 CC; empty when we did not.
        asked_to_wait: whether we answered 84 9C.
        abort_sent: whether we sent 06 B0.
        stopped_at_terminal: whether the terminal said that somebody pressed stop.
    """

    last: StatusInfo | None = None
    accepted: StatusInfo | None = None
    refused: str = ""
    asked_to_wait: bool = False
    abort_sent: bool = False
    stopped_at_terminal: bool = False


def mismatch(order: PaymentOrder, status: StatusInfo) -> str:
    """In what an approval differs from the order; empty when it does not."""
    if status.original_trace:
        return "it is the reversal of another payment"
    if status.amount_cents is None:
        return "it names no amount"
    if status.amount_cents != order.amount_cents:
        return f"it is of {status.amount_cents} cents, ordered were {order.amount_cents}"
    if status.currency not in (None, CURRENCIES[order.currency]):
        return f"it is in currency {status.currency}"
    return ""


def decide(order: PaymentOrder, heard: Heard, end: End, receipts: tuple[Receipt, ...]) -> PaymentEvidence:
    """What a payment proves that came to its end."""
    if heard.accepted is not None:
        return _accepted(order, heard.accepted, heard.last, end, receipts)
    code = _refusal_code(heard.last, end)
    if code is None:
        return Inconclusive("it ended without saying that it was refused, and no approval was accepted")
    if heard.refused:
        return NotCharged(f"we refused the approval ({heard.refused}), and it ended with {codes.result_text(code)}")
    if heard.asked_to_wait:
        return NotCharged(f"it did not hear in time that the goods are out: {codes.result_text(code)}")
    if code == codes.TIME_OUT:
        return Cancelled(_by(heard), receipts)
    return Declined(f"{code:02X}", receipts)


def _accepted(
    order: PaymentOrder, accepted: StatusInfo, last: StatusInfo | None, end: End, receipts: tuple[Receipt, ...]
) -> PaymentEvidence:
    if isinstance(end, Failed) or last is None or last.result != 0 or _end_result(end) not in (None, 0):
        return Inconclusive("we accepted an approval, and it ended as a failure")
    return approved(order, accepted, receipts)


def approved(order: PaymentOrder, status: StatusInfo, receipts: tuple[Receipt, ...] = ()) -> Approved:
    """The evidence for a payment whose status matches `order`."""
    return Approved(order.amount_cents, order.currency, status.ids, status.card, receipts)


def decide_reversal(
    amount_cents: int, last: StatusInfo | None, end: End, receipts: tuple[Receipt, ...]
) -> ReversalEvidence:
    """What a reversal proves that came to its end."""
    code = _refusal_code(last, end)
    if code == codes.ALREADY_REVERSED:
        return Reversed(last.ids if last is not None else Ids(), receipts)
    approval = last is not None and last.result == 0
    if code is not None:
        if approval:
            return Inconclusive("the reversal was told, and it ended as a failure")
        return NotReversed(f"{code:02X}")
    if last is None or not approval or last.amount_cents not in (None, amount_cents):
        return Inconclusive("the reversal ended without telling that it was done, or with another amount")
    return Reversed(last.ids, receipts)


def reversal_turned_down(code: int) -> ReversalEvidence:
    """What 84 xx to a reversal proves."""
    return Reversed(Ids()) if code == codes.ALREADY_REVERSED else NotReversed(f"84 {code:02X}")


def _refusal_code(last: StatusInfo | None, end: End) -> int | None:
    """The code of a failure, or None when nothing said that it failed."""
    told = last.result if last is not None else None
    if told:
        return told
    if isinstance(end, Failed):
        return end.code or 0
    return None


def _end_result(end: Completed | Failed) -> int | None:
    result = read_fields(end.data).first(RESULT) if isinstance(end, Completed) else None
    return result[0] if result else None


def _by(heard: Heard) -> CancelledBy:
    if heard.abort_sent:
        return CancelledBy.KIOSK
    return CancelledBy.CITIZEN if heard.stopped_at_terminal else CancelledBy.TIME_OUT
