"""The way to a card, as the driver needs it: look at the slot, connect, exchange bytes.

A real reader (`transports.pcsc`), a virtual slot (`transports.virtual`) and a simulated card in the same process all
fit. Not for: what the bytes mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from drivers.contract import Reason


class LineFault(Enum):
    """Why bytes could not be exchanged."""

    REMOVED = "removed"
    MUTE = "mute"
    """No answer to reset, or the card stopped answering."""
    IN_USE = "in_use"
    READER = "reader"


class LineBroken(Exception):
    """The line to the card broke; caught inside the driver and turned into a typed result.

    Attributes:
        fault: what kind of break.
        detail: for technicians.
    """

    def __init__(self, fault: LineFault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault
        self.detail = detail


class Unsupported(Exception):
    """The reader does not know this control code."""


@dataclass(frozen=True)
class Presence:
    """What the transport sees.

    Attributes:
        reader: name of the reader that matters now, or "" when there is none.
        present: whether a card is in it.
        insertion: differs whenever a card was put in since the last look.
        trouble: why there is no usable reader, or None.
        detail: what to do about it, for technicians.
    """

    reader: str = ""
    present: bool = False
    insertion: int = 0
    trouble: Reason | None = None
    detail: str = ""


class Connection(Protocol):
    """A powered card, held for us alone."""

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        ...

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Exchange one command; the answer ends with the two bytes of the status word.

        A `bytearray` holds a PIN and is overwritten after the call: no copy of it may be kept.

        Raises:
            LineBroken: when no whole answer came back.
        """
        ...

    def control(self, code: int, data: bytes) -> bytes:
        """Talk to the reader itself (PC/SC part 10).

        Raises:
            Unsupported: when the reader has no such feature.
            LineBroken: when reader or card is gone.
        """
        ...

    def close(self) -> None:
        """Power the card down, which drops every right; may be called twice."""
        ...


class Transport(Protocol):
    """One or more reader slots, seen as the one a citizen uses."""

    def look(self) -> Presence:
        """See what is there now; takes milliseconds and never raises."""
        ...

    def connect(self) -> Connection:
        """Power the card that was seen last and hold it alone.

        Raises:
            LineBroken: when that does not succeed.
        """
        ...

    def close(self) -> None:
        """Free everything; may be called twice."""
        ...
