"""What a service manager and a running program say to each other: "ready", "all is well", and "please stop".

Not for: units and installation (`packaging`).
"""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType


def no_core_dumps() -> None:
    """What stands in memory during a visit must not reach a disk when the program crashes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def say_where_it_hung() -> None:
    """A watchdog ends a program that hangs with SIGABRT: say then where each thread stood; names of code, no data."""
    if os.environ.get("NOTIFY_SOCKET"):
        faulthandler.enable()


def tell_ready() -> None:
    """Tell the service manager, if there is one, that the program serves."""
    _tell(b"READY=1")


def tell_alive() -> None:
    """Tell the service manager, if there is one, that all is well (`kiosk.watchdog` knows when)."""
    _tell(b"WATCHDOG=1")


def watchdog_seconds() -> float | None:
    """After how many seconds without a sign of life the service manager starts this process anew; None for never."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    said = os.environ.get("WATCHDOG_USEC", "")
    return int(said) / 1_000_000 if said.isdecimal() and int(said) else None


def _tell(what: bytes) -> None:
    """One datagram to NOTIFY_SOCKET (sd_notify protocol); a manager that does not listen any more is no trouble."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
        sender.sendto(what, address)


@contextmanager
def on_stop(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` from another thread when SIGTERM or SIGINT arrives, also while the main thread is inside Qt.

    Python runs signal handlers only between its own instructions; the wake-up descriptor is written at once.
    """
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, _noted) for number in (signal.SIGTERM, signal.SIGINT)}
    watcher = threading.Thread(target=_watch, args=(ours, stop), name="zuil-signals", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        theirs.close()
        watcher.join()
        ours.close()


def _watch(ours: socket.socket, stop: Callable[[], None]) -> None:
    while arrived := ours.recv(16):
        if set(arrived) & {signal.SIGTERM, signal.SIGINT}:
            stop()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The wake-up descriptor does the work; a handler must exist for it to be written."""
