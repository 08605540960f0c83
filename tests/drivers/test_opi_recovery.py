"""After a lost answer: the line cut at every message of both channels, enquiries, and reversals; the ledger judges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.payment_contract import (
    Approved,
    Cancelled,
    Inconclusive,
    NotCharged,
    NotReversed,
    NotSent,
    PaymentEvidence,
    Reversed,
)
from drivers.payments.opi.profile import OpiProfile
from drivers.simulated.terminal.opi.knobs import Oddity, Original
from drivers.simulated.terminal.scripts import Script
from tests.drivers.opi_bench import BEFORE, IMPATIENT, ORDER, Ears, Notes, both_ends, charged, driver_for, honest

MESSAGES_OF_A_PAYMENT = 12
"""Request, five callbacks with their answers, the answer."""


def test_the_number_of_messages_is_known(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.pay(ORDER, Notes(), Ears())
        assert simulated.passed + 1 == MESSAGES_OF_A_PAYMENT


@pytest.mark.parametrize("carries_on", [False, True])
@pytest.mark.parametrize("cut_at", range(1, MESSAGES_OF_A_PAYMENT))
def test_a_line_cut_at_any_message(cut_at: int, carries_on: bool, tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        assert isinstance(driver.pay(BEFORE, Notes(), Ears()), Approved)
        simulated.script, simulated.cut_at = Script.CUT, cut_at
        simulated.oddities = {Oddity.CARRIES_ON} if carries_on else set()
        notes = Notes(simulated)
        evidence = driver.pay(ORDER, notes, Ears())
        cents = charged(simulated, notes)
        assert honest(evidence, cents)
        assert isinstance(evidence, Inconclusive) or cut_at == MESSAGES_OF_A_PAYMENT - 1
        simulated.script = Script.APPROVE
        later = driver.enquire(notes.remembered(), Notes())
        assert honest(later, cents)
        assert not isinstance(later, Inconclusive)
        assert isinstance(later, Approved) is (cents == 1250)
        assert len(simulated.money_commands) == 2


@pytest.mark.parametrize("cut_at", [1, 4, 8])
def test_after_a_power_cut_a_new_driver_finds_out(cut_at: int, tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        assert isinstance(driver.pay(BEFORE, Notes(), Ears()), Approved)
        simulated.script, simulated.cut_at, simulated.oddities = Script.CUT, cut_at, {Oddity.CARRIES_ON}
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        driver.close()
        simulated.script = Script.APPROVE
        fresh = driver_for(simulated, tmp_path)
        try:
            later = fresh.enquire(notes.remembered(), Notes())
            assert isinstance(later, Approved if charged(simulated, notes) else NotCharged)
        finally:
            fresh.close()


def lost(
    folder: Path, script: Script, original: Original, oddities: set[Oddity], cut_at: int = 0
) -> tuple[PaymentEvidence, int, Notes]:
    """A payment whose answer is lost, and what the terminal says of it with that header."""
    with both_ends(folder) as (simulated, driver):
        assert isinstance(driver.pay(BEFORE, Notes(), Ears()), Approved)
        simulated.script, simulated.oddities, simulated.cut_at = script, set(oddities), cut_at
        notes = Notes()
        assert isinstance(driver.pay(ORDER, notes, Ears()), Inconclusive)
        simulated.script, simulated.original = Script.APPROVE, original
        simulated.unavailable_for = 0
        asked = Notes()
        return driver.enquire(notes.remembered(), asked), charged(simulated, notes), asked


def test_an_older_header_with_no_callback_is_not_charged(tmp_path: Path) -> None:
    evidence, cents, asked = lost(tmp_path, Script.CUT, Original.OURS, set(), cut_at=1)
    assert isinstance(evidence, NotCharged)
    assert cents == 0
    assert [name for name, _ in asked.enquiries] == ["RepeatLastMessage", "GetStatus"]
    assert asked.order[-1] == "evidence"


def test_an_older_header_after_a_callback_proves_nothing_by_itself(tmp_path: Path) -> None:
    """The terminal forgot, and the ticket is the only witness."""
    evidence, cents, asked = lost(tmp_path, Script.ANSWER_LOST, Original.OLDER, set())
    assert cents == 1250
    assert isinstance(evidence, Approved)
    assert "TicketReprint" in [name for name, _ in asked.enquiries]


def test_without_the_memory_of_callbacks_that_would_be_a_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control for the test above: believe that nobody called back, and a paid payment becomes not charged."""
    monkeypatch.setattr("drivers.payments.opi.memory.FileMemory.was_called_back", lambda *_: False)
    evidence, cents, _ = lost(tmp_path, Script.ANSWER_LOST, Original.OLDER, set())
    assert not honest(evidence, cents)


