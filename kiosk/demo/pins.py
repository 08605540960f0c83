"""PINs by word: a visit file says `pin right` or `pin wrong`, and never holds a digit of one.

Which digits those are follows from what asks for them: the card in the slot, or the door of staff. Not for: pressing
keys (`play`) or watching them (`recording`).
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.core.pages import CLEAR, ERASE
from kiosk.demo.world import STAFF, World

RIGHT, WRONG = "right", "wrong"
STAFF_DOOR = "staff.entry"
"""How the name of the page begins at which staff get in."""
_LEAST = "0000"


def right_pins(world: World, moment: str) -> Sequence[str]:
    """What is right where `moment` stands on the screen (`kiosk.terminal.moment`); nothing is, without such a card."""
    if moment.startswith(STAFF_DOOR):
        return [pin for *_, pin in STAFF]
    return [pin] if (pin := world.cards.pin) else []


def digits(world: World, moment: str, word: str) -> str:
    """Keys to press for `RIGHT` or `WRONG`; a wrong PIN is as long as the right one and differs in every digit."""
    right = next(iter(right_pins(world, moment)), _LEAST)
    return right if word == RIGHT else "".join(str((int(digit) + 1) % 10) for digit in right)


def pressed(before: str, keys: str) -> str:
    """What stands in the field after `keys`."""
    for key in keys:
        before = "" if key == CLEAR else before[:-1] if key == ERASE else before + key
    return before
