"""A clean Debian 12 in a folder of our own, booted with its own systemd in a container. Not a test.

Packages come from wherever this machine's own apt gets them; that is read from its configuration at run time. Needs
root, mmdebstrap and systemd-nspawn.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.package.units import UNITS, Unit

BASE = ("systemd", "systemd-sysv", "dbus", "udev", "procps")
_SUITE = "bookworm"
_NSPAWN = ("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-users=no", "--resolv-conf=off")
_BOOT_S = 60
_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
_HEADLESS = """\
# A container has neither graphics nor consoles: weston draws where nobody sees it. Everything else is as installed.
[Service]
ExecStart=
ExecStart={command}
PAMName=
TTYPath=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
StandardInput=null
UtmpIdentifier=
"""


class Failed(Exception):
    """Something in the tree did not do what it should; the text says what and shows what was said."""


class Tree:
    """A Debian in a folder.

    Args:
        folder: made by `make`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._container: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """The smallest Debian with systemd."""
        apt = Path("/etc/apt")
        lists = [apt / "sources.list", *apt.glob("sources.list.d/*.list"), *apt.glob("sources.list.d/*.sources")]
        sources = [str(path) for path in lists if path.is_file() and path.stat().st_size]
        options = [f"--aptopt={path}" for path in apt.glob("apt.conf.d/*") if "Acquire::" in path.read_text()]
        _run(
            "mmdebstrap",
            "--variant=minbase",
            "--dpkgopt=force-unsafe-io",
            *options,
            f"--include={','.join(BASE)}",
            _SUITE,
            str(self.folder),
            *sources,
        )
        shutil.copyfile("/etc/resolv.conf", self.folder / "etc/resolv.conf")

    def path(self, inside: str) -> Path:
        """A path of the tree as this machine sees it."""
        return self.folder / inside.lstrip("/")

    def without_a_screen(self) -> None:
        """Have the compositors of the package draw headless."""
        for name in ("zuil-shell.service", "zuil-notice.service"):
            command = (Unit(name).last("ExecStart") or "").replace(
                "/usr/bin/weston", "/usr/bin/weston --backend=headless-backend.so --width=1080 --height=1920"
            )
            drop_in = self.path(f"/etc/systemd/system/{name}.d/headless.conf")
            drop_in.parent.mkdir(parents=True, exist_ok=True)
            drop_in.write_text(_HEADLESS.format(command=command))
        assert (UNITS / "zuil-shell.service").exists()

    def run(self, *command: str, typed: str | None = None) -> str:
        """Run a command in the tree, booted or not; what it printed.

        Raises:
            Failed: when its status is not 0.
        """
        if self._container is not None:
            return _run(
                "nsenter", "--target", str(self._leader()), "--all", "--", *_with_environment(command), typed=typed
            )
        return _run(
            *_NSPAWN, f"--directory={self.folder}", "--as-pid2", "--pipe", *_with_environment(command), typed=typed
        )

    def succeeds(self, *command: str) -> bool:
        """Whether a command ends with status 0."""
        try:
            self.run(*command)
        except Failed:
            return False
        return True

    @contextmanager
    def booted(self) -> Iterator[None]:
        """Boot, and shut down at the end."""
        log = self.folder.with_name("boot.log").open("wb")
        command = [*_NSPAWN, f"--directory={self.folder}", "--boot", f"--machine=zuil-{os.getpid()}"]
        container = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self._container = container
        try:
            until(lambda: self._leader() != 0 and self.succeeds("systemctl", "is-system-running", "--wait"), _BOOT_S)
            yield
        finally:
            self._container = None
            _end(container)
            log.close()

    def _leader(self) -> int:
        """Process id, on this machine, of the tree's own systemd; 0 while there is none."""
        assert self._container is not None
        children = Path(f"/proc/{self._container.pid}/task/{self._container.pid}/children").read_text().split()
        return int(children[0]) if children else 0


def until(true: object, seconds: float = 60.0) -> float:
    """Wait until a callable says so; how long it took.

    Raises:
        Failed: when it does not come true.
    """
    began = time.monotonic()
    assert callable(true)
    while not true():
        if time.monotonic() - began > seconds:
            raise Failed(f"did not come true within {seconds:g} s")
        time.sleep(0.02)
    return time.monotonic() - began


def _with_environment(command: tuple[str, ...]) -> tuple[str, ...]:
    return ("/usr/bin/env", *(f"{key}={value}" for key, value in _ENVIRONMENT.items()), *command)


def _run(*command: str, typed: str | None = None) -> str:
    done = subprocess.run(command, input=typed or "", capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(command)}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def _end(container: subprocess.Popen[bytes]) -> None:
    """Ask for a shutdown, and see to it that nothing stays."""
    container.send_signal(signal.SIGTERM)
    try:
        container.wait(30)
    except subprocess.TimeoutExpired:
        container.kill()
        container.wait()
