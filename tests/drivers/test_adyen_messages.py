"""Messages of nexo as values: every example of the protocol, exact money, hidden cards, and whatever else may come."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Health, Reason
from drivers.payment_contract import (
    Approved,
    Cancelled,
    CancelledBy,
    Declined,
    Ids,
    Inconclusive,
    NotReversed,
    PaymentEvidence,
    Receipt,
    ReversalEvidence,
    Reversed,
    Step,
)
from drivers.payments.adyen.amounts import to_cents, to_number
from drivers.payments.adyen.display import Screen
from drivers.payments.adyen.envelope import Opened
from drivers.payments.adyen.evidence import (
    NotFound,
    StillRunning,
    ids_of,
    payment_evidence,
    repeated,
    reversal_evidence,
    summary,
    transaction_of,
)
from drivers.payments.adyen.header import Category, Header, request
from drivers.payments.adyen.json_text import Json, parse, write
from drivers.payments.adyen.reading import read_additional, read_message
from drivers.payments.adyen.receipts import hide_card
from drivers.payments.adyen.refusals import Malformed
from drivers.payments.adyen.status import device_status
from drivers.payments.adyen.values import (
    Abort,
    AskStatus,
    Diagnosis,
    DiagnosisReply,
    Notice,
    Outcome,
    Payment,
    PaymentReply,
    Question,
    Reference,
    Reply,
    Result,
    Reversal,
    ReversalReason,
    ReversalReply,
    Shown,
    StatusReply,
    Transaction,
)
from drivers.payments.adyen.writing import category_of, write_question
from tests.drivers.adyen_bench import ORDER

POI, SALE = "S1U2-000158213300585", "KIOSK-0042"
Tree = dict[str, Json]
TIME = "2026-11-22T09:15:00.000Z"
EARLIER = Reference(Category.PAYMENT, "K000000417", SALE)


def header(category: Category = Category.PAYMENT, number: str = "K000000417") -> Header:
    return request(category, number, SALE, POI)


def written(question: Question) -> Tree:
    """The body of a question, as the wire has it."""
    found = write_question(header(category_of(question)), question)["SaleToPOIRequest"]
    assert isinstance(found, dict)
    body = found[f"{category_of(question).value}Request"]
    assert isinstance(body, dict)
    return body


def read(body: Tree) -> Reply | Malformed:
    """An answer with this body."""
    head: Tree = {"ProtocolVersion": "3.0", "MessageClass": "Service", "MessageCategory": "Payment"}
    head |= {"MessageType": "Response", "ServiceID": "K000000417", "SaleID": SALE, "POIID": POI}
    found = read_message(Opened("SaleToPOIResponse", {"MessageHeader": head, **body}, b""))
    return found if isinstance(found, Malformed) else found[1]


def test_a_payment_is_written_as_in_the_example() -> None:
    payment = Payment(Transaction("7F3K-00417", TIME), 1250)
    assert write(write_question(header(), payment)).decode() == (
        '{"SaleToPOIRequest":{"MessageHeader":{"ProtocolVersion":"3.0","MessageClass":"Service",'
        '"MessageCategory":"Payment","MessageType":"Request","ServiceID":"K000000417","SaleID":"KIOSK-0042",'
        '"POIID":"S1U2-000158213300585"},"PaymentRequest":{"SaleData":{"SaleTransactionID":'
        '{"TransactionID":"7F3K-00417","TimeStamp":"2026-11-22T09:15:00.000Z"}},'
        '"PaymentTransaction":{"AmountsReq":{"Currency":"EUR","RequestedAmount":12.50}}}}}'
    )


def test_a_payment_names_the_language_of_the_citizen() -> None:
    wanted = written(Payment(Transaction("a", TIME), 100, language="fr"))["PaymentTransaction"]
    assert isinstance(wanted, dict)
    assert wanted["TransactionConditions"] == {"CustomerLanguage": "fr"}


@pytest.mark.parametrize(
    ("question", "body"),
    [
        (
            Abort(Reference(Category.PAYMENT, "K000000417", SALE, POI)),
            {
                "AbortReason": "MerchantAbort",
                "MessageReference": {
                    "MessageCategory": "Payment",
                    "SaleID": SALE,
                    "ServiceID": "K000000417",
                    "POIID": POI,
                },
            },
        ),
        (
            AskStatus(EARLIER),
            {
                "ReceiptReprintFlag": True,
                "DocumentQualifier": ["CustomerReceipt", "CashierReceipt"],
                "MessageReference": {"MessageCategory": "Payment", "SaleID": SALE, "ServiceID": "K000000417"},
            },
        ),
        (
            Reversal(Transaction("kB4a.8816", TIME), ReversalReason.CANNOT_COMPLETE),
            {
                "OriginalPOITransaction": {"POITransactionID": {"TransactionID": "kB4a.8816", "TimeStamp": TIME}},
                "ReversalReason": "Unable2Compl",
            },
        ),
        (Diagnosis(), {"HostDiagnosisFlag": True}),
    ],
)
def test_the_other_questions_are_written_as_in_the_examples(question: Question, body: Tree) -> None:
    assert written(question) == body


@given(st.integers(0, 10**11))
def test_cents_go_out_and_come_back_exactly(cents: int) -> None:
    told = parse(write(to_number(cents)))
    assert isinstance(told, (int, Decimal))
    assert to_cents(told) == cents


@pytest.mark.parametrize(("number", "cents"), [("12.5", 1250), ("12.50", 1250), ("12.500", 1250), ("1E+1", 1000)])
def test_money_has_many_spellings(number: str, cents: int) -> None:
    assert to_cents(Decimal(number)) == cents


@pytest.mark.parametrize("number", ["12.505", "-1", "-0", "1E+999999", "1E-999999", "Infinity", "NaN", "0." + "1" * 90])
def test_what_is_no_money(number: str) -> None:
    assert isinstance(to_cents(Decimal(number)), Malformed)


ADDITIONAL = {"refusalReason": "210 Not enough balance", "message": "a & b=c", "tid": "1"}


def test_additional_texts_are_read_in_both_forms() -> None:
    nested = {"additionalData": {"refusalReason": ADDITIONAL["refusalReason"], "tid": "1"}, "message": "a & b=c"}
    in64 = base64.b64encode(json.dumps(nested).encode()).decode()
    assert read_additional(urlencode(ADDITIONAL, quote_via=quote)) == read_additional(in64) == ADDITIONAL
    assert read_additional("") == read_additional("%%%") == {}
    assert read_additional("a=1&" * 600) == {}


def answer(result: Tree, payment_result: Tree | None = None, **more: Json) -> Tree:
    reply: Tree = {"Response": result, **more}
    return {"PaymentResponse": reply if payment_result is None else {**reply, "PaymentResult": payment_result}}


PAID: Tree = answer(
    {"Result": "Success", "AdditionalResponse": "cardHolderName=Anneke%20Voorbeeld&refusalReason=none"},
    {
        "AmountsResp": {"AuthorizedAmount": Decimal("12.5"), "Currency": "EUR"},
        "OnlineFlag": True,
        "PaymentInstrumentData": {"CardData": {"PaymentBrand": "bancontact", "MaskedPan": "670300 **** 0003"}},
    },
    POIData={"POITransactionID": {"TransactionID": "kB4a.8816", "TimeStamp": TIME}},
    SaleData={"SaleTransactionID": {"TransactionID": ORDER.attempt_id, "TimeStamp": TIME}},
)


def paid() -> PaymentReply:
    found = read(PAID)
    assert isinstance(found, PaymentReply)
    return found


def test_a_paid_answer_is_read_whole() -> None:
    reply = paid()
    assert (reply.amount_cents, reply.currency, reply.online) == (1250, "EUR", True)
    assert reply.card == "bancontact **** 0003"
    assert reply.transaction == Transaction("kB4a.8816", TIME)
    evidence = payment_evidence(reply, ORDER, False, POI)
    assert evidence == Approved(1250, "EUR", Ids("kB4a", TIME, "", "8816", POI), "bancontact **** 0003")


def test_what_is_kept_of_an_answer_names_no_person_and_no_card() -> None:
    kept = summary(paid())
    assert "8816" in kept
    assert "1250 cents EUR" in kept
    assert "refusalReason=none" in kept
    assert "Anneke" not in kept + repr(paid())
    assert "670300" not in kept + repr(paid())


@pytest.mark.parametrize(
    ("condition", "aborted", "evidence"),
    [
        *((name, False, Declined(name)) for name in ("Refusal", "InvalidCard", "WrongPIN", "PaymentRestriction")),
        *((name, False, Declined(name)) for name in ("DeviceOut", "UnavailableDevice", "UnavailableService")),
        *((name, False, Declined(name)) for name in ("LoggedOut", "UnreachableHost", "MessageFormat", "NotAllowed")),
        ("InsertedCard", False, Declined("InsertedCard")),
        ("Cancel", True, Cancelled(CancelledBy.CITIZEN)),
        ("Aborted", True, Cancelled(CancelledBy.KIOSK)),
        ("Aborted", False, Cancelled(CancelledBy.TIME_OUT)),
        ("", False, Declined("Failure")),
    ],
)
def test_a_failure_to_our_own_question_is_not_charged(condition: str, aborted: bool, evidence: PaymentEvidence) -> None:
    reply = PaymentReply(Outcome(Result.FAILURE, condition))
    assert payment_evidence(reply, ORDER, aborted, POI) == evidence


@pytest.mark.parametrize(
    "reply",
    [
        PaymentReply(Outcome(Result.FAILURE, "Busy")),
        PaymentReply(Outcome(Result.FAILURE, "InProgress")),
        PaymentReply(Outcome(Result.PARTIAL), amount_cents=1250, currency="EUR"),
        PaymentReply(Outcome(Result.SUCCESS)),
        PaymentReply(Outcome(Result.SUCCESS), amount_cents=1251, currency="EUR"),
        PaymentReply(Outcome(Result.SUCCESS), amount_cents=1250, currency="USD"),
        PaymentReply(Outcome(Result.SUCCESS), ours="another", amount_cents=1250, currency="EUR"),
        PaymentReply(Outcome(Result.FAILURE, "Refusal"), ours="another"),
    ],
)
def test_what_proves_nothing(reply: PaymentReply) -> None:
    assert isinstance(payment_evidence(reply, ORDER, False, POI), Inconclusive)


@pytest.mark.parametrize(
    ("reply", "evidence"),
    [
        (ReversalReply(Outcome(Result.SUCCESS)), Reversed),
        (ReversalReply(Outcome(Result.FAILURE, "Refusal")), NotReversed),
        (ReversalReply(Outcome(Result.FAILURE, "Busy")), Inconclusive),
        (ReversalReply(Outcome(Result.PARTIAL)), Inconclusive),
    ],
)
def test_what_an_answer_to_a_reversal_proves(reply: ReversalReply, evidence: type[ReversalEvidence]) -> None:
    assert type(reversal_evidence(reply, POI)) is evidence


def status(result: Tree, repeated_body: Tree | None = None, number: str = "K000000417") -> StatusReply:
    body: Tree = {"Response": result}
    if repeated_body is not None:
        head: Tree = {"ProtocolVersion": "3.0", "MessageClass": "Service", "MessageCategory": "Payment"}
        head |= {"MessageType": "Response", "ServiceID": number, "SaleID": SALE, "POIID": POI}
        body["RepeatedMessageResponse"] = {"MessageHeader": head, "RepeatedResponseMessageBody": repeated_body}
    found = read({"TransactionStatusResponse": body})
    assert isinstance(found, StatusReply)
    return found


def test_only_the_answer_inside_a_status_counts() -> None:
    success: Tree = {"Result": "Success"}
    assert isinstance(repeated(status(success), EARLIER), Inconclusive)
    assert isinstance(repeated(status(success, {}), EARLIER), Inconclusive)
    assert repeated(status(success, PAID), EARLIER) == paid()
    refused = answer({"Result": "Failure", "ErrorCondition": "Refusal"})
    found = repeated(status(success, refused), EARLIER)
    assert isinstance(found, PaymentReply)
    assert payment_evidence(found, ORDER, False, POI) == Declined("Refusal")


def test_a_status_about_something_else_proves_nothing() -> None:
    success: Tree = {"Result": "Success"}
    assert isinstance(repeated(status(success, PAID, "K000000418"), EARLIER), Inconclusive)
    other_terminal = Reference(Category.PAYMENT, "K000000417", SALE, "S1U2-1")
    assert isinstance(repeated(status(success, PAID), other_terminal), Inconclusive)
    undone: Tree = {"ReversalResponse": {"Response": {"Result": "Success"}}}
    assert isinstance(repeated(status(success, undone), EARLIER), Inconclusive)


@pytest.mark.parametrize(
    ("condition", "kind"), [("NotFound", NotFound), ("InProgress", StillRunning), ("Busy", Inconclusive)]
)
def test_a_status_that_failed(condition: str, kind: type[object]) -> None:
    failed: Tree = {"Result": "Failure", "ErrorCondition": condition}
    assert isinstance(repeated(status(failed), EARLIER), kind)
    assert isinstance(repeated(status(failed, PAID), EARLIER), kind), "what is repeated beside a failure proves nothing"


@given(st.text(max_size=12), st.text(min_size=1, max_size=12))
def test_the_name_of_a_transaction_comes_back_whole(name: str, time: str) -> None:
    ids = ids_of(Transaction(name, time), POI)
    assert transaction_of(ids) == Transaction(name, time) or not ids.reference


def test_without_id_and_time_there_is_nothing_to_undo() -> None:
    assert transaction_of(Ids(reference="8816")) is None
    assert transaction_of(Ids(trace=TIME)) is None
    assert ids_of(None, POI) == Ids(terminal=POI)


def line(**parts: str) -> Tree:
    return {"Text": urlencode(parts, quote_via=quote), "EndOfLineFlag": True}


def receipt_of(*lines: Tree, signature: bool = False, kind: str = "CustomerReceipt") -> Receipt:
    receipt: Tree = {
        "DocumentQualifier": kind,
        "RequiredSignatureFlag": signature,
        "OutputContent": {"OutputFormat": "Text", "OutputText": list(lines)},
    }
    reply = read(answer({"Result": "Success"}, PaymentReceipt=[receipt]))
    assert isinstance(reply, PaymentReply)
    return reply.receipts[0]


def test_a_receipt_has_names_left_and_values_right_and_no_card_number() -> None:
    receipt = receipt_of(
        line(key="header1", name="Gemeente Süd"),
        line(key="pan", name="Nummer", value="5413330089010442"),
        line(key="text", name="4111 1111 1111 1111", value="4111111111111111"),
        line(key="filler"),
        line(key="totalAmount", name="TOTAAL", value="€ 12,50"),
        {"Text": "los", "EndOfLineFlag": False},
        {"Text": " en vast", "EndOfLineFlag": True},
    )
    assert receipt.lines == (
        "Gemeente Süd",
        "Nummer                 **** 0442",
        "**** 1111              **** 1111",
        "",
        "TOTAAL                   € 12,50",
        "losen vast",
    )
    assert (receipt.for_citizen, receipt.must_print) == (True, False)


def test_a_receipt_of_the_municipality_and_one_that_must_be_printed() -> None:
    receipt = receipt_of(line(name="x"), signature=True, kind="CashierReceipt")
    assert (receipt.for_citizen, receipt.must_print) == (False, True)


@pytest.mark.parametrize("text", ["S1U2-000158213300585", "2026-11-22T09:15:00", "4111111111111112", "TID 12345678"])
def test_numbers_that_are_no_cards_stay(text: str) -> None:
    assert hide_card(text) == text


OK = Outcome(Result.SUCCESS)


@pytest.mark.parametrize(
    ("reply", "health", "reason"),
    [
        (DiagnosisReply(OK, "OK"), Health.READY, None),
        (DiagnosisReply(OK, "OK", hosts=(False, True)), Health.READY, None),
        (DiagnosisReply(OK, "OK", printer="PaperLow"), Health.ATTENTION, Reason.PAPER_LOW),
        (DiagnosisReply(OK, "OK", printer="NoPaper"), Health.ATTENTION, Reason.PAPER_OUT),
        (DiagnosisReply(OK, "Busy"), Health.BUSY, None),
        (DiagnosisReply(Outcome(Result.FAILURE, "Busy")), Health.BUSY, None),
        (DiagnosisReply(OK, "Maintenance"), Health.UNAVAILABLE, Reason.OFFLINE),
        (DiagnosisReply(OK, "Unreachable"), Health.UNAVAILABLE, Reason.OFFLINE),
        (DiagnosisReply(OK, ""), Health.UNAVAILABLE, Reason.OFFLINE),
        (DiagnosisReply(OK, "OK", broken=("PEDOKFlag",)), Health.UNAVAILABLE, Reason.MECHANICAL),
        (DiagnosisReply(OK, "OK", communication=False), Health.UNAVAILABLE, Reason.OFFLINE),
        (DiagnosisReply(OK, "OK", hosts=(False,)), Health.UNAVAILABLE, Reason.OFFLINE),
    ],
)
def test_how_a_terminal_is(reply: DiagnosisReply, health: Health, reason: Reason | None) -> None:
    found = device_status(reply)
    assert (found.health, found.reason) == (health, reason)


def test_a_diagnosis_is_read() -> None:
    state: Tree = {"GlobalStatus": "OK", "CommunicationOKFlag": True, "CardReaderOKFlag": False, "PrinterStatus": "OK"}
    hosts: Json = [{"AcquirerID": "1", "IsReachableFlag": False}, {"AcquirerID": "2", "IsReachableFlag": True}]
    body: Tree = {"Response": {"Result": "Success"}, "POIStatus": state, "HostStatus": hosts}
    assert read({"DiagnosisResponse": body}) == DiagnosisReply(
        OK, "OK", ("CardReaderOKFlag",), True, "OK", (False, True)
    )


def test_the_screen_and_news_are_read() -> None:
    shown: Tree = {"PredefinedContent": {"ReferenceID": "TransactionID=1&TimeStamp=2&event=CARD_INSERTED"}}
    output: Json = [{"Device": "CustomerDisplay", "OutputContent": shown}, {"OutputContent": {}}]
    assert read({"DisplayRequest": {"DisplayOutput": output}}) == Shown(("CARD_INSERTED",))
    assert read({"EventNotification": {"EventToNotify": "Shutdown", "TimeStamp": TIME}}) == Notice("Shutdown")


def test_what_the_screen_means_to_a_citizen() -> None:
    screen = Screen()
    events = ("TENDER_CREATED", "CARD_INSERTED", "WAIT_FOR_PIN", "WAIT_FOR_PIN", "PIN_ENTERED", "TENDER_FINAL")
    assert [screen.step(event) for event in events] == [
        Step.WAITING_FOR_CARD,
        Step.CARD_SEEN,
        Step.ENTER_PIN,
        Step.PIN_WRONG,
        Step.ASKING_BANK,
        Step.TAKE_CARD,
    ]
    assert screen.step("CARD_REMOVED") is None
    assert screen.step("TENDER_FINAL") is None, "the card is out"
    assert screen.step("of a later version") is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
BODIES: dict[str, Tree] = {
    "PaymentResponse": PAID,
    "TransactionStatusResponse": {
        "TransactionStatusResponse": {
            "Response": {"Result": "Success"},
            "RepeatedMessageResponse": {"MessageHeader": {}, "RepeatedResponseMessageBody": PAID},
        }
    },
    "DiagnosisResponse": {"DiagnosisResponse": {"Response": {"Result": "Success"}, "POIStatus": {}}},
    "DisplayRequest": {"DisplayRequest": {"DisplayOutput": [{"OutputContent": {"PredefinedContent": {}}}]}},
}


def replaced(tree: Json, path: list[int], value: Json) -> Json:
    """The tree with another value somewhere in it."""
    if not path or not isinstance(tree, dict) or not tree:
        return value
    names = sorted(tree)
    name = names[path[0] % len(names)]
    return {**tree, name: replaced(tree[name], path[1:], value)}


@given(st.sampled_from(sorted(BODIES)), st.lists(st.integers(0, 20), min_size=1, max_size=7), json_values)
def test_any_value_in_any_place_gives_a_value_or_malformed(kind: str, path: list[int], value: Json) -> None:
    body = replaced(BODIES[kind], path, value)
    if isinstance(body, dict):
        found = read(body)
        if isinstance(found, PaymentReply):
            payment_evidence(found, ORDER, False, POI)
            summary(found).encode()


@given(st.binary(max_size=100))
def test_any_bytes_are_json_or_malformed(data: bytes) -> None:
    parse(data)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"PaymentResponse": {}},
        {"PaymentResponse": {"Response": {"Result": "Perhaps"}}},
        {"PaymentResponse": {"Response": "Success"}},
        answer({"Result": "Success"}, {"AmountsResp": {"AuthorizedAmount": "12.50"}}),
        answer({"Result": "Success"}, {"AmountsResp": {"AuthorizedAmount": True}}),
        answer({"Result": "Success"}, {"AmountsResp": {"AuthorizedAmount": Decimal("12.505")}}),
        answer({"Result": "Success"}, {"OnlineFlag": "yes"}),
        answer({"Result": "Success", "AdditionalResponse": "x" * 100_000}),
        answer({"Result": "Success"}, PaymentReceipt=["text"]),
    ],
)
def test_other_forms_are_malformed_and_the_text_says_where(body: Tree) -> None:
    found = read(body)
    assert isinstance(found, Malformed)
    assert "12.5" not in found.why
