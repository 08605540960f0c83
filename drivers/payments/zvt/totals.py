"""The totals of an end of day. Not for: adding them up."""

from __future__ import annotations

from drivers.payment_contract import Total
from drivers.payments.zvt.malformed import Malformed
from drivers.payments.zvt.numbers import from_bcd

SCHEMES = ("girocard", "JCB", "Mastercard", "American Express", "Visa", "Diners", "other")
_RECEIPT_NUMBERS = 4
_EACH = 7


def read_totals(data: bytes) -> tuple[Total, ...]:
    """Field 60: behind two receipt numbers, seven times a count and a sum; schemes without a transaction are left out,
    and so is what cannot be read."""
    totals: list[Total] = []
    for place, scheme in enumerate(SCHEMES):
        begin = _RECEIPT_NUMBERS + place * _EACH
        part = data[begin : begin + _EACH]
        amount = from_bcd(part[1:])
        if len(part) == _EACH and not isinstance(amount, Malformed) and (part[0] or amount):
            totals.append(Total(scheme, part[0], amount))
    return tuple(totals)
