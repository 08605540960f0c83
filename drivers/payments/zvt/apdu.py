"""One message: class, instruction, data; and how messages are told apart in a stream of bytes.

The length of a message is little-endian where it is long, unlike every length inside its data. Not for: what the data
means (`fields`, `messages`) or the frames of a serial line (`serial_frames`).
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 0xFFFF
_LONG = 0xFF
_SHORT_HEADER = 3
_LONG_HEADER = 5


@dataclass(frozen=True)
class Apdu:
    """A message of either side.

    Attributes:
        code: class and instruction in one number, 0x0601 for 06 01.
    """

    code: int
    data: bytes = b""

    def encode(self) -> bytes:
        """Its bytes.

        Raises:
            ValueError: when there are more than 65535 bytes of data.
        """
        size = len(self.data)
        if size > LONGEST:
            raise ValueError(f"a message holds at most {LONGEST} bytes, not {size}")
        head = self.code.to_bytes(2, "big")
        length = bytes((size,)) if size < _LONG else bytes((_LONG,)) + size.to_bytes(2, "little")
        return head + length + self.data

    def __repr__(self) -> str:
        """Without its data, which may hold a card number or the password."""
        return f"Apdu({self.code >> 8:02X} {self.code & 0xFF:02X}, {len(self.data)} bytes)"


def take(buffer: bytearray) -> Apdu | None:
    """Take the first whole message out of `buffer`; None while it is not whole yet."""
    if len(buffer) < _SHORT_HEADER:
        return None
    start, size = _SHORT_HEADER, buffer[2]
    if size == _LONG:
        if len(buffer) < _LONG_HEADER:
            return None
        start, size = _LONG_HEADER, int.from_bytes(buffer[3:5], "little")
    if len(buffer) < start + size:
        return None
    message = Apdu(int.from_bytes(buffer[:2], "big"), bytes(buffer[start : start + size]))
    del buffer[: start + size]
    return message
