"""Cents and the numbers of nexo in euros. Not for: anything but exact arithmetic."""

from __future__ import annotations

from decimal import Decimal

from drivers.payments.adyen.refusals import Malformed

_PLACES = 2
_LARGEST_EXPONENT = 12


def to_number(cents: int) -> Decimal:
    """1250 -> 12.50."""
    return Decimal(cents).scaleb(-_PLACES)


def to_cents(number: Decimal | int) -> int | Malformed:
    """12.5 -> 1250; a number below zero or with parts of a cent is none."""
    exact = Decimal(number)
    digits = exact.as_tuple()
    if not isinstance(digits.exponent, int) or exact.is_signed() or exact.adjusted() > _LARGEST_EXPONENT:
        return Malformed("no amount of money")
    if len(digits.digits) > 2 * _LARGEST_EXPONENT or digits.exponent < -2 * _LARGEST_EXPONENT:
        return Malformed("no amount of money")
    cents = exact.scaleb(_PLACES)
    return int(cents) if cents == cents.to_integral_value() else Malformed("an amount with parts of a cent")
