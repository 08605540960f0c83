"""What becomes of an issued attest and of a fee, as tables of states: what may follow what, and what is recorded.

An attest is numbered and sealed before any paper; that nobody got it, or that nobody knows, are states of their own.
A fee is a fact of its own, and money without its attest goes to staff. Not for: paper (`kiosk.core.print_saga`) or
doing it (`kiosk.journeys.request_attest`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from kiosk.core.events import (
    ATTEST_TAKEN,
    ATTEST_VOIDED,
    PAYMENT_FAILED,
    PAYMENT_SETTLED,
    PAYMENT_UNDELIVERED,
    PAYMENT_UNKNOWN,
    EventKind,
)
from kiosk.core.print_saga import ForbiddenEdge
from kiosk.core.tickets import PrintState


class AttestState(Enum):
    """Where an attest stands."""

    ISSUED = "issued"
    """Numbered, sealed, and not yet in anybody's hands."""
    DELIVERED = "delivered"
    DOUBTFUL = "doubtful"
    """Nobody knows whether the paper came out; staff see it."""
    VOIDED = "voided"
    """It reached nobody: it does not count, and its number stays used."""


ATTEST_EDGES: Mapping[tuple[AttestState, AttestState], EventKind | None] = {
    (AttestState.ISSUED, AttestState.DELIVERED): None,
    (AttestState.ISSUED, AttestState.DOUBTFUL): None,
    (AttestState.ISSUED, AttestState.VOIDED): ATTEST_VOIDED,
    (AttestState.DOUBTFUL, AttestState.DELIVERED): None,
}
"""Each permitted move and its event; where there is none, the event of the paper says it already."""

AFTER_PAPER: Mapping[PrintState, AttestState] = {
    PrintState.CONFIRMED: AttestState.DELIVERED,
    PrintState.UNKNOWN: AttestState.DOUBTFUL,
}
"""What the outcome of a paper makes of the attest. A paper that certainly failed leaves it issued: there may be another
printer, or a telephone."""

TAKEN = ATTEST_TAKEN
"""What handing over a file records; the attest is delivered by it."""


class PaymentState(Enum):
    """Where a fee stands."""

    INTENDED = "intended"
    SETTLED = "settled"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SPENT = "spent"
    """What was paid for was issued, or asked of a register."""
    UNDELIVERED = "undelivered"
    """Paid, and nothing was given for it: staff give it or pay back."""


PAYMENT_EDGES: Mapping[tuple[PaymentState, PaymentState], EventKind | None] = {
    (PaymentState.INTENDED, PaymentState.SETTLED): PAYMENT_SETTLED,
    (PaymentState.INTENDED, PaymentState.FAILED): PAYMENT_FAILED,
    (PaymentState.INTENDED, PaymentState.UNKNOWN): PAYMENT_UNKNOWN,
    (PaymentState.SETTLED, PaymentState.SPENT): None,
    (PaymentState.SETTLED, PaymentState.UNDELIVERED): PAYMENT_UNDELIVERED,
    (PaymentState.SPENT, PaymentState.UNDELIVERED): PAYMENT_UNDELIVERED,
}

PAYMENT_AT_START: Mapping[PaymentState, PaymentState] = {
    PaymentState.INTENDED: PaymentState.UNKNOWN,
    PaymentState.SETTLED: PaymentState.UNDELIVERED,
}
"""What a fee found open after a restart becomes: whoever paid has gone."""


def attest_edge(before: AttestState, after: AttestState) -> EventKind | None:
    """The event of a move of an attest; `ForbiddenEdge` when the table has no such move."""
    if (before, after) not in ATTEST_EDGES:
        raise ForbiddenEdge(f"an attest cannot go from {before.value} to {after.value}")
    return ATTEST_EDGES[before, after]


def payment_edge(before: PaymentState, after: PaymentState) -> EventKind | None:
    """The event of a move of a fee; `ForbiddenEdge` when the table has no such move."""
    if (before, after) not in PAYMENT_EDGES:
        raise ForbiddenEdge(f"a fee cannot go from {before.value} to {after.value}")
    return PAYMENT_EDGES[before, after]
