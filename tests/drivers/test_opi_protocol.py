"""Frames, XML and messages of OPI-NL: golden ones, hostile ones, and each end read with another library."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from xml.etree.ElementTree import Element
from xml.parsers import expat

import lxml.etree  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.payment_contract import Step, Total
from drivers.payments.opi.amounts import read_amount, write_amount
from drivers.payments.opi.device import (
    DeviceAnswer,
    DeviceRequest,
    DeviceResult,
    Input,
    Output,
    Target,
    decode_device_request,
    encode_device_answer,
)
from drivers.payments.opi.frames import LARGEST, Frames, frame
from drivers.payments.opi.malformed import Malformed
from drivers.payments.opi.mask import hide_card, last_four, mask_document
from drivers.payments.opi.progress import read_step
from drivers.payments.opi.receipts import read_receipt
from drivers.payments.opi.requests import (
    CardServiceRequest,
    CardType,
    PosData,
    ServiceRequest,
    ServiceType,
    digest,
    encode_request,
)
from drivers.payments.opi.responses import Original, Response, decode_response
from drivers.payments.opi.xml import DEEPEST, MOST, parse
from drivers.simulated.terminal.opi import markup, words
from drivers.simulated.terminal.opi.knobs import Oddity
from drivers.simulated.terminal.opi.words import Last
from tests.drivers.opi_bench import (
    GOLDEN_DEVICE_REQUEST,
    GOLDEN_REQUEST,
    GOLDEN_RESPONSE,
    NAMESPACE,
    framed,
)

POS = PosData("2026-11-22T10:15:00+01:00", "nl", "Available", "Available")
PAYMENT = CardServiceRequest(CardType.CARD_PAYMENT, "KIOSK42", 417, POS, 1250)
XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
STRICT = {"resolve_entities": False, "no_network": True, "load_dtd": False}


def canonical(document: bytes) -> bytes:
    """The same for two documents that say the same, by a library that the driver does not use."""
    root = lxml.etree.fromstring(document, lxml.etree.XMLParser(remove_blank_text=True, **STRICT))
    result: bytes = lxml.etree.tostring(root, method="c14n")
    return result


def test_a_payment_is_the_one_of_the_reference() -> None:
    assert canonical(encode_request(PAYMENT)) == canonical(GOLDEN_REQUEST)


def test_the_response_of_the_reference() -> None:
    assert decode_response(GOLDEN_RESPONSE) == Response(
        type="CardPayment",
        request_id="417",
        workstation="KIOSK42",
        result="Success",
        terminal="11140023",
        stan="000593",
        has_amount=True,
        amount_cents=1250,
        currency="EUR",
        approval="123456",
        reference="REF-1",
        time="2026-11-22T10:15:20+01:00",
        card="MAESTRO **** 1234",
    )


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Authorization", b"Authorisation"),
        (b' xmlns="http://www.nrf-arts.org/IXRetail/namespace"', b""),
        (b"<CardServiceResponse ", b'<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?><CardServiceResponse '),
        (b"<CardServiceResponse ", b"\r\n  <CardServiceResponse "),
        (b"WorkstationID", b'xsi:schemaLocation="undeclared" WorkstationID'),
    ],
)
def test_liberal_in_what_it_reads(was: bytes, becomes: bytes) -> None:
    assert decode_response(GOLDEN_RESPONSE.replace(was, becomes)) == decode_response(GOLDEN_RESPONSE)


def test_a_prefix_is_no_other_name() -> None:
    prefixed = GOLDEN_RESPONSE.replace(b"<", b"<n:").replace(b"<n:/", b"</n:").replace(b"xmlns=", b"xmlns:n=")
    assert decode_response(prefixed) == decode_response(GOLDEN_RESPONSE)


def test_an_original_header_in_attributes_or_elements() -> None:
    inside = b"<OriginalHeader><RequestType>CardPayment</RequestType><RequestID>417</RequestID>"
    inside += b"<OverallResult>Success</OverallResult></OriginalHeader>"
    outside = b'<OriginalHeader RequestType="CardPayment" RequestID="417" OverallResult="Success"/>'
    for header in (inside, outside):
        said = decode_response(GOLDEN_RESPONSE.replace(b"<Tender>", header + b"<Tender>"))
        assert isinstance(said, Response)
        assert said.original == Original("CardPayment", "417", "Success")


def test_reasons_and_totals() -> None:
    document = b"""<ServiceResponse RequestType="CloseDay" RequestID="9" OverallResult="Failure">
      <Diagnosis HostDeclineReason="0" TerminalDeclineReason="107"/><TerminalStatus>IDLE</TerminalStatus>
      <Reconciliation><TotalAmount NumberPayments="8" CardCircuit="Bancontact" Currency="EUR">338.00</TotalAmount>
      <TotalAmount NumberPayments="x">1</TotalAmount></Reconciliation></ServiceResponse>"""
    said = decode_response(document)
    assert isinstance(said, Response)
    assert (said.reason, said.terminal_reason, said.state) == ("107", "107", "IDLE")
    assert said.totals == (Total("Bancontact", 8, 33800),)


def test_the_device_request_of_the_reference() -> None:
    asked = decode_device_request(GOLDEN_DEVICE_REQUEST)
    assert asked == DeviceRequest(
        "Output",
        "417.1",
        "KIOSK42",
        "TERM",
        "001",
        outputs=(Output(Target.CUSTOMER_DISPLAY, "CustomerDisplay", ("Bied uw kaart aan",)),),
    )
    assert isinstance(asked, DeviceRequest)
    assert asked.base == "417"


def test_a_device_answer_names_what_was_asked() -> None:
    asked = decode_device_request(GOLDEN_DEVICE_REQUEST)
    assert isinstance(asked, DeviceRequest)
    expected = (
        f'<DeviceResponse xmlns="{NAMESPACE}" RequestType="Output" RequestID="417.1" WorkstationID="KIOSK42" '
        'ApplicationSender="TERM" POPID="001" OverallResult="Success">'
        '<Output OutDeviceTarget="CustomerDisplay" OutResult="Success"/></DeviceResponse>'
    ).encode()
    assert canonical(encode_device_answer(DeviceAnswer(asked, (DeviceResult.SUCCESS,)))) == canonical(expected)


def test_a_question_is_answered_with_a_boolean() -> None:
    asked = DeviceRequest("Input", "417.2", "KIOSK42", input=Input("CashierKeyboard", "GetConfirmation"))
    expected = (
        f'<DeviceResponse xmlns="{NAMESPACE}" RequestType="Input" RequestID="417.2" WorkstationID="KIOSK42" '
        'OverallResult="Success"><Input InDeviceTarget="CashierKeyboard" InResult="Success">'
        "<InputValue><InBoolean>false</InBoolean></InputValue></Input></DeviceResponse>"
    ).encode()
    assert canonical(encode_device_answer(DeviceAnswer(asked, (), confirmed=False))) == canonical(expected)


@pytest.mark.parametrize("kind", [*ServiceType, *CardType])
def test_every_request_is_read_by_the_other_end(kind: ServiceType | CardType) -> None:
    if isinstance(kind, ServiceType):
        told = markup.read(encode_request(ServiceRequest(kind, "KIOSK42", 7, POS)))
    else:
        told = markup.read(encode_request(CardServiceRequest(kind, "KIOSK42", 7, POS)))
    assert told is not None
    assert told.root == ("ServiceRequest" if isinstance(kind, ServiceType) else "CardServiceRequest")
    assert told.attributes["RequestType"] == kind.value
    assert told.attributes["RequestID"] == "7"
    assert told.first("POSTimeStamp")[1] == POS.time


@given(XML_TEXT, st.integers(1, 99_999_999), st.integers(1, 2**40), st.sampled_from(["nl", "fr", "de", "en"]))
def test_what_one_library_writes_another_reads(workstation: str, cents: int, number: int, language: str) -> None:
    request = CardServiceRequest(CardType.CARD_PAYMENT, workstation, number, replace(POS, language=language), cents)
    root = lxml.etree.fromstring(encode_request(request), lxml.etree.XMLParser(**STRICT))
    space = {"n": NAMESPACE}
    assert root.tag == f"{{{NAMESPACE}}}CardServiceRequest"
    assert root.get("WorkstationID") == "".join(" " if each in "\n\t\r" else each for each in workstation)
    assert root.get("RequestID") == str(number)
    assert root.find("n:POSdata", space).get("LanguageCode") == language
    assert read_amount(root.find("n:TotalAmount", space).text) == cents


@given(XML_TEXT, st.integers(0, 99_999_999), st.sampled_from([set(), {Oddity.NO_NAMESPACE}]))
def test_what_the_other_end_writes_is_read_back(text: str, cents: int, odd: set[Oddity]) -> None:
    last = Last("CardPayment", "417", "KIOSK42", "Success", cents, "EUR", "000593", text, "A1")
    answer = words.response("CardServiceResponse", {"RequestID": text}, words.tender(last, odd))
    document = words.document(answer, odd)
    lxml.etree.fromstring(document, lxml.etree.XMLParser(**STRICT))
    said = decode_response(document)
    assert isinstance(said, Response)
    assert said.amount_cents == cents
    assert said.request_id == "".join(each for each in text.strip() if each.isprintable())[:64]


def test_a_digest_is_of_the_bytes() -> None:
    assert digest(GOLDEN_REQUEST) == hashlib.sha256(GOLDEN_REQUEST).hexdigest()


@given(st.binary(max_size=400))
def test_any_bytes_are_a_value_or_malformed(data: bytes) -> None:
    assert isinstance(parse(data), (Element, Malformed))
    assert isinstance(decode_response(data), (Response, Malformed))
    assert isinstance(decode_device_request(data), (DeviceRequest, Malformed))
    assert isinstance(Frames().feed(data), (tuple, Malformed))


@given(st.sampled_from([GOLDEN_RESPONSE, GOLDEN_DEVICE_REQUEST]), st.data())
@settings(max_examples=300)
def test_a_message_with_any_wound_is_a_value_or_malformed(document: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(document) - 1))
    wounded = document[:at] + data.draw(st.binary(max_size=6)) + document[at + data.draw(st.integers(0, 6)) :]
    assert isinstance(decode_response(wounded), (Response, Malformed))
    assert isinstance(decode_device_request(wounded), (DeviceRequest, Malformed))


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (markup.BOMB, "no document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/hostname"><CardServiceResponse/>', "no document type"),
        (b"<?stylesheet x?><CardServiceResponse/>", "processing instruction"),
        (b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1), "deep"),
        (b"<a>" + b"<b/>" * MOST + b"</a>", "at most"),
        (b"<a>" + b" " * LARGEST + b"</a>", "bytes"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encod|well-formed"),
        (b"<CardServiceResponse>&unknown;</CardServiceResponse>", "well-formed"),
        (b"<DeviceRequest/>", "CardServiceResponse or a ServiceResponse"),
        (b"", "well-formed"),
    ],
)
def test_hostile_xml_is_refused(document: bytes, says: str) -> None:
    refused = decode_response(document)
    assert isinstance(refused, Malformed)
    assert any(each in refused.what for each in says.split("|")), refused.what


def test_a_bomb_would_go_off_in_a_reader_that_is_not_careful() -> None:
    """The control: it does grow where nobody refuses it."""
    grown: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = grown.append
    parser.Parse(markup.BOMB, True)
    assert "".join(grown) == "ha" * 64


def test_a_frame_is_four_bytes_and_the_document() -> None:
    assert frame(b"<a/>") == b"\x00\x00\x00\x04<a/>" == framed(b"<a/>")


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7])
def test_frames_in_pieces_of_any_size(step: int) -> None:
    stream = framed(GOLDEN_RESPONSE) + framed(GOLDEN_DEVICE_REQUEST) + framed(b"<c/>")
    reader = Frames()
    whole: list[bytes] = []
    for at in range(0, len(stream), step):
        came = reader.feed(stream[at : at + step])
        assert isinstance(came, tuple)
        whole += came
    assert whole == [GOLDEN_RESPONSE, GOLDEN_DEVICE_REQUEST, b"<c/>"]


def test_frames_torn_at_every_byte_and_glued() -> None:
    stream = framed(b"<first/>") + framed(b"<second/>")
    for at in range(len(stream) + 1):
        reader = Frames()
        first, second = reader.feed(stream[:at]), reader.feed(stream[at:])
        assert isinstance(first, tuple)
        assert isinstance(second, tuple)
        assert first + second == (b"<first/>", b"<second/>")


@pytest.mark.parametrize("length", [0, LARGEST + 1, 2**32 - 1])
def test_a_length_that_no_message_has_is_refused_before_its_bytes_come(length: int) -> None:
    assert isinstance(Frames().feed(length.to_bytes(4, "big")), Malformed)


def test_the_largest_frame_is_taken() -> None:
    document = b"x" * LARGEST
    assert Frames().feed(framed(document)) == (document,)


@given(st.integers(0, 99_999_999_999))
def test_amounts_come_back(cents: int) -> None:
    assert read_amount(write_amount(cents)) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [("12.50", 1250), ("12.5", 1250), ("12", 1200), ("0.01", 1), ("12.500", 1250), ("0", 0)],
)
def test_amounts_are_read(text: str, cents: int) -> None:
    assert read_amount(text) == cents


@pytest.mark.parametrize("text", ["", "12,50", "-1", "+1", "1e3", "12.505", ".5", "1.", "٣", "12.50 EUR", "1" * 12])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert read_amount(text) is None


def luhn(digits: str) -> str:
    """The digits with their check digit."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        double = int(digit) * (2 if at % 2 == 0 else 1)
        total += double - 9 if double > 9 else double
    return digits + str(-total % 10)


