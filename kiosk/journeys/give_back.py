"""The card goes home: whoever has one in the reader is called to take it, on screen and by sound.

Not for: reading it (`identify`).
"""

from __future__ import annotations

from contextlib import suppress

from kiosk.core.events import CARD_LEFT
from kiosk.core.pages import CardPage, CardPicture, Tone
from kiosk.core.texts import message
from kiosk.journeys.visit import Leave, Visit
from kiosk.journeys.waiting import within

PATIENCE_S = 60.0
"""How long an abandoned card rings before the column serves on."""


async def give_back(visit: Visit) -> None:
    """Ask for the card to be taken, as long as somebody is there; the visit ends when nobody is."""
    desk = visit.column.desk
    while (slot := desk.slot).card is not None and not desk.is_left(slot):
        await visit.choose_unless(take_page(), desk.cards.changed(slot))


async def call_out(visit: Visit) -> None:
    """At the end of a visit, however it ended: ring until the card is taken; a card that stays is kept apart.

    Starting over does not silence it, for the card is still there; help and the other tools work as ever.
    """
    clock, desk = visit.column.clock, visit.column.desk
    until = clock.monotonic() + PATIENCE_S
    while (slot := desk.slot).card is not None and not desk.is_left(slot):
        left = until - clock.monotonic()
        if left <= 0:
            desk.leave_behind()
            await visit.column.store.record(CARD_LEFT, {"officeId": visit.column.here.id})
            return
        taken = visit.choose_unless(take_page(), desk.cards.changed(slot), patience=2 * PATIENCE_S)
        with suppress(Leave):
            await within(taken, left, clock)


def take_page() -> CardPage:
    """Take your card."""
    return CardPage(
        title=message("card.take.title"),
        subtitle=message("card.take.subtitle"),
        picture=CardPicture.TAKE,
        tone=Tone.WARNING,
        back=False,
    )
