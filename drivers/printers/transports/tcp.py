"""A printer on the network, by default on port 9100.

Not for: finding printers on the network.
"""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import time

from drivers.contract import CannotOpen, Reason
from drivers.printers.transport import LinkFault, Transport

CONNECT_SECONDS = 2.0


class TcpTransport:
    """One TCP connection.

    Attributes:
        bytes_per_second: a careful figure; print servers behind port 9100 are slower than the network.
    """

    bytes_per_second = 100_000.0

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        connected.setblocking(False)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def write_all(self, data: bytes, seconds: float) -> LinkFault | None:
        """See `Transport`."""
        until = time.monotonic() + seconds
        left = memoryview(data)
        while left:
            try:
                left = left[self._socket.send(left) :]
            except BlockingIOError:
                if not self._ready(write=True, seconds=until - time.monotonic()):
                    return LinkFault.BLOCKED
            except OSError:
                return LinkFault.CLOSED
        return None

    def read(self, seconds: float) -> bytes | LinkFault:
        """See `Transport`."""
        try:
            if not self._ready(write=False, seconds=seconds):
                return b""
            return self._socket.recv(4096) or LinkFault.CLOSED
        except BlockingIOError:
            return b""
        except OSError:
            return LinkFault.CLOSED

    def close(self) -> None:
        """See `Transport`; printers with a single connection are free again at once."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _ready(self, *, write: bool, seconds: float) -> bool:
        if self._socket.fileno() < 0:
            raise OSError(errno.EBADF, "closed")
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT if write else select.POLLIN)
        return bool(poll.poll(max(0.0, seconds) * 1000))


def open_tcp(host: str, port: int, seconds: float = CONNECT_SECONDS) -> Transport | CannotOpen:
    """Connect to `host`:`port` within `seconds`."""
    try:
        return TcpTransport(socket.create_connection((host, port), timeout=seconds))
    except TimeoutError:
        return CannotOpen(Reason.UNREACHABLE, f"{host}:{port} did not answer within {seconds:g} s")
    except socket.gaierror as problem:
        return CannotOpen(Reason.UNREACHABLE, f"no such host {host}: {problem.strerror}")
    except OSError as problem:
        return CannotOpen(Reason.UNREACHABLE, f"{host}:{port}: {problem.strerror or problem}")
