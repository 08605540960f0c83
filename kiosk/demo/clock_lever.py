"""What the clock of the demonstration column can be turned to, by name: the moments at which clocks go wrong.

Only the column's own clock is turned, never the machine's; back office and devices keep the right time. Not for: how
the column is told (`world`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

RIGHT = "right"
CLOCK: dict[str, str] = {
    RIGHT: "The clock of the column is right.",
    "year-1970": "Its battery is empty: the clock began anew at 1 January 1970.",
    "day-behind": "The clock is a day behind.",
    "summer-begins": "Half a minute before the night skips from 02:00 to 03:00.",
    "summer-ends": "Half a minute before the night goes from 03:00 back to 02:00.",
    "month-end": "Half a minute before the first of the next month.",
}
"""Every state of the clock, by name, and what it is then."""
_BEFORE = timedelta(seconds=30)


def turned_to(name: str, now: datetime) -> timedelta:
    """By how much the clock must be turned at `now`, timezone-aware and local.

    Raises:
        KeyError: when there is no such state.
    """
    moments: dict[str, Callable[[datetime], datetime]] = {
        RIGHT: lambda now: now,
        "year-1970": lambda _: datetime(1970, 1, 1, tzinfo=UTC),
        "day-behind": lambda now: now.astimezone(UTC) - timedelta(days=1),
        "summer-begins": lambda now: _change(now, forward=True) - _BEFORE,
        "summer-ends": lambda now: _change(now, forward=False) - _BEFORE,
        "month-end": lambda now: _next_month(now) - _BEFORE,
    }
    return moments[name](now).astimezone(UTC) - now.astimezone(UTC)


def _change(now: datetime, *, forward: bool) -> datetime:
    """The next moment, on the hour, at which local time skips an hour or repeats one.

    Raises:
        LookupError: where the hour never changes.
    """
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for _ in range(2 * 366 * 24):
        later = hour + timedelta(hours=1)
        gained = (later.astimezone(now.tzinfo).utcoffset() or timedelta()) - (
            hour.astimezone(now.tzinfo).utcoffset() or timedelta()
        )
        if gained and (gained > timedelta()) is forward:
            return later
        hour = later
    raise LookupError("the hour does not change here")


def _next_month(now: datetime) -> datetime:
    first = (now.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first.replace(hour=0, minute=0, second=0, microsecond=0)


class ClockFile:
    """Where a column in another process finds by how much its clock is turned; replaced in one move."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def turn(self, by: timedelta) -> None:
        """Turn it."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{by // timedelta(seconds=1)}", encoding="ascii")
        fresh.replace(self.path)
