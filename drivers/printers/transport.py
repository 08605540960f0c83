"""What a printer driver needs from a cable: write, read, close, each with a limit.

A broken cable is a value here, so nothing above ever sees `OSError` or a library's own errors. Not for: what the bytes
mean (`drivers.printers.escpos`) or when to open again (`drivers.runner`).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from drivers.contract import CannotOpen


class LinkFault(Enum):
    """Why bytes did not pass."""

    CLOSED = "closed"
    """The other end is gone; this link will never work again."""
    BLOCKED = "blocked"
    """The other end took no more bytes before the limit."""


class Transport(Protocol):
    """An open cable to one printer, used by one thread."""

    @property
    def bytes_per_second(self) -> float:
        """How fast bytes pass; write limits are worked out from it."""
        ...

    def write_all(self, data: bytes, seconds: float) -> LinkFault | None:
        """Hand over all of `data` within `seconds`; a fault means that some of it may have passed."""
        ...

    def read(self, seconds: float) -> bytes | LinkFault:
        """Bytes as soon as there are any; empty when none came within `seconds` (0: only what is there already)."""
        ...

    def close(self) -> None:
        """Free the handle; may be called twice."""
        ...


Connect = Callable[[], Transport | CannotOpen]
"""Opens the cable, or says why it could not."""
