"""The card reader as visits share it: whose card is in the slot, and was one left behind.

A card may be put in before the screen is touched, so a card in the slot is this visitor's, unless the visit before
ended with it. Not for: reading it (`identify`).
"""

from __future__ import annotations

from drivers.card_contract import Cards, Slot
from kiosk.journeys.ports import Devices


class CardDesk:
    """What the column knows of cards between visits.

    Args:
        devices: where the reader is.
        screen_pin: whether a PIN may be keyed on the screen where the reader has no keys.
    """

    def __init__(self, devices: Devices, *, screen_pin: bool = True) -> None:
        self._devices = devices
        self._left: int | None = None
        self.screen_pin = screen_pin

    @property
    def cards(self) -> Cards:
        """The reader."""
        return self._devices.cards

    @property
    def slot(self) -> Slot:
        """What is in the slot now."""
        return self.cards.slot

    @property
    def left_behind(self) -> bool:
        """Whether the card in the slot belongs to somebody who has gone."""
        return self.is_left(self.slot)

    def is_left(self, slot: Slot) -> bool:
        """Whether the card in `slot` was left behind by an earlier visit."""
        return slot.card is not None and slot.insertion == self._left

    def leave_behind(self) -> None:
        """The visit is over, and the card that is in the slot stayed."""
        self._left = self.slot.insertion
