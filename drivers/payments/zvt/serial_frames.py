"""Frames of a serial line: 10 02 message 10 03 checksum, every 10 of the message doubled; and the bytes 06 and 15.

The checksum is CRC-16/KERMIT over the message and the closing 03, low byte first. Not for: repeating and waiting
(`serial_link`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

DLE = 0x10
STX = 0x02
ETX = 0x03
ACK = 0x06
NAK = 0x15
_POLYNOMIAL = 0x8408
_MOST = 0xFFFF + 5


class Signal(Enum):
    """What comes on the line besides whole messages."""

    ACK = "ack"
    NAK = "nak"
    BROKEN = "broken"
    """A frame came that is not intact."""


def crc(data: bytes) -> int:
    """CRC-16/KERMIT of `data`."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ _POLYNOMIAL if value & 1 else value >> 1
    return value


def frame(message: bytes) -> bytes:
    """`message` as it goes over the line."""
    doubled = message.replace(b"\x10", b"\x10\x10")
    return b"\x10\x02" + doubled + b"\x10\x03" + crc(message + b"\x03").to_bytes(2, "little")


class _Place(Enum):
    OUTSIDE = auto()
    OPENING = auto()
    INSIDE = auto()
    ESCAPED = auto()
    SUM_LOW = auto()
    SUM_HIGH = auto()


@dataclass
class Unframer:
    """Turns bytes of the line into messages and signals, a byte at a time; never stops at nonsense."""

    _place: _Place = _Place.OUTSIDE
    _message: bytearray = field(default_factory=bytearray)
    _low: int = 0

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and is not whole yet."""
        return self._place is not _Place.OUTSIDE

    def reset(self) -> None:
        """Forget the frame that has begun."""
        self._place = _Place.OUTSIDE
        self._message.clear()

    def feed(self, data: bytes) -> list[bytes | Signal]:
        """What `data` completes, in order; a message is its bytes without the frame."""
        found = (self._step(byte) for byte in data)
        return [thing for thing in found if thing is not None]

    def _step(self, byte: int) -> bytes | Signal | None:
        match self._place:
            case _Place.OUTSIDE:
                return self._outside(byte)
            case _Place.OPENING:
                self._place = _Place.INSIDE if byte == STX else _Place.OUTSIDE
            case _Place.INSIDE:
                return self._inside(byte)
            case _Place.ESCAPED:
                return self._escaped(byte)
            case _Place.SUM_LOW:
                self._low, self._place = byte, _Place.SUM_HIGH
            case _Place.SUM_HIGH:
                return self._close(self._low | byte << 8)
        return None

    def _outside(self, byte: int) -> Signal | None:
        if byte == DLE:
            self.reset()
            self._place = _Place.OPENING
            return None
        return {ACK: Signal.ACK, NAK: Signal.NAK}.get(byte)

    def _inside(self, byte: int) -> Signal | None:
        if byte == DLE:
            self._place = _Place.ESCAPED
            return None
        return self._keep(byte)

    def _escaped(self, byte: int) -> Signal | None:
        if byte == ETX:
            self._place = _Place.SUM_LOW
        elif byte == DLE:
            self._place = _Place.INSIDE
            return self._keep(byte)
        elif byte == STX:  # the sender gave up the frame before and began again
            self.reset()
            self._place = _Place.INSIDE
        else:
            self.reset()
            return Signal.BROKEN
        return None

    def _keep(self, byte: int) -> Signal | None:
        self._message.append(byte)
        if len(self._message) <= _MOST:
            return None
        self.reset()
        return Signal.BROKEN

    def _close(self, told: int) -> bytes | Signal:
        message = bytes(self._message)
        self.reset()
        return message if crc(message + b"\x03") == told else Signal.BROKEN
