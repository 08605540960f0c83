"""The printer's end of a cable: a TCP connection or a pseudo-terminal, both non-blocking.

Not for: what passes through it.
"""

from __future__ import annotations

import contextlib
import os
import pty
import socket
import struct
import tty
from pathlib import Path
from typing import Protocol


class Cable(Protocol):
    """One host at the other end."""

    def fileno(self) -> int:
        """Descriptor to wait for."""
        ...

    def read(self) -> bytes | None:
        """What has come; None when the host is gone."""
        ...

    def write(self, data: bytes) -> None:
        """Send what the host will take; a host that does not read loses answers."""
        ...

    def close(self) -> None:
        """Break it."""
        ...


class SocketCable:
    """An accepted connection."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        connected.setblocking(False)

    def fileno(self) -> int:
        """See `Cable`."""
        return self._socket.fileno()

    def read(self) -> bytes | None:
        """See `Cable`."""
        try:
            return self._socket.recv(65536) or None
        except BlockingIOError:
            return b""
        except OSError:
            return None

    def write(self, data: bytes) -> None:
        """See `Cable`."""
        with contextlib.suppress(OSError):
            self._socket.send(data)

    def close(self) -> None:
        """See `Cable`; the host sees a reset, as from a printer that lost its power."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


class TerminalCable:
    """A pseudo-terminal that stands for a serial line or a device file; `path` is a link to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        path.unlink(missing_ok=True)
        path.symlink_to(os.ttyname(self._theirs))

    def fileno(self) -> int:
        """See `Cable`."""
        return self._ours

    def read(self) -> bytes | None:
        """See `Cable`."""
        try:
            return os.read(self._ours, 65536)
        except BlockingIOError:
            return b""
        except OSError:
            return None

    def write(self, data: bytes) -> None:
        """See `Cable`."""
        with contextlib.suppress(OSError):
            os.write(self._ours, data)

    def close(self) -> None:
        """See `Cable`; the device file is gone, as after pulling the plug."""
        self.path.unlink(missing_ok=True)
        os.close(self._theirs)
        os.close(self._ours)


def listen(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A listening socket; `port` 0 takes a free one."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(8)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening
