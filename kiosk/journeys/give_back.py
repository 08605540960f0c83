"""The card goes home: whoever has one in the reader is called to take it, on screen and by sound.

Not for: reading it (`identify`).
"""

from __future__ import annotations

from drivers.card_contract import Slot
from kiosk.core.events import CARD_LEFT
from kiosk.core.pages import CardPage, CardPicture, Tone, View
from kiosk.core.texts import message
from kiosk.journeys.visit import Column, Visit
from kiosk.journeys.waiting import within

PATIENCE_S = 60.0
"""How long an abandoned card rings before the column serves on."""


async def give_back(visit: Visit) -> None:
    """Ask for the card to be taken, as long as somebody is there; the visit ends when nobody is."""
    desk = visit.column.desk
    while (slot := desk.slot).card is not None and not desk.is_left(slot):
        await visit.choose_unless(take_page(), desk.cards.changed(slot))


async def call_out(column: Column, visit: Visit) -> None:
    """At the end of a visit, however it ended: ring until the card is taken; a card that stays is kept apart.

    Nobody is asked for anything any more, so no page of the visit stands behind this one.
    """
    desk, waited = column.desk, 0.0
    while (slot := desk.slot).card is not None and not desk.is_left(slot):
        column.screen.show(View(visit.next_serial(), take_page(), visit.language, (visit.language,), visit.look))
        began = column.clock.monotonic()
        left: Slot | None = await within(desk.cards.changed(slot), PATIENCE_S - waited, column.clock)
        waited += column.clock.monotonic() - began
        if left is None or waited >= PATIENCE_S:
            desk.leave_behind()
            await column.store.record(CARD_LEFT, {"officeId": column.here.id})


def take_page() -> CardPage:
    """Take your card."""
    return CardPage(
        title=message("card.take.title"),
        subtitle=message("card.take.subtitle"),
        picture=CardPicture.TAKE,
        tone=Tone.WARNING,
        back=False,
    )
