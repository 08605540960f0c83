"""A printer's receive buffer, command by command, and the commands obeyed as soon as they arrive.

Garbage never raises: a byte that begins nothing known is a command called "unknown". Not for: obeying (`mechanism`).
"""

from __future__ import annotations

from dataclasses import dataclass

DLE, ESC, GS = 0x10, 0x1B, 0x1D


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        name: such as "ESC @", "GS v 0", "text", "LF" or "unknown".
        data: everything after the name.
        size: bytes it takes in the buffer.
    """

    name: str
    data: bytes
    size: int


_ESC_PARAMETERS = {
    "@": 0, "2": 0, "i": 0, "m": 0, "R": 1, "t": 1, "a": 1, "E": 1, "G": 1, "!": 1, "M": 1, "-": 1, "{": 1, "3": 1,
    "J": 1, "d": 1, "V": 1, " ": 1, "$": 2, "\\": 2, "p": 3,
}  # fmt: skip
_GS_PARAMETERS = {
    "!": 1, "B": 1, "b": 1, "r": 1, "a": 1, "I": 1, "h": 1, "w": 1, "H": 1, "f": 1, "L": 2, "W": 2, "P": 2, "$": 2,
    "\\": 2,
}  # fmt: skip
_CONTROLS = {0x0A: "LF", 0x0D: "CR", 0x09: "HT", 0x0C: "FF", 0x00: "NUL"}
_CUTS_WITH_FEED = (65, 66, 97, 98, 103, 104)
_CLEAR_BUFFERS = bytes((DLE, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08))


def next_command(buffer: bytes | bytearray) -> Command | None:
    """The command at the start of `buffer`; None while it is not complete. Nothing is taken out."""
    if not buffer:
        return None
    first = buffer[0]
    if first >= 0x20:
        return _text(buffer)
    if first in _CONTROLS:
        return Command(_CONTROLS[first], b"", 1)
    if first == ESC:
        return _escape(buffer)
    if first == GS:
        return _group(buffer)
    if first == DLE:
        return _real_time(buffer)
    return Command("unknown", bytes((first,)), 1)


def _text(buffer: bytes | bytearray) -> Command:
    end = next((at for at, byte in enumerate(buffer) if byte < 0x20), len(buffer))
    return Command("text", bytes(buffer[:end]), end)


def _sized(name: str, buffer: bytes | bytearray, head: int, length: int) -> Command | None:
    size = head + length
    return Command(name, bytes(buffer[head:size]), size) if len(buffer) >= size else None


def _escape(buffer: bytes | bytearray) -> Command | None:
    if len(buffer) < 2:
        return None
    letter = chr(buffer[1])
    if letter == "*":
        return _column_picture(buffer)
    if letter not in _ESC_PARAMETERS:
        return Command("unknown", bytes(buffer[:2]), 2)
    return _sized(f"ESC {letter}", buffer, 2, _ESC_PARAMETERS[letter])


def _column_picture(buffer: bytes | bytearray) -> Command | None:
    if len(buffer) < 5:
        return None
    rows = 3 if buffer[2] in (32, 33) else 1
    return _sized("ESC *", buffer, 2, 3 + rows * int.from_bytes(buffer[3:5], "little"))


def _group(buffer: bytes | bytearray) -> Command | None:
    if len(buffer) < 2:
        return None
    letter = chr(buffer[1])
    match letter:
        case "V":
            return _cut(buffer)
        case "v":
            return _raster(buffer)
        case "(":
            return _long(buffer, length_bytes=2)
        case "8":
            return _long(buffer, length_bytes=4)
    if letter not in _GS_PARAMETERS:
        return Command("unknown", bytes(buffer[:2]), 2)
    return _sized(f"GS {letter}", buffer, 2, _GS_PARAMETERS[letter])


def _cut(buffer: bytes | bytearray) -> Command | None:
    if len(buffer) < 3:
        return None
    return _sized("GS V", buffer, 2, 2 if buffer[2] in _CUTS_WITH_FEED else 1)


def _raster(buffer: bytes | bytearray) -> Command | None:
    if len(buffer) < 8:
        return None
    width, height = int.from_bytes(buffer[4:6], "little"), int.from_bytes(buffer[6:8], "little")
    return _sized("GS v 0", buffer, 3, 5 + width * height)


def _long(buffer: bytes | bytearray, length_bytes: int) -> Command | None:
    head = 3 + length_bytes
    if len(buffer) < head:
        return None
    name = f"GS {chr(buffer[1])} {chr(buffer[2])}"
    return _sized(name, buffer, head, int.from_bytes(buffer[3:head], "little"))


def _real_time(buffer: bytes | bytearray) -> Command | None:
    """Already obeyed on arrival; in its turn it is only skipped."""
    if len(buffer) < 2:
        return None
    kind = buffer[1]
    if kind in (0x04, 0x05):
        return _sized("real time", buffer, 2, 1)
    if kind == 0x14:
        if len(buffer) < 3:
            return None
        return _sized("real time", buffer, 2, len(_CLEAR_BUFFERS) - 2 if buffer[2] == 8 else 3)
    return Command("unknown", bytes(buffer[:1]), 1)


@dataclass(frozen=True)
class RealTimeCommand:
    """A command obeyed on arrival.

    Attributes:
        end: place in the data just after it.
    """

    name: str
    number: int
    end: int


class RealTimeScanner:
    """Finds real-time commands in everything that arrives, wherever they stand, also split over two packets."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, data: bytes) -> list[RealTimeCommand]:
        """The commands that end within `data`, in order."""
        joined = self._tail + data
        offset = len(self._tail)
        found: list[RealTimeCommand] = []
        at = joined.find(DLE)
        while at >= 0:
            command, size = _recognise(joined, at)
            if size is None:
                break
            if command is not None:
                found.append(RealTimeCommand(command, joined[at + 2], at + size - offset))
            at = joined.find(DLE, at + size)
        self._tail = joined[at:] if at >= 0 else b""
        return found


def _recognise(data: bytes, at: int) -> tuple[str | None, int | None]:
    """Name and size of the command at `at`; no size while it is incomplete, no name when it is none."""
    rest = data[at : at + len(_CLEAR_BUFFERS)]
    if len(rest) < 2:
        return None, None
    if rest[1] in (0x04, 0x05):
        if len(rest) < 3:
            return None, None
        name = "DLE EOT" if rest[1] == 0x04 else "DLE ENQ"
        return (name, 3) if 1 <= rest[2] <= 4 else (None, 1)
    if rest == _CLEAR_BUFFERS:
        return "DLE DC4", len(rest)
    if _CLEAR_BUFFERS.startswith(rest):
        return None, None
    return None, 1
