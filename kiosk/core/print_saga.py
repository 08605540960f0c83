"""The print saga as a table of states: what may follow what, and what each move records.

A print job is durable before a byte leaves and its outcome is a fact of its own; *unknown* is an outcome and is never
printed again by itself. Not for: doing it (`kiosk.journeys.printing`) or storing it (`kiosk.store.prints`).
"""

from __future__ import annotations

from kiosk.core.events import TICKET_PRINT_FAILED, TICKET_PRINT_UNKNOWN, TICKET_PRINTED, EventKind
from kiosk.core.tickets import PrintState

EDGES: dict[tuple[PrintState, PrintState], EventKind | None] = {
    (PrintState.QUEUED, PrintState.SENT): None,
    (PrintState.QUEUED, PrintState.FAILED): TICKET_PRINT_FAILED,
    (PrintState.SENT, PrintState.CONFIRMED): TICKET_PRINTED,
    (PrintState.SENT, PrintState.UNKNOWN): TICKET_PRINT_UNKNOWN,
    (PrintState.SENT, PrintState.FAILED): TICKET_PRINT_FAILED,
}
"""Each permitted move and the event it appends in the same transaction."""

AT_START: dict[PrintState, PrintState] = {
    PrintState.QUEUED: PrintState.FAILED,
    PrintState.SENT: PrintState.UNKNOWN,
}
"""What a job found open after a restart becomes: the person of a queued job has long gone."""


class ForbiddenEdge(ValueError):
    """A move the table does not have."""


def edge(before: PrintState, after: PrintState) -> EventKind | None:
    """The event of the move from `before` to `after`.

    Raises:
        ForbiddenEdge: when the move is not in the table.
    """
    try:
        return EDGES[(before, after)]
    except KeyError:
        raise ForbiddenEdge(f"a print job cannot go from {before.value} to {after.value}") from None
