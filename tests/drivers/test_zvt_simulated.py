"""Every script of the simulated terminal over real sockets; its ledger is the judge of the driver's evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import Health, Reason
from drivers.payment_contract import (
    Approved,
    Cancelled,
    CancelledBy,
    DayEnded,
    Declined,
    Ids,
    Inconclusive,
    NotCharged,
    NotReversed,
    NotSent,
    PaymentEvidence,
    Reversed,
    Step,
    Total,
)
from drivers.payments.zvt import codes
from drivers.payments.zvt.apdu import Apdu, take
from drivers.payments.zvt.driver import ZvtTerminal
from drivers.payments.zvt.link import LineFault, StreamLink
from drivers.payments.zvt.profile import ZvtProfile
from drivers.printers.transport import LinkFault
from drivers.simulated.terminal.outcomes import asked, told
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits, Writes
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from tests.drivers.rigs import VirtualClock
from tests.drivers.zvt_bench import (
    APPROVAL,
    BRISK,
    IMPATIENT,
    NOW,
    OK,
    ORDER,
    QUICK,
    NotingJournal,
    Steps,
    charged,
    driver_for,
    judged,
    order_faults,
    ready_then,
    warm_up,
)

GOES = {**told("zvt"), Script.GOODS_REFUSED: Approved}
"""Without the handshake; with it, GOODS_REFUSED is played in test_zvt_goods."""
AFTER = {script: kind for script, kind in asked("zvt").items() if GOES[script] is Inconclusive}
"""What the enquiry then proves."""


def played(
    simulated: SimulatedZvtTerminal,
    journal: NotingJournal,
    script: Script,
    timing_of: dict[Script, float] | None = None,
) -> tuple[ZvtTerminal, PaymentEvidence]:
    simulated.script, simulated.cut_at = script, 6
    timing = IMPATIENT if script is Script.LATE_ANSWER else QUICK
    if script is Script.SILENT:
        timing = replace(QUICK, answer=0.3)
    driver = driver_for(simulated, journal, timing)
    cancels = script in (Script.WAITS_FOR_CANCEL, Script.IGNORES_CANCEL)
    return driver, driver.pay(ORDER, journal, Steps(driver.ask_to_cancel if cancels else lambda: None))


def test_every_script_is_played() -> None:
    assert set(GOES) == set(Script)


@pytest.mark.parametrize("habits", [BRISK, replace(BRISK, books_at_once=True, ends_failures_with_completion=True)])
@pytest.mark.parametrize("script", Script)
def test_evidence_agrees_with_the_ledger_and_so_does_the_enquiry_after_it(script: Script, habits: Habits) -> None:
    with SimulatedZvtTerminal(habits=habits) as simulated:
        warm_up(simulated)
        journal = NotingJournal()
        driver, evidence = played(simulated, journal, script)
        assert type(evidence) is GOES[script]
        assert judged(evidence, simulated.ledger)
        assert order_faults(journal.log) == []
        simulated.script = Script.APPROVE
        if isinstance(evidence, NotSent):
            assert not any(noted.what.startswith("sending") for noted in journal.log)
            driver.close()
            return
        later = driver.enquire(journal.remembered(), journal)
        driver.close()
        assert judged(later, simulated.ledger)
        assert not isinstance(later, Inconclusive)
        assert type(later) is AFTER.get(script, Approved if charged(simulated.ledger) else NotCharged)
        assert len(simulated.ledger.bookings) <= 2
        assert order_faults(journal.log) == []


@pytest.mark.parametrize("writes", Writes)
@pytest.mark.parametrize(
    "script", [Script.APPROVE, Script.DECLINE, Script.TALKATIVE, Script.RECEIPTS, Script.WRONG_PIN]
)
def test_split_and_glued_messages_change_nothing(script: Script, writes: Writes) -> None:
    with SimulatedZvtTerminal(habits=BRISK, writes=writes, script=script) as simulated:
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        evidence = driver.pay(ORDER, journal, Steps())
        driver.close()
        assert type(evidence) is GOES[script]
        assert judged(evidence, simulated.ledger)


@pytest.mark.parametrize(
    "habits",
    [
        replace(BRISK, sloppy_status=True),
        replace(BRISK, says_version=True),
        replace(BRISK, chatty_registration=True),
        replace(BRISK, positive_as_84=True),
        replace(BRISK, adds_unknown=True),
        replace(BRISK, repeats_question=3),
        replace(BRISK, keeps_declined=True),
        replace(BRISK, knows_no_abort=True),
    ],
)
@pytest.mark.parametrize("script", [Script.APPROVE, Script.DECLINE, Script.WAITS_FOR_CANCEL])
def test_habits_of_terminals_change_nothing(script: Script, habits: Habits) -> None:
    with SimulatedZvtTerminal(habits=habits) as simulated:
        warm_up(simulated)
        journal = NotingJournal()
        driver, evidence = played(simulated, journal, script)
        later = driver.enquire(journal.remembered(), journal)
        driver.close()
        assert type(evidence) is GOES[script]
        assert judged(evidence, simulated.ledger)
        assert judged(later, simulated.ledger)
        assert not isinstance(later, Inconclusive)


def test_a_declined_payment_that_the_terminal_kept_is_found_declined() -> None:
    with SimulatedZvtTerminal(habits=replace(BRISK, keeps_declined=True)) as simulated:
        warm_up(simulated)
        journal = NotingJournal()
        driver, _ = played(simulated, journal, Script.DECLINE)
        assert driver.enquire(journal.remembered(), journal) == Declined("05")
        driver.close()


def test_every_step_is_told() -> None:
    with SimulatedZvtTerminal(habits=BRISK, script=Script.TALKATIVE) as simulated:
        steps = Steps()
        driver = driver_for(simulated)
        driver.pay(ORDER, NotingJournal(), steps)
        simulated.script = Script.WRONG_PIN
        driver.pay(ORDER, NotingJournal(), steps)
        driver.close()
        assert set(steps.seen) == set(Step)


def test_long_receipts_arrive_whole() -> None:
    with SimulatedZvtTerminal(habits=BRISK, script=Script.RECEIPTS) as simulated:
        driver = driver_for(simulated)
        evidence = driver.pay(ORDER, NotingJournal(), Steps())
        driver.close()
    assert isinstance(evidence, Approved)
    citizen, other = evidence.receipts
    assert citizen.must_print
    assert citizen.lines[-1] == "Regel 40"
    assert other.lines == ("KOPIE GEMEENTE", "EUR 12,50", "", "", "Kaart 6703********1234")


def test_a_column_that_formats_receipts_itself_gets_none() -> None:
    with SimulatedZvtTerminal(habits=BRISK, script=Script.RECEIPTS) as simulated:
        driver = driver_for(simulated, profile=ZvtProfile(prints_receipts=False))
        evidence = driver.pay(ORDER, NotingJournal(), Steps())
        driver.close()
    assert isinstance(evidence, Approved)
    assert evidence.receipts == ()


@pytest.mark.parametrize(
    ("script", "by"),
    [
        (Script.CANCEL_BY_CITIZEN, CancelledBy.CITIZEN),
        (Script.CARD_TIME_OUT, CancelledBy.TIME_OUT),
        (Script.WAITS_FOR_CANCEL, CancelledBy.KIOSK),
    ],
)
def test_who_cancelled(script: Script, by: CancelledBy) -> None:
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        driver, evidence = played(simulated, NotingJournal(), script)
        driver.close()
        assert evidence == Cancelled(by)


def test_a_payment_is_undone_once() -> None:
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        paid = driver.pay(ORDER, journal, Steps())
        assert isinstance(paid, Approved)
        attempt = journal.remembered(ids=paid.ids)
        undoing = NotingJournal()
        assert isinstance(driver.reverse(attempt, undoing), Reversed)
        assert not charged(simulated.ledger)
        assert isinstance(driver.reverse(attempt, NotingJournal()), Reversed)  # B4: it was undone already
        assert isinstance(driver.enquire(attempt, journal), NotCharged)
        assert isinstance(driver.reverse(journal.remembered(ids=Ids(receipt="7777")), journal), NotReversed)
        driver.close()
        assert [noted.what for noted in undoing.log if noted.what != "evidence"] == ["sending reversal", "acknowledged"]


def test_an_undoing_whose_answer_was_lost_is_found_by_the_enquiry() -> None:
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        paid = driver.pay(ORDER, journal, Steps())
        assert isinstance(paid, Approved)
        simulated.script = Script.ANSWER_LOST
        attempt = journal.remembered(ids=paid.ids)
        assert isinstance(driver.reverse(attempt, NotingJournal()), Inconclusive)
        assert isinstance(driver.enquire(attempt, journal), NotCharged)
        driver.close()


@pytest.mark.parametrize("restarts", [False, True])
def test_the_end_of_day_tells_totals_and_empties_the_store(restarts: bool) -> None:
    with SimulatedZvtTerminal(habits=replace(BRISK, restarts_after_day=restarts)) as simulated:
        warm_up(simulated)
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        paid = driver.pay(ORDER, journal, Steps())
        assert isinstance(paid, Approved)
        simulated.state = 0xF0
        assert driver.status().reason is Reason.OFFLINE
        assert isinstance(driver.pay(ORDER, NotingJournal(), Steps()), NotSent)
        day = NotingJournal()
        assert driver.end_of_day(day) == DayEnded((Total("Mastercard", 2, 1950),))
        assert order_faults(day.log) == []
        assert driver.status().health is Health.READY
        assert isinstance(driver.reverse(journal.remembered(ids=paid.ids), NotingJournal()), NotReversed)
        driver.close()


@pytest.mark.parametrize("state", [0x51, 0x9C, 0xB1, 0xDC, 0xE4])
def test_a_terminal_that_is_not_ready_gets_no_command(state: int) -> None:
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        simulated.state = state
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        assert isinstance(driver.pay(ORDER, journal, Steps()), NotSent)
        driver.close()
        assert not any(noted.what == "0601" for noted in journal.log)


def test_memory_is_kept_over_a_restart() -> None:
    simulated = SimulatedZvtTerminal(habits=BRISK).start()
    warm_up(simulated)
    port = simulated.port
    journal = NotingJournal()
    driver, evidence = played(simulated, journal, Script.ANSWER_LOST)
    assert isinstance(evidence, Inconclusive)
    simulated.stop()
    assert isinstance(driver.enquire(journal.remembered(), journal), Inconclusive)
    assert driver.status().reason is Reason.UNREACHABLE
    simulated.start()
    assert simulated.port == port
    assert isinstance(driver.enquire(journal.remembered(), journal), Approved)
    driver.close()
    simulated.stop()


def test_a_wrong_password_is_no_registration() -> None:
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        driver = ZvtTerminal(driver_for(simulated)._connect, "999999", timing=QUICK)
        assert driver.status().reason is Reason.OFFLINE
        driver.close()


class CutStream:
    """A terminal's answers in pieces of given sizes, in virtual time; implements `Transport`."""

    bytes_per_second = 1e5

    def __init__(self, sizes: list[int], clock: VirtualClock) -> None:
        self.sizes, self.clock, self.turn = sizes, clock, 0
        self.paid = 0
        self.ours, self.theirs = bytearray(), bytearray()
        self.answer = ready_then(self.play)

    def play(self, message: Apdu) -> tuple[Apdu, ...] | None:
        if message.code != codes.AUTHORISE:
            return None
        self.paid += 1
        long = Apdu(codes.PRINT_LINE, b"\x81" + b"x" * 300)
        approved = Apdu(codes.STATUS_INFORMATION, APPROVAL)
        return (OK, Apdu(codes.INTERMEDIATE, b"\x0a\x01"), approved, long, Apdu(codes.COMPLETION))

    def write_all(self, data: bytes, seconds: float) -> LinkFault | None:
        self.ours += data
        while (message := take(self.ours)) is not None:
            for reply in self.answer(message):
                assert isinstance(reply, Apdu)
                self.theirs += reply.encode()
        return None

    def read(self, seconds: float) -> bytes | LinkFault:
        if not self.theirs:
            self.clock.now += seconds or 0.001
            return b""
        size = self.sizes[self.turn % len(self.sizes)]
        self.turn += 1
        data = bytes(self.theirs[:size])
        del self.theirs[:size]
        return data

    def close(self) -> None:
        self.theirs.clear()


