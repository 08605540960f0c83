"""Numbers on the wire: packed decimal digits, and lengths written as F-digits (LLVAR, LLLVAR).

Not for: which field has which form (`fields`).
"""

from __future__ import annotations

from drivers.payments.zvt.malformed import Malformed

LLVAR_MOST = 99
LLLVAR_MOST = 999


def bcd(number: int, length: int) -> bytes:
    """`number` in `length` bytes, two digits a byte.

    Raises:
        ValueError: when it is negative or has too many digits.
    """
    digits = str(number).zfill(length * 2)
    if number < 0 or len(digits) > length * 2:
        raise ValueError(f"a number from 0 to {10 ** (length * 2) - 1} fits in {length} bytes, not {number}")
    return bytes.fromhex(digits)


def from_bcd(data: bytes) -> int | Malformed:
    """The number, when every half byte is a digit; no byte at all is 0."""
    digits = data.hex()
    for place, digit in enumerate(digits):
        if digit not in "0123456789":
            return Malformed("decimal digits, two a byte", place // 2)
    return int(digits or "0")


def digits_of(data: bytes) -> str | None:
    """The digits as text, zeros in front kept; None when one is not a digit."""
    return data.hex() if data.hex().isdecimal() else None


def with_length(data: bytes, places: int) -> bytes:
    """`data` behind its length in `places` F-digits: 2 for LLVAR, 3 for LLLVAR.

    Raises:
        ValueError: when the length has more digits than that.
    """
    if len(data) >= 10**places:
        raise ValueError(f"at most {10**places - 1} bytes have a length of {places} digits, not {len(data)}")
    return bytes(0xF0 | int(digit) for digit in str(len(data)).zfill(places)) + data


def read_length(data: bytes, at: int, places: int) -> int | Malformed:
    """How many bytes follow a length of `places` F-digits at `at`."""
    digits = data[at : at + places]
    if len(digits) < places:
        return Malformed(f"a length of {places} bytes", at)
    total = 0
    for place, byte in enumerate(digits):
        if not 0xF0 <= byte <= 0xF9:
            return Malformed("a digit of a length, F0 to F9", at + place)
        total = total * 10 + (byte & 0x0F)
    return total
