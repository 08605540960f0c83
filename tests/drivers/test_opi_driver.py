"""The OPI driver over real sockets to a simulated terminal, whose ledger is the judge."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contract import CannotOpen, Health, Reason
from drivers.payment_contract import (
    Approved,
    DayEnded,
    Declined,
    Goods,
    Inconclusive,
    NotCharged,
    NotSent,
    Step,
    Total,
)
from drivers.payments.opi.opening import open_opi
from drivers.payments.opi.patience import Hooks
from drivers.payments.opi.profile import OpiProfile
from drivers.payments.opi.session import Command, Session
from drivers.simulated.terminal.opi.knobs import ODDITIES, Oddity
from drivers.simulated.terminal.outcomes import asked, told
from drivers.simulated.terminal.scripts import SCRIPTS, Script
from tests.drivers.opi_bench import (
    ENDS,
    IMPATIENT,
    ORDER,
    QUICK,
    Ears,
    Notes,
    both_ends,
    charged,
    driver_for,
    honest,
)

ANSWERS = told("opi")
NEVER_ANSWER = (Script.LATE_ANSWER, Script.SILENT)


@pytest.mark.parametrize("script", Script)
def test_every_script_and_the_ledger_agree(script: Script, tmp_path: Path) -> None:
    timing = IMPATIENT if script in NEVER_ANSWER else QUICK
    with both_ends(tmp_path, timing, OpiProfile(goods_handshake=True)) as (simulated, driver):
        assert driver.status().health is Health.READY
        assert isinstance(driver.pay(replace(ORDER, attempt_id="before", amount_cents=300), Notes(), Ears()), Approved)
        simulated.script, simulated.cut_at = script, 4
        notes = Notes(simulated)
        ears = Ears()
        if script in (Script.WAITS_FOR_CANCEL, Script.IGNORES_CANCEL):
            ears = Ears(Step.WAITING_FOR_CARD, driver.ask_to_cancel)
        if script is Script.GOODS_REFUSED:
            ears = Ears(Step.ENTER_PIN, lambda: driver.goods(Goods.REFUSED))
        evidence = driver.pay(ORDER, notes, ears)
        assert type(evidence) is ANSWERS[script], evidence
        cents = charged(simulated, notes)
        assert honest(evidence, cents) or script is Script.WRONG_AMOUNT
        assert notes.late == []
        assert notes.order.index("sending payment") < notes.order.index("acknowledged")

        simulated.script = Script.APPROVE
        later = driver.enquire(notes.remembered(), Notes())
        assert type(later) is asked("opi")[script]
        if script is Script.WRONG_AMOUNT:
            assert (cents, type(later)) == (1350, Inconclusive)
        else:
            assert honest(later, cents), later
            if cents:
                assert isinstance(later, Approved)
        assert len(simulated.money_commands) == len(set(simulated.money_commands))


@pytest.mark.parametrize("oddity", Oddity)
def test_every_oddity_and_the_ledger_agree(oddity: Oddity, tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        assert isinstance(driver.pay(replace(ORDER, attempt_id="before", amount_cents=300), Notes(), Ears()), Approved)
        simulated.oddities = {oddity}
        notes = Notes(simulated)
        evidence = driver.pay(ORDER, notes, Ears())
        cents = charged(simulated, notes)
        assert honest(evidence, cents), evidence
        simulated.oddities -= {Oddity.DEVICE_UNAVAILABLE}
        later = driver.enquire(notes.remembered(), Notes())
        assert honest(later, cents), later
        assert simulated.ledger.balance_cents == 300 + cents
        assert not any(name == "stranger" for name, _ in simulated.till.calls)


def test_every_script_and_oddity_has_a_sentence() -> None:
    assert set(ANSWERS) == set(Script)
    assert set(SCRIPTS) == {each.value for each in Script}
    assert set(ODDITIES) == {each.value for each in Oddity}


@pytest.mark.parametrize(
    ("oddity", "kind"),
    [
        (Oddity.PRINT_LAST_TICKET, NotCharged),
        (Oddity.DEVICE_UNAVAILABLE, NotCharged),
        (Oddity.NO_NAMESPACE, Approved),
        (Oddity.LATIN1, Approved),
        (Oddity.OVERSIZE, Inconclusive),
        (Oddity.ENTITY_BOMB, Inconclusive),
        (Oddity.NO_CALLBACK, Approved),
        (Oddity.STRANGER, Approved),
        (Oddity.LATE_CALLBACK, Approved),
        (Oddity.BOMB_ON_CALLBACK, Approved),
        (Oddity.OVERSIZE_CALLBACK, Approved),
        (Oddity.DUPLICATE_CALLBACK, Approved),
        (Oddity.ONE_LINE, Approved),
        (Oddity.OTHER_REQUEST, Inconclusive),
        (Oddity.OTHER_WORKSTATION, Inconclusive),
        (Oddity.OTHER_CURRENCY, Inconclusive),
        (Oddity.NO_AMOUNT, Inconclusive),
        (Oddity.PARTIAL_FAILURE, Inconclusive),
        (Oddity.EMPTY_RESULT, Inconclusive),
        (Oddity.ASKS_SIGNATURE, Declined),
        (Oddity.ASKS_GOODS, Approved),
        (Oddity.LIES_AFTER_BOOKING, Inconclusive),
    ],
)
def test_what_each_oddity_proves(oddity: Oddity, kind: type, tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.oddities = {oddity}
        evidence = driver.pay(ORDER, Notes(), Ears())
        assert type(evidence) is kind, evidence


def test_receipts_are_masked_kept_first_and_come_once(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.script, simulated.oddities = Script.RECEIPTS, {Oddity.DUPLICATE_CALLBACK}
        notes = Notes()
        evidence = driver.pay(ORDER, notes, Ears())
        assert isinstance(evidence, Approved)
        assert [(each.for_citizen, each.must_print) for each in evidence.receipts] == [(True, True), (False, False)]
        assert all("4111" not in line for each in evidence.receipts for line in each.lines)
        assert any("**** 1111" in line for line in evidence.receipts[0].lines)
        assert all("4111" not in text for _, text in notes.enquiries)
        assert "4111" not in notes.raw[0]
        assert sum(name.endswith("CustomerReceipt") for name, _ in notes.enquiries) == 1


def test_a_receipt_after_the_answer_is_not_lost(tmp_path: Path) -> None:
    with both_ends(tmp_path, replace(QUICK, linger=1.0)) as (simulated, driver):
        simulated.oddities = {Oddity.LATE_CALLBACK}
        evidence = driver.pay(ORDER, Notes(), Ears())
        assert isinstance(evidence, Approved)
        assert len(evidence.receipts) == 1


def test_a_callback_between_two_requests_is_answered_at_the_next(tmp_path: Path) -> None:
    with both_ends(tmp_path, replace(QUICK, linger=0.0)) as (simulated, driver):
        driver.pay(ORDER, Notes(), Ears())
        asked = (
            b'<DeviceRequest RequestType="Output" RequestID="1.1"><Output OutDeviceTarget="Printer"/></DeviceRequest>'
        )
        with socket.create_connection(("127.0.0.1", simulated.till.port), 10) as line:
            line.settimeout(10)
            line.sendall(len(asked).to_bytes(4, "big") + asked)
            assert driver.status().health is Health.READY
            assert b'OverallResult="Success"' in line.recv(4096)


def test_a_question_about_goods_of_no_open_payment_is_not_answered(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        asked = b'<DeviceRequest RequestID="1.1"><Output OutDeviceTarget="DeliveryBox"/></DeviceRequest>'
        with socket.create_connection(("127.0.0.1", simulated.till.port), 10) as line:
            line.settimeout(10)
            line.sendall(len(asked).to_bytes(4, "big") + asked)
            assert driver.status().health is Health.READY
            assert line.recv(4096) == b""


def test_steps_are_told_with_the_terminals_own_words(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.script = Script.TALKATIVE
        ears = Ears()
        driver.pay(ORDER, Notes(), ears)
        assert [step for step, _ in ears.heard] == [
            Step.WAITING_FOR_CARD,
            Step.CARD_SEEN,
            Step.ENTER_PIN,
            Step.ASKING_BANK,
            Step.TAKE_CARD,
        ]
        assert ears.heard[0][1] == "Bied uw kaart aan"


@pytest.mark.expects_log("zuil.payment")
def test_a_screen_that_fails_leaves_no_callback_unanswered(tmp_path: Path) -> None:
    def broken() -> None:
        raise RuntimeError("no screen")

    with both_ends(tmp_path) as (simulated, driver):
        evidence = driver.pay(ORDER, Notes(), Ears(Step.WAITING_FOR_CARD, broken))
        assert isinstance(evidence, Approved)
        assert all(result == "Success" for _, result in simulated.till.calls)


def test_the_journal_comes_before_the_first_byte(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes(simulated)
        driver.pay(ORDER, notes, Ears())
        assert notes.late == []
        assert notes.order[:2] == ["sending payment", "acknowledged"]
        assert notes.order[-1] == "evidence"
        assert len(notes.digests[0]) == 64


def test_a_journal_that_is_called_after_sending_is_detected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control for the test above and for `Notes.late` everywhere."""
    whole = Session.command

    def careless(self: Session, command: Command) -> object:
        note = command.journal.sending
        monkeypatch.setattr(command.journal, "sending", lambda *_: None)
        reply = whole(self, command)
        note(command.kind, command.protocol, command.before, command.prepared.digest)
        return reply

    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes(simulated)
        monkeypatch.setattr(Session, "command", careless)
        driver.pay(ORDER, notes, Ears())
        assert notes.late == ["payment"]


