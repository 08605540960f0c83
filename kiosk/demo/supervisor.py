"""The kiosk as a process of its own: started, watched, restarted, or cut off from power.

Not for: a real column, where systemd does this.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.running import RESTART

STOP_LIMIT_S = 8
_LOOK_S = 0.2


class KioskProcess:
    """`zuil run` as a child.

    Args:
        settings: settings file of the column.
        arguments: what follows `zuil run`, for example `--text`.
    """

    def __init__(self, settings: Path, arguments: tuple[str, ...] = ()) -> None:
        self._command = [sys.executable, "-m", "kiosk.cli", "run", "--config", str(settings), *arguments]
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._expected_to_end = False
        self._over = threading.Event()

    @property
    def running(self) -> bool:
        """Whether the column is up."""
        child = self._child
        return child is not None and child.poll() is None

    def start(self) -> None:
        """Start the column, if it is not up."""
        with self._lock:
            if not self.running and not self._over.is_set():
                self._expected_to_end = False
                self._child = subprocess.Popen(self._command)  # noqa: S603 - our own program

    def stop(self) -> None:
        """Ask the column to stop, and see to it that it does."""
        self._end(signal.SIGTERM)

    def finish(self) -> None:
        """Stop for good: `wait` returns."""
        self._over.set()
        self.stop()

    def cut_power(self) -> None:
        """Kill the column at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def wait(self) -> int:
        """Wait until the column ends by itself (its window was closed) or for good; its exit status.

        A column that was stopped or cut off on purpose is waited for again when it comes back.
        """
        while (status := self.ended) is None:
            self._over.wait(_LOOK_S)
        return status

    @contextmanager
    def on_end(self, tell: Callable[[], None]) -> Iterator[None]:
        """While the block runs: once the column has ended as `wait` would say, call `tell` until the block is left.

        Again and again, because whoever is told may not be listening yet.
        """
        leaving = threading.Event()

        def watch() -> None:
            while not leaving.wait(_LOOK_S):
                if self.ended is not None:
                    tell()

        watcher = threading.Thread(target=watch, name="zuil-column-watch")
        watcher.start()
        try:
            yield
        finally:
            leaving.set()
            watcher.join()

    @property
    def ended(self) -> int | None:
        """The status with which the column ended by itself or for good, or None while it serves.

        One that asks to be started anew is, as a service manager would.
        """
        if self._over.is_set():
            return 0
        with self._lock:
            child, expected = self._child, self._expected_to_end
        status = None if child is None or expected else child.poll()
        if status == RESTART:
            self.start()
            return None
        return status

    def _end(self, how: signal.Signals) -> None:
        with self._lock:
            self._expected_to_end = True
            child = self._child
            if child is None or child.poll() is not None:
                return
            child.send_signal(how)
            try:
                child.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
