"""The serial line: frames, confirmations, repeats, and a whole payment over a pseudo-terminal."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.payment_contract import Approved, Cancelled, CancelledBy, Inconclusive, NotCharged, NotSent
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.link import LineFault
from drivers.payments.zvt.serial_frames import Signal, Unframer, crc, frame
from drivers.payments.zvt.serial_link import FrameTiming, SerialLink
from drivers.printers.transport import LinkFault
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits, Writes
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from tests.drivers.rigs import VirtualClock
from tests.drivers.zvt_bench import (
    BRISK,
    IMPATIENT,
    ORDER,
    NotingJournal,
    Steps,
    charged,
    driver_for,
    judged,
    order_faults,
    warm_up,
)

VECTORS = [
    ("80 00 00", "10 02 80 00 00 10 03 F5 1F"),
    ("06 0F 00", "10 02 06 0F 00 10 03 C6 33"),
    ("05 01 05 00 00 00 03 02", "10 02 05 01 05 00 00 00 03 02 10 03 4B ED"),
    (
        "06 01 10 04 00 00 00 00 12 50 49 09 78 19 40 01 3C 02 05",
        "10 02 06 01 10 10 04 00 00 00 00 12 50 49 09 78 19 40 01 3C 02 05 10 03 B0 01",
    ),
]
ACK, NAK = b"\x06", b"\x15"
PROGRESS = Apdu(0x04FF, b"\x0e")
OK = Apdu(0x8000)


def test_the_check_value_of_the_checksum() -> None:
    assert crc(b"123456789") == 0x2189


@pytest.mark.parametrize(("message", "line"), VECTORS)
def test_frames_are_the_bytes_of_the_reference(message: str, line: str) -> None:
    assert frame(bytes.fromhex(message)) == bytes.fromhex(line)
    assert Unframer().feed(bytes.fromhex(line)) == [bytes.fromhex(message)]


@settings(deadline=None)
@given(st.binary(max_size=300), st.data())
def test_frames_survive_any_cutting(message: bytes, data: st.DataObject) -> None:
    line, unframer, found = frame(message), Unframer(), []
    while line:
        size = data.draw(st.integers(1, len(line)))
        found += unframer.feed(line[:size])
        line = line[size:]
    assert found == [message]
    assert not unframer.inside


@pytest.mark.parametrize("place", range(12))
def test_a_ten_in_every_position(place: int) -> None:
    message = bytearray(b"\x06\x01\x09" + b"\x01" * 9)
    message[place] = 0x10
    line = frame(bytes(message))
    assert len(line) == len(message) + 7
    assert Unframer().feed(line) == [bytes(message)]
    assert Unframer().feed(frame(b"\x10" * 12)) == [b"\x10" * 12]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_leave_the_line_usable(junk: bytes) -> None:
    unframer = Unframer()
    unframer.feed(junk)
    unframer.reset()
    assert unframer.feed(frame(b"\x80\x00\x00")) == [b"\x80\x00\x00"]


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=40), st.data())
def test_one_wrong_byte_is_never_taken_for_another_message(message: bytes, data: st.DataObject) -> None:
    line = bytearray(frame(message))
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] ^= data.draw(st.integers(1, 255))
    assert all(thing == message or isinstance(thing, Signal) for thing in Unframer().feed(bytes(line)))


def test_a_frame_that_begins_anew_and_one_that_is_broken() -> None:
    whole = frame(b"\x80\x00\x00")
    assert Unframer().feed(b"\x10\x02\x06\x0f" + whole) == [b"\x80\x00\x00"]
    assert Unframer().feed(b"\x10\x02\x06\x10\x07" + whole) == [Signal.BROKEN, b"\x80\x00\x00"]
    assert Unframer().feed(b"\x06\x15\x42") == [Signal.ACK, Signal.NAK]
    assert Unframer().feed(b"\x10\x02" + b"x" * 70000)[0] is Signal.BROKEN


@dataclass
class VirtualLine:
    """The other end of a serial line in virtual time; implements `Transport`.

    Attributes:
        answer: gets the number of each write and its bytes, and gives what comes back.
    """

    answer: Callable[[int, bytes], bytes]
    clock: VirtualClock = field(default_factory=VirtualClock)
    written: list[bytes] = field(default_factory=list)
    waiting: deque[bytes] = field(default_factory=deque)
    bytes_per_second: float = 960.0
    closed: bool = False

    def write_all(self, data: bytes, seconds: float) -> LinkFault | None:
        self.written.append(data)
        back = self.answer(len(self.written), data)
        if back:
            self.waiting.append(back)
        return None

    def read(self, seconds: float) -> bytes | LinkFault:
        if self.waiting:
            return self.waiting.popleft()
        if self.closed:
            return LinkFault.CLOSED
        self.clock.now += seconds or 0.001
        return b""

    def close(self) -> None:
        self.closed = True

    def link(self) -> SerialLink:
        return SerialLink(self, FrameTiming(), self.clock)


def silent(number: int, data: bytes) -> bytes:
    return b""


def test_a_confirmed_frame_is_sent_once() -> None:
    line = VirtualLine(lambda _, __: ACK)
    assert line.link().send(OK) is None
    assert line.written == [frame(b"\x80\x00\x00")]


@pytest.mark.parametrize("first", [NAK, b""])
def test_a_frame_that_was_refused_or_lost_is_repeated(first: bytes) -> None:
    line = VirtualLine(lambda number, _: first if number == 1 else ACK)
    assert line.link().send(OK) is None
    assert line.written == [frame(b"\x80\x00\x00")] * 2


@pytest.mark.parametrize("always", [NAK, b""])
def test_after_two_repeats_the_line_counts_as_broken(always: bytes) -> None:
    line = VirtualLine(lambda _, __: always)
    began = line.clock.now
    assert line.link().send(OK) is LineFault.NOT_CONFIRMED
    assert len(line.written) == 3
    assert line.clock.now - began == pytest.approx(0 if always else 15, abs=0.1)


def test_what_comes_is_confirmed_before_anybody_reads_it() -> None:
    line = VirtualLine(silent)
    line.waiting.append(frame(PROGRESS.encode()))
    assert line.link().receive(1.0) == PROGRESS
    assert line.written == [ACK]


def test_a_frame_with_a_wrong_checksum_is_refused_and_then_taken() -> None:
    whole = frame(PROGRESS.encode())
    line = VirtualLine(lambda _, data: whole if data == NAK else b"")
    line.waiting.append(whole[:-1] + bytes((whole[-1] ^ 1,)))
    assert line.link().receive(1.0) == PROGRESS
    assert line.written == [NAK, ACK]


def test_a_frame_that_stops_in_the_middle_is_refused_after_the_gap() -> None:
    whole = frame(PROGRESS.encode())
    line = VirtualLine(lambda _, data: whole if data == NAK else b"")
    line.waiting.append(whole[:5])
    began = line.clock.now
    assert line.link().receive(3.0) == PROGRESS
    assert line.clock.now - began == pytest.approx(0.2, abs=0.05)


def test_waiting_for_less_than_the_gap_leaves_a_frame_alone() -> None:
    whole = frame(PROGRESS.encode())
    line = VirtualLine(silent)
    link = line.link()
    line.waiting.append(whole[:5])
    assert [link.receive(0.05) for _ in range(3)] == [None] * 3
    line.waiting.append(whole[5:])
    assert link.receive(0.05) == PROGRESS
    assert line.written == [ACK]


def test_a_frame_repeated_because_our_confirmation_was_lost_counts_once() -> None:
    whole = frame(PROGRESS.encode())
    line = VirtualLine(silent)
    line.waiting.extend([whole, whole])
    link = line.link()
    assert link.receive(1.0) == PROGRESS
    assert link.receive(1.0) is None
    assert line.written == [ACK, ACK]


def test_the_same_message_after_our_answer_is_a_new_one() -> None:
    whole = frame(PROGRESS.encode())
    line = VirtualLine(lambda _, data: ACK + whole if data == frame(OK.encode()) else b"")
    line.waiting.append(whole)
    link = line.link()
    assert link.receive(1.0) == PROGRESS
    assert link.send(OK) is None
    assert link.receive(1.0) == PROGRESS


def test_a_repeated_frame_instead_of_a_confirmation_is_confirmed_again_and_ours_repeated() -> None:
    whole = frame(PROGRESS.encode())
    ours = frame(OK.encode())
    line = VirtualLine(lambda number, _: {2: whole, 4: ACK}.get(number, b""))
    line.waiting.append(whole)
    link = line.link()
    assert link.receive(1.0) == PROGRESS
    assert link.send(OK) is None
    assert line.written == [ACK, ours, ACK, ours]
    assert link.receive(1.0) is None


def test_an_intact_frame_that_holds_no_message_breaks_the_line() -> None:
    line = VirtualLine(silent)
    line.waiting.append(frame(b"\x04\xff\x05\x0e"))
    assert line.link().receive(1.0) is LineFault.GARBLED


def test_a_pulled_plug_is_a_value() -> None:
    line = VirtualLine(silent, closed=True)
    assert line.link().receive(1.0) is LineFault.CLOSED
    assert line.link().send(OK) is LineFault.CLOSED


@pytest.mark.parametrize("writes", Writes)
def test_a_payment_over_a_pseudo_terminal(tmp_path: Path, writes: Writes) -> None:
    with SimulatedZvtTerminal(path=tmp_path / "tty", habits=BRISK, writes=writes) as simulated:
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        assert isinstance(driver.pay(ORDER, journal, Steps()), Approved)
        driver.close()
        assert charged(simulated.ledger)
        assert order_faults(journal.log) == []


@pytest.mark.parametrize("script", [Script.DECLINE, Script.TALKATIVE, Script.RECEIPTS, Script.WRONG_PIN])
def test_scripts_over_a_pseudo_terminal(tmp_path: Path, script: Script) -> None:
    with SimulatedZvtTerminal(path=tmp_path / "tty", habits=BRISK, script=script) as simulated:
        driver = driver_for(simulated)
        evidence = driver.pay(ORDER, NotingJournal(), Steps())
        driver.close()
        assert not isinstance(evidence, Inconclusive | NotSent)
        assert judged(evidence, simulated.ledger)


def test_cancelling_over_a_pseudo_terminal(tmp_path: Path) -> None:
    with SimulatedZvtTerminal(path=tmp_path / "tty", habits=BRISK, script=Script.WAITS_FOR_CANCEL) as simulated:
        driver = driver_for(simulated)
        evidence = driver.pay(ORDER, NotingJournal(), Steps(driver.ask_to_cancel))
        driver.close()
        assert evidence == Cancelled(CancelledBy.KIOSK)
        assert not charged(simulated.ledger)


def test_an_approval_that_comes_after_we_gave_up_is_refused_and_undone(tmp_path: Path) -> None:
    with SimulatedZvtTerminal(path=tmp_path / "tty", habits=BRISK) as simulated:
        warm_up(simulated)
        simulated.script = Script.LATE_ANSWER
        journal = NotingJournal()
        driver = driver_for(simulated, journal, IMPATIENT)
        assert isinstance(driver.pay(ORDER, journal, Steps()), Inconclusive)
        assert charged(simulated.ledger)
        evidence = driver.enquire(journal.remembered(), journal)
        driver.close()
        assert isinstance(evidence, NotCharged)
        assert not charged(simulated.ledger)
        assert ("sent", "84CC") in [(noted.who, noted.what) for noted in journal.log]


def test_a_terminal_that_was_unplugged_is_not_there(tmp_path: Path) -> None:
    simulated = SimulatedZvtTerminal(path=tmp_path / "tty", habits=Habits())
    simulated.stop()
    driver = driver_for(simulated)
    assert isinstance(driver.pay(ORDER, NotingJournal(), Steps()), NotSent)
    simulated.start()
    assert driver.status().usable
    driver.close()
    simulated.stop()
