"""How staff get in: a code on the keypad, or their card; wrong codes make the door wait, longer each time.

The keypad and the care for digits are those of any PIN. A card is looked at only where no visit is under way, for a
visitor's page may want one at the same time, and only when it is put in after the keypad appeared. Not for: judging
codes and cards (`kiosk.staffing`) or the gesture (`kiosk.ui`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from drivers.card_contract import CardFailed, CardRequest, Field, Pin
from kiosk.core.pages import NoticePage, Option, Page, PinPage, Tone, Weight
from kiosk.core.staff import Member
from kiosk.core.texts import Text, message
from kiosk.journeys.give_back import give_back
from kiosk.journeys.staff_desk import PinToo, StaffDesk
from kiosk.journeys.visit import Back, Visit

LEAST_DIGITS = 4
CONFIRM = "confirm"


@dataclass(frozen=True)
class Entered:
    """Somebody is in; `way` is "pin" or "card"."""

    member: Member
    way: str


@dataclass(frozen=True)
class _Card:
    """A card was put in and looked at."""

    whose: Member | PinToo | None


async def enter(visit: Visit, desk: StaffDesk, *, cards: bool) -> Entered | None:
    """Let somebody in.

    Args:
        cards: whether a card may be put in.

    Returns:
        None when they went back.
    """
    news: Text | None = None
    known: str | None = None
    while True:
        if (seconds := await desk.door.wait_seconds()) > 0:
            if await visit.choose_unless(
                _locked(seconds), visit.column.clock.sleep(seconds), updates=_counting(visit, desk)
            ):
                return None
            continue
        given = await _ask(visit, desk, news, cards=cards and desk.door.cards and known is None)
        match given:
            case None:
                return None
            case _Card(Member() as member):
                await give_back(visit)
                return Entered(member, "card")
            case _Card(PinToo(staff_id)):
                known, news = staff_id, message("staff.entry.pin_too")
                await give_back(visit)
            case _Card():
                news = message("staff.entry.card_unknown")
                await give_back(visit)
            case Pin():
                whose = await desk.door.by_pin(given, known)
                if whose is not None:
                    return Entered(whose, "card" if known else "pin")
                news = message("staff.entry.wrong")


async def _ask(visit: Visit, desk: StaffDesk, news: Text | None, *, cards: bool) -> Pin | _Card | None:
    """A code, a card that was looked at, or None for Back."""
    pin = Pin()

    def page(entered: int) -> PinPage:
        return keypad(entered, news, cards=cards)

    try:
        while True:
            given = await visit.unless(visit.key_in(page, pin), _card(visit, desk, wanted=cards))
            if isinstance(given, _Card):
                pin.wipe()
                return given
            if given is Back.BACK:
                pin.wipe()
                return None
            if pin.complete:
                return pin
            news = message("staff.entry.short")
    except BaseException:
        pin.wipe()
        raise


async def _card(visit: Visit, desk: StaffDesk, *, wanted: bool) -> _Card:
    """The next card that is put in; for ever where none is wanted."""
    if not wanted:
        await asyncio.Event().wait()
    cards = visit.column.desk.cards
    seen = cards.slot
    while (seen := await cards.changed(seen)).card is None:
        pass
    read = await cards.read(CardRequest(frozenset({Field.CARD_NUMBER})), lambda _: None)
    return _Card(None if isinstance(read, CardFailed) else await desk.door.by_card(read))


async def _counting(visit: Visit, desk: StaffDesk) -> AsyncIterator[Page]:
    while True:
        await visit.column.clock.sleep(1)
        yield _locked(await desk.door.wait_seconds())


def keypad(entered: int, news: Text | None, *, cards: bool) -> PinPage:
    """Where the code is keyed."""
    return PinPage(
        title=message("staff.entry.title"),
        subtitle=message("staff.entry.card_or_code" if cards else "staff.entry.code"),
        options=(Option(CONFIRM, message("staff.entry.confirm"), weight=Weight.PRIMARY),),
        entered=entered,
        least=LEAST_DIGITS,
        news=news,
        tone=Tone.WARNING if news else Tone.PLAIN,
    )


def _locked(seconds: int) -> NoticePage:
    long = seconds >= 120
    key = "staff.entry.locked_minutes" if long else "staff.entry.locked_seconds"
    return NoticePage(
        title=message("staff.entry.locked"),
        subtitle=message(key, count=-(-seconds // 60) if long else max(seconds, 1)),
        tone=Tone.WARNING,
        icon="lock-key",
        options=(Option("leave", message("staff.back"), icon="arrow-left", weight=Weight.PRIMARY),),
        back=False,
    )
