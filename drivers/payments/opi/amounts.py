"""Amounts at the wire: cents to decimal text with a dot, and back. Not for: arithmetic, which is in cents."""

from __future__ import annotations

import re

_AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2})0*)?")


def write_amount(cents: int) -> str:
    """1250 to "12.50"."""
    return f"{cents // 100}.{cents % 100:02d}"


def read_amount(text: str) -> int | None:
    """Cents; None for what is no amount of euros and whole cents ("12,50", "-1", "1e3")."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
