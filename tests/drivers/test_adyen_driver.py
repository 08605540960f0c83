"""The real driver over real TLS to the simulated terminal: every script and every cut, with its ledger as the judge."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contract import Health, Reason
from drivers.payment_contract import (
    Approved,
    DayEnded,
    Inconclusive,
    NotCharged,
    NotReversed,
    NotSent,
    PaymentEvidence,
    Reversed,
    Step,
)
from drivers.payments.adyen.attempt import Timing
from drivers.payments.adyen.display import Listener
from drivers.payments.adyen.driver import AdyenTerminal
from drivers.payments.adyen.opening import open_adyen
from drivers.simulated.terminal.adyen.oddities import ODDITIES, CutPoint, Oddity
from drivers.simulated.terminal.adyen.terminal import SimulatedAdyenTerminal
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.outcomes import asked, told
from drivers.simulated.terminal.scripts import Script
from tests.drivers.adyen_bench import IMPATIENT, ORDER, QUICK, SOON, Notes, opened, quiet

CANCELLED = (Script.WAITS_FOR_CANCEL, Script.IGNORES_CANCEL)
SPOILING = (
    Oddity.OUTER_ONLY,
    Oddity.BAD_HMAC,
    Oddity.UNKNOWN_KEY_VERSION,
    Oddity.HEADER_MISMATCH,
    Oddity.OTHER_SERVICE_ID,
    Oddity.REJECT,
    Oddity.IN_CLEAR,
    Oddity.SERVER_ERROR,
    Oddity.REDIRECT,
    Oddity.EMPTY,
    Oddity.ENDLESS,
)


@pytest.fixture
def terminal() -> Iterator[SimulatedAdyenTerminal]:
    with SimulatedAdyenTerminal() as simulated:
        yield simulated


def judged(evidence: PaymentEvidence, ledger: Ledger) -> bool:
    """Whether the ledger agrees; true also where nothing is claimed."""
    if isinstance(evidence, Approved):
        return ledger.balance_cents == evidence.amount_cents == ORDER.amount_cents
    return isinstance(evidence, Inconclusive) or not ledger.bookings


def once_open(terminal: SimulatedAdyenTerminal, act: Callable[[], None]) -> None:
    """For a thread of its own: act as soon as the terminal waits for a card."""
    assert terminal.machine.wait_until_running()
    act()


def timing_for(script: Script) -> Timing:
    return {Script.SILENT: IMPATIENT, Script.DRIP: replace(SOON, longest=20.0), Script.LATE_ANSWER: SOON}.get(
        script, QUICK
    )


EXPECTED = {script: (kind, asked("adyen")[script]) for script, kind in told("adyen").items()}


@pytest.mark.parametrize("script", list(Script))
def test_every_script_and_what_an_enquiry_finds_after_it(
    terminal: SimulatedAdyenTerminal, tmp_path: Path, script: Script
) -> None:
    terminal.script = script
    driver, notes = opened(terminal, tmp_path, timing_for(script)), Notes()
    canceller = threading.Thread(target=once_open, args=(terminal, driver.ask_to_cancel))
    if script in CANCELLED:
        canceller.start()
    evidence = driver.pay(ORDER, notes, quiet)
    if script in CANCELLED:
        canceller.join()
    after = driver.enquire(notes.remembered(), notes)
    assert (type(evidence), type(after)) == EXPECTED[script]
    assert judged(evidence, terminal.ledger)
    assert judged(after, terminal.ledger)
    assert len(terminal.ledger.bookings) <= 1
    assert notes.lines.count(("sending", "payment")) == 1
    assert [kind for kind, *_ in notes.lines][:2] == ["sending", "acknowledged"]
    assert notes.evidences[0][0] == evidence
    driver.close()


def test_a_late_answer_is_found_when_it_is_there(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    terminal.script = Script.LATE_ANSWER
    driver, notes = opened(terminal, tmp_path, SOON), Notes()
    assert isinstance(driver.pay(ORDER, notes, quiet), Inconclusive)
    assert driver.enquire(notes.remembered(), notes) == Inconclusive("InProgress: the terminal is still deciding")
    terminal.machine.stop()  # ends what it waits for: the answer is there
    patient = opened(terminal, tmp_path, QUICK)
    found = patient.enquire(notes.remembered(), notes)
    while found == Inconclusive("InProgress: the terminal is still deciding"):
        found = patient.enquire(notes.remembered(), notes)
    assert isinstance(found, Approved)
    assert terminal.ledger.balance_cents == ORDER.amount_cents


@pytest.mark.parametrize("point", list(CutPoint))
def test_a_line_that_breaks_at_any_point(terminal: SimulatedAdyenTerminal, tmp_path: Path, point: CutPoint) -> None:
    terminal.script, terminal.cut_at = Script.CUT, point
    driver, notes = opened(terminal, tmp_path), Notes()
    evidence = driver.pay(ORDER, notes, quiet)
    assert isinstance(evidence, NotSent if point is CutPoint.BEFORE_HANDSHAKE else Inconclusive)
    assert judged(evidence, terminal.ledger)
    terminal.script = Script.APPROVE
    after = driver.enquire(notes.remembered(), notes)
    assert isinstance(after, Approved if point >= CutPoint.AFTER_BOOKING else NotCharged)
    assert judged(after, terminal.ledger)
    assert ("acknowledged",) in notes.lines or point <= CutPoint.MID_REQUEST


@pytest.mark.parametrize("point", [point for point in CutPoint if point > CutPoint.BEFORE_HANDSHAKE])
def test_a_reversal_whose_line_breaks_is_asked_about_and_never_sent_again(
    terminal: SimulatedAdyenTerminal, tmp_path: Path, point: CutPoint
) -> None:
    driver, notes = opened(terminal, tmp_path), Notes()
    assert isinstance(driver.pay(ORDER, notes, quiet), Approved)
    terminal.script, terminal.cut_at = Script.CUT, point
    assert isinstance(driver.reverse(notes.remembered(), notes), Inconclusive)
    terminal.script = Script.APPROVE
    without = notes.remembered()
    without = type(without)(without.order, {"serviceId": without.protocol["serviceId"]}, ids=without.ids)
    assert isinstance(driver.reverse(without, notes), Inconclusive), "the driver itself remembers too"
    after = driver.reverse(notes.remembered(), notes)
    assert isinstance(after, Reversed if point >= CutPoint.AFTER_BOOKING else NotReversed)
    assert terminal.ledger.balance_cents == (0 if isinstance(after, Reversed) else ORDER.amount_cents)
    assert notes.lines.count(("sending", "reversal")) == 1


def test_a_payment_is_undone_with_the_terminals_own_id_and_time(
    terminal: SimulatedAdyenTerminal, tmp_path: Path
) -> None:
    driver, notes = opened(terminal, tmp_path), Notes()
    paid = driver.pay(ORDER, notes, quiet)
    assert isinstance(paid, Approved)
    assert (paid.ids.receipt, paid.ids.reference) == ("kB4a000000001", "TEST000000000001")
    assert isinstance(driver.reverse(notes.remembered(), notes), Reversed)
    assert terminal.ledger.balance_cents == 0
    other = Notes()
    again = driver.reverse(notes.remembered(), other)
    assert isinstance(again, Reversed), "asked about, not sent"
    assert ("sending", "reversal") not in other.lines


def test_without_ids_nothing_is_undone(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    driver, notes = opened(terminal, tmp_path), Notes()
    assert isinstance(driver.reverse(notes.remembered(), notes), NotSent)
    assert notes.lines == []


@pytest.mark.parametrize("oddity", SPOILING)
def test_a_spoilt_answer_proves_nothing(terminal: SimulatedAdyenTerminal, tmp_path: Path, oddity: Oddity) -> None:
    terminal.oddity = oddity
    driver, notes = opened(terminal, tmp_path), Notes()
    evidence = driver.pay(ORDER, notes, quiet)
    if oddity is not Oddity.OUTER_ONLY:
        assert isinstance(evidence, Inconclusive)
    assert isinstance(driver.enquire(notes.remembered(), notes), Inconclusive)
    terminal.oddity = None
    after = driver.enquire(notes.remembered(), notes)
    assert isinstance(after, NotCharged if oddity is Oddity.REJECT else Approved)
    assert judged(after, terminal.ledger)


@pytest.mark.parametrize("oddity", [Oddity.CHUNKED, Oddity.BASE64_ADDITIONAL])
def test_an_odd_answer_that_is_right(terminal: SimulatedAdyenTerminal, tmp_path: Path, oddity: Oddity) -> None:
    terminal.oddity = oddity
    driver, notes = opened(terminal, tmp_path), Notes()
    assert isinstance(driver.pay(ORDER, notes, quiet), Approved)
    assert isinstance(driver.enquire(notes.remembered(), notes), Approved)


def test_in_progress_and_then_paid(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    terminal.oddity = Oddity.IN_PROGRESS
    driver, notes = opened(terminal, tmp_path), Notes()
    assert isinstance(driver.pay(ORDER, notes, quiet), Inconclusive)
    assert isinstance(driver.enquire(notes.remembered(), notes), Inconclusive)
    assert isinstance(driver.enquire(notes.remembered(), notes), Approved)


def test_every_oddity_is_described_and_played_here() -> None:
    played = {*SPOILING, Oddity.CHUNKED, Oddity.BASE64_ADDITIONAL, Oddity.IN_PROGRESS}
    assert {oddity.value for oddity in played} == set(ODDITIES) == {oddity.value for oddity in Oddity}


@pytest.mark.parametrize(
    ("script", "reason"),
    [(Script.BUSY, Reason.OFFLINE), (Script.SILENT, Reason.SILENT), (Script.GARBAGE, Reason.GARBLED)],
)
def test_a_terminal_that_cannot_is_not_sent_a_payment(
    terminal: SimulatedAdyenTerminal, tmp_path: Path, script: Script, reason: Reason
) -> None:
    terminal.script = script
    driver, notes = opened(terminal, tmp_path, timing_for(script), look_first=True), Notes()
    evidence = driver.pay(ORDER, notes, quiet)
    assert isinstance(evidence, NotSent)
    assert evidence.reason is reason
    assert notes.lines == []
    assert terminal.ledger.bookings == ()


def test_receipts_come_with_the_evidence(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    terminal.script = Script.RECEIPTS
    paid = opened(terminal, tmp_path).pay(ORDER, Notes(), quiet)
    assert isinstance(paid, Approved)
    citizen, municipality = paid.receipts
    assert (citizen.for_citizen, citizen.must_print, municipality.for_citizen) == (True, False, False)
    assert municipality.must_print
    assert len(citizen.lines) == 67
    assert "TOTAAL                 EUR 12.50" in citizen.lines
    assert not [line for line in citizen.lines if "670300" in line]


@pytest.mark.parametrize("script", [Script.TALKATIVE, Script.WRONG_PIN])
def test_the_steps_on_the_screen_are_told(terminal: SimulatedAdyenTerminal, tmp_path: Path, script: Script) -> None:
    address = replace(terminal.address(tmp_path), listen=0)
    driver = open_adyen(address, timing=QUICK)
    assert isinstance(driver, AdyenTerminal)
    news = driver.news
    assert isinstance(news, Listener)
    terminal.display_url = f"http://127.0.0.1:{news.port}/"
    terminal.script = script
    steps: list[Step] = []
    assert isinstance(driver.pay(ORDER, Notes(), lambda step, _text="": steps.append(step)), Approved)
    driver.close()
    driver.close()
    assert steps[0] is Step.WAITING_FOR_CARD
    assert Step.CARD_SEEN in steps
    assert (Step.PIN_WRONG in steps) == (script is Script.WRONG_PIN)


def test_a_cancel_while_nothing_is_open_does_not_touch_the_next_payment(
    terminal: SimulatedAdyenTerminal, tmp_path: Path
) -> None:
    driver, notes = opened(terminal, tmp_path), Notes()
    driver.ask_to_cancel()
    assert isinstance(driver.pay(ORDER, notes, quiet), Approved)
    assert ("sending", "abort") not in notes.lines


def test_closing_ends_the_wait_and_claims_nothing(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    terminal.script = Script.WAITS_FOR_CANCEL
    driver, notes = opened(terminal, tmp_path), Notes()
    closer = threading.Thread(target=once_open, args=(terminal, driver.close))
    closer.start()
    evidence = driver.pay(ORDER, notes, quiet)
    closer.join()
    assert evidence == Inconclusive("the driver was closed while the terminal was deciding")


def test_its_state_is_asked_without_a_transaction(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    driver = opened(terminal, tmp_path)
    assert (driver.status().health, driver.status().raw) == (Health.READY, "Success OK 1 of 1 banks")
    terminal.script = Script.BUSY
    assert driver.status().health is Health.BUSY
    terminal.oddity = Oddity.REJECT
    assert driver.status().reason is Reason.NOT_CONFIGURED
    terminal.stop()
    assert driver.status().reason is Reason.UNREACHABLE
    assert terminal.ledger.bookings == ()


def test_a_day_ends_by_itself(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    notes = Notes()
    assert opened(terminal, tmp_path).end_of_day(notes) == DayEnded()
    assert notes.lines == []


class FullDisk(OSError):
    """The journal cannot write."""


def test_a_journal_that_cannot_write_stops_everything_before_a_byte_leaves(
    terminal: SimulatedAdyenTerminal, tmp_path: Path
) -> None:
    def refuse(kind: str) -> None:
        raise FullDisk(kind)

    driver = opened(terminal, tmp_path)
    with pytest.raises(FullDisk):
        driver.pay(ORDER, Notes(on_sending=refuse), quiet)
    assert terminal.ledger.bookings == ()
    assert terminal.machine.memories == {}


def test_a_journal_that_fails_in_the_middle_is_heard_and_not_taken_for_the_line(
    terminal: SimulatedAdyenTerminal, tmp_path: Path
) -> None:
    class Failing(Notes):
        def acknowledged(self) -> None:
            raise FullDisk("acknowledged")

    driver, notes = opened(terminal, tmp_path), Failing()
    with pytest.raises(FullDisk):
        driver.pay(ORDER, notes, quiet)
    assert notes.evidences == []
    assert notes.protocol["serviceId"].startswith("K")
