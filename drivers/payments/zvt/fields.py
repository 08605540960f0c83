"""The fields of a message ("bitmaps"): one byte that names each, and a form fixed by that name.

A field that is not in the table cannot be skipped, because nobody knows where it ends: what came before it is kept.
Not for: what the values mean (`messages`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.payments.zvt.malformed import Malformed
from drivers.payments.zvt.numbers import read_length, with_length
from drivers.payments.zvt.tlv import Tlvs, encode_length, read_all, read_size

TIME_LIMIT = 0x01
REPEATS = 0x02
SERVICE = 0x03
AMOUNT = 0x04
CONTAINER = 0x06
TRACE = 0x0B
TIME = 0x0C
DATE = 0x0D
EXPIRY = 0x0E
SEQUENCE = 0x17
KIND = 0x19
PAN = 0x22
TRACK_2 = 0x23
TRACK_3 = 0x24
RESULT = 0x27
TERMINAL = 0x29
CONTRACT = 0x2A
TRACK_1 = 0x2D
ORIGINAL_TRACE = 0x37
AUTHORISATION = 0x3B
TEXT = 0x3C
CURRENCY = 0x49
TOTALS = 0x60
RECEIPT = 0x87
TURNOVER = 0x88
CARD_TYPE = 0x8A
CARD_NAME = 0x8B

_FIXED = {
    1: (TIME_LIMIT, REPEATS, SERVICE, 0x05, KIND, RESULT, CARD_TYPE, 0x8C, 0xA0),
    2: (DATE, EXPIRY, SEQUENCE, 0x3A, CURRENCY, RECEIPT),
    3: (TRACE, TIME, ORIGINAL_TRACE, 0x3D, 0xAA, TURNOVER),
    4: (TERMINAL,),
    5: (0xBA,),
    6: (AMOUNT,),
    8: (AUTHORISATION, 0xEB),
    15: (CONTRACT,),
}
SIZES = {name: size for size, names in _FIXED.items() for name in names} | dict.fromkeys(
    (0xD0, 0xD2, 0xD3, 0xE0, 0xE9, 0xEA, 0xF0, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD), 1
)
"""Bytes of every field of fixed size."""
PLACES = dict.fromkeys((PAN, TRACK_2, TRACK_1, CARD_NAME, 0xD1, *range(0xE1, 0xE9), *range(0xF1, 0xF9), 0xA7), 2) | (
    dict.fromkeys((TRACK_3, 0x2E, TEXT, TOTALS, 0x9A, 0xAF), 3)
)
"""Digits of the length of every other field but the container."""


@dataclass(frozen=True)
class Field:
    """One field and the bytes of its value."""

    name: int
    value: bytes

    def encode(self) -> bytes:
        """Its bytes.

        Raises:
            ValueError: when the field is not in the table or the value does not have its size.
        """
        head = bytes((self.name,))
        if self.name == CONTAINER:
            return head + encode_length(len(self.value)) + self.value
        if self.name in PLACES:
            return head + with_length(self.value, PLACES[self.name])
        if SIZES.get(self.name) != len(self.value):
            raise ValueError(f"field {self.name:02X} has {SIZES.get(self.name, 'no')} bytes, not {len(self.value)}")
        return head + self.value

    def __repr__(self) -> str:
        """Without its value, which may hold card data."""
        return f"Field({self.name:02X}, {len(self.value)} bytes)"


@dataclass(frozen=True)
class Fields:
    """The fields of one message, in the order they came.

    Attributes:
        rest: why reading stopped before the end; what was read before stands.
    """

    items: tuple[Field, ...] = ()
    rest: Malformed | None = None

    def first(self, name: int) -> bytes | None:
        """The value of the first field of that name."""
        return next((item.value for item in self.items if item.name == name), None)

    @property
    def objects(self) -> Tlvs:
        """What is in the container; empty where there is none."""
        return read_all(self.first(CONTAINER) or b"")


def encode_fields(items: Iterable[Field]) -> bytes:
    """Fields behind each other."""
    return b"".join(item.encode() for item in items)


def read_fields(data: bytes) -> Fields:
    """The fields in `data`, up to the first that cannot be read."""
    items: list[Field] = []
    at = 0
    while at < len(data):
        place = _value_at(data, at)
        if isinstance(place, Malformed):
            return Fields(tuple(items), place)
        begin, size = place
        if begin + size > len(data):
            return Fields(tuple(items), Malformed(f"{size} bytes of field {data[at]:02X}", begin))
        items.append(Field(data[at], data[begin : begin + size]))
        at = begin + size
    return Fields(tuple(items))


def _value_at(data: bytes, at: int) -> tuple[int, int] | Malformed:
    name = data[at]
    if name in SIZES:
        return at + 1, SIZES[name]
    if name in PLACES:
        size = read_length(data, at + 1, PLACES[name])
        return size if isinstance(size, Malformed) else (at + 1 + PLACES[name], size)
    if name == CONTAINER:
        length = read_size(data, at + 1)
        return length if isinstance(length, Malformed) else (length[1], length[0])
    return Malformed(f"a field of the table, not {name:02X}", at)
