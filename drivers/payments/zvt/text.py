"""Letters of the terminal, and card numbers taken out of them.

Not for: layout of receipts (`receipts`).
"""

from __future__ import annotations

import re

CHARSETS = {"cp437": "CP437, the protocol's own", "iso8859-15": "ISO-8859-15, as some acquirers send", "utf-8": "UTF-8"}
"""Codecs a profile may name, and what each is."""
_CARD_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_SHOWN_IN_FRONT, _SHOWN_BEHIND = 6, 4


def decode(data: bytes, charset: str = "cp437") -> str:
    """`data` as text without control characters; a letter that cannot be read becomes a question mark in a box."""
    text = data.decode(charset, errors="replace")
    return "".join(letter if letter.isprintable() else " " for letter in text).rstrip()


def masked(text: str) -> str:
    """`text` with every whole card number cut to its first six and last four digits."""
    return _CARD_NUMBER.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found.group())
    if not is_card_number(digits):
        return found.group()
    hidden = len(digits) - _SHOWN_IN_FRONT - _SHOWN_BEHIND
    return digits[:_SHOWN_IN_FRONT] + "*" * hidden + digits[-_SHOWN_BEHIND:]


def is_card_number(digits: str) -> bool:
    """Whether the check digit is that of a card number (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
