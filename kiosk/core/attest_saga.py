"""What becomes of an issued attest, as a table of states: what may follow what, and what is recorded.

An attest is numbered and sealed before any paper; that nobody got it, or that nobody knows, are states of their own.
Not for: paper (`kiosk.core.print_saga`), fees (`kiosk.core.payment_saga`), doing it (`kiosk.journeys`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from kiosk.core.events import (
    ATTEST_TAKEN,
    ATTEST_VOIDED,
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


def attest_edge(before: AttestState, after: AttestState) -> EventKind | None:
    """The event of a move of an attest; `ForbiddenEdge` when the table has no such move."""
    if (before, after) not in ATTEST_EDGES:
        raise ForbiddenEdge(f"an attest cannot go from {before.value} to {after.value}")
    return ATTEST_EDGES[before, after]
