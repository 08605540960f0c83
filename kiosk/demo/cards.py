"""The cards of the demonstration: which one is in the column's slot, and what is wrong with it.

The column listens as a virtual slot on a port of its own; a simulated card connects to it as it would to the virtual
reader driver of pcscd. Not for: what a card answers (`drivers.simulated.card`).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path

from drivers.simulated.card.faults import CARD_FAULTS
from drivers.simulated.card.people import people
from drivers.simulated.card.pki import trust_pem
from drivers.simulated.card.registry import CARDS, card_named
from drivers.simulated.card.vpcd import VpcdCard

OUT = "out"
SOUND = "ok"
SLOT: dict[str, str] = {OUT: "The slot is empty.", **CARDS}
"""Every card that may be put in, by name, and what it is."""

CONDITION: dict[str, str] = {SOUND: "Every card answers as it should.", **CARD_FAULTS}
"""What may be wrong with the card, by name."""


EMPTY_S = 0.3
"""How long the slot stays empty when cards are exchanged: longer than the column takes between two looks."""


class DemoCards:
    """One slot and the cards for it.

    Args:
        today: the day the cards are made for; a card expires in so many months from it.
        trust: where the roots of these cards are written, for the column to trust.

    Attributes:
        condition: name of what is wrong with it, or SOUND.
        port: where the column listens.
    """

    def __init__(self, today: Callable[[], date], trust: Path) -> None:
        self._today = today
        self.trust = trust
        self.port = _free_port()
        self._name, self.condition = OUT, SOUND
        self._slot = VpcdCard("127.0.0.1", self.port, empty_seconds=EMPTY_S)

    @property
    def card(self) -> str:
        """Name of the card in the slot, or OUT; a card that pulls itself out is out."""
        return self._name if self._slot.card is not None else OUT

    @property
    def pin(self) -> str:
        """The PIN of the card that was put in last; "" where it has none."""
        person = people(self._today()).get(self._name)
        return person.pin if person is not None else ""

    @property
    def reader(self) -> str:
        """Address of the slot, for the settings of the column."""
        return f"virtual://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Write the roots of the simulated cards, and let the column find the slot."""
        self.trust.write_bytes(trust_pem())
        self._slot.start()

    def stop(self) -> None:
        """Take the card out for good."""
        self._slot.stop()

    def put_in(self, name: str) -> None:
        """Put a card of `SLOT` in, in place of the one that is there; OUT only takes it out."""
        self._name = name
        if name == OUT:
            self._slot.pull()
            return
        card = card_named(name, self._today())
        if self.condition != SOUND:
            card.set_fault(self.condition)
        self._slot.insert(card)

    def set_condition(self, name: str) -> None:
        """Choose what is wrong; the card is put in again."""
        self.condition = name
        self.put_in(self.card)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