@given(
    st.from_regex(r"[2-6][0-9]{11,17}", fullmatch=True).map(luhn),
    st.sampled_from(["", " ", "-"]),
    st.sampled_from(["", "Kaart ", "PAN:", "x"]),
)
def test_card_numbers_are_hidden(number: str, between: str, before: str) -> None:
    line = before + between.join(number[at : at + 4] for at in range(0, len(number), 4)) + " tot"
    hidden = hide_card(line)
    assert number[:-4] not in hidden.replace(" ", "").replace("-", "")
    assert number[-4:] in hidden


def test_tracks_and_named_fields_are_hidden() -> None:
    document = (
        b'<A CardPAN="6703000000000000003" Track2="6703000000000000003=2512" ExpiryDate="2512" STAN="000593">'
        b"<CardNumber>4111111111111111</CardNumber><Cryptogram>52A80ACE8E0D9CA4</Cryptogram>"
        b"<TextLine>;6703000000000000003=25122010000?</TextLine></A>"
    )
    masked = mask_document(document)
    for secret in ("6703", "4111", "2512", "52A80"):
        assert secret not in masked
    assert "000593" in masked


def test_the_end_of_a_number_is_all_that_is_shown() -> None:
    assert last_four("6703********1234") == "**** 1234"
    assert last_four("") == last_four("1234XX") == ""


