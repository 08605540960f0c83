"""Objects of tag, length and value; their lengths are big-endian. Unknown tags are kept, and looked at by nobody.

Not for: the meaning of tags (`messages`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.payments.zvt.malformed import Malformed

_MORE = 0x1F
_CONTINUES = 0x80
_CONSTRUCTED = 0x20
_LONGEST_TAG = 4


@dataclass(frozen=True)
class Tlv:
    """One object.

    Attributes:
        tag: all its bytes as one number, 0x1F01 for 1F 01.
    """

    tag: int
    value: bytes = b""

    def encode(self) -> bytes:
        """Its bytes, with the shortest length."""
        tag = self.tag.to_bytes(max(1, (self.tag.bit_length() + 7) // 8), "big")
        return tag + encode_length(len(self.value)) + self.value

    def __repr__(self) -> str:
        """Without its value, which may hold card data."""
        return f"Tlv({self.tag:X}, {len(self.value)} bytes)"


@dataclass(frozen=True)
class Tlvs:
    """Objects in order.

    Attributes:
        rest: why reading stopped before the end; what was read before stands.
    """

    items: tuple[Tlv, ...] = ()
    rest: Malformed | None = None

    def first(self, tag: int) -> bytes | None:
        """The value of the first object with `tag`."""
        return next((item.value for item in self.items if item.tag == tag), None)


def encode_length(size: int) -> bytes:
    """A length as objects write it.

    Raises:
        ValueError: above 65535.
    """
    if size < 0x80:
        return bytes((size,))
    if size <= 0xFF:
        return bytes((0x81, size))
    if size <= 0xFFFF:
        return b"\x82" + size.to_bytes(2, "big")
    raise ValueError(f"an object holds at most 65535 bytes, not {size}")


def read_size(data: bytes, at: int) -> tuple[int, int] | Malformed:
    """The length at `at`, and where the value begins."""
    if at >= len(data):
        return Malformed("a length", at)
    first = data[at]
    if first < 0x80:
        return first, at + 1
    extra = first & 0x7F
    if extra not in (1, 2) or at + 1 + extra > len(data):
        return Malformed("a length of 00 to 7F, 81 nn or 82 hh ll", at)
    return int.from_bytes(data[at + 1 : at + 1 + extra], "big"), at + 1 + extra


def encode_all(items: Iterable[Tlv]) -> bytes:
    """Objects behind each other."""
    return b"".join(item.encode() for item in items)


def read_all(data: bytes) -> Tlvs:
    """The objects in `data`; of a constructed one the value is the bytes of those inside."""
    items: list[Tlv] = []
    at = 0
    while at < len(data):
        tag = _read_tag(data, at)
        if isinstance(tag, Malformed):
            return Tlvs(tuple(items), tag)
        size = read_size(data, tag[1])
        if isinstance(size, Malformed):
            return Tlvs(tuple(items), size)
        length, begin = size
        if begin + length > len(data):
            return Tlvs(tuple(items), Malformed(f"{length} bytes of a value", begin))
        items.append(Tlv(tag[0], data[begin : begin + length]))
        at = begin + length
    return Tlvs(tuple(items))


def _read_tag(data: bytes, at: int) -> tuple[int, int] | Malformed:
    end = at + 1
    if data[at] & _MORE == _MORE:
        while end < len(data) and data[end] & _CONTINUES:
            end += 1
        end += 1
    if end > len(data) or end - at > _LONGEST_TAG:
        return Malformed("a tag of at most four bytes", at)
    return int.from_bytes(data[at:end], "big"), end