def test_a_missing_header_leads_to_the_ticket(tmp_path: Path) -> None:
    evidence, cents, asked = lost(tmp_path, Script.ANSWER_LOST, Original.MISSING, set())
    assert isinstance(evidence, Approved)
    assert (evidence.amount_cents, cents) == (1250, 1250)
    assert [name for name, _ in asked.enquiries if "callback" not in name] == ["RepeatLastMessage", "TicketReprint"]


def test_the_ticket_of_the_payment_before_proves_nothing(tmp_path: Path) -> None:
    evidence, cents, _ = lost(tmp_path, Script.CUT, Original.MISSING, set(), cut_at=1)
    assert isinstance(evidence, Inconclusive)
    assert cents == 0


def test_a_ticket_that_cannot_call_back_proves_nothing(tmp_path: Path) -> None:
    evidence, cents, _ = lost(tmp_path, Script.ANSWER_LOST, Original.MISSING, {Oddity.NO_CALLBACK})
    assert isinstance(evidence, Inconclusive)
    assert cents == 1250


def test_a_literal_repetition_is_understood(tmp_path: Path) -> None:
    evidence, cents, _ = lost(tmp_path, Script.ANSWER_LOST, Original.OURS, {Oddity.LITERAL_REPEAT})
    assert isinstance(evidence, Approved)
    assert cents == 1250


