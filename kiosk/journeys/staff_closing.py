"""Staff close the column for a while, with a text where they want one, and open it again.

A visit under way ends first; what was promised stays promised. Not for: what whoever comes then sees (`closed`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.core.closure import Closure
from kiosk.core.hours import Closed, state
from kiosk.core.pages import MenuPage, Option, SearchPage, Weight
from kiosk.core.staff import Act
from kiosk.core.texts import Text, message
from kiosk.journeys.staff_session import Session
from kiosk.journeys.visit import Back, Column

TODAY, OPEN_END, WITH_TEXT = "today", "open_end", "text"
MINUTES = (30, 60, 120)
LONGEST_TEXT = 120


async def close(session: Session) -> None:
    """Ask for how long, and close."""
    text = ""
    while True:
        chosen = await session.visit.choose(when_page(session.visit.column, text))
        if chosen == WITH_TEXT:
            text = await _text(session, text)
        elif isinstance(chosen, str):
            until = _until(session.visit.column, chosen)
            await session.desk.care.close(
                Closure(session.member.id, until, text, session.visit.language if text else "")
            )
            await session.did(Act.CLOSED, until.isoformat(timespec="minutes") if until else "")
            return
        else:
            return


async def open_again(session: Session) -> None:
    """Serve again."""
    await session.desk.care.open(session.member.id)
    await session.did(Act.OPENED)


def when_page(column: Column, text: str) -> MenuPage:
    """For how long."""
    now = column.clock.now()
    opens = next_day(column)
    today: tuple[Option, ...] = ()
    if opens is not None:
        today = (
            Option(
                TODAY,
                message("staff.close.today"),
                message("staff.close.until", when=opens),
                icon="calendar-blank",
                weight=Weight.PRIMARY,
            ),
        )
    hint: Text = message("plain", text=text) if text else message("staff.close.text_hint")
    return MenuPage(
        title=message("staff.close.title"),
        subtitle=message("staff.close.subtitle"),
        options=(
            *today,
            *(_minutes(now, minutes) for minutes in MINUTES),
            Option(OPEN_END, message("staff.close.open_end"), message("staff.close.open_end_hint"), icon="hand-palm"),
            Option(WITH_TEXT, message("staff.close.text"), hint, icon="note-pencil"),
        ),
    )


def next_day(column: Column) -> datetime | None:
    """When the counters open next on another day; None where they never do."""
    now = column.clock.now()
    night = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    match state(column.here.hours, night):
        case Closed(opens=opens):
            return opens
        case _:
            return night


def _minutes(now: datetime, minutes: int) -> Option:
    return Option(
        str(minutes),
        message("staff.close.minutes", count=minutes)
        if minutes < 60
        else message("staff.close.hours", count=minutes // 60),
        message("staff.close.until_time", time=(now + timedelta(minutes=minutes)).time()),
        icon="clock",
    )


def _until(column: Column, chosen: str) -> datetime | None:
    match chosen:
        case "today":
            return next_day(column)
        case "open_end":
            return None
        case minutes:
            return column.clock.now() + timedelta(minutes=int(minutes))


async def _text(session: Session, before: str) -> str:
    """What whoever comes shall read; Back keeps what was there."""
    typed = before

    def page(query: str) -> SearchPage:
        nonlocal typed
        typed = query[:LONGEST_TEXT]
        return SearchPage(
            title=message("staff.close.text"),
            subtitle=message("staff.close.text_page"),
            options=(Option("keep", message("staff.do.keep"), weight=Weight.QUIET),),
            query=typed,
            field=message("staff.close.text_field"),
        )

    chosen = await session.visit.search(page, before)
    return before if isinstance(chosen, Back) else " ".join(typed.split())
