"""One TCP connection of either channel: whole documents in and out, and a bell that wakes who waits for them.

Not for: who may connect (`listener`), or when (`exchange`).
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Iterable
from enum import Enum

from drivers.contract import CannotOpen, Reason
from drivers.payments.opi.frames import Frames, frame
from drivers.payments.opi.malformed import Malformed

_CHUNK = 65536


class Ended(Enum):
    """How a connection came to its end."""

    CLOSED = "closed"
    BROKEN = "broken"


class Wire:
    """A connected socket, never waited for except in `send`."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._frames = Frames()
        connected.setblocking(False)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self) -> int:
        """Descriptor to wait for; -1 when closed."""
        return self._socket.fileno()

    def send(self, document: bytes, seconds: float) -> bool:
        """Whether the whole document was handed to the line within `seconds`."""
        until = time.monotonic() + seconds
        left = memoryview(frame(document))
        while left:
            try:
                left = left[self._socket.send(left) :]
            except BlockingIOError:
                poll = select.poll()
                poll.register(self._socket, select.POLLOUT)
                if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
                    return False
            except OSError:
                return False
        return True

    def read(self) -> tuple[bytes, ...] | Malformed | Ended:
        """The documents that became whole with what has come; never waits."""
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return ()
        except OSError:
            return Ended.BROKEN
        return self._frames.feed(data) if data else Ended.CLOSED

    def close(self) -> None:
        """Free it; may be called twice."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Bell:
    """Wakes the one who waits, from any thread."""

    def __init__(self) -> None:
        self._in, self._out = socket.socketpair()
        self._in.setblocking(False)
        self._out.setblocking(False)

    def fileno(self) -> int:
        """Descriptor to wait for."""
        return self._in.fileno()

    def ring(self) -> None:
        """Wake; one that was closed is silent."""
        with contextlib.suppress(OSError):
            self._out.send(b"!")

    def hush(self) -> None:
        """Forget that it rang."""
        with contextlib.suppress(OSError):
            self._in.recv(_CHUNK)

    def close(self) -> None:
        """Free both ends."""
        self._in.close()
        self._out.close()


def connect(host: str, port: int, seconds: float) -> Wire | CannotOpen:
    """A connection to channel 0 of the terminal."""
    try:
        return Wire(socket.create_connection((host, port), timeout=seconds))
    except TimeoutError:
        return CannotOpen(Reason.UNREACHABLE, f"{host}:{port} did not answer within {seconds:g} s")
    except socket.gaierror as problem:
        return CannotOpen(Reason.UNREACHABLE, f"no such host {host}: {problem.strerror}")
    except OSError as problem:
        return CannotOpen(Reason.UNREACHABLE, f"{host}:{port}: {problem.strerror or problem}")


def wait_for(descriptors: Iterable[int], seconds: float) -> frozenset[int]:
    """Those of the descriptors that have something, or ended, after at most `seconds`."""
    poll = select.poll()
    for each in descriptors:
        poll.register(each, select.POLLIN)
    return frozenset(ready for ready, _ in poll.poll(max(0.0, seconds) * 1000))
