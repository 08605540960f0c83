"""What the column says to the terminal. No card data, ever.

Not for: sending.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from drivers.payment_contract import PaymentOrder
from drivers.payments.zvt import codes
from drivers.payments.zvt import fields as f
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.fields import Field, encode_fields
from drivers.payments.zvt.numbers import bcd
from drivers.payments.zvt.profile import ZvtProfile
from drivers.payments.zvt.tlv import Tlv, encode_all

CURRENCIES = {"EUR": 978}
MOST_CENTS = 999_999_999_999
POSITIVE = Apdu(codes.POSITIVE_CODE)
GOODS_NOT_OUT = Apdu(codes.NEGATIVE_CLASS << 8 | codes.NOT_OUT)
GOODS_NOT_YET = Apdu(codes.NEGATIVE_CLASS << 8 | codes.NOT_YET)
ABORT = Apdu(codes.ABORT)
LOG_OFF = Apdu(codes.LOG_OFF)

_PRINTS_ITSELF = 0xBE
_FORMATS_ITSELF = 0x3E
_ACCEPTED = 0x26
_ACCEPTED_COMMAND = 0x0A
_WIDTH = 0x12
_LANGUAGE = 0x15
_CHOOSES_SCHEME = b"\x40"
_WITHOUT_VERSION = b"\x02"
_STATUS_ONLY = b"\x03"
NO_PASSWORD = "000000"  # noqa: S105  # what terminals are delivered with


@dataclass(frozen=True)
class Command:
    """A command, and what may be written down of it.

    Attributes:
        digest: SHA-256 over its bytes, the password replaced by zeros; hexadecimal.
    """

    message: Apdu
    digest: str


def registration(password: str, profile: ZvtProfile, extra: tuple[Tlv, ...] = ()) -> Apdu:
    """06 00: how we print, our currency, and that long print commands are welcome."""
    config = _PRINTS_ITSELF if profile.prints_receipts else _FORMATS_ITSELF
    objects = (
        Tlv(_ACCEPTED, Tlv(_ACCEPTED_COMMAND, codes.PRINT_TEXT.to_bytes(2, "big")).encode()),
        Tlv(_WIDTH, bcd(profile.columns, 1)),
        *extra,
    )
    currency = bcd(CURRENCIES["EUR"], 2)
    container = Field(f.CONTAINER, encode_all(objects)).encode()
    return Apdu(codes.REGISTER, bytes.fromhex(password) + bytes((config,)) + currency + container)


def status_enquiry(password: str) -> Apdu:
    """05 01: how are you? Without the text of its version."""
    return Apdu(codes.STATUS_ENQUIRY, bytes.fromhex(password) + Field(f.SERVICE, _WITHOUT_VERSION).encode())


def authorisation(order: PaymentOrder, profile: ZvtProfile) -> Command:
    """06 01; the amount must be above 0, at most 9 999 999 999.99, and in a currency of `CURRENCIES`."""
    items = [
        Field(f.AMOUNT, bcd(order.amount_cents, 6)),
        Field(f.CURRENCY, bcd(CURRENCIES[order.currency], 2)),
        Field(f.KIND, _CHOOSES_SCHEME),
        Field(f.TIME_LIMIT, bytes((profile.goods_seconds,))),
        Field(f.REPEATS, bytes((profile.goods_questions,))),
    ]
    if profile.tells_language:
        language = Tlv(_LANGUAGE, order.language.upper().encode("ascii", "replace"))
        items.append(Field(f.CONTAINER, language.encode()))
    message = Apdu(codes.AUTHORISE, encode_fields(items))
    return Command(message, digest(message))


def repeat_last(password: str) -> Apdu:
    """06 20: tell what became of the last transaction, and print nothing."""
    return Apdu(codes.REPEAT_LAST, bytes.fromhex(password) + Field(f.SERVICE, _STATUS_ONLY).encode())


def reversal(password: str, receipt: str, amount_cents: int | None = None) -> Command:
    """06 30: undo the payment with that receipt number (four digits); the amount lets the terminal check it."""
    items = [Field(f.RECEIPT, bytes.fromhex(receipt))]
    if amount_cents is not None:
        items.append(Field(f.AMOUNT, bcd(amount_cents, 6)))
    return _with_password(codes.REVERSE, password, encode_fields(items))


def end_of_day(password: str) -> Command:
    """06 50."""
    return _with_password(codes.END_OF_DAY, password, b"")


def digest(message: Apdu) -> str:
    """See `Command`; for messages without a password."""
    return hashlib.sha256(message.encode()).hexdigest()


def _with_password(code: int, password: str, data: bytes) -> Command:
    told = Apdu(code, bytes.fromhex(NO_PASSWORD) + data)
    return Command(Apdu(code, bytes.fromhex(password) + data), digest(told))
