"""A reader with keys of its own, as PC/SC part 10 has it: takes the structure apart and builds the command itself.

What is keyed is scripted. Not for: the reader's side of a real pinpad.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum

FEATURE_REQUEST = 0x42000D48
VERIFY_PIN_DIRECT = 0x06
VERIFY_CODE = 0x42330006
_HEADER = struct.Struct("<BBBBBHBBHB3sI")
"""PIN_VERIFY_STRUCTURE without its command; lengths and numbers in it are little-endian."""
REJECTED = bytes.fromhex("6B80")


class Keying(Enum):
    """Ends of an entry that are no digits; the value is the status word the reader gives."""

    TIMED_OUT = 0x6400
    CANCELLED = 0x6401


class SimulatedPinpad:
    """Keys of a reader.

    Args:
        entries: what will be keyed, in order: digits, or how it ends without; nothing left is a time-out.

    Attributes:
        languages: the language word of every entry asked for, for tests.
    """

    def __init__(self, entries: Iterable[str | Keying] = ()) -> None:
        self.entries: deque[str | Keying] = deque(entries)
        self.languages: list[int] = []

    def control(self, code: int, data: bytes, transmit: Callable[[bytes], bytes]) -> bytes | None:
        """Answer a control code, or None when the reader does not know it.

        Args:
            transmit: to the card.
        """
        if code == FEATURE_REQUEST:
            return bytes((VERIFY_PIN_DIRECT, 4)) + VERIFY_CODE.to_bytes(4, "big")
        return self._verify(data, transmit) if code == VERIFY_CODE else None

    def _verify(self, data: bytes, transmit: Callable[[bytes], bytes]) -> bytes:
        if len(data) < _HEADER.size:
            return REJECTED
        _, _, form, block, length_form, limits, _, _, language, _, _, size = _HEADER.unpack_from(data)
        command = bytearray(data[_HEADER.size :])
        if len(command) != size or len(command) < 5 or form & 0x83 != 0x81:
            return REJECTED
        self.languages.append(language)
        entry = self.entries.popleft() if self.entries else Keying.TIMED_OUT
        if isinstance(entry, Keying):
            return entry.value.to_bytes(2, "big")
        if not limits >> 8 <= len(entry) <= limits & 0xFF:
            return bytes.fromhex("6403")
        if not _put(command, entry, (form >> 3 & 0x0F, block, length_form)):
            return REJECTED
        return transmit(bytes(command))


def _put(command: bytearray, entry: str, where: tuple[int, int, int]) -> bool:
    """Write digits and their number into the command; False when they do not fit.

    Args:
        where: byte of the first digit, counted from the data; length field and block size; place of the length in bits.
    """
    first, block, length_form = where
    begin, length_bits, size = 5 + first, block >> 4, block & 0x0F
    digits = bytes.fromhex(entry + "F" * (len(entry) % 2))
    if length_bits not in (0, 4) or len(digits) > size or begin + size > len(command):
        return False
    for place, pair in enumerate(digits):
        lone = place == len(digits) - 1 and len(entry) % 2
        command[begin + place] = pair & 0xF0 | command[begin + place] & 0x0F if lone else pair
    if length_bits:
        at = length_form & 0x0F
        command[5 + at // 8] |= len(entry) << (8 - length_bits - at % 8)
    return True
