"""The answer of GET CARD DATA: which applet it is, and how many tries the PIN has left (belgian-eid.md §3).

Not for: the serial number, which identifies a person and is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.cards.beid.malformed import Malformed

_APPLET, _TRIES = 21, 28
_NO_PIN = 0xFF


@dataclass(frozen=True)
class CardData:
    """What is worth knowing of a card before its files are read.

    Attributes:
        applet: version byte, 0x11 for 1.1, 0x17 for 1.7, 0x18 for 1.8.
        tries_left: of the PIN, where the card said so.
    """

    applet: int
    tries_left: int | None = None

    @property
    def generation(self) -> str:
        """As people say it, "1.8"."""
        return f"{self.applet >> 4}.{self.applet & 0xF}"


def parse_card_data(data: bytes) -> CardData:
    """The card data of 28 bytes, or of 31 with the PIN's tries.

    Raises:
        Malformed: when there are fewer.
    """
    if len(data) <= _APPLET:
        raise Malformed(f"card data have 28 or 31 bytes, here are {len(data)}")
    tries = data[_TRIES] if len(data) > _TRIES else _NO_PIN
    return CardData(data[_APPLET], None if tries == _NO_PIN else tries)
