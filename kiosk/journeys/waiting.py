"""Wait for something, but not for ever, on the column's own clock.

Not for: limits of devices and network; those live in drivers and sync.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from kiosk.journeys.ports import Clock

T = TypeVar("T")


async def within(waiting: Awaitable[T], seconds: float, clock: Clock) -> T | None:
    """The result, or None when it did not come within `seconds`; what was waited for is then cancelled."""
    wanted = asyncio.ensure_future(waiting)
    limit = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({wanted, limit}, return_when=asyncio.FIRST_COMPLETED)
        return wanted.result() if wanted.done() else None
    finally:
        for task in (wanted, limit):
            task.cancel()
        await asyncio.gather(wanted, limit, return_exceptions=True)
