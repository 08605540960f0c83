"""What the terminal says, as values. Any bytes give one; what cannot be read is missing in it.

Not for: what follows from it (`evidence`), print commands (`receipts`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.payment_contract import Ids
from drivers.payments.zvt import fields as f
from drivers.payments.zvt.malformed import Malformed
from drivers.payments.zvt.numbers import digits_of, from_bcd, read_length
from drivers.payments.zvt.text import decode, masked
from drivers.payments.zvt.tlv import read_all

_LONG_TRACE = 0x1F2B
_VENDOR_CODE = 0x1F16
_VENDOR_TEXT = 0x1F17
_DISPLAY = 0x24
_LINE = 0x07
_CHARSET = 0x14
_ALLOWED = {  # what may be written down of a status; of all others only the size
    **dict.fromkeys((f.RESULT, f.AMOUNT, f.TRACE, f.TIME, f.DATE, f.KIND, f.TERMINAL, f.ORIGINAL_TRACE), "hex"),
    **dict.fromkeys((f.CURRENCY, f.RECEIPT, f.TURNOVER, f.CARD_TYPE, f.TIME_LIMIT, f.REPEATS, f.TOTALS), "hex"),
    **dict.fromkeys((f.CARD_NAME, f.AUTHORISATION), "text"),
}


@dataclass(frozen=True)
class StatusInfo:
    """04 0F: what became of a transaction.

    Attributes:
        result: 0 is approved; None when it is not said.
        amount_cents, currency: None when not said; the currency by its number, 978.
        ids: as the terminal numbers it.
        original_trace: of the payment that this one undid; empty for payments.
        date, time: MMDD and HHMMSS of the terminal's clock; empty when not said.
        card: brand and last four digits.
        totals: of an end of day, undecoded.
        raw: masked, for the journal.
    """

    result: int | None = None
    amount_cents: int | None = None
    currency: int | None = None
    ids: Ids = field(default_factory=Ids)
    original_trace: str = ""
    date: str = ""
    time: str = ""
    card: str = ""
    totals: bytes = b""
    raw: str = ""


@dataclass(frozen=True)
class Progress:
    """04 FF: what the terminal is doing.

    Attributes:
        code: of the protocol's table.
        minutes: new limit for silence; None keeps the one there is.
        text: its own lines; may be empty.
    """

    code: int | None
    minutes: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Completed:
    """06 0F: the command is over; that alone says nothing about success.

    Attributes:
        data: not decoded, because its form depends on the command.
    """

    data: bytes = b""

    def __repr__(self) -> str:
        """Without its data."""
        return f"Completed({len(self.data)} bytes)"


@dataclass(frozen=True)
class Failed:
    """06 1E: the command is over and failed.

    Attributes:
        code: None when it is not said.
        words: the vendor's own code and text.
    """

    code: int | None
    words: str = ""


def read_status(data: bytes, charset: str = "cp437") -> StatusInfo:
    """04 0F."""
    told = f.read_fields(data)
    pan = told.first(f.PAN)
    name = decode((told.first(f.CARD_NAME) or b"").split(b"\0")[0], charset)
    last = last_digits(pan) if pan is not None else ""
    return StatusInfo(
        result=_byte(told.first(f.RESULT)),
        amount_cents=_number(told.first(f.AMOUNT)),
        currency=_number(told.first(f.CURRENCY)),
        ids=Ids(
            receipt=_digits(told.first(f.RECEIPT)),
            trace=_trace(told),
            turnover=_digits(told.first(f.TURNOVER)),
            reference=masked(decode((told.first(f.AUTHORISATION) or b"").rstrip(b"\0"), charset)),
            terminal=_digits(told.first(f.TERMINAL)),
        ),
        original_trace=_digits(told.first(f.ORIGINAL_TRACE)),
        date=_digits(told.first(f.DATE)),
        time=_digits(told.first(f.TIME)),
        card=f"{masked(name)} {last}".strip(),
        totals=told.first(f.TOTALS) or b"",
        raw=written("04 0F", told),
    )


def read_progress(data: bytes, charset: str = "cp437") -> Progress:
    """04 FF."""
    if not data:
        return Progress(None)
    minutes = _number(data[1:2]) if len(data) > 1 else None
    display = f.read_fields(data[2:]).objects.first(_DISPLAY) or b""
    lines = (decode(item.value, charset).strip() for item in read_all(display).items if item.tag == _LINE)
    return Progress(data[0], minutes or None, masked("\n".join(line for line in lines if line)))


def read_failed(data: bytes, charset: str = "cp437") -> Failed:
    """06 1E."""
    objects = f.read_fields(data[1:]).objects
    code, text = objects.first(_VENDOR_CODE), objects.first(_VENDOR_TEXT)
    words = " ".join(filter(None, (code.hex() if code else "", decode(text, charset) if text else "")))
    return Failed(data[0] if data else None, masked(words))


def read_terminal_state(data: bytes) -> int | None:
    """The state in the 06 0F that ends 05 01, with or without a text in front; None when there is none."""
    size = read_length(data, 0, 3)
    if not isinstance(size, Malformed):
        data = data[3 + size :]
    return data[0] if data else None


def read_registered(data: bytes) -> tuple[str, str | None]:
    """Terminal id and the codec of its texts, when it agreed to one, from the 06 0F that ends 06 00."""
    told = f.read_fields(data)
    agreed = read_all(told.objects.first(0x27) or b"").first(_CHARSET)
    codecs = {b"\xfe": "utf-8", b"\x0f": "iso8859-15", b"\x01": "iso8859-1", b"\xff": "cp437"}
    return _digits(told.first(f.TERMINAL)), codecs.get(agreed or b"")


def last_digits(pan: bytes) -> str:
    """The last four of a masked card number, as far as they are digits."""
    return pan.hex().rstrip("f")[-4:].replace("e", "*")


def written(name: str, told: f.Fields) -> str:
    """A message for the journal: fields of an allow-list; of a card number the first six and last four digits."""
    parts = [name]
    for item in told.items:
        form = _ALLOWED.get(item.name)
        if item.name == f.PAN:
            number = item.value.hex().rstrip("f")
            shown = number[:6] + "*" * max(0, len(number) - 10) + number[-4:] if len(number) > 10 else "*"
        elif form == "hex":
            shown = item.value.hex().upper()
        elif form == "text":
            shown = masked(decode(item.value.rstrip(b"\0")))
        else:
            shown = f"({len(item.value)})"
        parts.append(f"{item.name:02X}={shown}")
    if told.rest is not None:
        parts.append(f"not read from byte {told.rest.at}: expected {told.rest.what}")
    return " ".join(parts)


def _trace(told: f.Fields) -> str:
    short = _digits(told.first(f.TRACE))
    if short.strip("0"):
        return short
    return _digits(told.objects.first(_LONG_TRACE))


def _digits(value: bytes | None) -> str:
    return digits_of(value) or "" if value is not None else ""


def _byte(value: bytes | None) -> int | None:
    return value[0] if value else None


def _number(value: bytes | None) -> int | None:
    number = from_bcd(value) if value is not None else None
    return None if isinstance(number, Malformed) else number
