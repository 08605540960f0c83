"""Every parser of bytes from a payment terminal, by protocol and name, for tests with any bytes.

Each gives a value, `Malformed` or another refusal with words; of addresses, the typed error. Nothing else may come out.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import cast

from drivers.payment_contract import PaymentOrder
from drivers.payments.address import BadTerminalUri
from drivers.payments.adyen import json_text
from drivers.payments.adyen.address import AdyenAddress
from drivers.payments.adyen.address import parse_terminal_uri as parse_adyen_uri
from drivers.payments.adyen.crypto import lock
from drivers.payments.adyen.envelope import ROOTS, Opened, open_sealed, seal
from drivers.payments.adyen.evidence import payment_evidence, summary
from drivers.payments.adyen.fields import BadField
from drivers.payments.adyen.header import Category, request
from drivers.payments.adyen.reading import read_additional, read_message
from drivers.payments.adyen.status import device_status as adyen_status
from drivers.payments.adyen.transport import HttpsTransport
from drivers.payments.adyen.values import DiagnosisReply, Payment, PaymentReply, Transaction
from drivers.payments.adyen.writing import write_question
from drivers.payments.opi import mask, xml
from drivers.payments.opi.address import parse_opi_uri
from drivers.payments.opi.amounts import read_amount
from drivers.payments.opi.device import (
    DeviceAnswer,
    DeviceRequest,
    DeviceResult,
    decode_device_request,
    encode_device_answer,
)
from drivers.payments.opi.evidence import Circumstances
from drivers.payments.opi.evidence import payment_evidence as opi_evidence
from drivers.payments.opi.frames import Frames, frame
from drivers.payments.opi.progress import read_step
from drivers.payments.opi.receipts import read_receipt
from drivers.payments.opi.responses import Response, decode_response
from drivers.payments.opi.status import device_status as opi_status
from drivers.payments.opi.tickets import ticket_of
from drivers.payments.zvt import serial_frames
from drivers.payments.zvt.address import parse_zvt_uri
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.fields import CONTAINER, Field, read_fields
from drivers.payments.zvt.link import LineFault, StreamLink
from drivers.payments.zvt.messages import (
    read_failed,
    read_progress,
    read_registered,
    read_status,
    read_terminal_state,
)
from drivers.payments.zvt.numbers import digits_of, from_bcd, read_length
from drivers.payments.zvt.receipts import Receipts
from drivers.payments.zvt.text import decode, masked
from drivers.payments.zvt.tlv import Tlv, encode_all, read_all, read_size
from drivers.payments.zvt.totals import read_totals
from drivers.printers.transport import LinkFault
from drivers.simulated.ipp import http_in
from drivers.simulated.terminal.adyen.certificate import make_identity
from drivers.simulated.terminal.adyen.display import display_message
from drivers.simulated.terminal.adyen.machine import Machine
from drivers.simulated.terminal.adyen.terminal import KEY, POI_ID, SALE_ID
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.opi import words
from drivers.simulated.terminal.opi.words import Last
from tests.drivers.opi_bench import GOLDEN_DEVICE_REQUEST, GOLDEN_RESPONSE
from tests.drivers.zvt_bench import APPROVAL

Parser = Callable[[bytes], object] | Callable[[str], object]
ORDER = PaymentOrder("0197f3c0-7f3b-7000-8000-000000000417", 1250)
FAMILIES = ("zvt", "adyen", "opi")


class _Line:
    """A line on which these bytes come and nothing follows; both a TLS socket and a transport."""

    bytes_per_second = 1e6

    def __init__(self, data: bytes) -> None:
        self._left = data

    def recv_into(self, into: memoryview) -> int:
        data, self._left = self._left[: len(into)], self._left[len(into) :]
        into[: len(data)] = data
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Nobody reads it."""

    def setblocking(self, flag: bool) -> None:
        """It never blocks."""

    def write_all(self, data: bytes, seconds: float) -> None:
        """Nobody reads it."""

    def read(self, seconds: float) -> bytes | LinkFault:
        data, self._left = self._left, b""
        return data or LinkFault.CLOSED

    def close(self) -> None:
        """It is gone."""


