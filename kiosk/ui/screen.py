"""The `Screen` port over Qt Quick: two loops, one door.

Journeys run in an asyncio loop on another thread and call `show` and `read`; everything else here happens on the
interface thread. Neither side ever waits for the other. Not for: what a view looks like (`kiosk_model`, QML).
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from kiosk.core.pages import Input, Typed, View
from kiosk.ui.gate import current


class Stage(Protocol):
    """What draws views on the interface thread."""

    def show(self, view: View) -> None:
        """Draw `view`."""
        ...


class QtScreen(QObject):
    """Implements `kiosk.journeys.ports.Screen`. Make it on the main thread, use it from the journeys' loop."""

    _arrived = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._newest: View | None = None
        self._drawn: View | None = None
        self._stage: Stage | None = None
        self._inputs: deque[Input] = deque()
        self._waiting: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._knock: tuple[asyncio.AbstractEventLoop, Callable[[], None]] | None = None
        self._arrived.connect(self._draw, Qt.ConnectionType.QueuedConnection)

    def show(self, view: View) -> None:
        """Draw `view` from now on; returns at once. Of several views in one turn only the newest is drawn."""
        with self._lock:
            self._newest = view
        self._arrived.emit()

    async def read(self) -> Input:
        """Wait for the next thing the person does that still answers what is shown."""
        loop = asyncio.get_running_loop()
        if self._waiting is None or self._waiting[0] is not loop:
            self._waiting = (loop, asyncio.Event())
        event = self._waiting[1]
        while True:
            event.clear()
            while self._inputs:
                given = current(self._pop(), self._newest)
                if given is not None:
                    return given
            await event.wait()

    def on_knock(self, listener: Callable[[], None]) -> None:
        """See `kiosk.journeys.ports.Screen`."""
        self._knock = (asyncio.get_running_loop(), listener)

    def knock(self) -> None:
        """Staff made the hidden gesture; interface thread."""
        knock = self._knock
        if knock is not None and not knock[0].is_closed():
            knock[0].call_soon_threadsafe(knock[1])

    def attach(self, stage: Stage) -> None:
        """Views go to `stage` from now on; interface thread."""
        self._stage, self._drawn = stage, None
        self._draw()

    def give(self, given: Input) -> None:
        """Something the gate admitted; interface thread."""
        self._inputs.append(given)
        waiting = self._waiting
        if waiting is not None and not waiting[0].is_closed():
            waiting[0].call_soon_threadsafe(waiting[1].set)

    def _pop(self) -> Input:
        """The next input; of several states of one field only the last."""
        given = self._inputs.popleft()
        while isinstance(given, Typed) and self._inputs and isinstance(self._inputs[0], Typed):
            given = self._inputs.popleft()
        return given

    def _draw(self) -> None:
        with self._lock:
            view = self._newest
        if view is None or view is self._drawn or self._stage is None:
            return
        self._drawn = view
        self._stage.show(view)
