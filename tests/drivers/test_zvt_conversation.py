"""Limits, aborts and strays in virtual time, with the real limits of the protocol."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import CannotOpen, Health, Reason
from drivers.payment_contract import (
    Approved,
    Cancelled,
    CancelledBy,
    DayEnded,
    Declined,
    Goods,
    Ids,
    Inconclusive,
    NotCharged,
    NotReversed,
    NotSent,
    PaymentOrder,
    Reversed,
    Step,
)
from drivers.payments.zvt import codes
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.commands import GOODS_NOT_OUT, GOODS_NOT_YET, POSITIVE
from drivers.payments.zvt.driver import ZvtTerminal
from drivers.payments.zvt.link import LineFault
from drivers.payments.zvt.profile import ZvtProfile
from tests.drivers.zvt_bench import (
    APPROVAL,
    NOW,
    OK,
    ORDER,
    NotingJournal,
    NotingLink,
    Reply,
    Steps,
    VirtualTerminal,
    order_faults,
    ready_then,
)

APPROVED = Apdu(codes.STATUS_INFORMATION, APPROVAL)
REFUSED = Apdu(codes.STATUS_INFORMATION, b"\x27\x6c" + APPROVAL[2:])
WAITING = Apdu(codes.INTERMEDIATE, b"\x0a")
END = Apdu(codes.COMPLETION)
HANDSHAKE = ZvtProfile(goods_handshake=True)


def playing(*after_command: Reply, after_abort: Iterable[Reply] = ()) -> VirtualTerminal:
    """A terminal that plays `after_command` on 06 01 whatever we answer, and `after_abort` on 06 B0."""

    def play(message: Apdu) -> Iterable[Reply] | None:
        if message.code == codes.AUTHORISE:
            return after_command
        return after_abort if message.code == codes.ABORT else None

    return VirtualTerminal(ready_then(play))


def test_a_payment_in_order() -> None:
    terminal, journal, steps = playing(OK, WAITING, APPROVED, END), NotingJournal(), Steps()
    evidence = terminal.driver().pay(ORDER, journal, steps)
    assert evidence == Approved(1250, "EUR", Ids("0042", "000123", "000042", "A1B2C3", "12345678"), "Maestro 1234")
    assert steps.seen == [Step.WAITING_FOR_CARD]
    assert journal.before["receipt"] == "0041"
    assert journal.told[-1] == evidence
    assert terminal.sent[-3:] == [POSITIVE] * 3


def test_no_acknowledgement_within_t3_is_no_evidence_and_nothing_is_sent_again() -> None:
    terminal = playing(6.0, OK, APPROVED, END)
    journal = NotingJournal()
    began = terminal.clock.now
    assert isinstance(terminal.driver().pay(ORDER, journal, Steps()), Inconclusive)
    assert terminal.clock.now - began == pytest.approx(5, abs=0.2)
    assert terminal.count(codes.AUTHORISE) == 1
    assert terminal.closed == 1


def test_silence_of_t4_leads_to_one_abort_and_half_a_minute_more() -> None:
    terminal = playing(OK, WAITING, after_abort=(OK,))
    began = terminal.clock.now
    journal = NotingJournal()
    assert isinstance(terminal.driver().pay(ORDER, journal, Steps()), Inconclusive)
    assert terminal.clock.now - began == pytest.approx(180 + 30, abs=1)
    assert terminal.count(codes.ABORT) == 1
    assert [noted.what for noted in journal.log if noted.what.startswith("sending")] == [
        "sending payment",
        "sending abort",
    ]


def test_an_approval_in_the_half_minute_after_the_abort_is_a_payment() -> None:
    terminal = playing(OK, after_abort=(OK, 25.0, APPROVED, END))
    assert isinstance(terminal.driver().pay(ORDER, NotingJournal(), Steps()), Approved)


def test_the_terminal_sets_its_own_limit_for_its_next_message() -> None:
    waits = Apdu(codes.INTERMEDIATE, b"\x0a\x01")
    terminal = playing(OK, waits, 50.0, WAITING, 170.0, APPROVED, END)
    assert isinstance(terminal.driver().pay(ORDER, NotingJournal(), Steps()), Approved)
    terminal = playing(OK, waits, after_abort=(OK,))
    began = terminal.clock.now
    terminal.driver().pay(ORDER, NotingJournal(), Steps())
    assert terminal.clock.now - began == pytest.approx(60 + 30, abs=1)


def test_a_terminal_that_talks_for_ever_is_left_in_the_end() -> None:
    terminal = playing(OK, *(reply for _ in range(200) for reply in (WAITING, 20.0)))
    began = terminal.clock.now
    assert isinstance(terminal.driver().pay(ORDER, NotingJournal(), Steps()), Inconclusive)
    assert terminal.clock.now - began == pytest.approx(930, abs=25)
    assert terminal.count(codes.ABORT) == 1


def test_cancelling_sends_one_abort_and_waits_for_the_word_of_the_terminal() -> None:
    terminal = playing(OK, WAITING, WAITING, after_abort=(OK, 3.0, REFUSED, Apdu(codes.ABORTED, b"\x6c")))
    driver = terminal.driver()
    journal = NotingJournal()
    evidence = driver.pay(ORDER, journal, Steps(driver.ask_to_cancel))
    assert evidence == Cancelled(CancelledBy.KIOSK)
    assert terminal.count(codes.ABORT) == 1


def test_a_noted_cancel_and_then_nothing_is_unknown_after_half_a_minute() -> None:
    terminal = playing(OK, WAITING, after_abort=(OK,))
    driver = terminal.driver()
    began = terminal.clock.now
    assert isinstance(driver.pay(ORDER, NotingJournal(), Steps(driver.ask_to_cancel)), Inconclusive)
    assert terminal.clock.now - began == pytest.approx(30, abs=1)


def test_a_refused_cancel_leaves_the_terminal_its_time() -> None:
    terminal = playing(OK, WAITING, after_abort=(Apdu(0x8483), 100.0, APPROVED, END))
    driver = terminal.driver()
    assert isinstance(driver.pay(ORDER, NotingJournal(), Steps(driver.ask_to_cancel)), Approved)


def test_cancelling_before_anything_was_sent_sends_nothing() -> None:
    def play(message: Apdu) -> Iterable[Reply] | None:
        driver.ask_to_cancel()
        return None

    terminal = VirtualTerminal(ready_then(play))
    driver = terminal.driver()
    journal = NotingJournal()
    assert driver.pay(ORDER, journal, Steps()) == Cancelled(CancelledBy.KIOSK)
    assert terminal.count(codes.AUTHORISE) == 0
    assert journal.log == []


def test_a_cancel_between_two_payments_is_forgotten() -> None:
    terminal = playing(OK, APPROVED, END)
    driver = terminal.driver()
    driver.ask_to_cancel()
    driver.goods(Goods.REFUSED)
    assert isinstance(driver.pay(ORDER, NotingJournal(), Steps()), Approved)
    assert terminal.count(codes.ABORT) == 0


@pytest.mark.parametrize("fault", LineFault)
@pytest.mark.parametrize("before", [(), (OK,), (OK, WAITING), (OK, APPROVED), (OK, REFUSED)])
def test_a_broken_line_is_never_evidence(before: tuple[Reply, ...], fault: LineFault) -> None:
    terminal = playing(*before, fault)
    journal = NotingJournal()
    assert isinstance(terminal.driver().pay(ORDER, journal, Steps()), Inconclusive)
    assert all(isinstance(told, Inconclusive) for told in journal.told)
    assert terminal.closed == 1
    assert terminal.count(codes.AUTHORISE) == 1


@pytest.mark.parametrize("code", [0x84CC, 0x849C, 0x8483])
def test_a_command_that_was_turned_down_is_not_charged(code: int) -> None:
    terminal = playing(Apdu(code))
    journal = NotingJournal()
    evidence = terminal.driver().pay(ORDER, journal, Steps())
    assert isinstance(evidence, NotCharged)
    assert journal.told == [evidence]


def test_84_00_is_a_positive_answer() -> None:
    assert isinstance(playing(Apdu(0x8400), APPROVED, END).driver().pay(ORDER, NotingJournal(), Steps()), Approved)


def test_a_failure_closed_by_06_0f_is_a_failure() -> None:
    assert isinstance(playing(OK, REFUSED, END).driver().pay(ORDER, NotingJournal(), Steps()), Cancelled)


def test_an_end_without_a_status_is_no_evidence() -> None:
    assert isinstance(playing(OK, END).driver().pay(ORDER, NotingJournal(), Steps()), Inconclusive)


def test_several_statuses_and_the_last_counts() -> None:
    wrong_pin = Apdu(codes.STATUS_INFORMATION, b"\x27\x37" + APPROVAL[2:])
    evidence = playing(OK, wrong_pin, WAITING, APPROVED, APPROVED, END).driver().pay(ORDER, NotingJournal(), Steps())
    assert isinstance(evidence, Approved)
    evidence = playing(OK, APPROVED, REFUSED, END).driver().pay(ORDER, NotingJournal(), Steps())
    assert isinstance(evidence, Inconclusive)


def test_unknown_messages_of_the_terminal_are_answered_and_passed_over() -> None:
    terminal = playing(OK, Apdu(0x06D8), Apdu(0x0F11, b"x"), Apdu(0x0401, b"\x07"), APPROVED, END)
    assert isinstance(terminal.driver().pay(ORDER, NotingJournal(), Steps()), Approved)
    assert terminal.sent[-5:] == [POSITIVE] * 5


def test_another_amount_is_refused() -> None:
    other = Apdu(codes.STATUS_INFORMATION, APPROVAL.replace(b"\x12\x50", b"\x12\x49", 1))
    terminal, journal = playing(OK, other, REFUSED, Apdu(codes.ABORTED, b"\x6c")), NotingJournal()
    assert isinstance(terminal.driver().pay(ORDER, journal, Steps()), NotCharged)
    assert GOODS_NOT_OUT in terminal.sent
    terminal = playing(OK, other, END)
    assert isinstance(terminal.driver().pay(ORDER, NotingJournal(), Steps()), Inconclusive)


def test_with_the_handshake_a_cancel_refuses_the_goods() -> None:
    terminal = playing(OK, WAITING, after_abort=(OK, APPROVED, REFUSED, Apdu(codes.ABORTED, b"\x6c")))
    driver = terminal.driver(HANDSHAKE)
    evidence = driver.pay(ORDER, NotingJournal(), Steps(driver.ask_to_cancel))
    assert isinstance(evidence, NotCharged)
    assert GOODS_NOT_OUT in terminal.sent


@pytest.mark.parametrize("stray", [APPROVED, Apdu(codes.STATUS_INFORMATION, b"\x27\x00"), WAITING, END])
@pytest.mark.parametrize("command", [codes.REGISTER, codes.STATUS_ENQUIRY, codes.REPEAT_LAST])
def test_what_is_left_over_from_earlier_is_answered_and_a_late_approval_refused(command: int, stray: Apdu) -> None:
    plain = ready_then(lambda _: None)

    def play(message: Apdu) -> Iterable[Reply] | None:
        return (stray, *plain(message)) if message.code == command else None

    terminal = VirtualTerminal(ready_then(play))
    driver = terminal.driver()
    driver.pay(ORDER, NotingJournal(), Steps())
    assert (GOODS_NOT_OUT in terminal.sent) == (stray is APPROVED)
    assert terminal.count(codes.AUTHORISE) == 1


@pytest.mark.parametrize("command", [codes.REGISTER, codes.STATUS_ENQUIRY])
def test_an_approval_in_the_middle_of_a_question_is_refused(command: int) -> None:
    plain = ready_then(lambda _: None)

    def play(message: Apdu) -> Iterable[Reply] | None:
        if message.code != command:
            return None
        first, *others = plain(message)
        return (first, APPROVED, *others)

    terminal = VirtualTerminal(ready_then(play))
    assert terminal.driver().status().health is Health.READY
    assert GOODS_NOT_OUT in terminal.sent


def test_an_answer_about_the_goods_of_an_earlier_payment_is_forgotten() -> None:
    terminal = playing(OK, APPROVED, REFUSED, Apdu(codes.ABORTED, b"\x6c"))
    driver, journal = terminal.driver(HANDSHAKE), NotingJournal()
    driver.goods(Goods.OUT)
    assert isinstance(driver.pay(ORDER, journal, Steps()), NotCharged)
    assert GOODS_NOT_YET in terminal.sent


def test_a_terminal_that_cannot_be_reached_is_told_nothing() -> None:
    driver = ZvtTerminal(lambda: CannotOpen(Reason.UNREACHABLE, "refused"))
    journal = NotingJournal()
    assert driver.pay(ORDER, journal, Steps()) == NotSent(Reason.UNREACHABLE, "refused")
    assert isinstance(driver.end_of_day(journal), NotSent)
    assert isinstance(driver.reverse(journal.remembered(ids=Ids(receipt="0042")), journal), NotSent)
    assert driver.status().reason is Reason.UNREACHABLE
    assert [noted for noted in journal.log if noted.what.startswith("sending")] == []
    assert isinstance(driver.enquire(journal.remembered(), journal), Inconclusive)


@pytest.mark.parametrize(
    "order", [PaymentOrder("a", 0), PaymentOrder("a", -5), PaymentOrder("a", 5, "USD"), PaymentOrder("a", 10**12)]
)
def test_an_order_the_protocol_has_no_room_for_is_not_sent(order: PaymentOrder) -> None:
    terminal = playing(OK)
    assert isinstance(terminal.driver().pay(order, NotingJournal(), Steps()), NotSent)
    assert terminal.sent == []


@pytest.mark.parametrize(
    ("end", "health", "reason"),
    [
        (Apdu(codes.COMPLETION, b"\0"), Health.READY, None),
        (Apdu(codes.COMPLETION, b"\xf0"), Health.UNAVAILABLE, Reason.OFFLINE),
        (Apdu(codes.COMPLETION, b"\x9c"), Health.BUSY, None),
        (Apdu(codes.COMPLETION), Health.UNAVAILABLE, Reason.GARBLED),
        (Apdu(codes.ABORTED, b"\x9c"), Health.BUSY, None),
        (Apdu(codes.ABORTED), Health.UNAVAILABLE, Reason.OFFLINE),
    ],
)
def test_states(end: Apdu, health: Health, reason: Reason | None) -> None:
    terminal = VirtualTerminal(ready_then(lambda message: (OK, end) if message.code == codes.STATUS_ENQUIRY else None))
    status = terminal.driver().status()
    assert (status.health, status.reason) == (health, reason)


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ((), Reason.SILENT),
        ((OK,), Reason.SILENT),
        ((LineFault.GARBLED,), Reason.GARBLED),
        ((Apdu(0x8483),), Reason.OFFLINE),
        ((OK, Apdu(codes.ABORTED, b"\x6f")), Reason.OFFLINE),
    ],
)
def test_a_registration_that_fails(replies: tuple[Reply, ...], reason: Reason) -> None:
    terminal = VirtualTerminal(ready_then(lambda message: replies if message.code == codes.REGISTER else None))
    status = terminal.driver().status()
    assert (status.health, status.reason) == (Health.UNAVAILABLE, reason)
    assert terminal.closed


def test_a_line_that_broke_while_nobody_used_it_is_opened_again_once() -> None:
    broken: list[Reply] = [LineFault.CLOSED]

    def play(message: Apdu) -> Iterable[Reply] | None:
        return (
            (broken.pop(),)
            if message.code == codes.STATUS_ENQUIRY and terminal.count(codes.REPEAT_LAST) and broken
            else None
        )

    terminal = VirtualTerminal(ready_then(play))
    driver = terminal.driver()
    journal = NotingJournal()
    driver.enquire(journal.remembered(), journal)
    assert driver.status().health is Health.READY
    assert terminal.count(codes.REGISTER) == 2


@pytest.mark.parametrize("call", ["sending payment", "acknowledged", "evidence"])
def test_a_journal_that_cannot_write_stops_the_driver(call: str) -> None:
    terminal = playing(OK, APPROVED, END)
    with pytest.raises(OSError, match="disk is full"):
        terminal.driver().pay(ORDER, NotingJournal(fails_at=call), Steps())
    sent = [message.code for message in terminal.sent]
    assert (codes.AUTHORISE in sent) == (call != "sending payment")
    assert call == "sending payment" or sent[-1] == codes.AUTHORISE  # nothing was acknowledged
    assert terminal.closed == (call != "sending payment")


def test_a_terminal_that_is_busy_proves_nothing_about_an_attempt() -> None:
    terminal = VirtualTerminal(
        ready_then(
            lambda message: (OK, Apdu(codes.COMPLETION, b"\x9c")) if message.code == codes.STATUS_ENQUIRY else None
        )
    )
    journal = NotingJournal(before={"memory": "told", "receipt": "0041"})
    assert isinstance(terminal.driver().enquire(journal.remembered(), journal), Inconclusive)
    assert terminal.count(codes.REPEAT_LAST) == 0


def money(code: int, *replies: Reply) -> VirtualTerminal:
    return VirtualTerminal(ready_then(lambda message: replies if message.code == code else None))


@pytest.mark.parametrize(
    ("replies", "evidence"),
    [
        ((OK, APPROVED, END), Reversed),
        ((OK, Apdu(codes.ABORTED, b"\xb4")), Reversed),
        ((Apdu(0x84B4),), Reversed),
        ((OK, Apdu(codes.ABORTED, b"\xb5")), NotReversed),
        ((Apdu(0x8483),), NotReversed),
        ((OK, END), Inconclusive),
        ((OK, LineFault.CLOSED), Inconclusive),
        ((), Inconclusive),
        ((OK, 179.0, APPROVED, END), Reversed),
    ],
)
def test_reversals(replies: tuple[Reply, ...], evidence: type) -> None:
    terminal, journal = money(codes.REVERSE, *replies), NotingJournal()
    attempt = journal.remembered(ids=Ids(receipt="0042"))
    assert type(terminal.driver().reverse(attempt, journal)) is evidence
    assert terminal.count(codes.REVERSE) == 1
    assert journal.protocol["receipt"] == "0042"


@pytest.mark.parametrize("receipt", ["", "42", "00x2", "٠٠٤٢"])
def test_a_payment_without_a_receipt_number_cannot_be_reversed(receipt: str) -> None:
    terminal, journal = money(codes.REVERSE), NotingJournal()
    attempt = journal.remembered(ids=Ids(receipt=receipt))
    assert isinstance(terminal.driver().reverse(attempt, journal), NotReversed)
    assert terminal.sent == []


@pytest.mark.parametrize(
    ("replies", "result"),
    [
        ((OK, APPROVED, END), DayEnded),
        ((OK, END), DayEnded),
        ((OK, Apdu(codes.COMPLETION, b"\x27\xe0")), DayEnded),
        ((OK, REFUSED, END), Declined),
        ((OK, Apdu(codes.ABORTED, b"\x77")), Declined),
        ((Apdu(0x8477),), Declined),
        ((OK, LineFault.CLOSED), Inconclusive),
    ],
)
def test_ends_of_day(replies: tuple[Reply, ...], result: type) -> None:
    terminal, journal = money(codes.END_OF_DAY, *replies), NotingJournal()
    assert type(terminal.driver().end_of_day(journal)) is result
    assert terminal.count(codes.END_OF_DAY) == 1


def test_the_terminal_s_own_texts_are_handed_on_only_where_the_profile_says_so() -> None:
    shown = Apdu(codes.INTERMEDIATE, bytes.fromhex("0A 00 06 06 24 04 07 02 4F6B"))
    for profile, text in ((ZvtProfile(), ""), (ZvtProfile(shows_texts=True), "Ok")):
        steps = Steps()
        playing(OK, shown, APPROVED, END).driver(profile).pay(ORDER, NotingJournal(), steps)
        assert steps.texts == [text]


def test_closing_twice_is_harmless() -> None:
    terminal = playing(OK, APPROVED, END)
    driver = terminal.driver()
    driver.pay(ORDER, NotingJournal(), Steps())
    driver.close()
    driver.close()
    assert terminal.closed == 1
    assert order_faults([]) == []


PIECES: dict[str, Apdu | LineFault] = {
    "positive": OK,
    "progress": WAITING,
    "approved": APPROVED,
    "refused": REFUSED,
    "other amount": Apdu(codes.STATUS_INFORMATION, APPROVAL.replace(b"\x12\x50", b"\x12\x49", 1)),
    "bare status": Apdu(codes.STATUS_INFORMATION, b"\x27\x00"),
    "end": END,
    "failed": Apdu(codes.ABORTED, b"\x6c"),
    "unknown": Apdu(0x06AA, b"??"),
    "broken": LineFault.CLOSED,
}


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(sorted(PIECES)), max_size=12))
def test_whatever_a_terminal_says_only_proof_counts_as_proof(names: list[str]) -> None:
    terminal, journal = playing(OK, *(PIECES[name] for name in names)), NotingJournal()
    link = NotingLink(terminal, journal)
    driver = ZvtTerminal(lambda: link, clock=terminal.clock, now=lambda: NOW)
    evidence = driver.pay(ORDER, journal, Steps())
    ends = [place for place, name in enumerate(names) if name in ("end", "failed", "broken")]
    heard = names[: ends[0] + 1] if ends else names
    if isinstance(evidence, Approved):
        assert heard[-1] == "end"
        assert "approved" in heard
    elif not isinstance(evidence, Inconclusive):
        assert heard[-1] in ("end", "failed")
        first_wrong = min((heard.index(name) for name in ("other amount", "bare status") if name in heard), default=99)
        assert "approved" not in heard[:first_wrong]
    if heard and heard[-1] == "end" and set(heard) <= {"positive", "progress", "approved", "unknown", "end"}:
        assert isinstance(evidence, Approved) == ("approved" in heard)
    assert order_faults(journal.log) == []
    assert terminal.count(codes.AUTHORISE) == 1
