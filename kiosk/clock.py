"""Two clocks behind the `Clock` port: the machine's, and one that is driven.

The driven clock serves scripts and tests: time stands still until somebody lets it pass, so a minute of waiting costs
nothing and is exact. Not for: the order of events (`kiosk.store` keeps its own logical clock).
"""

from __future__ import annotations

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


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
