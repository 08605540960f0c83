"""Receipts that the terminal wants printed: plain lines, with the number of the card hidden.

Not for: paper.
"""

from __future__ import annotations

from drivers.payment_contract import Receipt
from drivers.payments.opi.device import Output
from drivers.payments.opi.mask import hide_card

_FOR_SHOP = ("merchant", "store", "cashier")


def read_receipt(output: Output) -> Receipt | None:
    """What is to be printed; None for nothing to read, and for an offer of another currency, which we never make."""
    lines = tuple(hide_card(_plain(line)) for line in output.lines)
    if not any(lines) or output.kind == "DccOffer":
        return None
    return Receipt(lines, not output.kind.lower().startswith(_FOR_SHOP), output.immediate)


def _plain(line: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in line).rstrip()
