"""Requests of channel 0 as values, and their XML. Not for: answers (`responses`), or when to send one (`driver`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from xml.etree.ElementTree import Element

from drivers.payments.opi.amounts import write_amount
from drivers.payments.opi.xml import add, build, clean


class ServiceType(Enum):
    """What a ServiceRequest asks for."""

    LOGIN = "Login"
    LOGOFF = "Logoff"
    ACTIVATE_TERMINAL = "ActivateTerminal"
    DEACTIVATE_TERMINAL = "DeactivateTerminal"
    GET_STATUS = "GetStatus"
    GET_INFO = "GetInfo"
    GET_CARD_CIRCUITS = "GetCardCircuits"
    TRANSMIT_TRX = "TransmitTrx"
    CLOSE_DAY = "CloseDay"
    CONTACT_TMS = "ContactTMS"
    CONTACT_ACQ = "ContactAcq"
    RESTART_TERMINAL = "RestartTerminal"
    DIAGNOSIS = "Diagnosis"
    RECONCILIATION = "Reconciliation"
    RECONCILIATION_WITH_CLOSURE = "ReconciliationWithClosure"


class CardType(Enum):
    """What a CardServiceRequest asks for."""

    CARD_PAYMENT = "CardPayment"
    PAYMENT_REVERSAL = "PaymentReversal"
    PAYMENT_REFUND = "PaymentRefund"
    ABORT_REQUEST = "AbortRequest"
    TICKET_REPRINT = "TicketReprint"
    REPEAT_LAST_MESSAGE = "RepeatLastMessage"


@dataclass(frozen=True)
class PosData:
    """What stands in POSdata.

    Attributes:
        time: ISO 8601 with the zone.
        language: "nl", "fr", "de" or "en"; empty leaves it to the terminal.
        printer, journal: PrinterStatus and E-JournalStatus; empty leaves them out.
    """

    time: str
    language: str = ""
    printer: str = ""
    journal: str = ""


@dataclass(frozen=True)
class ServiceRequest:
    """A request about the terminal itself."""

    type: ServiceType
    workstation: str
    request_id: int
    pos: PosData


@dataclass(frozen=True)
class CardServiceRequest:
    """A request about a payment.

    Attributes:
        amount_cents: None for those that name no amount.
    """

    type: CardType
    workstation: str
    request_id: int
    pos: PosData
    amount_cents: int | None = None
    currency: str = "EUR"


Request = ServiceRequest | CardServiceRequest


def encode_request(request: Request) -> bytes:
    """The XML document, in UTF-8."""
    name = "ServiceRequest" if isinstance(request, ServiceRequest) else "CardServiceRequest"
    root = Element(
        name,
        RequestType=request.type.value,
        WorkstationID=clean(request.workstation),
        RequestID=str(request.request_id),
    )
    pos = add(root, "POSdata", LanguageCode=request.pos.language)
    add(pos, "POSTimeStamp", request.pos.time)
    if request.pos.printer:
        add(pos, "PrinterStatus", request.pos.printer)
    if request.pos.journal:
        add(pos, "E-JournalStatus", request.pos.journal)
    if isinstance(request, CardServiceRequest) and request.amount_cents is not None:
        add(root, "TotalAmount", write_amount(request.amount_cents), Currency=request.currency)
    return build(root)


def digest(document: bytes) -> str:
    """SHA-256 of a document, in hexadecimal digits, for the journal."""
    return hashlib.sha256(document).hexdigest()
