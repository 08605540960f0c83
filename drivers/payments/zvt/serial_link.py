"""Whole messages over a serial line: each frame is confirmed, and repeated at most twice when it was not.

To repeat a frame is safe: the receiver sees that it has it already. To repeat a message is not, and happens nowhere.
Not for: the bytes of a frame (`serial_frames`).
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from drivers.payments.zvt.apdu import Apdu, take
from drivers.payments.zvt.link import FAULTS, WRITE_SECONDS, Clock, LineFault
from drivers.payments.zvt.serial_frames import ACK, NAK, Signal, Unframer, frame
from drivers.printers.transport import LinkFault, Transport


@dataclass(frozen=True)
class FrameTiming:
    """Limits of the line.

    Attributes:
        gap: T1, between two bytes of a frame, seconds.
        confirm: T2, from a frame to its confirmation, seconds.
        repeats: of a frame that was not confirmed.
    """

    gap: float = 0.2
    confirm: float = 5.0
    repeats: int = 2


class SerialLink:
    """See `drivers.payments.zvt.link.Link`."""

    def __init__(self, transport: Transport, timing: FrameTiming | None = None, clock: Clock = time.monotonic) -> None:
        self._transport = transport
        self._timing = timing or FrameTiming()
        self._clock = clock
        self._unframer = Unframer()
        self._arrived: deque[bytes] = deque()
        self._signals: deque[Signal] = deque()
        self._last_byte = 0.0
        self._last: bytes | None = None
        """What came since we last got a message through; the same again is only its frame, repeated."""

    def send(self, message: Apdu) -> LineFault | None:
        """See `Link`; waits for the confirmation of the frame."""
        self._signals.clear()
        bytes_of_frame = frame(message.encode())
        for _ in range(1 + self._timing.repeats):
            fault = self._transport.write_all(bytes_of_frame, WRITE_SECONDS)
            if fault is not None:
                return FAULTS[fault]
            confirmed = self._confirmed()
            if isinstance(confirmed, LineFault):
                return confirmed
            if confirmed:
                return None
        return LineFault.NOT_CONFIRMED

    def receive(self, seconds: float) -> Apdu | LineFault | None:
        """See `Link`."""
        until = self._clock() + seconds
        while not self._arrived:
            fault = self._read(until)
            if fault is not None:
                return fault
            if not self._arrived and self._clock() >= until:
                return None
        buffer = bytearray(self._arrived.popleft())
        message = take(buffer)
        return LineFault.GARBLED if message is None or buffer else message

    def close(self) -> None:
        """See `Link`."""
        self._transport.close()

    def _confirmed(self) -> bool | LineFault:
        """Whether our frame arrived; what the terminal sends meanwhile is kept."""
        until = self._clock() + self._timing.confirm
        while True:
            if self._signals:
                return self._signals.popleft() is Signal.ACK
            if self._clock() >= until:
                return False
            fault = self._read(until)
            if fault is not None:
                return fault

    def _read(self, until: float) -> LineFault | None:
        """Wait for bytes until then, or for as long as a frame may pause."""
        left = max(0.0, until - self._clock())
        if self._unframer.inside:
            left = min(left, max(0.0, self._last_byte + self._timing.gap - self._clock()))
        data = self._transport.read(left)
        if isinstance(data, LinkFault):
            return FAULTS[data]
        if not data:
            # Whoever waits for less than the pause of a frame leaves the frame alone.
            if self._unframer.inside and self._clock() >= self._last_byte + self._timing.gap:
                self._unframer.reset()
                return self._signal(NAK)
            return None
        self._last_byte = self._clock()
        for thing in self._unframer.feed(data):
            fault = self._take(thing)
            if fault is not None:
                return fault
        return None

    def _take(self, thing: bytes | Signal) -> LineFault | None:
        if thing is Signal.BROKEN:
            return self._signal(NAK)
        if isinstance(thing, Signal):
            if thing is Signal.ACK:  # what comes behind it, in the same breath too, is new
                self._last = None
            self._signals.append(thing)
            return None
        if thing != self._last:
            self._last = thing
            self._arrived.append(thing)
        return self._signal(ACK)

    def _signal(self, byte: int) -> LineFault | None:
        fault = self._transport.write_all(bytes((byte,)), WRITE_SECONDS)
        return FAULTS[fault] if fault is not None else None
