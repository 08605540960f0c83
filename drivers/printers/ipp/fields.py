"""The bytes of single values (RFC 8010 section 3.9) and back. Pure.

Not for: how values stand in a message (`protocol`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from drivers.printers.ipp.values import Content, Localised, Range, Resolution, Tag

LAST_WITHOUT_VALUE = 0x1F


class BadField(ValueError):
    """Bytes that no value of their kind has; the message says what they are."""


class Reader:
    """Takes fields off the front of `data`; `at` is the place of the next."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int, what: str) -> bytes:
        """So many bytes."""
        if self.at + size > len(self.data):
            raise BadField(f"{what} at byte {self.at} needs {size} bytes, {len(self.data) - self.at} are left")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int, what: str) -> int:
        """A number without a sign."""
        return int.from_bytes(self.take(size, what), "big")

    def field(self, what: str) -> bytes:
        """Two bytes that say how many, and as many bytes."""
        return self.take(self.number(2, f"length of {what}"), what)

    def peek(self) -> int | None:
        """The next byte, which stays; None at the end."""
        return self.data[self.at] if self.at < len(self.data) else None


def read_content(tag: int, raw: bytes) -> Content:
    """The content of one value; bytes as they are for a kind that is not known.

    Raises:
        BadField: when no value of that kind has these bytes.
    """
    if tag <= LAST_WITHOUT_VALUE:
        return None
    read = _READ.get(tag)
    return raw if read is None else read(raw)


def text(raw: bytes) -> str:
    """Printers send names in other alphabets than they promise; a wrong letter is no reason not to print."""
    return raw.decode("utf-8", "replace")


def field(data: bytes) -> bytes:
    """How many bytes, then the bytes.

    Raises:
        ValueError: more than 65535.
    """
    return number(len(data), 2) + data


def number(value: int, size: int, *, signed: bool = False) -> bytes:
    """So many bytes, the highest first.

    Raises:
        ValueError: when it does not fit.
    """
    try:
        return value.to_bytes(size, "big", signed=signed)
    except OverflowError:
        raise ValueError(f"{value} does not fit {size} bytes") from None


def content_bytes(content: Content) -> bytes:
    """The bytes of one value that is no collection.

    Raises:
        ValueError: a number or text that does not fit.
    """
    match content:
        case None:
            return b""
        case bytes():
            return content
        case bool():
            return bytes((content,))
        case int():
            return number(content, 4, signed=True)
        case str():
            return content.encode()
        case _:
            return _compound(content)


def _compound(content: Content) -> bytes:
    match content:
        case Range(low, high):
            return number(low, 4, signed=True) + number(high, 4, signed=True)
        case Resolution(across, along, units):
            return number(across, 4, signed=True) + number(along, 4, signed=True) + number(units, 1, signed=True)
        case Localised(language, words):
            return field(language.encode()) + field(words.encode())
        case datetime():
            return _date_bytes(content)
        case _:
            raise ValueError(f"a {type(content).__name__} has no bytes of its own")


def _date_bytes(moment: datetime) -> bytes:
    shift = moment.utcoffset() or timedelta()
    hours, minutes = divmod(abs(shift) // timedelta(minutes=1), 60)
    clock = (moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond // 100_000)
    return number(moment.year, 2) + bytes(clock) + (b"-" if shift < timedelta() else b"+") + bytes((hours, minutes))


def _signed(raw: bytes, size: int, what: str) -> int:
    if len(raw) != size:
        raise BadField(f"{what} of {len(raw)} bytes")
    return int.from_bytes(raw, "big", signed=True)


def _integer(raw: bytes) -> int:
    return _signed(raw, 4, "an integer")


def _boolean(raw: bytes) -> bool:
    if raw not in (b"\0", b"\1"):
        raise BadField(f"a truth value {raw[:8].hex()}")
    return raw == b"\1"


def _range(raw: bytes) -> Range:
    if len(raw) != 8:
        raise BadField(f"a range of {len(raw)} bytes")
    return Range(_integer(raw[:4]), _integer(raw[4:]))


def _resolution(raw: bytes) -> Resolution:
    if len(raw) != 9:
        raise BadField(f"a resolution of {len(raw)} bytes")
    return Resolution(_integer(raw[:4]), _integer(raw[4:8]), _signed(raw[8:], 1, "a unit"))


def _localised(raw: bytes) -> Localised:
    reader = Reader(raw)
    found = Localised(text(reader.field("language")), text(reader.field("text")))
    if reader.at != len(raw):
        raise BadField("bytes after a text with its language")
    return found


def _moment(raw: bytes) -> datetime | bytes:
    """RFC 2579 DateAndTime; a printer whose clock was never set sends no date, which is kept as bytes."""
    if len(raw) != 11:
        raise BadField(f"a date of {len(raw)} bytes")
    year = int.from_bytes(raw[:2], "big")
    month, day, hour, minute, second, tenth = raw[2:8]
    shift = timedelta(hours=raw[9], minutes=raw[10])
    try:
        zone = timezone(-shift if raw[8:9] == b"-" else shift)
        return datetime(year, month, day, hour, minute, second, tenth * 100_000, zone)
    except ValueError:
        return raw


_READ: dict[int, Callable[[bytes], Content]] = {
    Tag.INTEGER: _integer,
    Tag.ENUM: _integer,
    Tag.BOOLEAN: _boolean,
    Tag.RANGE: _range,
    Tag.RESOLUTION: _resolution,
    Tag.DATE_TIME: _moment,
    Tag.TEXT_WITH_LANGUAGE: _localised,
    Tag.NAME_WITH_LANGUAGE: _localised,
    **dict.fromkeys(range(Tag.TEXT, Tag.MEMBER_NAME), text),
}
