"""What the simulated terminal answers to commands that are not payments.

Not for: payments (`payment`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.payments.zvt import codes
from drivers.payments.zvt import fields as f
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.commands import NO_PASSWORD
from drivers.payments.zvt.fields import Field, encode_fields, read_fields
from drivers.payments.zvt.numbers import bcd, digits_of, with_length
from drivers.payments.zvt.tlv import Tlv
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits
from drivers.simulated.terminal.zvt.lines import Gone, Interrupted, Line
from drivers.simulated.terminal.zvt.memory import CURRENCY, TERMINAL, Booked, Memory, Record

_NOTHING_FOUND = 0xB8
_NOT_POSSIBLE = 0xB5
_UNKNOWN_COMMAND = 0x83
_PASSWORD_BYTES = 3
_RESTARTING = b"\x27\xe0"
_VERSION = b"GER-APP-v0.0.1;SIM"
_SCHEMES = 7
_MAESTRO = 2


@dataclass
class Lingering:
    """A payment that goes on although its line broke."""

    amount_cents: int
    questions: int


@dataclass
class Terminal:
    """The state that every part of the simulated terminal shares.

    Attributes:
        state: answer to 05 01; 0 is ready.
        password: six digits.
        cut_at: see `Line`.
        prints: whether the till asked for receipts as text.
    """

    ledger: Ledger
    memory: Memory
    habits: Habits
    script: Script = Script.APPROVE
    state: int = 0
    password: str = NO_PASSWORD
    cut_at: int = 0
    prints: bool = False
    lingering: Lingering | None = None

    def book(self, record: Record, keep: bool = True) -> int:
        """Book a payment, remember it, and give its number in the ledger."""
        number = self.ledger.book(record.amount_cents).number
        self.memory.store[record.receipt] = Booked(number, record.amount_cents, record.trace)
        if keep:
            self.memory.keep(record)
        return number

    def agree(self, line: Line) -> None:
        """The positive answer."""
        line.say(codes.NEGATIVE_CLASS << 8 if self.habits.positive_as_84 else codes.POSITIVE_CODE)

    def ask(self, line: Line, code: int, data: bytes = b"", seconds: float | None = None) -> int | None:
        """Say something and wait for the answer: 0 when it is positive, else its code.

        Args:
            seconds: None when the answer does not come within so many; without it, the line counts as broken then.

        Raises:
            Gone: when the line is.
            Interrupted: when the till has begun with something else.
        """
        line.say(code, data)
        while True:
            came = line.hear(self.habits.answer_seconds if seconds is None else seconds)
            if came is None and seconds is None:
                raise Gone
            if came is None:
                return None
            if came.code == codes.POSITIVE_CODE:
                return 0
            if came.code >> 8 == codes.NEGATIVE_CLASS:
                return came.code & 0xFF
            self.interrupted(line, came)

    def interrupted(self, line: Line, came: Apdu) -> None:
        """A command came where an answer was due.

        Raises:
            Interrupted: when the till has begun with something else.
        """
        if came.code != codes.ABORT:
            line.put_back(came)
            raise Interrupted
        self.answer_abort(line)

    def answer_abort(self, line: Line) -> None:
        """06 B0: noted, or not known."""
        if self.habits.knows_no_abort:
            line.say(codes.NEGATIVE_CLASS << 8 | _UNKNOWN_COMMAND)
        else:
            self.agree(line)

    def told(self, record: Record) -> bytes:
        """The data of 04 0F."""
        data = encode_fields(record.fields())
        if self.habits.adds_unknown:
            data += Field(f.CONTAINER, Tlv(0x1F7D, b"?" * 200).encode() + Tlv(0xFF55, b"!").encode()).encode()
            data += b"\xde\xad\xbe"
        return data


def obey(terminal: Terminal, line: Line, message: Apdu) -> None:
    """Everything but payments; answers of the till to nothing are dropped."""
    actions: dict[int, Callable[[], None]] = {
        codes.REGISTER: lambda: _register(terminal, line, message),
        codes.STATUS_ENQUIRY: lambda: _status(terminal, line),
        codes.REPEAT_LAST: lambda: _repeat(terminal, line),
        codes.REVERSE: lambda: _reverse(terminal, line, message),
        codes.END_OF_DAY: lambda: _end_of_day(terminal, line),
        codes.ABORT: lambda: terminal.answer_abort(line),
        codes.LOG_OFF: lambda: terminal.agree(line),
    }
    if message.code == codes.POSITIVE_CODE or message.code >> 8 == codes.NEGATIVE_CLASS:
        return
    action = actions.get(message.code)
    locked = message.code in (codes.REVERSE, codes.END_OF_DAY) and _wrong_password(terminal, message)
    if action is None or locked:
        line.say(codes.NEGATIVE_CLASS << 8 | _UNKNOWN_COMMAND)
    else:
        action()


def _wrong_password(terminal: Terminal, message: Apdu) -> bool:
    return digits_of(message.data[:_PASSWORD_BYTES]) != terminal.password


def _register(terminal: Terminal, line: Line, message: Apdu) -> None:
    told = message.data[_PASSWORD_BYTES:]
    if _wrong_password(terminal, message) or (len(told) >= 3 and told[1:3] != bcd(CURRENCY, 2)):
        line.say(codes.NEGATIVE_CLASS << 8 | 0x1E, b"\x6f")
        return
    terminal.prints = bool(told and told[0] & 0x80)
    terminal.agree(line)
    identity = Field(f.TERMINAL, bytes.fromhex(TERMINAL))
    if terminal.habits.chatty_registration:
        terminal.ask(line, codes.STATUS_INFORMATION, encode_fields((Field(f.RESULT, b"\0"), identity)))
    data = encode_fields((Field(f.KIND, b"\0"), identity, Field(f.CURRENCY, bcd(CURRENCY, 2))))
    terminal.ask(line, codes.COMPLETION, data)


def _status(terminal: Terminal, line: Line) -> None:
    terminal.agree(line)
    state = _state(terminal)
    if terminal.habits.sloppy_status:
        told = (Field(f.RESULT, bytes((state,))), Field(f.TERMINAL, bytes.fromhex(TERMINAL)))
        terminal.ask(line, codes.STATUS_INFORMATION, encode_fields(told))
        terminal.ask(line, codes.COMPLETION)
        return
    version = with_length(_VERSION, 3) if terminal.habits.says_version else b""
    terminal.ask(line, codes.COMPLETION, version + bytes((state,)))


def _state(terminal: Terminal) -> int:
    lingering = terminal.lingering
    if lingering is not None:
        if lingering.questions > 0:
            lingering.questions -= 1
            return codes.BUSY
        terminal.book(terminal.memory.record(0, lingering.amount_cents))
        terminal.lingering = None
    return codes.BUSY if terminal.script is Script.BUSY else terminal.state


def _repeat(terminal: Terminal, line: Line) -> None:
    terminal.agree(line)
    last = terminal.memory.last
    if terminal.habits.empty_repeat:
        terminal.ask(line, codes.COMPLETION)
    elif last is None:
        terminal.ask(line, codes.ABORTED, bytes((_NOTHING_FOUND,)))
    else:
        terminal.ask(line, codes.STATUS_INFORMATION, terminal.told(last))
        terminal.ask(line, codes.COMPLETION)


def _reverse(terminal: Terminal, line: Line, message: Apdu) -> None:
    told = read_fields(message.data[_PASSWORD_BYTES:])
    wanted = digits_of(told.first(f.RECEIPT) or b"")
    amount = told.first(f.AMOUNT)
    booked = terminal.memory.store.get(int(wanted or "0"))
    terminal.agree(line)
    if booked is None or (amount is not None and amount != bcd(booked.amount_cents, 6)):
        terminal.ask(line, codes.ABORTED, bytes((_NOT_POSSIBLE,)))
    elif booked.reversed:
        terminal.ask(line, codes.ABORTED, bytes((codes.ALREADY_REVERSED,)))
    else:
        terminal.ledger.reverse(booked.number)
        booked.reversed = True
        record = terminal.memory.record(0, booked.amount_cents, booked.trace)
        terminal.memory.keep(record)
        if terminal.script is Script.ANSWER_LOST:
            raise Gone
        terminal.ask(line, codes.STATUS_INFORMATION, terminal.told(record))
        terminal.ask(line, codes.COMPLETION)


def _end_of_day(terminal: Terminal, line: Line) -> None:
    terminal.agree(line)
    kept = [booked for booked in terminal.memory.store.values() if not booked.reversed]
    total = sum(booked.amount_cents for booked in kept)
    receipts = sorted(terminal.memory.store) or [0]
    data = bcd(receipts[0], 2) + bcd(receipts[-1], 2)
    for scheme in range(_SCHEMES):
        mine = scheme == _MAESTRO
        data += bytes((len(kept) % 256 if mine else 0,)) + bcd(total if mine else 0, 6)
    told = (Field(f.RESULT, b"\0"), Field(f.AMOUNT, bcd(total, 6)), Field(f.TOTALS, data))
    terminal.ask(line, codes.STATUS_INFORMATION, encode_fields(told))
    terminal.memory.store.clear()
    terminal.memory.last = None
    terminal.state = 0
    terminal.ask(line, codes.COMPLETION, _RESTARTING if terminal.habits.restarts_after_day else b"")


def failed(record: Record, code: int) -> Record:
    """The same transaction, refused."""
    return replace(record, result=code)
