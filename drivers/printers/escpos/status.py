"""What a printer says, told apart byte by byte, and what that means.

Everything arrives on one line: answers, automatic status, process ids, flow control and noise. The parser sorts it and
never raises. Rules: TM-T88III specification, Appendix G. Not for: asking (`session`).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.contract import DeviceStatus, Health, PaperSeen, Reason

LONGEST_BLOCK = 80
_BLOCK_STARTS = (0x37, 0x3D, 0x5F)
_XON, _XOFF = 0x11, 0x13
_PROCESS_ID, _CLEARED = 0x22, 0x25


@dataclass(frozen=True)
class RealTime:
    """One byte answering DLE EOT; which question, only the asker knows."""

    byte: int


@dataclass(frozen=True)
class Automatic:
    """Four bytes of automatic status (GS a)."""

    data: bytes


@dataclass(frozen=True)
class ProcessId:
    """The printer has done everything before this id."""

    id: bytes


@dataclass(frozen=True)
class Cleared:
    """The buffers are empty (answer to DLE DC4 8)."""


@dataclass(frozen=True)
class Block:
    """Another answer up to NUL: GS I texts, off-line notices."""

    kind: int
    data: bytes


@dataclass(frozen=True)
class OneByte:
    """One byte answering GS r or GS I."""

    byte: int


@dataclass(frozen=True)
class FlowControl:
    """XON or XOFF."""

    go: bool


@dataclass(frozen=True)
class Junk:
    """Nothing an ESC/POS printer says."""

    byte: int


Said = RealTime | Automatic | ProcessId | Cleared | Block | OneByte | FlowControl | Junk


class StatusParser:
    """Sorts the bytes of one connection; keeps what is still incomplete."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Said]:
        """Everything that is complete now, in order."""
        self._held += data
        said: list[Said] = []
        while self._held:
            one = self._next()
            if one is None:
                break
            said.append(one)
        return said

    def reset(self) -> None:
        """Forget an incomplete answer."""
        self._held.clear()

    def _next(self) -> Said | None:
        byte = self._held[0]
        if byte in _BLOCK_STARTS:
            return self._block()
        if byte in (_XON, _XOFF):
            return self._take(FlowControl(byte == _XON))
        if byte & 0x93 == 0x12:
            return self._take(RealTime(byte))
        if byte & 0x93 == 0x10:
            return self._automatic()
        if byte & 0x90 == 0:
            return self._take(OneByte(byte))
        return self._take(Junk(byte))

    def _take(self, said: Said, count: int = 1) -> Said:
        del self._held[:count]
        return said

    def _block(self) -> Said | None:
        end = self._held.find(0, 1, LONGEST_BLOCK)
        if end < 0:
            broken = len(self._held) >= LONGEST_BLOCK or any(not 0x20 <= byte < 0x7F for byte in self._held[1:])
            return self._take(Junk(self._held[0])) if broken else None
        head, body = self._held[0], bytes(self._held[1:end])
        if not all(0x20 <= byte < 0x7F for byte in body):
            return self._take(Junk(head))
        return self._take(_named_block(head, body), end + 1)

    def _automatic(self) -> Said | None:
        first, rest = self._held[0], []
        for at in range(1, len(self._held)):
            byte = self._held[at]
            if byte in (_XON, _XOFF):
                continue
            if byte & 0x90:
                return self._take(Junk(first))
            rest.append(byte)
            if len(rest) == 3:
                return self._take(Automatic(bytes((first, *rest))), at + 1)
        return self._take(Junk(first)) if len(self._held) >= LONGEST_BLOCK else None


def _named_block(head: int, body: bytes) -> Said:
    if head == 0x37 and len(body) == 5 and body[0] == _PROCESS_ID:
        return ProcessId(body[1:])
    if head == 0x37 and body == bytes((_CLEARED,)):
        return Cleared()
    return Block(head, body)


def is_offline(said: Said) -> bool:
    """Whether this answer to question 1, or this automatic status, says off line."""
    match said:
        case RealTime(byte):
            return bool(byte & 0x08)
        case Automatic(data):
            return bool(data[0] & 0x08)
        case _:
            return False


def is_recoverable_jam(answers: bytes) -> bool:
    """Whether a recoverable cutter error is what stops the printer (answers to questions 1, 2, 3, 4)."""
    return bool(answers[2] & 0x08) and not answers[2] & 0x20


def decode(answers: bytes, near_end_sensor: bool = True) -> DeviceStatus:
    """State from the four answers to DLE EOT 1, 2, 3, 4.

    Args:
        near_end_sensor: whether the printer has one; without it the bits mean nothing.
    """
    raw, paper = answers.hex(" "), _paper(answers[3], near_end_sensor)
    reason = _stopped_by(answers)
    if reason is not None:
        return DeviceStatus(Health.UNAVAILABLE, reason, raw, paper)
    if paper is PaperSeen.LOW:
        return DeviceStatus(Health.ATTENTION, Reason.PAPER_LOW, raw, paper)
    if answers[0] & 0x40 or answers[1] & 0x08:  # somebody holds the feed button
        return DeviceStatus(Health.BUSY, None, raw, paper)
    return DeviceStatus(Health.READY, None, raw, paper)


def _paper(sensors: int, near_end_sensor: bool) -> PaperSeen:
    if sensors & 0x60:
        return PaperSeen.OUT
    return PaperSeen.LOW if sensors & 0x0C and near_end_sensor else PaperSeen.PRESENT


def _stopped_by(answers: bytes) -> Reason | None:
    printer, offline, error, paper = answers
    causes = (
        (offline & 0x04, Reason.COVER_OPEN),
        (offline & 0x20 or paper & 0x60, Reason.PAPER_OUT),
        (error & 0x08, Reason.CUTTER_JAM),
        (error & 0x20, Reason.MECHANICAL),
        (error & 0x40, Reason.OVERHEATED),
        (error & 0x04 or offline & 0x40, Reason.MECHANICAL),
        (printer & 0x08, Reason.OFFLINE),
    )
    return next((reason for bits, reason in causes if bits), None)
