"""Whole messages over a cable. A broken cable is a value; nothing above sees an error of the system.

Not for: what messages mean, or repeating one: a message is handed to the line once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from typing import Protocol

from drivers.contract import CannotOpen
from drivers.payments.zvt.apdu import Apdu, take
from drivers.payments.zvt.codes import CLASSES
from drivers.printers.transport import LinkFault, Transport

Clock = Callable[[], float]
WRITE_SECONDS = 5.0


class LineFault(Enum):
    """Why no message passes any more; the line must be opened again."""

    CLOSED = "the line broke"
    BLOCKED = "the terminal took no more bytes"
    NOT_CONFIRMED = "the terminal did not confirm a frame"
    GARBLED = "what came is not this protocol"


class Link(Protocol):
    """An open line to one terminal, used by one thread."""

    def send(self, message: Apdu) -> LineFault | None:
        """Hand over one message; after a fault some of it may have arrived."""
        ...

    def receive(self, seconds: float) -> Apdu | LineFault | None:
        """The next whole message; None when none was whole within `seconds`."""
        ...

    def close(self) -> None:
        """Free the line; may be called twice."""
        ...


Connect = Callable[[], Link | CannotOpen]
"""Opens the line, or says why it could not."""

FAULTS = {LinkFault.CLOSED: LineFault.CLOSED, LinkFault.BLOCKED: LineFault.BLOCKED}


class StreamLink:
    """Messages bare in a stream (TCP): several may come at once, one may come in pieces."""

    def __init__(self, transport: Transport, clock: Clock = time.monotonic) -> None:
        self._transport = transport
        self._clock = clock
        self._buffer = bytearray()

    def send(self, message: Apdu) -> LineFault | None:
        """See `Link`."""
        fault = self._transport.write_all(message.encode(), WRITE_SECONDS)
        return FAULTS[fault] if fault is not None else None

    def receive(self, seconds: float) -> Apdu | LineFault | None:
        """See `Link`."""
        until = self._clock() + seconds
        while True:
            if self._buffer and self._buffer[0] not in CLASSES:
                return LineFault.GARBLED
            message = take(self._buffer)
            if message is not None:
                return message
            data = self._transport.read(max(0.0, until - self._clock()))
            if isinstance(data, LinkFault):
                return FAULTS[data]
            if not data and self._clock() >= until:
                return None
            self._buffer += data

    def close(self) -> None:
        """See `Link`."""
        self._transport.close()