def test_a_journal_that_cannot_be_written_keeps_every_byte_here(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        with pytest.raises(OSError, match="journal"):
            driver.pay(ORDER, Notes(fail_at="sending payment"), Ears())
        assert simulated.money_commands == []
        assert simulated.ledger.bookings == ()


@pytest.mark.parametrize("fail_at", ["acknowledged", "enquiry", "evidence"])
def test_a_journal_that_fails_later_stops_the_driver_and_the_truth_is_asked_for(fail_at: str, tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        notes = Notes(fail_at=fail_at)
        with pytest.raises(OSError, match="journal"):
            driver.pay(ORDER, notes, Ears())
        assert isinstance(driver.pay(ORDER, Notes(), Ears()), Inconclusive)
        assert len(simulated.money_commands) <= 1
        if fail_at == "evidence":
            assert isinstance(driver.enquire(notes.remembered(), Notes()), Approved)


def test_what_the_journal_did_not_take_is_not_acknowledged(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        with pytest.raises(OSError, match="journal"):
            driver.pay(ORDER, Notes(fail_at="enquiry"), Ears())
        assert [name.partition(".")[2] for name, _ in simulated.till.calls] == ["1", "2"]


def test_the_same_attempt_is_never_sent_twice(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.pay(ORDER, Notes(), Ears())
        assert isinstance(driver.pay(ORDER, Notes(), Ears()), Inconclusive)
        assert len(simulated.money_commands) == 1


def test_each_payment_has_a_number_of_its_own(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        for attempt in "abc":
            driver.pay(replace(ORDER, attempt_id=attempt), Notes(), Ears())
        numbers = [int(each) for each in simulated.money_commands]
        assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("order", [replace(ORDER, amount_cents=0), replace(ORDER, currency="EURO")])
def test_an_order_that_no_terminal_takes_is_not_sent(order: object, tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        assert isinstance(driver.pay(order, Notes(), Ears()), NotSent)  # type: ignore[arg-type]
        assert simulated.requests == []


def test_a_terminal_that_is_not_there_gets_nothing(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.stop()
        notes = Notes()
        evidence = driver.pay(ORDER, notes, Ears())
        assert isinstance(evidence, NotSent)
        assert evidence.reason is Reason.UNREACHABLE
        assert notes.order == []
        assert driver.status().reason is Reason.UNREACHABLE


def test_a_terminal_that_goes_away_after_the_login_gets_nothing(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        assert isinstance(driver.pay(replace(ORDER, attempt_id="before"), Notes(), Ears()), Approved)
        simulated.stop()
        notes = Notes()
        assert isinstance(driver.pay(ORDER, notes, Ears()), NotSent)
        assert notes.order == []


def test_a_taken_port_of_channel_1_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver), socket.create_server(("127.0.0.1", simulated.till.port)):
        status = driver.status()
        assert status.health is Health.UNAVAILABLE
        assert "should be free for us" in status.raw
        assert isinstance(driver.pay(ORDER, Notes(), Ears()), NotSent)
        assert isinstance(driver.listen(), CannotOpen)
        assert simulated.requests == []


def test_the_listener_stands_before_the_first_message(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        assert driver.listen() == simulated.till.port
        with socket.create_connection(("127.0.0.1", simulated.till.port), 10):
            assert simulated.requests == []


def test_a_memory_that_cannot_be_kept_stops_paid_products(tmp_path: Path) -> None:
    (tmp_path / "opi.json").mkdir()
    with both_ends(tmp_path) as (simulated, driver):
        assert driver.status().reason is Reason.NOT_CONFIGURED
        evidence = driver.pay(ORDER, Notes(), Ears())
        assert isinstance(evidence, NotSent)
        assert simulated.money_commands == []


@pytest.mark.parametrize(
    ("script", "reason"), [(Script.SILENT, Reason.SILENT), (Script.BUSY, None), (Script.APPROVE, None)]
)
def test_status(script: Script, reason: Reason | None, tmp_path: Path) -> None:
    with both_ends(tmp_path, IMPATIENT) as (simulated, driver):
        simulated.script = script
        status = driver.status()
        assert status.reason is reason
        assert (status.health is Health.BUSY) is (script is Script.BUSY)
        assert simulated.money_commands == []


def test_the_login_comes_once_and_again_after_trouble(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        driver.status()
        assert simulated.requests == ["Login", "GetStatus", "GetStatus"]
        simulated.script = Script.ANSWER_LOST
        driver.pay(ORDER, Notes(), Ears())
        simulated.script = Script.APPROVE
        driver.status()
        assert simulated.requests[-2:] == ["Login", "GetStatus"]


def test_the_day_ends_with_totals(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.pay(ORDER, Notes(), Ears())
        notes = Notes(simulated)
        assert driver.end_of_day(notes) == DayEnded((Total("MAESTRO", 1, 1250),))
        assert notes.order == ["sending endOfDay", "acknowledged", "evidence"]
        simulated.script = Script.BUSY
        assert driver.end_of_day(Notes()) == Declined("Busy")
        simulated.stop()
        assert isinstance(driver.end_of_day(Notes()), NotSent)


def test_a_settings_address_makes_the_driver(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, other):
        other.close()
        driver = open_opi(f"{simulated.uri}&memory={tmp_path}/m.json", timing=QUICK)()
        assert driver.status().health is Health.READY
        driver.close()
        driver.close()


def test_what_a_hook_does_by_itself_is_nothing() -> None:
    hooks = Hooks()
    hooks.sending()
    hooks.written()
    assert not hooks.cancelled()


def test_two_drivers_do_not_share_a_till(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        other = driver_for(simulated, tmp_path)
        assert other.status().reason is Reason.UNREACHABLE
        other.close()
    assert ENDS
