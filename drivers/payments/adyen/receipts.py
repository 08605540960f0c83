"""Receipts of the terminal to plain lines, with the number of the card hidden.

Each line is a query string: `name` stands left, `value` right, `key` says what it is. Not for: paper.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from drivers.payment_contract import Receipt
from drivers.payments.adyen.fields import Fields

WIDTH = 32
_NUMBER = re.compile(r"(?<![\w-])[2-6](?:[ -]?[0-9]){12,18}(?![0-9])")
_MOST_LINES = 500


def read_receipts(reply: Fields) -> tuple[Receipt, ...]:
    """All of an answer's `PaymentReceipt`."""
    return tuple(_receipt(each) for each in reply.children("PaymentReceipt"))


def hide_card(text: str) -> str:
    """The text without card numbers: only their last four digits."""
    return _NUMBER.sub(_hidden, text)


def last_four(masked: str) -> str:
    """What may be shown of a masked card number: "**** 1111"; "" where its end is not told."""
    digits = re.search(r"([0-9]{4})$", masked.strip())
    return f"**** {digits[1]}" if digits else ""


def _receipt(receipt: Fields) -> Receipt:
    lines: list[str] = []
    open_line = False
    for text in receipt.child("OutputContent").children("OutputText"):
        line = _line(text.text("Text"))
        if open_line and lines:
            lines[-1] += line
        else:
            lines.append(line)
        open_line = text.flag("EndOfLineFlag") is False
    return Receipt(
        lines=tuple(lines[:_MOST_LINES]),
        for_citizen=receipt.text("DocumentQualifier") != "CashierReceipt",
        must_print=receipt.flag("RequiredSignatureFlag") is True,
    )


def _line(text: str) -> str:
    try:
        parts = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True, max_num_fields=20).items()}
    except ValueError:
        parts = {}
    if "name" not in parts and "value" not in parts:
        return "" if "key" in parts else _plain(hide_card(text))
    name, value = parts.get("name", ""), parts.get("value", "")
    value = last_four(value) if parts.get("key") == "pan" else hide_card(value)
    name, value = _plain(hide_card(name)), _plain(value)
    return f"{name}{' ' * max(1, WIDTH - len(name) - len(value))}{value}" if name and value else name or value


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _hidden(found: re.Match[str]) -> str:
    digits = re.sub("[ -]", "", found[0])
    return f"**** {digits[-4:]}" if _luhn(digits) else found[0]


def _luhn(digits: str) -> bool:
    doubled = [int(d) * 2 if at % 2 else int(d) for at, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
