"""What every simulated card is: an answer to reset, and an answer to every command.

Not for: how it gets to a program (`slot`, `vpcd`).
"""

from __future__ import annotations

from typing import Protocol


class Card(Protocol):
    """A card that may lie in a slot. Not thread-safe; slots take care of that."""

    @property
    def atr(self) -> bytes:
        """Answer to reset; empty when the card is mute."""
        ...

    def reset(self) -> None:
        """Forget every right and selection, as after power was lost."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """Answer any bytes with data and a status word; empty when the card has fallen mute.

        Raises:
            CardGone: when this very command made somebody pull the card.
        """
        ...


class CardGone(Exception):
    """The card was pulled while it was being spoken to."""
