"""The clocks behind the `Clock` port: the machine's, one that somebody turned, and one that is driven.

The driven clock serves scripts and tests: time stands still until somebody lets it pass, so a minute of waiting costs
nothing and is exact. Not for: the order of events (`kiosk.store` keeps its own logical clock).
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from kiosk.journeys.ports import Clock


CLOCK_FILE = "clock"
"""In the folder of a dock: by how many seconds the column's clock is turned."""


class SystemClock:
    """The machine's clock in the time zone of the site.

    Args:
        timezone: IANA name.
        shift_seconds: how far it is put forward, for practice out of opening hours.
    """

    def __init__(self, timezone: str, shift_seconds: int = 0) -> None:
        self._zone = ZoneInfo(timezone)
        self._shift = timedelta(seconds=shift_seconds)

    def now(self) -> datetime:
        """See `kiosk.journeys.ports.Clock`."""
        return (datetime.now(UTC) + self._shift).astimezone(self._zone)

    def monotonic(self) -> float:
        """See `kiosk.journeys.ports.Clock`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `kiosk.journeys.ports.Clock`."""
        await asyncio.sleep(seconds)


class TurnedClock:
    """Another clock of which somebody turned the hands: wrong, and it does not know. Seconds pass as they did.

    Args:
        clock: what it goes by.
        turned: by how much it is wrong now; asked each time.
    """

    def __init__(self, clock: Clock, turned: Callable[[], timedelta]) -> None:
        self._clock = clock
        self._turned = turned

    def now(self) -> datetime:
        """See `kiosk.journeys.ports.Clock`."""
        right = self._clock.now()
        # By way of UTC: in a night in which the hour changes, adding to local time would skip or repeat one.
        return (right.astimezone(UTC) + self._turned()).astimezone(right.tzinfo)

    def monotonic(self) -> float:
        """See `kiosk.journeys.ports.Clock`."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `kiosk.journeys.ports.Clock`."""
        await self._clock.sleep(seconds)


def turned_by_file(path: Path) -> Callable[[], timedelta]:
    """By how many seconds the file says the clock is wrong, asked each time; without a readable file it is right."""

    def turned() -> timedelta:
        try:
            return timedelta(seconds=int(path.read_text(encoding="ascii")))
        except (OSError, ValueError, OverflowError):
            return timedelta()

    return turned


class DrivenClock:
    """A clock that moves only when told.

    Args:
        start: timezone-aware moment it begins at.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._passed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = 0

    def now(self) -> datetime:
        """See `kiosk.journeys.ports.Clock`."""
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """See `kiosk.journeys.ports.Clock`."""
        return self._passed

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was driven that far."""
        wake = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._sleepers, (self._passed + seconds, self._order, wake))
        await wake

    async def pass_time(self, seconds: float) -> None:
        """Let time pass; everybody whose moment comes wakes in order and runs before time goes on."""
        until = self._passed + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            due, _, wake = heapq.heappop(self._sleepers)
            self._passed = max(self._passed, due)
            if not wake.done():
                wake.set_result(None)
                await settle()
        self._passed = until
        await settle()


async def settle(turns: int = 60) -> None:
    """Let everything that is ready on the loop run; enough turns for a chain of awaiting tasks."""
    for _ in range(turns):
        await asyncio.sleep(0)
