"""The states of a ticket and the moves between them, as one table.

Counter facts win over column facts once a ticket is called. Not for: who may make a move (`calling`, `pages`).
"""

from __future__ import annotations

from enum import Enum


class TicketState(Enum):
    """Where a ticket is in its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    NO_SHOW = "noShow"
    EXPIRED = "expired"


MOVES: frozenset[tuple[TicketState, TicketState]] = frozenset(
    {
        (TicketState.WAITING, TicketState.CALLED),
        (TicketState.WAITING, TicketState.EXPIRED),
        (TicketState.CALLED, TicketState.CALLED),
        (TicketState.CALLED, TicketState.SERVED),
        (TicketState.CALLED, TicketState.NO_SHOW),
        (TicketState.CALLED, TicketState.EXPIRED),
    }
)
"""Every permitted move; called to called is a recall."""


def may_move(before: TicketState, after: TicketState) -> bool:
    """Whether a ticket in state `before` may become `after`."""
    return (before, after) in MOVES
