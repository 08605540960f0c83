"""Badges of staff as a PC/SC reader shows them: an answer to reset it made up, and the number behind FF CA 00 00.

Two with a number that stays, and two that name nobody. Invented numbers; first bytes of makers as real ones have them.
Not for: what is stored on such badges, which no column reads.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from drivers.simulated.card.apdu_in import Incoming, take_apart

NOT_FOUND, NO_INSTRUCTION, WRONG_LENGTH, NO_FUNCTION = 0x6A82, 0x6D00, 0x6700, 0x6A81
READER_CLASS, GET_DATA, SELECT = 0xFF, 0xCA, 0xA4


@dataclass(frozen=True)
class BadgeDesign:
    """One kind of badge.

    Attributes:
        sentence: what it is.
        atr: as a reader makes it up.
        number: what it says before anything else; empty where the reader gives none.
        fresh: whether it makes up a number of four bytes each time it is powered.
        processor: whether it understands a selection.
    """

    sentence: str
    atr: bytes
    number: bytes = b""
    fresh: bool = False
    processor: bool = False


_CLASSIC = bytes.fromhex("3B8F8001804F0CA000000306 03 0001 00000000 6A")
_DESFIRE = bytes.fromhex("3B8180018080")

BADGES: dict[str, BadgeDesign] = {
    "badge": BadgeDesign("A staff badge (MIFARE Classic).", _CLASSIC, bytes.fromhex("5A17C3E4")),
    "badge-desfire": BadgeDesign(
        "Another staff badge (DESFire).", _DESFIRE, bytes.fromhex("04712A9A5C3180"), processor=True
    ),
    "badge-random": BadgeDesign(
        "A badge, or a telephone, that says another number each time.", _DESFIRE, fresh=True, processor=True
    ),
    "badge-silent": BadgeDesign("A badge whose number the reader does not give.", _CLASSIC),
}
"""By name, as the dock and the command line know them."""


class Badge:
    """A badge of some `BadgeDesign`; implements `drivers.simulated.card.interface.Card`."""

    def __init__(self, design: BadgeDesign) -> None:
        self.design = design
        self._number = design.number
        self.reset()

    @property
    def atr(self) -> bytes:
        """See `drivers.simulated.card.interface.Card`."""
        return self.design.atr

    def reset(self) -> None:
        """See `drivers.simulated.card.interface.Card`."""
        if self.design.fresh:
            self._number = b"\x08" + os.urandom(3)

    def transmit(self, command: bytes) -> bytes:
        """See `drivers.simulated.card.interface.Card`; what begins with FF the reader answers in its place."""
        incoming = take_apart(command)
        if incoming is None:
            return _word(WRONG_LENGTH)
        if incoming.cla == READER_CLASS:
            return self._told(incoming)
        return _word(NOT_FOUND if self.design.processor and incoming.ins == SELECT else NO_INSTRUCTION)

    def _told(self, incoming: Incoming) -> bytes:
        if incoming.ins != GET_DATA:
            return _word(NO_INSTRUCTION)
        number = self._number
        if incoming.parameters or not number:
            return _word(NO_FUNCTION)
        if incoming.le in (256, len(number)):
            return number + _word(0x9000)
        return _word(0x6C00 | len(number)) if incoming.le < len(number) else number + _word(0x6282)


def _word(status: int) -> bytes:
    return status.to_bytes(2, "big")
