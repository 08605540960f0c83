"""The simulated terminal's end of a line, and how it writes. Not for: what it says."""

from __future__ import annotations

import threading

from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.link import LineFault, Link
from drivers.printers.transport import LinkFault, Transport
from drivers.simulated.terminal.zvt.habits import Writes

TICK = 0.02
_DRIP_SECONDS = 0.002


class Gone(Exception):
    """The line is not there any more, or the terminal is being switched off."""


class Interrupted(Exception):
    """The till has begun with something else; its message is put back."""


class Pen:
    """A transport that writes as it is told; implements `drivers.printers.transport.Transport`."""

    def __init__(self, transport: Transport, writes: Writes, stopping: threading.Event) -> None:
        self.writes = writes
        self.bytes_per_second = transport.bytes_per_second
        self._transport = transport
        self._stopping = stopping
        self._waiting = bytearray()

    def write_all(self, data: bytes, seconds: float) -> LinkFault | None:
        """See `Transport`."""
        if self.writes is Writes.GLUED:
            self._waiting += data
            return None
        if self.writes is Writes.WHOLE:
            return self._transport.write_all(data, seconds)
        for byte in data:
            fault = self._transport.write_all(bytes((byte,)), seconds)
            if fault is not None:
                return fault
            if self.writes is Writes.DRIP:
                self._stopping.wait(_DRIP_SECONDS)
        return None

    def read(self, seconds: float) -> bytes | LinkFault:
        """See `Transport`; what was held back leaves first."""
        if self._waiting:
            data = bytes(self._waiting)
            self._waiting.clear()
            fault = self._transport.write_all(data, 5.0)
            if fault is not None:
                return fault
        return self._transport.read(seconds)

    def close(self) -> None:
        """See `Transport`; what was held back leaves first."""
        if self._waiting:
            self._transport.write_all(bytes(self._waiting), 1.0)
            self._waiting.clear()
        self._transport.close()


class Line:
    """Messages to and from one till.

    Attributes:
        cut_at: the line breaks at the message with this number; 0 never. Both directions count, from 1.
        pen: for bytes that are no messages.
    """

    def __init__(self, link: Link, pen: Pen, stopping: threading.Event) -> None:
        self.pen = pen
        self.cut_at = 0
        self._link = link
        self._stopping = stopping
        self._number = 0
        self._back: Apdu | None = None

    def count(self) -> None:
        """One message more.

        Raises:
            Gone: when it is the one at which the line breaks.
        """
        self._number += 1
        if self._number == self.cut_at:
            raise Gone

    def say(self, code: int, data: bytes = b"") -> None:
        """Send a message.

        Raises:
            Gone: when the line is.
        """
        self.count()
        if self._link.send(Apdu(code, data)) is not None:
            raise Gone

    def put_back(self, message: Apdu) -> None:
        """`hear` gives it again."""
        self._back = message

    def hear(self, seconds: float) -> Apdu | None:
        """The next message; None when there is none in time.

        Raises:
            Gone: when the line is.
        """
        message, self._back = self._back, None
        left = seconds
        while message is None and left > 0:
            if self._stopping.is_set():
                raise Gone
            came = self._link.receive(min(TICK, left))
            if isinstance(came, LineFault):
                raise Gone
            message = came
            left -= TICK
        if message is not None:
            self.count()
        return message

    def begin(self, cut_at: int) -> None:
        """A payment begins; its command counts as message 1.

        Raises:
            Gone: when that is where the line breaks.
        """
        self._number, self.cut_at = 0, cut_at
        self.count()

    def end(self) -> None:
        """The payment is over; nothing is cut any more."""
        self.cut_at = 0

    def close(self) -> None:
        """Break it."""
        self._link.close()
