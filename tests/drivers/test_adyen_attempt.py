"""An open payment in virtual time: when it is looked after, cancelled, given up; and the numbers of every message."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from drivers.contract import Reason
from drivers.payment_contract import (
    Approved,
    Cancelled,
    CancelledBy,
    Inconclusive,
    NotCharged,
    NotSent,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
)
from drivers.payments.adyen.attempt import Timing
from drivers.payments.adyen.driver import AdyenTerminal
from drivers.payments.adyen.envelope import seal
from drivers.payments.adyen.json_text import Json
from drivers.payments.adyen.session import Prepared, Session
from drivers.payments.adyen.transport import Answer, Failure, NoAnswer, Watch
from drivers.simulated.terminal.adyen.terminal import KEY, POI_ID, SALE_ID
from drivers.simulated.terminal.scripts import Script
from tests.drivers.adyen_bench import ORDER, Evidence, Notes, VirtualTerminal, quiet


@pytest.fixture
def terminal() -> VirtualTerminal:
    return VirtualTerminal()


def service_id(message: dict[str, Json]) -> str:
    header = message["MessageHeader"]
    assert isinstance(header, dict)
    return str(header["ServiceID"])


def reference_in(message: dict[str, Json], body: str) -> dict[str, Json]:
    found = message[body]
    assert isinstance(found, dict)
    reference = found["MessageReference"]
    assert isinstance(reference, dict)
    return reference


def test_a_payment_is_left_alone_for_two_minutes_and_then_looked_after(terminal: VirtualTerminal) -> None:
    terminal.deciding = 119.0
    assert isinstance(terminal.driver().pay(ORDER, Notes(), quiet), Approved)
    assert terminal.asked == ["Payment"]
    terminal.deciding = 131.0
    notes = Notes()
    order = PaymentOrder("0197f3c0-7f3b-7000-8000-000000000418", 700)
    terminal.spoil = lambda category, _answer: _in_progress(terminal) if category == "TransactionStatus" else None
    assert isinstance(terminal.driver().pay(order, notes, quiet), Approved)
    assert terminal.asked.count("TransactionStatus") == 3
    assert [line[0] for line in notes.lines] == ["sending", "acknowledged", "enquiry", "enquiry", "enquiry", "evidence"]


def _in_progress(terminal: VirtualTerminal) -> Answer:
    header = terminal.bodies[-1]["MessageHeader"]
    assert isinstance(header, dict)
    said: Json = {"Response": {"Result": "Failure", "ErrorCondition": "InProgress"}}
    answered: Json = {"MessageHeader": {**header, "MessageType": "Response"}, "TransactionStatusResponse": said}
    return Answer(200, seal({"SaleToPOIResponse": answered}, KEY))


def test_an_answer_that_was_lost_on_an_open_line_is_found_beside_it(terminal: VirtualTerminal) -> None:
    terminal.deciding = None

    def decide(seconds: float) -> None:
        if seconds == 1.0:  # the terminal books, and its answer never comes
            number = service_id(terminal.bodies[0])
            header = {"MessageCategory": "Payment", "SaleID": SALE_ID, "ServiceID": number, "POIID": POI_ID}
            body = terminal.bodies[0]["PaymentRequest"]
            assert isinstance(body, dict)
            terminal.machine.answer(header, body)

    terminal.during = decide
    assert isinstance(terminal.driver().pay(ORDER, Notes(), quiet), Approved)
    assert terminal.passed == 120.0
    assert terminal.ledger.balance_cents == ORDER.amount_cents


def test_an_open_line_to_a_terminal_that_forgot_is_given_up(terminal: VirtualTerminal) -> None:
    terminal.deciding = None  # the machine never hears of it: every question is answered NotFound
    evidence = terminal.driver().pay(ORDER, Notes(), quiet)
    assert evidence == Inconclusive("the terminal does not know of the payment that waits on its line")


def test_silence_on_every_line_ends_the_wait(terminal: VirtualTerminal) -> None:
    terminal.deciding = None
    terminal.spoil = lambda _category, _answer: NoAnswer(Failure.SILENT, sent=True)
    evidence = terminal.driver().pay(ORDER, Notes(), quiet)
    assert evidence == Inconclusive("neither the payment nor questions about it are answered")
    assert terminal.asked.count("TransactionStatus") == 6


def test_nothing_is_waited_for_longer_than_the_longest(terminal: VirtualTerminal) -> None:
    terminal.deciding = None
    terminal.spoil = lambda _category, _answer: _in_progress(terminal)
    evidence = terminal.driver().pay(ORDER, Notes(), quiet)
    assert isinstance(evidence, Inconclusive)
    assert terminal.passed == Timing().longest
    assert terminal.asked.count("Payment") == 1


@pytest.mark.parametrize(("calls", "aborts"), [(1, 1), (2, 2), (9, 3)])
def test_each_call_is_one_abort_up_to_three(terminal: VirtualTerminal, calls: int, aborts: int) -> None:
    driver, notes = terminal.driver(), Notes()
    terminal.deciding = 10.0

    def press(seconds: float) -> None:
        if seconds <= calls:
            driver.ask_to_cancel()

    terminal.during = press
    terminal.machine.script = Script.CARD_TIME_OUT
    assert driver.pay(ORDER, notes, quiet) == Cancelled(CancelledBy.KIOSK)
    assert terminal.asked.count("Abort") == aborts
    assert notes.lines.count(("sending", "abort")) == aborts


def test_an_abort_has_its_own_number_and_names_that_of_the_payment(terminal: VirtualTerminal) -> None:
    driver, notes = terminal.driver(), Notes()
    terminal.deciding, terminal.during = 5.0, lambda seconds: driver.ask_to_cancel() if seconds == 2.0 else None
    driver.pay(ORDER, notes, quiet)
    driver.enquire(notes.remembered(), notes)
    payment, abort, status = terminal.bodies
    numbers = [service_id(each) for each in terminal.bodies]
    assert len(set(numbers)) == 3
    assert all(re.fullmatch(r"K[0-9]{9}", number) for number in numbers)
    assert reference_in(abort, "AbortRequest")["ServiceID"] == service_id(payment) == notes.protocol["serviceId"]
    assert reference_in(status, "TransactionStatusRequest")["ServiceID"] == service_id(payment)
    assert notes.protocol["abortServiceId"] == service_id(abort)


def test_an_abort_that_never_left_did_not_end_the_payment(terminal: VirtualTerminal) -> None:
    driver = terminal.driver()
    terminal.deciding, terminal.during = 5.0, lambda seconds: driver.ask_to_cancel() if seconds == 2.0 else None
    terminal.machine.script = Script.CARD_TIME_OUT
    away = NoAnswer(Failure.UNREACHABLE, sent=False)
    terminal.spoil = lambda category, _answer: away if category == "Abort" else None
    assert driver.pay(ORDER, Notes(), quiet) == Cancelled(CancelledBy.TIME_OUT)


def test_an_abort_that_came_too_late_does_not_hide_the_payment(terminal: VirtualTerminal) -> None:
    driver = terminal.driver()
    terminal.deciding, terminal.during = 5.0, lambda seconds: driver.ask_to_cancel() if seconds == 2.0 else None
    assert isinstance(driver.pay(ORDER, Notes(), quiet), Approved)
    assert terminal.asked == ["Payment", "Abort"]


def test_after_a_cancel_it_is_looked_after_sooner(terminal: VirtualTerminal) -> None:
    driver = terminal.driver()
    terminal.deciding, terminal.during = None, lambda seconds: driver.ask_to_cancel() if seconds == 2.0 else None
    driver.pay(ORDER, Notes(), quiet)
    assert terminal.passed == 2.0 + Timing().after_cancel


def test_a_cancel_while_the_terminal_is_being_asked_how_it_is_sends_no_payment(terminal: VirtualTerminal) -> None:
    driver, notes = terminal.driver(look_first=True), Notes()

    def press(category: str, answer: bytes) -> None:
        if category == "Diagnosis":
            driver.ask_to_cancel()

    terminal.spoil = press
    assert driver.pay(ORDER, notes, quiet) == Cancelled(CancelledBy.KIOSK)
    assert (terminal.asked, notes.lines) == (["Diagnosis"], [])


def test_the_same_attempt_is_never_sent_twice(terminal: VirtualTerminal) -> None:
    driver, notes = terminal.driver(), Notes()
    driver.pay(ORDER, notes, quiet)
    assert isinstance(driver.pay(ORDER, notes, quiet), Inconclusive)
    assert terminal.asked == ["Payment"]
    assert terminal.ledger.balance_cents == ORDER.amount_cents


def test_not_found_counts_only_when_it_is_said_twice_a_while_apart(terminal: VirtualTerminal) -> None:
    notes = Notes()
    terminal.spoil = lambda category, _answer: NoAnswer(Failure.LOST, sent=True) if category == "Payment" else None
    driver = terminal.driver()
    driver.pay(ORDER, notes, quiet)
    held = dict(terminal.machine.memories)
    terminal.machine.memories.clear()  # the request is still on its way inside the terminal

    def arrive(seconds: float) -> None:
        terminal.clock.now += seconds
        terminal.machine.memories.update(held)

    session = Session(terminal, [KEY], terminal.numbers, SALE_ID, POI_ID)
    late = AdyenTerminal(session, clock=terminal.clock, pause=arrive)
    assert isinstance(late.enquire(notes.remembered(), notes), Approved)
    terminal.machine.memories.clear()
    before = terminal.passed
    assert isinstance(driver.enquire(notes.remembered(), notes), NotCharged)
    assert terminal.passed == before + Timing().confirm


@pytest.mark.parametrize("name", ["serviceId", "saleId", "poiId"])
def test_an_attempt_of_another_kiosk_or_terminal_is_not_judged(terminal: VirtualTerminal, name: str) -> None:
    driver, notes = terminal.driver(), Notes()
    driver.pay(ORDER, notes, quiet)
    asked = len(terminal.asked)
    for protocol in ({**notes.protocol, name: "other"}, {k: v for k, v in notes.protocol.items() if k != name}):
        found = driver.enquire(Remembered(ORDER, protocol), notes)
        assert isinstance(found, Inconclusive if name != "serviceId" else (Inconclusive, NotCharged))
    assert name == "serviceId" or len(terminal.asked) == asked


def test_the_answer_about_another_attempt_with_the_same_number_is_not_believed(terminal: VirtualTerminal) -> None:
    driver, notes = terminal.driver(), Notes()
    driver.pay(PaymentOrder("an-older-attempt", 1250), notes, quiet)
    found = driver.enquire(notes.remembered(ORDER), notes)
    assert found == Inconclusive("an answer about another attempt than the one asked about")


@pytest.mark.parametrize("order", [PaymentOrder("a", 0), PaymentOrder("a", -5), PaymentOrder("a", 5, "USD")])
def test_an_amount_that_cannot_be_paid_is_not_sent(terminal: VirtualTerminal, order: PaymentOrder) -> None:
    evidence = terminal.driver().pay(order, Notes(), quiet)
    assert isinstance(evidence, NotSent)
    assert evidence.reason is Reason.NOT_CONFIGURED
    assert terminal.asked == []


def journal_was_first(terminal: VirtualTerminal, notes: Notes) -> bool:
    """Whether the payment was in the journal when it arrived at the terminal."""
    found: list[bool] = []

    def look(_category: str, _answer: bytes) -> None:
        found.append(("sending", "payment") in notes.lines)

    terminal.spoil = look
    terminal.driver().pay(ORDER, notes, quiet)
    return found == [True]


def test_the_journal_has_the_number_before_the_first_byte(terminal: VirtualTerminal) -> None:
    assert journal_was_first(terminal, Notes())


class TooLate(Notes):
    """A journal that writes down what is sent when it hears that it was sent."""

    def sending(self, kind: str, protocol: Mapping[str, str], before: Mapping[str, str], digest: str) -> None:
        self.held = (kind, protocol, before, digest)

    def evidence(self, evidence: Evidence, raw: str) -> None:
        super().sending(*self.held)
        super().evidence(evidence, raw)


def test_control_a_journal_that_is_written_afterwards_is_detected(terminal: VirtualTerminal) -> None:
    assert not journal_was_first(terminal, TooLate())


def test_control_a_driver_that_calls_its_journal_afterwards_is_detected(
    terminal: VirtualTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, held = Notes(), TooLate()
    send = Session.send

    def first_send(self: Session, prepared: Prepared, seconds: float, watch: Watch | None = None) -> object:
        reply = send(self, prepared, seconds, watch)
        Notes.sending(notes, *held.held)
        return reply

    monkeypatch.setattr(notes, "sending", held.sending)
    monkeypatch.setattr(Session, "send", first_send)
    assert not journal_was_first(terminal, notes)


def test_control_a_driver_that_sends_again_is_detected(terminal: VirtualTerminal) -> None:
    """The ledger sees what a driver without a memory would do, so the tests above can fail."""
    evidences: list[PaymentEvidence] = [terminal.driver().pay(ORDER, Notes(), quiet) for _ in range(2)]
    assert all(isinstance(each, Approved) for each in evidences)
    assert terminal.ledger.balance_cents == 2 * ORDER.amount_cents
