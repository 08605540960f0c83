"""Cards and badges staff show at the door: looked at as they are put in, and whose they are.

A badge names somebody and proves nothing: it never leads further than to that person's PIN. Not for: the keypad
(`staff_entry`) or judging (`kiosk.staffing`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.card_contract import (
    BadgeRead,
    CardFailed,
    CardKind,
    CardProblem,
    CardRequest,
    Cards,
    Field,
    NoNumber,
)
from kiosk.core.staff import Member
from kiosk.core.texts import Text, message
from kiosk.journeys.staff_desk import Door, PinToo, StaffDesk
from kiosk.journeys.visit import Visit

CARD, BADGE = "card", "badge"


@dataclass(frozen=True)
class Shown:
    """A card or badge was put in and looked at.

    Attributes:
        way: "card" or "badge", for the event.
        news: why it is nobody's.
    """

    whose: Member | PinToo | None
    way: str
    news: Text


async def shown(visit: Visit, desk: StaffDesk, *, cards: bool) -> Shown:
    """The next card or badge that is put in, looked at; waits for ever where there is no reader for one.

    Args:
        cards: whether the reader of visitors may be used, too.
    """
    readers = tuple(_readers(visit, desk, cards=cards))
    if not readers:
        await asyncio.Event().wait()
    looking = [asyncio.create_task(_next(reader, desk.door)) for reader in readers]
    try:
        done, _ = await asyncio.wait(looking, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)


def _readers(visit: Visit, desk: StaffDesk, *, cards: bool) -> Iterator[Cards]:
    if desk.badges is not None and desk.door.badges:
        yield desk.badges
    if cards and (desk.door.cards or desk.door.badges):
        yield visit.column.desk.cards


async def _next(reader: Cards, door: Door) -> Shown:
    """What is put in next; what lay there before counts for nothing."""
    slot = reader.slot
    while (slot := await reader.changed(slot)).card is None:
        pass
    return await (_badge(reader, door) if slot.card is CardKind.BADGE else _card(reader, door))


async def _card(reader: Cards, door: Door) -> Shown:
    read = await reader.read(CardRequest(frozenset({Field.CARD_NUMBER})), lambda _: None)
    whose = None if isinstance(read, CardFailed) else await door.by_card(read)
    return Shown(whose, CARD, message("staff.entry.card_unknown"))


async def _badge(reader: Cards, door: Door) -> Shown:
    read = await reader.read_badge()
    match read:
        case BadgeRead():
            return Shown(await door.by_badge(read), BADGE, message("staff.entry.card_unknown"))
        case CardFailed(CardProblem.REMOVED):
            return Shown(None, BADGE, message("staff.entry.badge_gone"))
        case NoNumber() | CardFailed():
            return Shown(None, BADGE, message("staff.entry.badge_unusable"))
