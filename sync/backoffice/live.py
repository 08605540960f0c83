"""Waking up the live pages of an office when something changed there.

Only a wake-up: who is woken looks in the database. Not for: carrying data, or reaching other processes.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict


class Live:
    """Wakes waiting streams; `changed` and `close` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[_Waiter]] = defaultdict(set)
        self._revision: dict[str, int] = defaultdict(int)
        self.closed = False

    def revision(self, office_id: str) -> int:
        """Counts up with every change in the office since the start."""
        with self._lock:
            return self._revision[office_id]

    def changed(self, office_id: str) -> None:
        """Something a page of this office may show has changed."""
        with self._lock:
            self._revision[office_id] += 1
            waiters = list(self._waiting[office_id])
        for waiter in waiters:
            waiter.wake()

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        with self._lock:
            self.closed = True
            waiters = [waiter for group in self._waiting.values() for waiter in group]
        for waiter in waiters:
            waiter.wake()

    async def wait(self, office_id: str, seen: int, seconds: float) -> int:
        """Wait until the office's revision is not `seen`, the hub closes, or so many seconds have passed.

        Returns:
            The revision now.
        """
        waiter = _Waiter(asyncio.get_running_loop())
        with self._lock:
            if self.closed or self._revision[office_id] != seen:
                return self._revision[office_id]
            self._waiting[office_id].add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter.event.wait()
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiting[office_id].discard(waiter)
        return self.revision(office_id)


class _Waiter:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.event = asyncio.Event()
        self._loop = loop

    def wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.event.set)