def pay_in_pieces(sizes: list[int]) -> PaymentEvidence:
    clock = VirtualClock()
    link = StreamLink(CutStream(sizes, clock), clock)
    return ZvtTerminal(lambda: link, clock=clock, now=lambda: NOW).pay(ORDER, NotingJournal(), Steps())


@pytest.mark.parametrize("first", range(1, 120))
def test_a_break_at_every_byte(first: int) -> None:
    assert isinstance(pay_in_pieces([first, 10_000]), Approved)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_any_pieces(sizes: list[int]) -> None:
    assert isinstance(pay_in_pieces(sizes), Approved)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_before_the_first_answer_are_no_evidence(junk: bytes) -> None:
    clock = VirtualClock()
    stream = CutStream([7], clock)
    stream.answer = ready_then(stream.play)
    link = StreamLink(stream, clock)
    stream.theirs += junk
    evidence = ZvtTerminal(lambda: link, clock=clock, now=lambda: NOW).pay(ORDER, NotingJournal(), Steps())
    # The junk stands before the registration: it is passed over, or the terminal is not used.
    assert isinstance(evidence, NotSent | Approved)
    assert isinstance(evidence, Approved) == (stream.paid == 1)


def test_a_greeting_of_another_protocol_is_told_at_once() -> None:
    clock = VirtualClock()
    stream = CutStream([100], clock)
    stream.theirs += b'\x00\x00\x00\x3e"VER|'
    began = clock.now
    assert StreamLink(stream, clock).receive(5.0) is LineFault.GARBLED
    assert clock.now == began
