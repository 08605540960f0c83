"""Every simulated card by name, and how to get one.

Not for: what it does once it is in a slot.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from drivers.simulated.card.badges import BADGES, Badge
from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.faulty import FaultyCard
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.other_cards import OTHER_CARDS, OtherCard
from drivers.simulated.card.people import people
from drivers.simulated.card.personalise import personalise

_ANY_DAY = date(2026, 1, 1)

CARDS: dict[str, str] = {
    **{name: who.sentence for name, who in people(_ANY_DAY).items()},
    **{name: design.sentence for name, design in OTHER_CARDS.items()},
    **{name: design.sentence for name, design in BADGES.items()},
}
"""What each card is, by name, for the dock and the command line."""


class UnknownCard(ValueError):
    """A name that is no card; the message lists the names there are."""


def card_named(name: str, today: date, generation: Generation | None = None) -> FaultyCard:
    """A fresh card, of which nothing is wrong yet.

    The same person has the same keys and numbers each time within a process; the PIN's counter begins anew.

    Args:
        today: what the dates on the card are counted from.
        generation: another one than that person's own; only for identity cards.

    Raises:
        UnknownCard: listing the names there are.
    """
    if name in OTHER_CARDS:
        return FaultyCard(OtherCard(OTHER_CARDS[name]), today)
    if name in BADGES:
        return FaultyCard(Badge(BADGES[name]), today)
    who = people(today).get(name)
    if who is None:
        raise UnknownCard(f"no card {name!r}; there are {', '.join(CARDS)}")
    return FaultyCard(BeidCard(personalise(replace(who, generation=generation or who.generation))), today)
