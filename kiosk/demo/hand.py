"""The dock's hand at the column's screen: what stands there, what the person does, and touches of its own.

Not for: what to touch (`person`, `visitors`) or the column's end of the line (`kiosk.practice_hand`).
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.practice_hand import SOCKET
from kiosk.terminal.glimpse import Act, Glimpse

Watcher = Callable[[Glimpse], None]
Listener = Callable[[Act], None]


class Hand:
    """Listens for the column; one at a time. All watchers are called on the hand's own thread.

    Args:
        folder: of the dock, named in the column's settings.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / SOCKET
        self._watchers: list[Watcher] = []
        self._listeners: list[Listener] = []
        self._changed = threading.Condition()
        self._glimpse: Glimpse | None = None
        self._line: socket.socket | None = None
        self._listening: socket.socket | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="zuil-hand", daemon=True)

    @property
    def glimpse(self) -> Glimpse | None:
        """What stands on the screen now; None while no column shows anything."""
        with self._changed:
            return self._glimpse

    def on_view(self, watcher: Watcher) -> None:
        """Call `watcher` with everything that comes on the screen."""
        self._watchers.append(watcher)

    def on_act(self, listener: Listener) -> None:
        """Call `listener` with everything the person at the column does."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Listen."""
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(self._path))
        self._listening.listen(1)
        self._thread.start()

    def stop(self) -> None:
        """Hang up."""
        with self._changed:
            self._stopping = True
            for end in (self._line, self._listening):
                if end is not None:
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()
        if self._listening is not None:
            self._listening.close()

    def do(self, act: Act) -> None:
        """Do one thing at what stands on the screen now; without a column nothing happens."""
        with self._changed:
            if self._line is None or self._glimpse is None:
                return
            message = {"do": [act.verb, *act.words], "serial": self._glimpse.serial}
            with contextlib.suppress(OSError):
                self._line.sendall(json.dumps(message).encode() + b"\n")

    def wait_for(self, wanted: Callable[[Glimpse | None], bool], seconds: float) -> bool:
        """Wait until what stands there is as wanted; False when that takes longer, or the hand was stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or wanted(self._glimpse), seconds)
            return not self._stopping and wanted(self._glimpse)

    def _run(self) -> None:
        while not self._stopping and self._listening is not None:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            with self._changed:
                self._line = line
            with line, line.makefile("rb") as lines, contextlib.suppress(OSError):
                for said in lines:
                    self._hear(json.loads(said))
            with self._changed:
                self._line = self._glimpse = None
                self._changed.notify_all()

    def _hear(self, message: dict[str, object]) -> None:
        match message:
            case {"sees": dict(plain)}:
                glimpse = Glimpse.read(plain)
                with self._changed:
                    self._glimpse = glimpse
                    self._changed.notify_all()
                for watcher in tuple(self._watchers):
                    watcher(glimpse)
            case {"did": [str(verb), *words]}:
                for listener in tuple(self._listeners):
                    listener(Act(verb, tuple(str(word) for word in words)))
