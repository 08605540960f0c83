"""A card driver over a simulated slot in the same process, for tests: no waiting, a fixed day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

from cryptography import x509

from drivers.card_contract import CardRead, CardRequest, Field, Pin, ReadResult
from drivers.cards.beid.trust import Trust
from drivers.cards.driver import BeidDriver
from drivers.simulated.card.interface import Card
from drivers.simulated.card.pinpad import SimulatedPinpad
from drivers.simulated.card.pki import trust_pem
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.slot import SimulatedSlot

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
EVERYTHING = CardRequest(frozenset(Field), certificates=True)
GENERATIONS = {"1.1": "old-card", "1.7": "adult-fr", "1.7 re-keyed": "rekeyed", "1.8": "adult"}
"""A card of each generation, by name."""


@cache
def roots_of_the_simulation() -> Trust:
    """The roots of the simulated cards."""
    return Trust(tuple(x509.load_pem_x509_certificates(trust_pem())), specimen=True)


@dataclass
class Bench:
    """A driver and its slot."""

    pinpad: SimulatedPinpad | None = None
    trust: Trust = field(default_factory=roots_of_the_simulation)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.slot = SimulatedSlot(self.pinpad)
        self.driver = BeidDriver(self.slot, self.trust, lambda: self.now, lambda _: None)
        self.driver.status()

    def put_in(self, card: Card | str) -> None:
        """Put a card in, and let the driver see it."""
        self.slot.insert(card_named(card, TODAY) if isinstance(card, str) else card)
        self.driver.status()

    def pull(self) -> None:
        """Take it out, and let the driver see that."""
        self.slot.pull()
        self.driver.status()

    def read(self, request: CardRequest = EVERYTHING) -> ReadResult:
        """Read the card that is in."""
        return self.driver.read(request, lambda _: None)

    def must_read(self, request: CardRequest = EVERYTHING) -> CardRead:
        """The same, where nothing else than success will do."""
        result = self.read(request)
        assert isinstance(result, CardRead), result
        return result


def pin_of(digits: str) -> Pin:
    """A PIN that was keyed."""
    pin = Pin()
    pin.add(digits)
    return pin