def test_the_enquiry_comes_before_a_login_that_could_become_the_last_message(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.script = Script.ANSWER_LOST
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        simulated.script = Script.APPROVE
        simulated.requests.clear()
        assert isinstance(driver.enquire(notes.remembered(), Notes()), Approved)
        assert simulated.requests == ["RepeatLastMessage"]


def test_a_terminal_that_starts_is_asked_again(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.script = Script.RESTARTS
        notes = Notes()
        assert isinstance(driver.pay(ORDER, notes, Ears()), Inconclusive)
        assert simulated.unavailable_for == 2
        simulated.script = Script.APPROVE
        assert isinstance(driver.enquire(notes.remembered(), Notes()), Cancelled)


def test_a_terminal_that_starts_for_long_is_inconclusive_for_now(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.script = Script.ANSWER_LOST
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        simulated.script, simulated.unavailable_for = Script.APPROVE, 1000
        assert isinstance(driver.enquire(notes.remembered(), Notes()), Inconclusive)
        simulated.unavailable_for = 0
        assert isinstance(driver.enquire(notes.remembered(), Notes()), Approved)


def test_an_enquiry_may_come_again_and_again(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes()
        paid = driver.pay(ORDER, notes, Ears())
        assert isinstance(paid, Approved)
        for _ in range(3):
            again = driver.enquire(notes.remembered(), Notes())
            assert isinstance(again, Approved)
            assert again.ids == paid.ids
        assert len(simulated.money_commands) == 1


def test_money_that_moved_since_hides_an_attempt(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        driver.pay(BEFORE, Notes(), Ears())
        assert isinstance(driver.enquire(notes.remembered(), Notes()), Inconclusive)
        assert simulated.requests[-1] == "RepeatLastMessage"


def test_another_terminal_at_the_address_proves_nothing(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.pay(BEFORE, Notes(), Ears())
        simulated.script, simulated.cut_at = Script.CUT, 1
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        simulated.script = Script.APPROVE
        foreign = replace(notes.remembered(), before={"terminal": "99999999", "stan": "000001"})
        assert isinstance(driver.enquire(foreign, Notes()), Inconclusive)
        assert isinstance(driver.enquire(notes.remembered(), Notes()), NotCharged)


def test_a_silent_or_absent_terminal_is_asked_later(tmp_path: Path) -> None:
    with both_ends(tmp_path, IMPATIENT) as (simulated, driver):
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        simulated.script = Script.SILENT
        assert isinstance(driver.enquire(notes.remembered(), Notes()), Inconclusive)
        simulated.stop()
        assert isinstance(driver.enquire(notes.remembered(), Notes()), Inconclusive)


def test_the_last_payment_is_undone_once(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes(simulated)
        driver.pay(ORDER, notes, Ears())
        evidence = driver.reverse(notes.remembered(), notes)
        assert isinstance(evidence, Reversed)
        assert simulated.ledger.balance_cents == 0
        assert notes.late == []
        assert notes.order.index("sending reversal") < notes.order.index(
            "evidence", notes.order.index("sending reversal")
        )
        again = driver.reverse(notes.remembered(), Notes())
        assert isinstance(again, Reversed)
        assert len(simulated.money_commands) == 2


def test_an_earlier_payment_is_not_undone_by_the_later_ones_reversal(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        driver.pay(BEFORE, Notes(), Ears())
        assert driver.reverse(notes.remembered(), Notes()) == NotReversed("NotLast")
        assert simulated.ledger.balance_cents == 1250 + 775


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("cut_at", [1, 2, 3])
def test_a_lost_reversal_is_asked_about_and_never_sent_again(cut_at: int, restarted: bool, tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        simulated.script, simulated.cut_at = Script.CUT, cut_at
        first = driver.reverse(notes.remembered(), notes)
        assert isinstance(first, Inconclusive if cut_at < 3 else Reversed)
        simulated.script = Script.APPROVE
        used = driver
        if restarted:
            driver.close()
            used = driver_for(simulated, tmp_path)
        try:
            later = used.reverse(notes.remembered(), Notes())
        finally:
            used.close()
        assert isinstance(later, Reversed if simulated.ledger.balance_cents == 0 else NotReversed)
        assert len(simulated.money_commands) == 2


def test_a_reversal_that_the_terminal_refuses(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        simulated.ledger.reverse(1)
        assert driver.reverse(notes.remembered(), Notes()) == NotReversed("51")


def test_a_reversal_that_cannot_be_looked_up_is_not_sent(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        simulated.original = Original.MISSING
        assert isinstance(driver.reverse(notes.remembered(), Notes()), NotSent)
        simulated.stop()
        assert isinstance(driver.reverse(notes.remembered(), Notes()), NotSent)
        assert len(simulated.money_commands) == 1
        assert isinstance(driver.reverse(replace(notes.remembered(), protocol={}), Notes()), NotSent)


def test_a_reversal_without_a_journal_does_not_leave(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        with pytest.raises(OSError, match="journal"):
            driver.reverse(notes.remembered(), Notes(fail_at="sending reversal"))
        assert simulated.ledger.balance_cents == 1250
        assert len(simulated.money_commands) == 1


def test_refused_goods_that_were_booked_all_the_same_are_paid(tmp_path: Path) -> None:
    """What the terminal says last is the truth, and the citizen gets the money back by a reversal."""
    with both_ends(tmp_path, profile=OpiProfile(goods_handshake=True)) as (simulated, driver):
        notes = Notes()
        driver.pay(ORDER, notes, Ears())
        assert isinstance(driver.enquire(notes.remembered(), Notes()), Approved)
        assert isinstance(driver.reverse(notes.remembered(), notes), Reversed)
        assert simulated.ledger.balance_cents == 0
