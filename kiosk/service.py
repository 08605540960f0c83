"""What a service manager and a running program say to each other: "ready", and "please stop".

Not for: units and installation (`packaging`).
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def no_core_dumps() -> None:
    """What stands in memory during a visit must not reach a disk when the program crashes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tell_ready() -> None:
    """Tell the service manager, if there is one (sd_notify protocol: a datagram to NOTIFY_SOCKET)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"READY=1", address)


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
