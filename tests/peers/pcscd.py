"""The real `pcscd` with vsmartcard's virtual reader, for tests; never one that already runs on this machine.

Its socket is private: it stands in a folder of the test, which is laid over /run/pcscd in a mount namespace of the
daemon alone. Clients find it through `PCSCLITE_CSOCK_NAME`, so they need no namespace: a program is started with `run`.
The library reads that variable once a process; a test that uses pyscard itself gives its daemon the folder
`THIS_PROCESS`, for which `tests.conftest` sets it. Where namespaces are not allowed (some containers), the daemon takes
the usual place, and refuses when that is taken. Not for: cards (`drivers.simulated.card.vpcd` connects to `port`).

    with Pcscd(tmp_path) as pcscd, VpcdCard("127.0.0.1", pcscd.port) as slot:
        slot.insert(card_named("adult", today))
        pcscd.wait_for_card()
        pcscd.run("eidenv")
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

USUAL = Path("/run/pcscd")
SOCKET = "pcscd.comm"
SLOTS = 2
"""Ports the driver listens on, one a slot, one after the other."""
START_SECONDS = 15.0
CLIENT_SECONDS = 30.0
LOOK_SECONDS = 0.1
_READER = """FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:{port:#06x}
LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so
CHANNELID {port:#06x}
"""
# The mount point may be missing where no daemon ever ran; a fresh /run has one.
_LAID_OVER = 'mount -t tmpfs tmpfs /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd && shift && exec "$@"'


THIS_PROCESS = Path(tempfile.gettempdir()) / f"zp{os.getpid()}"
"""Folder for the daemon that this very process is to find; see `tests.conftest`."""


def socket_in(folder: Path) -> Path:
    """Where the socket of a daemon with that folder is."""
    return folder / "run" / SOCKET


class Pcscd:
    """A daemon of the test's own.

    Args:
        folder: for socket, configuration and log; short, the socket's path has a limit of 107 bytes.

    Attributes:
        port: where a virtual card connects to be in the first slot.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs in its environment to find this daemon."""
        return {"PCSCLITE_CSOCK_NAME": str(self._socket)}

    @property
    def log(self) -> str:
        """What the daemon has said."""
        return (self._folder / "pcscd.log").read_text(errors="replace")

    def __enter__(self) -> Pcscd:
        """Start it; returns when clients can connect."""
        self.port = _free_ports(SLOTS)
        self._folder.mkdir(exist_ok=True)
        configuration = self._folder / "reader.conf"
        configuration.write_text(_READER.format(port=self.port))
        place = socket_in(self._folder).parent
        place.mkdir(parents=True, exist_ok=True)
        daemon = ["pcscd", "--foreground", "--config", str(configuration)]
        namespace = _namespace()
        if namespace is not None:
            daemon = [*namespace, "sh", "-c", _LAID_OVER, "sh", str(place), *daemon]
        else:
            assert not _listens(USUAL / SOCKET), "pcscd runs on this machine, and no namespace may be made beside it"
            self._socket.unlink(missing_ok=True)
            self._socket.symlink_to(USUAL / SOCKET)
        with (self._folder / "pcscd.log").open("wb") as log:
            self._process = subprocess.Popen(daemon, stdout=log, stderr=log)
        try:
            _until(self._is_up, self._excuse)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the daemon that was started here, and no other."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(START_SECONDS)

    def run(self, *command: str, seconds: float = CLIENT_SECONDS) -> subprocess.CompletedProcess[str]:
        """Run a client of this daemon; its exit status is for the caller to judge."""
        environment = {**os.environ, **self.environment, "LC_ALL": "C.UTF-8", "HOME": str(self._folder)}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=seconds, check=False, errors="replace"
        )

    def wait_for_card(self, present: bool = True) -> None:
        """Return once the daemon sees a card in the first slot, or sees none any longer."""
        wanted = " Yes " if present else " No "
        _until(lambda: wanted in _first_reader(self.run("opensc-tool", "--list-readers").stdout), self._excuse)

    @property
    def _socket(self) -> Path:
        return socket_in(self._folder)

    def _is_up(self) -> bool:
        assert self._process is None or self._process.poll() is None, self._excuse()
        return _listens(self._socket)

    def _excuse(self) -> str:
        return f"pcscd does not do what is waited for; it says:\n{self.log}"


def _first_reader(listed: str) -> str:
    return next((line for line in listed.splitlines() if line.startswith("0 ")), "")


def _until(happened: Callable[[], bool], excuse: Callable[[], str]) -> None:
    """Wait for something only another program can do, and look again now and then."""
    looked = threading.Event()
    for _ in range(int(START_SECONDS / LOOK_SECONDS)):
        if happened():
            return
        looked.wait(LOOK_SECONDS)
    raise AssertionError(excuse())


def _namespace() -> Sequence[str] | None:
    """How to start a program with mounts of its own: as root, or as root of a namespace of one's own; else None."""
    for way in (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount")):
        trial = subprocess.run([*way, "mount", "-t", "tmpfs", "tmpfs", "/run"], capture_output=True, check=False)
        if trial.returncode == 0:
            return way
    return None


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as trial:
        return trial.connect_ex(str(path)) == 0


def _free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    while True:
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            first = held.enter_context(socket.create_server(("", 0)))
            port: int = first.getsockname()[1]
            for further in range(1, count):
                held.enter_context(socket.create_server(("", port + further)))
            return port
