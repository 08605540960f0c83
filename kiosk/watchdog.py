"""Feeds the service manager's watchdog, and only while every loop of the column is alive.

Each loop gives a beat when it has really done something: the interface drew a frame, the journeys' loop came round, the
database answered a read. One that stays silent silences the whole, and the service manager starts the program anew.
Not for: how it is told (`kiosk.service`), or what is done then (packaging/files, zuil.service).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterable

INTERFACE, JOURNEYS, STORE = "interface", "journeys", "store"
_ROUNDS = 8
"""Beats and looks in one interval of the service manager."""
_MISSED = 2
"""So many rounds without a beat are a silence; a busy machine may miss one."""
_log = logging.getLogger("zuil.watchdog")


class Watchdog:
    """Asks at each round whether every loop has given its beat, and then pings.

    Args:
        interval: seconds after which the service manager loses patience (WatchdogSec).
        loops: names of the loops that must beat.
        ping: tells the service manager.
        now: seconds that never run backwards.

    Attributes:
        rhythm: seconds between two beats of a loop.
    """

    def __init__(
        self,
        interval: float,
        loops: Iterable[str],
        ping: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rhythm = interval / _ROUNDS
        self._ping = ping
        self._now = now
        self._beats = dict.fromkeys(loops, now())
        self._silent: list[str] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="zuil-watchdog", daemon=True)

    def beat(self, loop: str) -> None:
        """A loop has done something; from any thread."""
        self._beats[loop] = self._now()

    def start(self) -> None:
        """Begin to ping; the service manager begins to count when it was told that the program is ready."""
        for loop in self._beats:
            self.beat(loop)
        self._thread.start()

    def stop(self) -> None:
        """Ping no more; also without a start."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Ping when every loop beats; else say once, in the log, which does not."""
        oldest = self._now() - _MISSED * self.rhythm
        silent = [loop for loop, moment in self._beats.items() if moment < oldest]
        if silent and silent != self._silent:
            _log.error("no sign of life from: %s; the service manager is not told that all is well", ", ".join(silent))
        self._silent = silent
        if not silent:
            self._ping()

    def _run(self) -> None:
        while not self._stopping.wait(self.rhythm):
            self.look()


async def beat_along(watchdog: Watchdog, read: Callable[[], Awaitable[object]]) -> None:
    """Give the beats of the journeys' loop and of the store, until cancelled.

    Args:
        read: reads something from the database; its beat is given when it returned, and its hanging or failing holds
            up nothing else.
    """
    await asyncio.gather(_beat_loop(watchdog), _beat_store(watchdog, read))


async def _beat_loop(watchdog: Watchdog) -> None:
    while True:
        watchdog.beat(JOURNEYS)
        await asyncio.sleep(watchdog.rhythm)


async def _beat_store(watchdog: Watchdog, read: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await read()
        except Exception:  # noqa: BLE001 - whatever is wrong with the store, the next read may work; if not, no beat
            _log.exception("the database cannot be read")
        else:
            watchdog.beat(STORE)
        await asyncio.sleep(watchdog.rhythm)
