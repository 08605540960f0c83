"""A printer behind an open file descriptor: shared by the serial line and the device file.

Not for: opening it (`serial_port`, `device_file`).
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable

from drivers.printers.transport import LinkFault

_BROKEN = select.POLLHUP | select.POLLERR | select.POLLNVAL


class DescriptorTransport:
    """Non-blocking reads and writes on a descriptor, with limits."""

    def __init__(self, descriptor: int, close: Callable[[], None], bytes_per_second: float) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._close: Callable[[], None] | None = close
        self._rate = bytes_per_second

    @property
    def bytes_per_second(self) -> float:
        """See `Transport`."""
        return self._rate

    def write_all(self, data: bytes, seconds: float) -> LinkFault | None:
        """See `Transport`."""
        until = time.monotonic() + seconds
        left = memoryview(data)
        while left:
            ready = self._wait(select.POLLOUT, until - time.monotonic())
            if ready is not None:
                return ready
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:
                continue
            except OSError:
                return LinkFault.CLOSED
        return None

    def read(self, seconds: float) -> bytes | LinkFault:
        """See `Transport`."""
        fault = self._wait(select.POLLIN, seconds)
        if fault is not None:
            return b"" if fault is LinkFault.BLOCKED else fault
        try:
            return os.read(self._descriptor, 4096)
        except BlockingIOError:
            return b""
        except OSError:
            return LinkFault.CLOSED

    def close(self) -> None:
        """See `Transport`."""
        if self._close is not None:
            close, self._close = self._close, None
            close()

    def _wait(self, event: int, seconds: float) -> LinkFault | None:
        if self._close is None:
            return LinkFault.CLOSED
        poll = select.poll()
        poll.register(self._descriptor, event)
        found = poll.poll(max(0.0, seconds) * 1000)
        if not found:
            return LinkFault.BLOCKED
        flags = found[0][1]
        return LinkFault.CLOSED if flags & _BROKEN and not flags & event else None
