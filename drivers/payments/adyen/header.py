"""The header of every nexo message, and which answer fits which question; the same in JSON and in XML.

Not for: how it is written (`reading`, `writing`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

VERSION = "3.0"


class MessageClass(Enum):
    """What kind of service a message belongs to."""

    SERVICE = "Service"
    DEVICE = "Device"
    EVENT = "Event"


class Category(Enum):
    """What a message is about."""

    ABORT = "Abort"
    ADMIN = "Admin"
    BALANCE_INQUIRY = "BalanceInquiry"
    CARD_ACQUISITION = "CardAcquisition"
    DIAGNOSIS = "Diagnosis"
    DISPLAY = "Display"
    ENABLE_SERVICE = "EnableService"
    EVENT = "Event"
    GET_TOTALS = "GetTotals"
    INPUT = "Input"
    LOGIN = "Login"
    LOGOUT = "Logout"
    PAYMENT = "Payment"
    PRINT = "Print"
    RECONCILIATION = "Reconciliation"
    REVERSAL = "Reversal"
    STORED_VALUE = "StoredValue"
    TRANSACTION_STATUS = "TransactionStatus"


class MessageType(Enum):
    """Question, answer or news."""

    REQUEST = "Request"
    RESPONSE = "Response"
    NOTIFICATION = "Notification"


@dataclass(frozen=True)
class Header:
    """Who says what to whom.

    Attributes:
        service_id: of the question, 1 to 10 characters, new for each within at least 48 hours; messages of devices and
            events may have none.
        sale_id: of the kiosk; the same for ever.
        poi_id: model and serial number of the terminal.
        device_id: instead of `service_id` in messages of devices.
    """

    message_class: MessageClass
    category: Category
    type: MessageType
    service_id: str
    sale_id: str
    poi_id: str
    device_id: str = ""


def request(category: Category, service_id: str, sale_id: str, poi_id: str) -> Header:
    """The header of a question of ours."""
    return Header(MessageClass.SERVICE, category, MessageType.REQUEST, service_id, sale_id, poi_id)


def response(asked: Header) -> Header:
    """The header of the answer to `asked`; any other answers something else."""
    return replace(asked, type=MessageType.RESPONSE)
