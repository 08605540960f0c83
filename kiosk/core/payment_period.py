"""The terminal closes its period: what it says it took, against what we know we took.

Amounts decide, in cents, net of what was undone; counts are told beside them, because terminals count an undone payment
in different ways. Not for: asking the terminal (`kiosk.day_end`) or its settlement with the bank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from kiosk.core.payment_saga import PaymentState

BOOKED = frozenset(
    {
        PaymentState.SETTLED,
        PaymentState.SPENT,
        PaymentState.UNDELIVERED,
        PaymentState.REFUND_DUE,
        PaymentState.REFUNDED,
        PaymentState.PROMISED,
        PaymentState.GIVEN,
    }
)
"""States of a payment that stands in the terminal's books; money that staff paid back did not leave them."""


class PeriodResult(Enum):
    """How a closing ended."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_TOLD = "notTold"
    """Closed; this terminal tells no totals."""
    REFUSED = "refused"
    """The terminal did not close it; what was counted belongs to the next period."""
    UNKNOWN = "unknown"
    """Nobody knows whether it was closed; the next closing finds out."""


NEEDS_STAFF = frozenset({PeriodResult.DIFFERS, PeriodResult.REFUSED})
"""Results somebody must look into."""


@dataclass(frozen=True)
class Takings:
    """How much in how many payments."""

    count: int = 0
    cents: int = 0

    def __add__(self, other: Takings) -> Takings:
        return Takings(self.count + other.count, self.cents + other.cents)


def judge(ours: Takings, carried: Sequence[Takings], theirs: Takings | None) -> PeriodResult:
    """Compare.

    Args:
        ours: of this period.
        carried: of the periods just before of which nobody knows whether they were closed, newest first: the terminal
            may count the newest of them once more, or the newest two, and so on.
        theirs: what the terminal said, None where it told no totals.
    """
    if theirs is None:
        return PeriodResult.NOT_TOLD
    possible = accumulate(carried, initial=ours)
    return PeriodResult.AGREES if theirs.cents in {each.cents for each in possible} else PeriodResult.DIFFERS
