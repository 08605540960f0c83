"""The JSON of nexo to values; anything else is `Malformed`. Not for: encryption (`envelope`)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar
from urllib.parse import parse_qsl

from drivers.payments.adyen.envelope import Opened
from drivers.payments.adyen.fields import BadField, Fields
from drivers.payments.adyen.header import VERSION, Category, Header, MessageClass, MessageType
from drivers.payments.adyen.json_text import parse
from drivers.payments.adyen.receipts import last_four, read_receipts
from drivers.payments.adyen.refusals import Malformed
from drivers.payments.adyen.values import (
    DiagnosisReply,
    Notice,
    Outcome,
    PaymentReply,
    Reply,
    Result,
    ReversalReply,
    Shown,
    StatusReply,
    Transaction,
)

E = TypeVar("E", bound=Enum)
_PARTS = ("CardReaderOKFlag", "PEDOKFlag", "SecurityOKFlag")


def read_message(opened: Opened) -> tuple[Header, Reply] | Malformed:
    """Header and value of a message of the terminal: an answer, or news of its screen."""
    message = Fields(opened.message, opened.root)
    try:
        header = read_header(message.needed("MessageHeader"))
        for name, reader in _READERS.items():
            if name in message:
                return header, reader(message.child(name))
    except BadField as problem:
        return Malformed(str(problem))
    return Malformed("a message about nothing we asked")


def read_header(fields: Fields) -> Header:
    """A header.

    Raises:
        BadField: when it is none.
    """
    if fields.text("ProtocolVersion") != VERSION:
        raise BadField(f"ProtocolVersion should be {VERSION}")
    return Header(
        _one_of(MessageClass, fields, "MessageClass"),
        _one_of(Category, fields, "MessageCategory"),
        _one_of(MessageType, fields, "MessageType"),
        fields.text("ServiceID"),
        fields.text("SaleID"),
        fields.text("POIID"),
        fields.text("DeviceID"),
    )


def read_additional(text: str) -> dict[str, str]:
    """`AdditionalResponse` in both its forms: a query string, or JSON in base64."""
    try:
        tree = parse(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        tree = None
    if not isinstance(tree, dict):
        try:
            return dict(parse_qsl(text, max_num_fields=500))
        except ValueError:
            return {}
    data = tree.get("additionalData")
    flat = {**(data if isinstance(data, Mapping) else {}), **tree}
    return {name: value for name, value in flat.items() if isinstance(value, str)}


def _one_of(kind: type[E], fields: Fields, name: str) -> E:
    try:
        return kind(fields.text(name))
    except ValueError:
        raise BadField(f"{name} should be one of {', '.join(str(each.value) for each in kind)}") from None


def _outcome(reply: Fields) -> Outcome:
    response = reply.needed("Response")
    result = _one_of(Result, response, "Result")
    return Outcome(result, response.text("ErrorCondition"), read_additional(response.text("AdditionalResponse")))


def _transaction(fields: Fields, name: str) -> Transaction | None:
    if name not in fields:
        return None
    found = fields.child(name)
    return Transaction(found.text("TransactionID"), found.text("TimeStamp"))


def _payment(reply: Fields) -> PaymentReply:
    result = reply.child("PaymentResult")
    amounts = result.child("AmountsResp")
    card = result.child("PaymentInstrumentData").child("CardData")
    ours = _transaction(reply.child("SaleData"), "SaleTransactionID")
    return PaymentReply(
        _outcome(reply),
        _transaction(reply.child("POIData"), "POITransactionID"),
        ours.id if ours else "",
        amounts.cents("AuthorizedAmount"),
        amounts.text("Currency"),
        result.flag("OnlineFlag"),
        f"{card.text('PaymentBrand')} {last_four(card.text('MaskedPan'))}".strip(),
        read_receipts(reply),
    )


def _reversal(reply: Fields) -> ReversalReply:
    transaction = _transaction(reply.child("POIData"), "POITransactionID")
    return ReversalReply(_outcome(reply), transaction, read_receipts(reply))


def _status(reply: Fields) -> StatusReply:
    outcome = _outcome(reply)
    if "RepeatedMessageResponse" not in reply:
        return StatusReply(outcome)
    repeated = reply.child("RepeatedMessageResponse")
    body = repeated.child("RepeatedResponseMessageBody")
    inner: PaymentReply | ReversalReply | None = None
    if "PaymentResponse" in body:
        inner = _payment(body.child("PaymentResponse"))
    elif "ReversalResponse" in body:
        inner = _reversal(body.child("ReversalResponse"))
    header = read_header(repeated.child("MessageHeader")) if "MessageHeader" in repeated else None
    return StatusReply(outcome, header, inner)


def _diagnosis(reply: Fields) -> DiagnosisReply:
    state = reply.child("POIStatus")
    return DiagnosisReply(
        _outcome(reply),
        state.text("GlobalStatus"),
        tuple(part for part in _PARTS if state.flag(part) is False),
        state.flag("CommunicationOKFlag"),
        state.text("PrinterStatus"),
        tuple(host.flag("IsReachableFlag") is not False for host in reply.children("HostStatus")),
    )


def _shown(reply: Fields) -> Shown:
    told = (
        dict(parse_qsl(output.child("OutputContent").child("PredefinedContent").text("ReferenceID")))
        for output in reply.children("DisplayOutput")
    )
    return Shown(tuple(each["event"] for each in told if "event" in each))


def _notice(reply: Fields) -> Notice:
    return Notice(reply.text("EventToNotify"), reply.text("EventDetails"))


_READERS: dict[str, Callable[[Fields], Reply]] = {
    "PaymentResponse": _payment,
    "ReversalResponse": _reversal,
    "TransactionStatusResponse": _status,
    "DiagnosisResponse": _diagnosis,
    "DisplayRequest": _shown,
    "EventNotification": _notice,
}
