"""How the simulated terminal plays a payment, by the name of its script.

Not for: other commands (`desk`).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.payments.zvt import codes
from drivers.payments.zvt import fields as f
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.fields import Field, read_fields
from drivers.payments.zvt.numbers import from_bcd
from drivers.payments.zvt.tlv import Tlv, encode_all
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.wording import Wording, wording
from drivers.simulated.terminal.zvt.desk import Lingering, Terminal, failed
from drivers.simulated.terminal.zvt.habits import Writes
from drivers.simulated.terminal.zvt.lines import TICK, Gone, Interrupted, Line
from drivers.simulated.terminal.zvt.memory import Record

_STEPS: dict[Script, tuple[int, ...]] = {
    Script.TALKATIVE: (0x0A, 0x68, 0x00, 0x02, 0x17, 0xD2, 0xD3, 0x04, 0x0E, 0x4B, 0x0B),
    Script.CANCEL_BY_CITIZEN: (0x0A, 0x68, 0x0D),
    Script.CARD_TIME_OUT: (0x0A,),
    Script.WAITS_FOR_CANCEL: (0x0A,),
    Script.IGNORES_CANCEL: (0x0A,),
    Script.WRONG_PIN: (0x0A, 0x02, 0x15),
    Script.RESTARTS: (0x0A, 0x0E),
}
_USUAL_STEPS = (0x0A, 0x0E)
_WRONG_PIN = 0x37
_DECLINED = 0x05
_LANGUAGE = 0x15
_GARBAGE = b"\x00\x00\x00\x3eVER|no terminal says this|"


@dataclass(frozen=True)
class Wish:
    """What the till asked for.

    Attributes:
        language: two letters; empty is the terminal's own.
    """

    amount_cents: int
    goods_seconds: int
    questions: int
    language: str = ""


def pay(terminal: Terminal, line: Line, message: Apdu) -> None:
    """06 01, by the script that is set.

    Raises:
        Gone: when the line breaks.
    """
    script = terminal.script
    line.begin(terminal.cut_at if script is Script.CUT else 0)
    told = read_fields(message.data)
    amount = from_bcd(told.first(f.AMOUNT) or b"")
    wish = Wish(
        amount if isinstance(amount, int) else 0,
        _byte(told.first(0x01), 30),
        _byte(told.first(0x02), 255),
        (told.objects.first(_LANGUAGE) or b"").decode("ascii", "replace"),
    )
    try:
        _play(terminal, line, script, wish)
    finally:
        line.end()


def _play(terminal: Terminal, line: Line, script: Script, wish: Wish) -> None:
    if terminal.state or script is Script.BUSY or not wish.amount_cents:
        line.say(codes.NEGATIVE_CLASS << 8 | (terminal.state or codes.BUSY))
        return
    if script is Script.GARBAGE:
        line.pen.write_all(_GARBAGE, 1.0)
        raise Gone
    if script is Script.DRIP:
        line.pen.writes = Writes.DRIP
    try:
        _until_outcome(terminal, line, script, wish)
    except (Gone, Interrupted):
        # The card is in: some terminals finish what the till no longer sees.
        if terminal.habits.lingers and not terminal.memory.attempt_booked:
            terminal.lingering = Lingering(wish.amount_cents, terminal.habits.lingers)
        raise


def _until_outcome(terminal: Terminal, line: Line, script: Script, wish: Wish) -> None:
    terminal.memory.attempt_booked = False
    terminal.agree(line)
    for code in _STEPS.get(script, _USUAL_STEPS):
        terminal.ask(line, codes.INTERMEDIATE, bytes((code,)) + (b"\x01" if code == 0x0A else b""))
    if script is Script.RESTARTS:
        raise Gone
    if script in (Script.WAITS_FOR_CANCEL, Script.IGNORES_CANCEL):
        _wait_for_abort(terminal, line)
    if script is Script.WRONG_PIN:
        wrong = failed(terminal.memory.record(0, wish.amount_cents), _WRONG_PIN)
        terminal.ask(line, codes.STATUS_INFORMATION, terminal.told(wrong))
        terminal.ask(line, codes.INTERMEDIATE, b"\x02")
    if script in (Script.CANCEL_BY_CITIZEN, Script.CARD_TIME_OUT, Script.WAITS_FOR_CANCEL):
        _fail(terminal, line, terminal.memory.record(0, wish.amount_cents), codes.TIME_OUT)
    elif script is Script.DECLINE:
        _fail(terminal, line, terminal.memory.record(0, wish.amount_cents), _DECLINED)
    elif script is Script.ANSWER_LOST:
        _book(terminal, terminal.memory.record(0, wish.amount_cents))
        raise Gone
    elif script is Script.LATE_ANSWER:
        _answer_late(terminal, line, wish)
    else:
        _approve(terminal, line, script, wish)


def _approve(terminal: Terminal, line: Line, script: Script, wish: Wish) -> None:
    amount = wish.amount_cents + 100 if script is Script.WRONG_AMOUNT else wish.amount_cents
    record = terminal.memory.record(0, amount)
    before = terminal.memory.last
    number = _book(terminal, record) if terminal.habits.books_at_once else 0
    questions = terminal.habits.repeats_question
    for _ in range(wish.questions + 1):
        answer = terminal.ask(line, codes.STATUS_INFORMATION, terminal.told(record), wish.goods_seconds)
        if answer is not None and terminal.habits.books_whatever:
            answer = 0
        if answer == 0 and not number:
            number = _book(terminal, record)
        if answer == 0 and questions:
            questions -= 1
        elif answer == codes.NOT_YET:
            _pause(terminal, line)
        else:
            break
    if answer == 0:
        _print(terminal, line, script, record, wording(wish.language))
        terminal.ask(line, codes.COMPLETION)
        return
    if number:
        _unbook(terminal, number, record, before)
    _fail(terminal, line, record, codes.TIME_OUT)


def _answer_late(terminal: Terminal, line: Line, wish: Wish) -> None:
    """Booked, and silent until the till breaks the line or begins with something else."""
    record, before = terminal.memory.record(0, wish.amount_cents), terminal.memory.last
    number = _book(terminal, record)
    while True:
        came = line.hear(TICK)
        if came is not None and came.code == codes.ABORT:
            terminal.answer_abort(line)
        elif came is not None:
            break
    if terminal.ask(line, codes.STATUS_INFORMATION, terminal.told(record)) != 0:
        _unbook(terminal, number, record, before)
    line.put_back(came)


def _fail(terminal: Terminal, line: Line, record: Record, code: int) -> None:
    refused = failed(record, code)
    if terminal.habits.keeps_declined:
        terminal.memory.keep(refused)
    terminal.ask(line, codes.STATUS_INFORMATION, terminal.told(refused))
    if terminal.habits.ends_failures_with_completion:
        terminal.ask(line, codes.COMPLETION)
    else:
        terminal.ask(line, codes.ABORTED, bytes((code,)))


def _book(terminal: Terminal, record: Record) -> int:
    terminal.memory.attempt_booked = True
    return terminal.book(record)


def _unbook(terminal: Terminal, number: int, record: Record, before: Record | None) -> None:
    terminal.ledger.reverse(number)
    terminal.memory.store.pop(record.receipt, None)
    terminal.memory.last = before


def _wait_for_abort(terminal: Terminal, line: Line) -> None:
    while True:
        came = line.hear(TICK)
        if came is not None:
            terminal.interrupted(line, came)
            return


def _pause(terminal: Terminal, line: Line) -> None:
    came = line.hear(terminal.habits.goods_pause)
    if came is not None:
        terminal.interrupted(line, came)


def _print(terminal: Terminal, line: Line, script: Script, record: Record, said: Wording) -> None:
    if not terminal.prints:
        return
    amount = f"EUR {record.amount_cents // 100},{record.amount_cents % 100:02}"
    lines = [said.mark, amount, said.paid]
    if script is not Script.RECEIPTS:
        terminal.ask(line, codes.PRINT_TEXT, _text(lines, 0x02, 0x01))
        return
    lines += [f"{said.line} {number}" for number in range(1, 41)]
    terminal.ask(line, codes.PRINT_TEXT, _text(lines, 0x02, 0x81))
    card = f"{said.card} 6703********1234"
    for attribute, text in ((0x40, said.copy), (0x00, amount), (0xFF, ""), (0x81, card)):
        terminal.ask(line, codes.PRINT_LINE, bytes((attribute,)) + (text.encode("cp437") if text else b"\x02"))


def _text(lines: list[str], kind: int, info: int) -> bytes:
    items = [Tlv(0x09, b"\x40"), Tlv(0x07, lines[0].encode("cp437")), Tlv(0x09, b"\0")]
    items += [Tlv(0x07, line.encode("cp437")) for line in lines[1:]]
    items.append(Tlv(0x09, b"\x81"))
    objects = (Tlv(0x1F07, bytes((kind,))), Tlv(0x1F37, bytes((info,))), Tlv(0x25, encode_all(items)))
    return Field(f.CONTAINER, encode_all(objects)).encode()


def _byte(value: bytes | None, otherwise: int) -> int:
    return value[0] if value else otherwise
