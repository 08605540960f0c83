"""Figures of restarting: killed → serving again, hung → noticed. A small supervisor does what the unit asks of systemd.

It honours `Restart=`, `RestartSec=` and `WatchdogSec=` of the installed unit; systemd itself does the same in
`make deb-test`, where it is too slow to measure often. Not for: starting for the first time (`starts`).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.column import Failed, offscreen, rig
from tests.bench.figures import Figure, Goal, Judged
from tests.package.units import Unit

READY, ALIVE = b"READY=1", b"WATCHDOG=1"
_PATIENCE_S = 60.0


@dataclass
class Supervisor:
    """Runs the kiosk as its unit says.

    Args:
        command: what is run in place of the unit's ExecStart.
        manager: where the program tells how it is.
        environment: of the program.
    """

    command: list[str]
    manager: socket.socket
    environment: dict[str, str]
    log: Path

    def __post_init__(self) -> None:
        unit = Unit("zuil.service")
        if unit.last("Restart") != "always":
            raise Failed("zuil.service is not restarted")
        self.pause, self.watchdog = unit.seconds("RestartSec"), unit.seconds("WatchdogSec")
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it serves."""
        told = {"WATCHDOG_USEC": str(int(self.watchdog * 1e6))}
        with self.log.open("ab") as sink:
            self.child = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=sink, stderr=sink, env=self.environment | told
            )
        self._hear(READY)

    def kill(self) -> float:
        """Kill it; seconds until it serves again."""
        child = self._running()
        began = time.perf_counter()
        child.kill()
        child.communicate()
        time.sleep(self.pause)
        self.start()
        return time.perf_counter() - began

    def hang(self, loop: str) -> float:
        """Let a loop hang; seconds until the watchdog's patience is over."""
        child = self._running()
        self._hear(ALIVE)
        assert child.stdin
        child.stdin.write(f"{loop}\n".encode())
        child.stdin.flush()
        last = began = time.perf_counter()
        self.manager.settimeout(self.watchdog)
        while True:
            try:
                if self.manager.recv(64) == ALIVE:
                    last = time.perf_counter()
            except TimeoutError:
                return time.perf_counter() - began
            self.manager.settimeout(max(0.001, last + self.watchdog - time.perf_counter()))

    def end(self) -> None:
        """Nothing of it stays."""
        if self.child is not None:
            self.child.send_signal(signal.SIGCONT)
            self.child.kill()
            self.child.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self.child is None or self.child.poll() is not None:
            raise Failed(f"the kiosk is not running: {self.log.read_text(errors='replace')[-2000:]}")
        return self.child

    def _hear(self, what: bytes) -> None:
        self.manager.settimeout(_PATIENCE_S)
        try:
            while self.manager.recv(64) != what:
                pass
        except TimeoutError:
            raise Failed(f"never heard {what!r}: {self.log.read_text(errors='replace')[-2000:]}") from None


@contextmanager
def supervised(folder: Path) -> Iterator[Supervisor]:
    """A kiosk of a fresh world under a supervisor, not started."""
    with (
        rig(folder) as column,
        tempfile.TemporaryDirectory() as name,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
    ):
        manager.bind(f"{name}/notify")
        environment = offscreen(column.world.folder) | {"NOTIFY_SOCKET": f"{name}/notify"}
        command = [sys.executable, "-m", "tests.app.hanging_child", str(column.settings)]
        made = Supervisor(command, manager, os.environ | environment, column.world.folder / "child.log")
        try:
            yield made
        finally:
            made.end()


def recovery(folder: Path, times: int) -> list[Figure]:
    """Killed at rest, until the first page stands again."""
    with supervised(folder) as kiosk:
        kiosk.start()
        samples = tuple(kiosk.kill() for _ in range(times + 1))[1:]
        pause = kiosk.pause
    how = (
        "from SIGKILL to READY=1 of the next process, sent when the first page has been drawn and takes touches; with "
        f"the pause that zuil.service asks of systemd ({pause:g} s); store and enrolment exist, offscreen"
    )
    parts = (("the unit's pause", f"{pause:g} s"),)
    return [Figure("killed → serving again", "s", samples, how, Goal(3.0, Judged.MEDIAN), parts)]


def watchdog(folder: Path, times: int) -> list[Figure]:
    """One loop hangs, until the service manager loses patience."""
    figures = []
    for loop in ("interface", "journeys", "store"):
        samples = []
        for _ in range(times):
            with supervised(folder) as kiosk:
                kiosk.start()
                samples.append(kiosk.hang(loop))
                patience = kiosk.watchdog
        how = (
            f"from the moment the {loop} loop begins to hang to the end of the watchdog's patience, {patience:g} s "
            "after the last sign of life; then systemd ends the program and starts it anew"
        )
        figures.append(Figure(f"{loop} hangs → noticed", "s", tuple(samples), how, Goal(patience * 1.5, Judged.MEDIAN)))
    return figures
