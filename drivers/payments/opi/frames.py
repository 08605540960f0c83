"""Frames of both channels: four bytes of length, high byte first, then one XML document.

Not for: sockets (`wire`), or what stands in the document.
"""

from __future__ import annotations

import struct

from drivers.payments.opi.malformed import Malformed

LARGEST = 1024 * 1024
"""Bytes in one document; a longer one is refused before it is read."""
_LENGTH = struct.Struct(">I")


def frame(document: bytes) -> bytes:
    """The document with its length before it."""
    return _LENGTH.pack(len(document)) + document


class Frames:
    """Takes bytes as they come, and gives whole documents."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> tuple[bytes, ...] | Malformed:
        """What became whole with these bytes, in order; after `Malformed` the stream cannot be read any more."""
        self._held += data
        whole: list[bytes] = []
        while len(self._held) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._held)
            if not 0 < length <= LARGEST:
                return Malformed(f"a frame has from 1 to {LARGEST} bytes")
            end = _LENGTH.size + length
            if len(self._held) < end:
                break
            whole.append(bytes(self._held[_LENGTH.size : end]))
            del self._held[:end]
        return tuple(whole)
