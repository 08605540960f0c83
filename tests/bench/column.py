"""Starts the measured processes around a simulated world: the kiosk with a finger in it, `zuil run`, `zuil demo`.

Every process started here has ended when the call returns. Not for: what runs inside (`child`).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config.column import load_column
from kiosk.demo.world import World
from sync.client.identity import load_identity

CONTACT_POINT = "districtshuis"
_STOP_S = 15
_READY_S = 60


class Failed(RuntimeError):
    """A measured process did not do what was measured; the text says what."""


@dataclass(frozen=True)
class Seen:
    """What a run of the kiosk gave.

    Attributes:
        tickets: milliseconds from the finger's release to `asked`, `promised`, `sent`, `left`, for each ticket.
        pages: kind of page, in large letters or not, milliseconds from release to its first frame.
        memory: visits done and resident megabytes.
    """

    tickets: list[dict[str, float]]
    pages: list[tuple[str, bool, float]]
    memory: list[tuple[int, float]]


class Rig:
    """A world and one column in it.

    Args:
        world: entered by the caller.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = world.column(CONTACT_POINT)
        self.settings.write_text(self.settings.read_text().replace("fullscreen = false", "fullscreen = true"))
        self.store = self.settings.parent / "kiosk.db"
        self.identity = load_identity(self.settings.parent / "identity")
        self.config = load_column(self.settings)

    def run(self, walk: str, count: int, *, brisk: bool, limit_s: float) -> Seen:
        """Let citizens touch the real kiosk.

        Raises:
            Failed: when the walk did not come to its end within `limit_s`.
        """
        plan, result = self.settings.with_name("plan.json"), self.settings.with_name("result.json")
        result.unlink(missing_ok=True)
        plan.write_text(json.dumps({"config": str(self.settings), "walk": walk, "count": count, "brisk": brisk}))
        command = [sys.executable, "-m", "tests.bench.child", str(plan), str(result)]
        with running(command, self.settings.with_name("child.log")) as child:
            try:
                child.wait(limit_s)
            except subprocess.TimeoutExpired:
                raise Failed(f"the walk {walk!r} did not end within {limit_s:g} s") from None
        if not result.exists():
            raise Failed(f"the walk {walk!r}: {_tail(result.with_name('child.log'))}")
        told = json.loads(result.read_text())
        if told["reason"] is not None:
            raise Failed(f"the walk {walk!r}: {told['reason']}")
        return Seen(told["tickets"], [tuple(page) for page in told["pages"]], [tuple(m) for m in told["memory"]])


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    """A fresh world in a folder of its own, removed afterwards."""
    with tempfile.TemporaryDirectory(dir=folder.resolve()) as name, World(Path(name), open_now=CONTACT_POINT) as world:
        yield Rig(world)


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has ended when the context is left, and everything it started with it."""
    with log.open("wb") as sink:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=offscreen(log.parent) | (environment or {}),
            start_new_session=True,
        )
    try:
        yield child
    finally:
        _end(child)


def offscreen(folder: Path) -> dict[str, str]:
    """Environment with a screen of 1080 × 1920 that nobody sees, drawn by the software renderer."""
    screen = {"name": "column", "x": 0, "y": 0, "width": 1080, "height": 1920, "dpr": 1}
    file = folder / "offscreen.json"
    file.write_text(json.dumps({"screens": [screen]}))
    return os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={file}",
        "QT_QUICK_BACKEND": "software",
        "PYTHONUNBUFFERED": "1",
    }


def seconds_to_ready(command: Sequence[str], folder: Path) -> float:
    """Seconds from starting a process to its READY=1, or that of a process it started.

    Raises:
        Failed: when it never says so.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, tempfile.TemporaryDirectory() as name:
        address = f"{name}/notify"
        listener.bind(address)
        listener.settimeout(_READY_S)
        log = folder / "start.log"
        began = time.perf_counter()
        with running(command, log, {"NOTIFY_SOCKET": address}):
            try:
                said = listener.recv(64)
            except TimeoutError:
                raise Failed(f"{' '.join(command[1:4])} was not ready: {_tail(log)}") from None
            took = time.perf_counter() - began
    if said != b"READY=1":
        raise Failed(f"expected READY=1, got {said!r}")
    return took


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, then see to it that nothing of its session stays."""
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait(_STOP_S)


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else "nothing was said"
