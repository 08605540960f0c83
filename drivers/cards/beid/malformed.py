"""The one error of everything that reads bytes of a card. Not for: results of a driver (`drivers.card_contract`)."""

from __future__ import annotations


class Malformed(ValueError):
    """Bytes that no identity card should give; the text says what would be right, and never what was there."""