def _zvt_stream(data: bytes) -> object:
    link, heard = StreamLink(_Line(data)), []
    while not isinstance(came := link.receive(0.0), LineFault):
        heard.append(came)
    return heard


def _zvt_receipts(data: bytes) -> object:
    receipts = Receipts()
    receipts.line(data)
    receipts.text(data)
    return receipts.all()


@cache
def _transport() -> HttpsTransport:
    address = AdyenAddress("192.0.2.30", 8443, POI_ID, SALE_ID, Path("keys"), Path("ca"))
    return HttpsTransport(address, make_identity("terminal").authority)


def _http(data: bytes) -> object:
    return _transport()._exchange(_Line(data), b"", time.monotonic() + 60, None)  # type: ignore[arg-type]


def _adyen_message(data: bytes) -> object:
    """What stands in a message that was locked with our key."""
    tree = json_text.parse(data)
    if not isinstance(tree, dict) or not tree or not isinstance(inner := next(iter(tree.values())), dict):
        return None
    found = read_message(Opened(next(iter(tree)), inner, data))
    match found:
        case (_, PaymentReply() as reply):
            return payment_evidence(reply, ORDER, False, POI_ID), summary(reply)
        case (_, DiagnosisReply() as reply):
            return adyen_status(reply)
    return found


def _adyen_sealed(data: bytes) -> object:
    """Any bytes, well locked."""
    locked = lock(data, KEY.secrets)
    trailer = {"AdyenCryptoVersion": 1, "KeyIdentifier": KEY.identifier, "KeyVersion": KEY.version}
    in64 = {name: base64.b64encode(part).decode() for name, part in (("Nonce", locked.nonce), ("Hmac", locked.mac))}
    blob = base64.b64encode(locked.blob).decode()
    body = {"MessageHeader": {"a": 1}, "NexoBlob": blob, "SecurityTrailer": {**trailer, **in64}}
    return open_sealed(json.dumps({ROOTS[1]: body}).encode(), [KEY])


def _opi_response(data: bytes) -> object:
    reply = decode_response(data)
    if not isinstance(reply, Response):
        return reply
    return opi_status(reply), ticket_of(reply), opi_evidence(reply, ORDER, Circumstances())


def _opi_callback(data: bytes) -> object:
    asked = decode_device_request(data)
    if not isinstance(asked, DeviceRequest):
        return asked
    receipts = [read_receipt(output) for output in asked.outputs]
    steps = [read_step(output.lines) for output in asked.outputs]
    answer = DeviceAnswer(asked, (DeviceResult.SUCCESS,) * len(asked.outputs), confirmed=False)
    return receipts, steps, decode_response(encode_device_answer(answer))


OF_BYTES: dict[str, dict[str, Callable[[bytes], object]]] = {
    "zvt": {
        "stream": _zvt_stream,
        "serial line": lambda data: serial_frames.Unframer().feed(data),
        "fields": read_fields,
        "objects": read_all,
        "size of an object": lambda data: read_size(data, 0),
        "length": lambda data: [read_length(data, 0, places) for places in (2, 3)],
        "number": lambda data: (from_bcd(data), digits_of(data)),
        "status": read_status,
        "progress": read_progress,
        "failure": read_failed,
        "state": read_terminal_state,
        "registration": read_registered,
        "totals": read_totals,
        "text": lambda data: [decode(data, charset) for charset in ("cp437", "utf-8", "iso-8859-15")],
        "receipts": _zvt_receipts,
    },
    "adyen": {
        "answer on the line": _http,
        "text of JSON": json_text.parse,
        "envelope": lambda data: open_sealed(data, [KEY]),
        "what was locked": _adyen_sealed,
        "message": _adyen_message,
    },
    "opi": {
        "frames": lambda data: Frames().feed(data),
        "document": xml.parse,
        "answer": _opi_response,
        "callback": _opi_callback,
        "masked": mask.mask_document,
    },
}
OF_TEXT: dict[str, dict[str, Callable[[str], object]]] = {
    "zvt": {"address": lambda text: parse_zvt_uri(f"zvt+tcp://{text}"), "card number": masked},
    "adyen": {"address": lambda text: parse_adyen_uri(f"adyen+https://{text}"), "additional texts": read_additional},
    "opi": {
        "address": lambda text: parse_opi_uri(f"opi+tcp://{text}"),
        "amount": read_amount,
        "card number": mask.hide_card,
        "step": lambda text: read_step((text,)),
    },
}


