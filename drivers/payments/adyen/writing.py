"""Values to the JSON of nexo. Not for: the way back (`reading`), or encryption (`envelope`)."""

from __future__ import annotations

from typing import assert_never

from drivers.payments.adyen.amounts import to_number
from drivers.payments.adyen.header import VERSION, Category, Header, MessageClass, MessageType
from drivers.payments.adyen.json_text import Json
from drivers.payments.adyen.values import (
    Abort,
    AskStatus,
    Diagnosis,
    Payment,
    Question,
    Reference,
    Reversal,
    Transaction,
)

Tree = dict[str, Json]


def write_header(header: Header) -> Tree:
    """The header as it stands outside and inside."""
    written: Tree = {
        "ProtocolVersion": VERSION,
        "MessageClass": header.message_class.value,
        "MessageCategory": header.category.value,
        "MessageType": header.type.value,
    }
    ids = {"ServiceID": header.service_id, "DeviceID": header.device_id}
    written.update({name: value for name, value in ids.items() if value})
    return {**written, "SaleID": header.sale_id, "POIID": header.poi_id}


def category_of(question: Question) -> Category:
    """What a question is about."""
    match question:
        case Payment():
            return Category.PAYMENT
        case Abort():
            return Category.ABORT
        case AskStatus():
            return Category.TRANSACTION_STATUS
        case Reversal():
            return Category.REVERSAL
        case Diagnosis():
            return Category.DIAGNOSIS
        case _:
            assert_never(question)


def write_question(header: Header, question: Question) -> Tree:
    """A whole message in clear: {"SaleToPOIRequest": ...}."""
    body = f"{header.category.value}Request"
    return {"SaleToPOIRequest": {"MessageHeader": write_header(header), body: _body(question)}}


def root_of(header: Header) -> str:
    """The only name at the top of a message."""
    answers = header.type is MessageType.RESPONSE and header.message_class is not MessageClass.EVENT
    return "SaleToPOIResponse" if answers else "SaleToPOIRequest"


def _body(question: Question) -> Tree:
    match question:
        case Payment():
            return _payment(question)
        case Abort(reference, reason):
            return {"AbortReason": reason, "MessageReference": _reference(reference)}
        case AskStatus(reference):
            return {
                "ReceiptReprintFlag": True,
                "DocumentQualifier": ["CustomerReceipt", "CashierReceipt"],
                "MessageReference": _reference(reference),
            }
        case Reversal(original, reason):
            return {
                "OriginalPOITransaction": {"POITransactionID": _transaction(original)},
                "ReversalReason": reason.value,
            }
        case Diagnosis():
            return {"HostDiagnosisFlag": True}
        case _:
            assert_never(question)


def _payment(payment: Payment) -> Tree:
    amount: Tree = {"Currency": payment.currency, "RequestedAmount": to_number(payment.amount_cents)}
    sale: Tree = {"SaleTransactionID": _transaction(payment.transaction)}
    wanted: Tree = {"AmountsReq": amount}
    if payment.language:
        wanted["TransactionConditions"] = {"CustomerLanguage": payment.language}
    return {"SaleData": sale, "PaymentTransaction": wanted}


def _reference(reference: Reference) -> Tree:
    written: Tree = {
        "MessageCategory": reference.category.value,
        "SaleID": reference.sale_id,
        "ServiceID": reference.service_id,
    }
    return {**written, "POIID": reference.poi_id} if reference.poi_id else written


def _transaction(transaction: Transaction) -> Tree:
    return {"TransactionID": transaction.id, "TimeStamp": transaction.time}
