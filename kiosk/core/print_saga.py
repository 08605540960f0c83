"""The print saga as a table of states: what may follow what, and what each move records.

A print job is durable before a byte leaves and its outcome is a fact of its own; *unknown* is an outcome and is never
printed again by itself. Tickets and attests go the same way. Not for: doing it (`kiosk.journeys.printing`) or storing
it (`kiosk.store.prints`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from kiosk.core.events import (
    ATTEST_PRINT_FAILED,
    ATTEST_PRINT_UNKNOWN,
    ATTEST_PRINTED,
    TICKET_PRINT_FAILED,
    TICKET_PRINT_UNKNOWN,
    TICKET_PRINTED,
    EventKind,
)
from kiosk.core.tickets import PrintState


class Subject(Enum):
    """What is on the paper. The value is the event's member that names it."""

    TICKET = "ticketId"
    ATTEST = "attestId"


EDGES: frozenset[tuple[PrintState, PrintState]] = frozenset(
    {
        (PrintState.QUEUED, PrintState.SENT),
        (PrintState.QUEUED, PrintState.FAILED),
        (PrintState.SENT, PrintState.CONFIRMED),
        (PrintState.SENT, PrintState.UNKNOWN),
        (PrintState.SENT, PrintState.FAILED),
    }
)
"""Each permitted move."""

RECORDS: Mapping[Subject, Mapping[PrintState, EventKind]] = {
    Subject.TICKET: {
        PrintState.CONFIRMED: TICKET_PRINTED,
        PrintState.UNKNOWN: TICKET_PRINT_UNKNOWN,
        PrintState.FAILED: TICKET_PRINT_FAILED,
    },
    Subject.ATTEST: {
        PrintState.CONFIRMED: ATTEST_PRINTED,
        PrintState.UNKNOWN: ATTEST_PRINT_UNKNOWN,
        PrintState.FAILED: ATTEST_PRINT_FAILED,
    },
}
"""The event that arriving in a state appends, in the same transaction; the others append none."""

AT_START: dict[PrintState, PrintState] = {
    PrintState.QUEUED: PrintState.FAILED,
    PrintState.SENT: PrintState.UNKNOWN,
}
"""What a job found open after a restart becomes: the person of a queued job has long gone."""


class ForbiddenEdge(ValueError):
    """A move the table does not have."""


def edge(before: PrintState, after: PrintState, subject: Subject = Subject.TICKET) -> EventKind | None:
    """The event of the move from `before` to `after`.

    Raises:
        ForbiddenEdge: when the move is not in the table.
    """
    if (before, after) not in EDGES:
        raise ForbiddenEdge(f"a print job cannot go from {before.value} to {after.value}")
    return RECORDS[subject].get(after)