def survives(parser: Parser, given: bytes | str) -> bool:
    """Whether a parser gave a value, or said what would be right; anything else is raised."""
    try:
        found = parser(given)  # type: ignore[arg-type]  # the caller pairs bytes with bytes and text with text
    except (BadTerminalUri, BadField) as said:
        return bool(str(said))
    return getattr(found, "what", "value") != "" and getattr(found, "why", "value") != ""


@cache
def real(family: str) -> tuple[bytes, ...]:
    """Genuine bytes of that protocol, to be cut, joined and changed."""
    return tuple({"zvt": _real_zvt, "adyen": _real_adyen, "opi": _real_opi}[family]())


def _real_zvt() -> Iterator[bytes]:
    receipt = bytes.fromhex(
        "0629 1f070102 2523 090140 070d 4b41415254424554414c494e47 090100 0709 4555522031322c3530 090181"
    )
    progress = bytes.fromhex("0a01") + Field(CONTAINER, encode_all([Tlv(0x24, Tlv(0x07, b"Karte").encode())])).encode()
    yield from (APPROVAL, receipt, progress, b"\x6c", bytes.fromhex("291234567849097806022f00"))
    messages = [Apdu(0x040F, APPROVAL), Apdu(0x06D3, receipt), Apdu(0x04FF, progress), Apdu(0x061E, b"\x6c")]
    yield b"".join(each.encode() for each in messages)
    yield from (serial_frames.frame(each.encode()) for each in messages)


def _real_adyen() -> Iterator[bytes]:
    machine = Machine(Ledger(), lambda _event: None)
    head = request(Category.PAYMENT, "K000000417", SALE_ID, POI_ID)
    whole = write_question(head, Payment(Transaction("7F3K", "2026-11-22T09:15:00.000Z"), 1250))
    asked = cast("dict[str, json_text.Json]", whole["SaleToPOIRequest"])
    header, question = (cast("dict[str, str]", asked[name]) for name in ("MessageHeader", "PaymentRequest"))
    reference = {"MessageCategory": "Payment", "SaleID": SALE_ID, "ServiceID": "K000000417"}
    bodies = {"Payment": question, "TransactionStatus": {"MessageReference": reference}, "Diagnosis": {}}
    for category, body in bodies.items():
        said = machine.answer({**header, "MessageCategory": category}, cast("dict[str, json_text.Json]", body))
        head_back = {**header, "MessageCategory": category, "MessageType": "Response"}
        message: dict[str, json_text.Json] = {"SaleToPOIResponse": {"MessageHeader": head_back, **(said or {})}}
        sealed = seal(message, KEY)
        yield from (json_text.write(message), sealed, http_in.answer(200, sealed, "application/json"))
    yield display_message("WAIT_FOR_PIN", KEY, SALE_ID, POI_ID)


def _real_opi() -> Iterator[bytes]:
    yield from (GOLDEN_RESPONSE, GOLDEN_DEVICE_REQUEST, frame(GOLDEN_RESPONSE) + frame(GOLDEN_DEVICE_REQUEST))
    last = Last("CardPayment", "417", "KIOSK42", "Success", 1250, "EUR", "000593", "2026-11-22T10:15:20+01:00", "A1")
    outputs = words.output("E-Journal", data=words.journal(last)) + words.output("Printer", words.receipt(last))
    yield words.document(words.device_request("Output", "417.2", "KIOSK42", outputs), ())
    asked = {"RequestType": "RepeatLastMessage", "RequestID": "418", "OverallResult": "Success"}
    repeated = words.original(last, "417") + words.terminal("000593") + words.tender(last, ())
    yield words.document(words.response("CardServiceResponse", asked, repeated), ())
