"""The place of a ticket in the one queue: `rank = effective time - credit`, smallest first.

A constant credit per class means that the order between two tickets never changes while they wait, and nobody is put
back by more than the largest credit. Not for: calling (`calling`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Arrival:
    """When a ticket was made, as far as its column knew.

    Attributes:
        clock_state: `synced`, `holdover` or `unknown`.
        uptime_ms: since the column's boot `boot_id`.
    """

    time_ms: int
    clock_state: str
    boot_id: str
    uptime_ms: int


def effective_ms(arrival: Arrival, received_ms: int, newest: Arrival) -> int:
    """When the person came, in server time.

    A clock that is synced or holding over is believed, but never beyond the moment of receipt. An unknown clock is
    replaced by the moment of receipt minus the time that had passed since, seen from the newest event of the batch.

    Args:
        arrival: the ticket's.
        received_ms: when its batch was first received.
        newest: the last event of that batch.
    """
    if arrival.clock_state in ("synced", "holdover"):
        return min(arrival.time_ms, received_ms)
    if arrival.boot_id != newest.boot_id:
        return received_ms
    return received_ms - max(0, newest.uptime_ms - arrival.uptime_ms)


def rank(effective: int, credit_sec: int, max_credit_sec: int) -> int:
    """The sort key, in milliseconds; credit is bounded so that no class can starve another."""
    return effective - 1000 * max(0, min(credit_sec, max_credit_sec))
