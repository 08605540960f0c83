"""What is proof and what is not: the tables of the reference, as pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from drivers.payment_contract import (
    Approved,
    Cancelled,
    CancelledBy,
    Declined,
    Ids,
    Inconclusive,
    NotCharged,
    NotReversed,
    PaymentOrder,
    Remembered,
    Reversed,
)
from drivers.payments.zvt.conversation import End
from drivers.payments.zvt.evidence import Heard, decide, decide_reversal, mismatch
from drivers.payments.zvt.messages import Completed, Failed, StatusInfo, read_status
from drivers.payments.zvt.recovery import EMPTY, SILENT, TOLD, LastTransaction, judge, last_of
from tests.drivers.zvt_bench import APPROVAL, NOW, ORDER

YES = read_status(APPROVAL)
NO = replace(YES, result=0x05)
DONE = Completed()
UNDONE = replace(YES, original_trace="000100")


@pytest.mark.parametrize(
    ("heard", "end", "evidence"),
    [
        (Heard(YES, YES), DONE, Approved),
        (Heard(YES, YES), Completed(b"\x27\x6c"), Inconclusive),
        (Heard(YES, YES), Failed(0x6C), Inconclusive),
        (Heard(NO, YES), DONE, Inconclusive),
        (Heard(), DONE, Inconclusive),
        (Heard(YES), DONE, Inconclusive),
        (Heard(replace(YES, result=None)), DONE, Inconclusive),
        (Heard(YES, refused="no goods"), DONE, Inconclusive),
        (Heard(YES, refused="no goods"), Failed(0x6C), NotCharged),
        (Heard(NO, refused="no goods"), DONE, NotCharged),
        (Heard(NO, asked_to_wait=True), Failed(0x6C), NotCharged),
        (Heard(YES, asked_to_wait=True), DONE, Inconclusive),
        (Heard(NO), DONE, Declined),
        (Heard(NO), Failed(0x05), Declined),
        (Heard(), Failed(0x64), Declined),
        (Heard(), Failed(None), Declined),
        (Heard(), Failed(0x6C), Cancelled),
        (Heard(replace(YES, result=0x6C)), DONE, Cancelled),
    ],
)
def test_the_table_of_evidence(heard: Heard, end: End, evidence: type) -> None:
    assert type(decide(ORDER, heard, end, ())) is evidence


@pytest.mark.parametrize(
    ("heard", "by"),
    [
        (Heard(), CancelledBy.TIME_OUT),
        (Heard(stopped_at_terminal=True), CancelledBy.CITIZEN),
        (Heard(abort_sent=True), CancelledBy.KIOSK),
    ],
)
def test_who_cancelled(heard: Heard, by: CancelledBy) -> None:
    assert decide(ORDER, heard, Failed(0x6C), ()) == Cancelled(by)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (YES, ""),
        (replace(YES, currency=None), ""),
        (replace(YES, amount_cents=1249), "1249 cents"),
        (replace(YES, amount_cents=None), "no amount"),
        (replace(YES, currency=840), "840"),
        (UNDONE, "reversal"),
    ],
)
def test_an_approval_must_be_of_exactly_the_order(told: StatusInfo, words: str) -> None:
    wrong = mismatch(ORDER, told)
    assert bool(wrong) == bool(words)
    assert words in wrong


@pytest.mark.parametrize(
    ("last", "end", "evidence"),
    [
        (YES, DONE, Reversed),
        (replace(YES, amount_cents=None), DONE, Reversed),
        (replace(YES, amount_cents=7), DONE, Inconclusive),
        (None, DONE, Inconclusive),
        (YES, Failed(0x6C), Inconclusive),
        (NO, DONE, NotReversed),
        (None, Failed(0xB5), NotReversed),
        (None, Failed(0xB4), Reversed),
        (replace(YES, result=0xB4), DONE, Reversed),
    ],
)
def test_the_evidence_of_a_reversal(last: StatusInfo | None, end: End, evidence: type) -> None:
    assert type(decide_reversal(1250, last, end, ())) is evidence


BEFORE = {"memory": TOLD, "receipt": "0041", "trace": "000122", "turnover": "000041", "terminal": "12345678"}
SENT = NOW - timedelta(seconds=20)
ATTEMPT = Remembered(ORDER, {"sent": SENT.isoformat()}, BEFORE)


def attempt(protocol: dict[str, str] | None = None, order: PaymentOrder = ORDER, **before: str) -> Remembered:
    kept = {name: value for name, value in (BEFORE | before).items() if value}
    return Remembered(order, ATTEMPT.protocol if protocol is None else protocol, kept)


OLD = replace(YES, ids=replace(YES.ids, receipt="0041", trace="000122", turnover="000041"))


@pytest.mark.parametrize(
    ("asked", "told", "evidence"),
    [
        (attempt(), YES, Approved),
        (attempt(), OLD, NotCharged),
        (attempt(), replace(OLD, amount_cents=5), NotCharged),
        (attempt(), NO, Declined),
        (attempt(), replace(YES, result=0x6C), Cancelled),
        (attempt(), replace(YES, amount_cents=1249), Inconclusive),
        (attempt(), replace(YES, amount_cents=None), Inconclusive),
        (attempt(), replace(YES, currency=840), Inconclusive),
        (attempt(), replace(YES, ids=replace(YES.ids, receipt="0041")), Inconclusive),
        (attempt(), replace(YES, ids=Ids(terminal="12345678")), Inconclusive),
        (attempt(), replace(YES, ids=Ids(trace="000123")), Approved),
        (attempt(), replace(YES, ids=Ids(trace="000122")), NotCharged),
        (attempt(), replace(YES, ids=replace(YES.ids, terminal="99999999")), Inconclusive),
        (attempt(terminal=""), YES, Approved),
        (attempt(), replace(YES, date="", time=""), Inconclusive),
        (attempt(), replace(YES, time=""), Inconclusive),
        (attempt(), replace(YES, time="101309"), Inconclusive),
        (attempt(), replace(YES, time="101311"), Approved),
        (attempt(), replace(YES, time="101729"), Approved),
        (attempt(), replace(YES, time="101731"), Inconclusive),
        (attempt(), replace(YES, date="1121"), Inconclusive),
        (attempt(clockOffset="3600"), replace(YES, time="111530"), Approved),
        (attempt(clockOffset="3600"), YES, Inconclusive),
        (attempt(clockOffset="much"), YES, Inconclusive),
        (attempt(protocol={}), YES, Inconclusive),
        (attempt(protocol={"sent": "2026-11-22T09:15:10"}), YES, Inconclusive),
        (attempt(memory=EMPTY, receipt="", trace="", turnover=""), YES, Approved),
        (attempt(memory=SILENT, receipt="", trace="", turnover=""), YES, Inconclusive),
        (attempt(memory=""), YES, Inconclusive),
        (attempt(), UNDONE, Inconclusive),
        (replace(ATTEMPT, ids=Ids(trace="000100")), UNDONE, NotCharged),
    ],
)
def test_what_the_memory_of_the_terminal_proves(asked: Remembered, told: StatusInfo, evidence: type) -> None:
    assert type(judge(asked, LastTransaction(TOLD, told), "", NOW, "Europe/Brussels")) is evidence


@pytest.mark.parametrize("before", [TOLD, EMPTY, SILENT])
@pytest.mark.parametrize("memory", [EMPTY, SILENT])
def test_a_memory_that_tells_nothing_proves_nothing(before: str, memory: str) -> None:
    evidence = judge(attempt(memory=before), LastTransaction(memory), "12345678", NOW, "Europe/Brussels")
    assert isinstance(evidence, Inconclusive)


def test_how_an_enquiry_ended() -> None:
    assert last_of(None, None).memory == EMPTY
    assert last_of(Failed(0xB8), None).memory == EMPTY
    assert last_of(DONE, None).memory == SILENT
    assert last_of(DONE, StatusInfo()).memory == SILENT
    assert last_of(DONE, YES) == LastTransaction(TOLD, YES)
    assert "receipt" not in last_of(DONE, None).before("12345678", 0.0)
    assert last_of(DONE, YES).before("", 1.6) == {
        "memory": TOLD,
        "terminal": "12345678",
        "clockOffset": "2",
        "receipt": "0042",
        "trace": "000123",
        "turnover": "000042",
    }
