"""What an answer of an OPI terminal proves: the table of results, and everything that must fit besides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Health
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
    Receipt,
    Remembered,
    Reversed,
    Total,
)
from drivers.payments.opi.enquiry import Next, Remains, not_charged, read_repeated, read_ticket, remains
from drivers.payments.opi.evidence import Circumstances, day_result, payment_evidence, reversal_evidence, unfitting
from drivers.payments.opi.requests import CardType, ServiceType
from drivers.payments.opi.responses import Original, Response
from drivers.payments.opi.status import device_status
from drivers.payments.opi.tickets import Ticket, why_not_ours
from tests.drivers.opi_bench import ORDER

PAID = Response(
    "CardPayment", "417", "KIOSK42", "Success", "11140023", "000593", True, 1250, "EUR", "A1", "REF-1", card="MAESTRO"
)
SEEN = Circumstances()
RECEIPT = Receipt(("Totaal",))
ATTEMPT = Remembered(
    ORDER,
    {"requestId": "417", "workstation": "KIOSK42", "sentAt": "2026-11-22T10:15:00+01:00"},
    {"terminal": "11140023", "stan": "000592"},
)
OURS = Remains(ATTEMPT, 417, "KIOSK42")
TICKET = Ticket(1250, "EUR", "A1", "REF-1", "000593", "11140023", "2026-11-22T10:16:00+01:00")
REPEATED = Response("RepeatLastMessage", "430", "KIOSK42", "Success", "11140023")


def said(result: str, **more: str) -> Response:
    """An answer without an amount."""
    return replace(PAID, result=result, has_amount=False, amount_cents=None, **more)  # type: ignore[arg-type]


def test_success_with_amount_and_currency_is_paid() -> None:
    ids = Ids(trace="000593", reference="REF-1", terminal="11140023")
    assert payment_evidence(PAID, ORDER, Circumstances(receipts=(RECEIPT,))) == Approved(
        1250, "EUR", ids, "MAESTRO", (RECEIPT,)
    )


@pytest.mark.parametrize(
    ("reply", "proof"),
    [
        (said("Failure", reason="51"), Declined("51")),
        (said("Failure"), Declined("Failure")),
        (said("Failure", reason="107", terminal_reason="107"), Cancelled(CancelledBy.CITIZEN)),
        (said("Aborted"), Cancelled(CancelledBy.CITIZEN)),
        (said("TimedOut"), Cancelled(CancelledBy.TIME_OUT)),
        (said("FlowTimedOut"), Cancelled(CancelledBy.TIME_OUT)),
    ],
)
def test_certainly_not_charged(reply: Response, proof: object) -> None:
    assert payment_evidence(reply, ORDER, SEEN) == proof


@pytest.mark.parametrize("result", ["Busy", "DeviceUnavailable", "PrintLastTicket"])
def test_nothing_was_started(result: str) -> None:
    assert isinstance(payment_evidence(said(result), ORDER, SEEN), NotCharged)


@pytest.mark.parametrize(
    "result",
    [
        "PartialFailure",
        "CommunicationError",
        "ConnectionError",
        "Unknown",
        "",
        "FormatError",
        "ParsingError",
        "ValidationError",
        "MissingMandatoryData",
        "success",
        "4111111111111111",
    ],
)
def test_nobody_knows(result: str) -> None:
    proof = payment_evidence(said(result), ORDER, SEEN)
    assert isinstance(proof, Inconclusive)
    assert "4111" not in proof.why


@pytest.mark.parametrize(
    "reply",
    [
        replace(PAID, amount_cents=1251),
        replace(PAID, amount_cents=None),
        replace(PAID, has_amount=False, amount_cents=None),
        replace(PAID, currency="CHF"),
        replace(PAID, currency=""),
    ],
)
def test_success_of_something_else_is_no_success(reply: Response) -> None:
    assert isinstance(payment_evidence(reply, ORDER, SEEN), Inconclusive)


def test_a_repeated_success_may_leave_the_amount_out_but_not_change_it() -> None:
    bare = replace(PAID, has_amount=False, amount_cents=None, currency="")
    assert isinstance(payment_evidence(bare, ORDER, SEEN, amount_needed=False), Approved)
    other = replace(PAID, amount_cents=1251)
    assert isinstance(payment_evidence(other, ORDER, SEEN, amount_needed=False), Inconclusive)


def test_who_asked_decides_who_cancelled() -> None:
    assert payment_evidence(said("Aborted"), ORDER, Circumstances(aborted=True)) == Cancelled(CancelledBy.KIOSK)


def test_our_wish_never_overrules_success() -> None:
    for seen in (Circumstances(aborted=True), Circumstances(approval_seen=True, goods=Goods.REFUSED)):
        assert isinstance(payment_evidence(PAID, ORDER, seen), Approved)


@pytest.mark.parametrize("result", ["Failure", "Aborted", "TimedOut", "Busy"])
def test_a_no_after_an_approval_is_a_contradiction(result: str) -> None:
    assert isinstance(payment_evidence(said(result), ORDER, Circumstances(approval_seen=True)), Inconclusive)


@pytest.mark.parametrize("result", ["Failure", "Aborted"])
def test_a_no_after_refused_goods_is_not_charged(result: str) -> None:
    seen = Circumstances(approval_seen=True, goods=Goods.REFUSED)
    assert isinstance(payment_evidence(said(result), ORDER, seen), NotCharged)


@given(st.text(max_size=30), st.none() | st.integers(0, 9999), st.sampled_from(["EUR", "CHF", ""]), st.booleans())
def test_paid_only_when_everything_fits(result: str, cents: int | None, currency: str, seen: bool) -> None:
    reply = replace(PAID, result=result, amount_cents=cents, currency=currency)
    proof = payment_evidence(reply, ORDER, Circumstances(approval_seen=seen))
    assert isinstance(proof, Approved) == (result == "Success" and cents == 1250 and currency == "EUR")


@pytest.mark.parametrize(
    "reply",
    [
        replace(PAID, request_id="418"),
        replace(PAID, request_id=""),
        replace(PAID, request_id="0417"),
        replace(PAID, type="AbortRequest"),
        replace(PAID, workstation="OTHER"),
    ],
)
def test_an_answer_to_something_else(reply: Response) -> None:
    assert unfitting(reply, CardType.CARD_PAYMENT, 417, "KIOSK42")


def test_the_answer_to_ours() -> None:
    assert unfitting(PAID, CardType.CARD_PAYMENT, 417, "KIOSK42") == ""
    assert unfitting(replace(PAID, workstation=""), CardType.CARD_PAYMENT, 417, "KIOSK42") == ""


def test_reversals() -> None:
    assert isinstance(reversal_evidence(PAID, ORDER, SEEN), Reversed)
    assert isinstance(reversal_evidence(replace(PAID, amount_cents=0), ORDER, SEEN), Reversed)
    assert isinstance(reversal_evidence(replace(PAID, amount_cents=99), ORDER, SEEN), Inconclusive)
    assert reversal_evidence(said("Failure", reason="B4"), ORDER, SEEN) == NotReversed("B4")
    assert reversal_evidence(said("Busy"), ORDER, SEEN) == NotReversed("Busy")
    for unclear in ("TimedOut", "PartialFailure", ""):
        assert isinstance(reversal_evidence(said(unclear), ORDER, SEEN), Inconclusive)


def test_days() -> None:
    day = Response("CloseDay", "9", "", "DayClosed", totals=(Total("MAESTRO", 2, 500),))
    assert day_result(day, ServiceType.CLOSE_DAY, 9, SEEN) == DayEnded((Total("MAESTRO", 2, 500),))
    assert day_result(replace(day, result="Failure"), ServiceType.CLOSE_DAY, 9, SEEN) == Declined("Failure")
    assert isinstance(day_result(replace(day, result="odd"), ServiceType.CLOSE_DAY, 9, SEEN), Inconclusive)
    assert isinstance(day_result(day, ServiceType.CLOSE_DAY, 10, SEEN), Inconclusive)


def test_original_header_of_ours_decides() -> None:
    header = Original("CardPayment", "417", "Success", "KIOSK42")
    assert isinstance(read_repeated(replace(REPEATED, original=header), OURS, 430, SEEN), Approved)
    no = replace(header, result="Aborted")
    assert read_repeated(replace(REPEATED, original=no), OURS, 430, SEEN) == Cancelled(CancelledBy.CITIZEN)
    wrong = replace(REPEATED, original=header, has_amount=True, amount_cents=1, currency="EUR")
    assert isinstance(read_repeated(wrong, OURS, 430, SEEN), Inconclusive)


def test_the_last_answer_itself_once_more_decides_too() -> None:
    assert isinstance(read_repeated(PAID, OURS, 430, SEEN), Approved)


@pytest.mark.parametrize(
    ("reply", "then"),
    [
        (REPEATED, Next.TICKET),
        (replace(REPEATED, workstation="OTHER"), Next.TICKET),
        (replace(REPEATED, result="PrintLastTicket"), Next.TICKET),
        (replace(REPEATED, result="Failure"), Next.TICKET),
        (replace(REPEATED, original=Original("CardPayment", "417", "Success", "OTHER")), Next.TICKET),
        (replace(REPEATED, original=Original("AbortRequest", "417", "Success")), Next.TICKET),
        (replace(REPEATED, original=Original("CardPayment", "417", "PartialFailure")), Next.TICKET),
        (replace(REPEATED, original=Original("CardPayment", "", "Success")), Next.TICKET),
        (replace(REPEATED, original=Original("AbortRequest", "420", "Success")), Next.TICKET),
        (replace(REPEATED, original=Original("CardPayment", "400", "Success")), Next.IDLE_AND_NEVER_CALLED_BACK),
        (
            replace(REPEATED, original=Original("CardPayment", "400", "Success"), terminal="99999999"),
            Next.TICKET,
        ),
    ],
)
def test_what_is_asked_next(reply: Response, then: Next) -> None:
    assert read_repeated(reply, OURS, 430, SEEN) is then


@pytest.mark.parametrize("result", ["Busy", "DeviceUnavailable"])
def test_a_busy_terminal_is_asked_later(result: str) -> None:
    assert isinstance(read_repeated(replace(REPEATED, result=result), OURS, 430, SEEN), Inconclusive)


def test_money_after_ours_hides_ours() -> None:
    later = replace(REPEATED, original=Original("CardPayment", "425", "Success"))
    assert isinstance(read_repeated(later, OURS, 430, SEEN), Inconclusive)


def test_an_answer_to_another_question_says_nothing() -> None:
    header = Original("CardPayment", "417", "Success")
    assert isinstance(read_repeated(replace(REPEATED, original=header), OURS, 431, SEEN), Inconclusive)


def test_without_a_terminal_known_before_an_older_number_proves_nothing() -> None:
    blind = Remains(replace(ATTEMPT, before={}), 417, "KIOSK42")
    older = replace(REPEATED, original=Original("CardPayment", "400", "Success"))
    assert read_repeated(older, blind, 430, SEEN) is Next.TICKET


def test_older_is_not_charged_only_when_idle_and_never_called_back() -> None:
    assert isinstance(not_charged(REPEATED, called_back=False), NotCharged)
    assert not_charged(None, called_back=False) is Next.TICKET
    assert not_charged(REPEATED, called_back=True) is Next.TICKET
    assert not_charged(REPEATED, called_back=None) is Next.TICKET


def test_a_ticket_that_fits_is_paid() -> None:
    assert why_not_ours(TICKET, ATTEMPT, 900) == ""
    assert isinstance(read_ticket((TICKET,), OURS, 900), Approved)


@pytest.mark.parametrize(
    "ticket",
    [
        replace(TICKET, approval=""),
        replace(TICKET, amount_cents=1251),
        replace(TICKET, amount_cents=None),
        replace(TICKET, currency="CHF"),
        replace(TICKET, stan="000592"),
        replace(TICKET, stan=""),
        replace(TICKET, terminal="99999999"),
        replace(TICKET, terminal=""),
        replace(TICKET, time="2026-11-22T09:15:00+01:00"),
        replace(TICKET, time="yesterday"),
        replace(TICKET, time=""),
    ],
)
def test_a_ticket_that_does_not_fit_in_one_thing_proves_nothing(ticket: Ticket) -> None:
    assert why_not_ours(ticket, ATTEMPT, 900)
    assert isinstance(read_ticket((ticket,), OURS, 900), Inconclusive)


def test_without_the_number_before_no_ticket_proves_anything() -> None:
    assert why_not_ours(TICKET, replace(ATTEMPT, before={"terminal": "11140023"}), 900)


def test_no_ticket_proves_nothing() -> None:
    assert isinstance(read_ticket((), OURS, 900), Inconclusive)


@pytest.mark.parametrize("protocol", [{}, {"requestId": "x"}, {"requestId": "417", "workstation": "OTHER"}])
def test_an_attempt_that_is_not_ours_cannot_be_asked_about(protocol: dict[str, str]) -> None:
    assert isinstance(remains(replace(ATTEMPT, protocol=protocol), "KIOSK42"), Inconclusive)


@pytest.mark.parametrize(
    ("result", "state", "health"),
    [
        ("Success", "", Health.READY),
        ("Success", "IDLE", Health.READY),
        ("AlreadyActivated", "", Health.READY),
        ("Success", "Busy", Health.BUSY),
        ("Busy", "", Health.BUSY),
        ("Success", "LOCKED", Health.UNAVAILABLE),
        ("Success", "LOGGED_OUT", Health.UNAVAILABLE),
        ("DeviceUnavailable", "", Health.UNAVAILABLE),
        ("Failure", "", Health.UNAVAILABLE),
        ("", "", Health.UNAVAILABLE),
    ],
)
def test_how_the_terminal_is(result: str, state: str, health: Health) -> None:
    assert device_status(Response("GetStatus", "1", "", result, state=state)).health is health
