"""The watchdog of a real kiosk: a process of its own, a real socket of a service manager, loops that really hang."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.demo.world import World
from tests.bench.column import offscreen

INTERVAL_S = 2.0
PATIENCE_S = 60
READY, PING = b"READY=1", b"WATCHDOG=1"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A column that is enrolled."""
    with World(tmp_path_factory.mktemp("world")) as world:
        yield world.column("districtshuis")


class Kiosk:
    """A kiosk and the service manager it tells."""

    def __init__(self, process: subprocess.Popen[str], manager: socket.socket, log: Path, errors: Path) -> None:
        self.process, self._manager = process, manager
        self.log, self.errors = log, errors

    def told(self, seconds: float = PATIENCE_S) -> bytes | None:
        """The next thing it says, or None when it says nothing for so long."""
        self._manager.settimeout(seconds)
        try:
            return self._manager.recv(64)
        except TimeoutError:
            return None

    def falls_silent(self) -> bool:
        """Whether it says nothing for a whole interval; what was said before is not counted."""
        return any(self.told(INTERVAL_S) is None for _ in range(10))

    def hang(self, loop: str) -> None:
        """Let one of its loops hang."""
        assert self.process.stdin
        print(loop, file=self.process.stdin, flush=True)

    def names(self, loops: list[str]) -> bool:
        """Whether its log comes to call these loops silent, and no others; a busy machine may first name more."""
        until, found = time.monotonic() + PATIENCE_S, [""]
        while found[-1].split(", ") != loops and time.monotonic() < until:
            found += re.findall(r"no sign of life from: ([a-z, ]+);", self.log.read_text())
            time.sleep(0.05)
        return found[-1].split(", ") == loops


@contextmanager
def serving(settings: Path, folder: Path, *command: str) -> Iterator[Kiosk]:
    """A kiosk under a service manager with a watchdog; its log lies in `folder`."""
    ours = folder / "zuil.toml"
    ours.write_text(re.sub(r'folder = ".*"', f'folder = "{folder / "log"}"', settings.read_text()))
    address, errors = folder / "notify", folder / "errors"
    environment = {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": str(int(INTERVAL_S * 1e6))}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, errors.open("w") as sink:
        manager.bind(str(address))
        process = subprocess.Popen(
            [sys.executable, *command, str(ours)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=sink,
            text=True,
            env=offscreen(folder) | environment,
        )
        try:
            yield Kiosk(process, manager, folder / "log/zuil.log", errors)
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.communicate()


@contextmanager
def on_screen(settings: Path, folder: Path) -> Iterator[Kiosk]:
    """A kiosk on a screen of which loops can be made to hang."""
    with serving(settings, folder, "-m", "tests.app.hanging_child") as kiosk:
        yield kiosk


@pytest.mark.parametrize(
    ("loop", "silent"),
    [("interface", ["interface"]), ("journeys", ["journeys", "store"]), ("store", ["store"])],
)
def test_one_loop_that_hangs_alone_stops_the_pings(
    loop: str, silent: list[str], settings: Path, tmp_path: Path
) -> None:
    with on_screen(settings, tmp_path) as kiosk:
        assert [kiosk.told() for _ in range(4)] == [READY, PING, PING, PING]
        kiosk.hang(loop)
        assert kiosk.falls_silent()
        assert kiosk.names(silent)
        assert kiosk.process.poll() is None, "it hangs; it has not ended"


def test_a_program_that_hangs_altogether_says_nothing_and_then_where_it_hung(settings: Path, tmp_path: Path) -> None:
    with on_screen(settings, tmp_path) as kiosk:
        assert [kiosk.told() for _ in range(2)] == [READY, PING]
        kiosk.hang("python")
        assert kiosk.falls_silent()
        kiosk.process.send_signal(signal.SIGABRT)
        assert kiosk.process.wait(PATIENCE_S) == -signal.SIGABRT
        assert "hanging_child.py" in kiosk.errors.read_text(), "the code that did not come back"


def test_a_stopped_program_says_nothing_until_it_goes_on(settings: Path, tmp_path: Path) -> None:
    with on_screen(settings, tmp_path) as kiosk:
        assert [kiosk.told() for _ in range(2)] == [READY, PING]
        kiosk.process.send_signal(signal.SIGSTOP)
        assert kiosk.falls_silent()
        kiosk.process.send_signal(signal.SIGCONT)
        assert kiosk.told() == PING


def test_in_a_terminal_too_and_without_qt(settings: Path, tmp_path: Path) -> None:
    with serving(settings, tmp_path, "-m", "kiosk.cli", "run", "--text", "--config") as kiosk:
        assert [kiosk.told() for _ in range(3)] == [READY, PING, PING]
        assert "PySide6" not in Path(f"/proc/{kiosk.process.pid}/maps").read_text()
        os.kill(kiosk.process.pid, signal.SIGTERM)
        assert kiosk.process.wait(PATIENCE_S) == 0
