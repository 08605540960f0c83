"""Why a column may ask for an identity card: which fields, for what, how long, and on which legal basis.

The municipality writes purposes in its site file; a journey reads exactly what stands here. Not for: reading
(`drivers.cards`) or asking (`kiosk.journeys.identify`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kiosk.core.texts import Localized, Text, message


class Level(Enum):
    """How sure one must be of who is there."""

    CARD = "card"
    """Identified: the card is in the slot. It proves nothing about who put it in."""
    PIN = "pin"
    """Authenticated: the card, and the PIN that only its holder knows."""


WIPED: Text = message("card.wiped")
"""How long everything is kept when a purpose says nothing else: until the end of the visit."""


@dataclass(frozen=True)
class Purpose:
    """One reason to ask for a card.

    Attributes:
        fields: values of `drivers.card_contract.Field`, in the order they are shown; checked at load.
        why: one plain sentence: what the column does with it.
        keep: how long it is kept.
        basis: the legal basis; obligatory where the national number or the photo is read.
        proof: whether signatures are verified; without it less is read.
    """

    id: str
    title: Localized
    fields: tuple[str, ...]
    level: Level
    why: Localized
    keep: Text = WIPED
    basis: Localized | None = None
    proof: bool = True