def test_a_receipt_has_no_card_number_and_no_control_characters() -> None:
    output = Output(Target.PRINTER, "Printer", ("\x1b Kaart 4111 1111 1111 1111", "Totaal"), "CustomerReceipt", True)
    receipt = read_receipt(output)
    assert receipt is not None
    assert receipt.lines == ("  Kaart **** 1111", "Totaal")
    assert receipt.for_citizen
    assert receipt.must_print


@pytest.mark.parametrize(
    ("kind", "citizen"), [("MerchantReceipt", False), ("Store", False), ("Customer", True), ("", True)]
)
def test_whom_a_receipt_is_for(kind: str, citizen: bool) -> None:
    receipt = read_receipt(Output(Target.PRINTER, "Printer", ("Totaal",), kind))
    assert receipt is not None
    assert receipt.for_citizen is citizen


def test_nothing_to_read_and_offers_are_no_receipt() -> None:
    assert read_receipt(Output(Target.PRINTER, "Printer", ("", " "))) is None
    assert read_receipt(Output(Target.PRINTER, "Printer", ("CHF 13",), "DccOffer")) is None


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Bied uw kaart aan", Step.WAITING_FOR_CARD),
        ("Présentez votre carte", Step.WAITING_FOR_CARD),
        ("Please insert card", Step.WAITING_FOR_CARD),
        ("Bitte Karte einstecken", Step.WAITING_FOR_CARD),
        ("Voer uw pincode in", Step.ENTER_PIN),
        ("Tapez votre code secret", Step.ENTER_PIN),
        ("Enter PIN", Step.ENTER_PIN),
        ("Geheimzahl eingeben", Step.ENTER_PIN),
        ("Onjuiste pincode", Step.PIN_WRONG),
        ("Code incorrect", Step.PIN_WRONG),
        ("Wrong PIN", Step.PIN_WRONG),
        ("Falsche PIN", Step.PIN_WRONG),
        ("Een moment geduld", Step.ASKING_BANK),
        ("Veuillez patienter", Step.ASKING_BANK),
        ("Please wait", Step.ASKING_BANK),
        ("Bitte warten", Step.ASKING_BANK),
        ("Neem uw kaart uit", Step.TAKE_CARD),
        ("Retirez votre carte", Step.TAKE_CARD),
        ("Remove card", Step.TAKE_CARD),
        ("Karte entnehmen", Step.TAKE_CARD),
        ("Kaart gelezen", Step.CARD_SEEN),
        ("Software 4.2", Step.BUSY),
    ],
)
def test_texts_become_steps(text: str, step: Step) -> None:
    assert read_step((text,)) is step
