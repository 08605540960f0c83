"""How staff get in: a code on the keypad, or their card; wrong codes make the door wait, longer each time.

The keypad and the care for digits are those of any PIN. A card in the reader of visitors is looked at only where no
visit is under way, for a visitor's page may want one at the same time, and only when it is put in afterwards.
Not for: looking at cards (`staff_cards`), judging them and codes (`kiosk.staffing`) or the gesture (`kiosk.ui`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from drivers.card_contract import Pin
from kiosk.core.pages import NoticePage, Option, Page, PinPage, Tone, Weight
from kiosk.core.staff import Member
from kiosk.core.texts import Text, message
from kiosk.journeys.give_back import give_back
from kiosk.journeys.staff_cards import Shown, shown
from kiosk.journeys.staff_desk import StaffDesk
from kiosk.journeys.visit import Back, Visit
from kiosk.journeys.waiting import within

LEAST_DIGITS = 4
CONFIRM = "confirm"


@dataclass(frozen=True)
class Entered:
    """Somebody is in; `way` is "pin", "card" or "badge", the last always with a PIN."""

    member: Member
    way: str


@dataclass(frozen=True)
class _Known:
    """Whose PIN it has to be, because their card or badge was shown first; `way` as in `Entered`."""

    staff_id: str
    way: str


async def enter(visit: Visit, desk: StaffDesk, *, cards: bool) -> Entered | None:
    """Let somebody in.

    Args:
        cards: whether the reader of visitors may be used.

    Returns:
        None when they went back.
    """
    news: Text | None = None
    known: _Known | None = None
    while True:
        given: Pin | Shown | Back | None
        if (seconds := await desk.door.wait_seconds()) > 0:
            given = await _wait(visit, desk, seconds, cards=cards, known=known)
        else:
            given = await _ask(visit, desk, news, cards=cards, known=known)
        if isinstance(given, Back):
            return None
        if isinstance(given, Pin):
            member = await desk.door.by_pin(given, known.staff_id if known else None)
            if member is not None:
                return Entered(member, known.way if known else "pin")
            news = message("staff.entry.wrong")
        elif given is not None:
            if cards:
                await give_back(visit)
            if isinstance(given.whose, Member):
                return Entered(given.whose, given.way)
            if given.whose is not None:
                known = _Known(given.whose.staff_id, given.way)
            news = given.news if known is None else message("staff.entry.pin_too")


async def _wait(
    visit: Visit, desk: StaffDesk, seconds: int, *, cards: bool, known: _Known | None
) -> Shown | Back | None:
    """While no code is looked at: a card that is shown, or None when it is over."""
    clock = visit.column.clock
    over = clock.sleep(seconds) if known else within(shown(visit, desk, cards=cards), seconds, clock)
    given = await visit.choose_unless(_locked(seconds), over, updates=_counting(visit, desk))
    return Back.BACK if isinstance(given, str) else given


async def _ask(
    visit: Visit, desk: StaffDesk, news: Text | None, *, cards: bool, known: _Known | None
) -> Pin | Shown | Back:
    """A code, or a card that was looked at."""
    pin = Pin()
    how = _how(desk, cards=cards) if known is None else "code"

    def page(entered: int) -> PinPage:
        return keypad(entered, news, how)

    try:
        while True:
            keyed = visit.key_in(page, pin)
            given = await (keyed if known else visit.unless(keyed, shown(visit, desk, cards=cards)))
            if isinstance(given, Shown | Back):
                pin.wipe()
                return given
            if pin.complete:
                return pin
            news = message("staff.entry.short")
    except BaseException:
        pin.wipe()
        raise


def _how(desk: StaffDesk, *, cards: bool) -> str:
    """What the page asks for: the last part of a key."""
    card = cards and desk.door.cards
    badge = desk.door.badges and (cards or desk.badges is not None)
    return {(False, False): "code", (True, False): "card_or_code", (False, True): "badge_and_code"}.get(
        (card, badge), "card_badge_or_code"
    )


async def _counting(visit: Visit, desk: StaffDesk) -> AsyncIterator[Page]:
    while True:
        await visit.column.clock.sleep(1)
        yield _locked(await desk.door.wait_seconds())


def keypad(entered: int, news: Text | None, how: str) -> PinPage:
    """Where the code is keyed; `how` is what else may be shown."""
    return PinPage(
        title=message("staff.entry.title"),
        subtitle=message(f"staff.entry.{how}"),
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
