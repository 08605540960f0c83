"""Staff mode: a hidden gesture, a code or a card, one page "this column", and everything that can be done there.

It lies over whatever the screen shows and leaves it as it was; it leaves by itself after a minute. Each thing done is
an event with who did it. Not for: the pages (`staff_pages`) or the larger tasks (`staff_paper`, `staff_tickets`, …).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from itertools import count

from kiosk.core.column_health import Finding, Subject, findings
from kiosk.core.events import STAFF_ACTED
from kiosk.core.pages import MenuPage, NoticePage, Option, Page, Weight
from kiosk.core.staff import Act, Member
from kiosk.core.texts import message
from kiosk.journeys import staff_pages as pages
from kiosk.journeys.floor import Floor
from kiosk.journeys.staff_closing import close, open_again
from kiosk.journeys.staff_desk import StaffDesk
from kiosk.journeys.staff_entry import enter
from kiosk.journeys.staff_paper import change_paper
from kiosk.journeys.staff_payments import payments, payments_in_doubt
from kiosk.journeys.staff_report import report
from kiosk.journeys.staff_session import Session, Task, acted
from kiosk.journeys.staff_tickets import reprint, tickets_here
from kiosk.journeys.visit import Back, Column, Leave, Outcome, Timing, Visit
from kiosk.journeys.waiting import within

log = logging.getLogger("zuil.staff")

TIMING = Timing(idle=40, warning=20)
"""One minute in all."""
LOOK_S = 1.0
"""How often the page looks at the column again."""
VOLUMES = (100, 80, 60, 40, 20)
RESTARTS_S = 20.0
_serials = count(500_000_000, 100_000)
"""Far from the serials of visits and of the attract screen, and of the staff before."""


async def staff_mode(column: Column, desk: StaffDesk, floor: Floor) -> None:
    """One stay of staff, from the keypad until they are gone."""
    own = replace(column, screen=floor.staff, timing=TIMING)
    profile, before = column.site.profile, column.desk.slot
    visit = Visit(own, profile.default, call_host=_ask_for_technician, serial=next(_serials))
    member: Member | None = None
    reason = "asked"
    try:
        entered = await enter(visit, desk, cards=not desk.care.visited)
        if entered is not None:
            member = entered.member
            visit.language = member.language
            session = Session(visit, desk, member)
            await session.did(Act.ENTERED, entered.way)
            await this_column(session)
    except Leave as leave:
        reason = "idle" if leave.outcome is Outcome.TIMED_OUT else reason
    except Exception:
        # A defect here must not take the column from its visitors.
        log.exception("staff mode ended by a defect on page %s", visit.page.kind)
    if column.desk.slot.card is not None and column.desk.slot.insertion != before.insertion:
        column.desk.leave_behind()
    if member is not None:
        await desk.book.record(STAFF_ACTED, acted(member, Act.LEFT, reason))


async def this_column(session: Session) -> None:
    """The one page, again after everything that was done; returns when they are ready."""
    while True:
        chosen = await session.visit.choose(await _page(session), updates=_pages(session))
        if chosen == pages.LEAVE:
            return
        if isinstance(chosen, str) and chosen.startswith(pages.TROUBLE):
            chosen = await _trouble(session, Subject(chosen.removeprefix(pages.TROUBLE)))
        task = TASKS.get(chosen) if isinstance(chosen, str) else None
        if task is not None:
            await task(session)


async def _page(session: Session) -> MenuPage:
    care = session.desk.care
    return pages.column_page(await session.desk.house.look(), session.member, visited=care.visited)


async def _pages(session: Session) -> AsyncIterator[Page]:
    """The page as things change: an update that says nothing new is not drawn."""
    drawn: Page | None = None
    while True:
        await _moment(session)
        page = await _page(session)
        if page != drawn:
            yield page
        drawn = page


async def _moment(session: Session) -> None:
    """A second, or less when the printer has something new to say: whoever mends it looks at the screen."""
    session.desk.roll.look()
    await within(session.desk.roll.changed(), LOOK_S, session.visit.column.clock)


async def _trouble(session: Session, subject: Subject) -> str | Back:
    """One trouble, followed until it is gone or something is chosen; of money in doubt, the payments themselves."""
    if subject is Subject.PAYMENTS and await payments_in_doubt(session):
        return Back.BACK

    async def page() -> NoticePage:
        return pages.trouble_page(await _finding(session, subject), subject, session.member)

    async def changes() -> AsyncIterator[Page]:
        while True:
            await _moment(session)
            yield await page()

    return await session.visit.choose(await page(), updates=changes())


async def _finding(session: Session, subject: Subject) -> Finding | None:
    found = findings(await session.desk.house.look())
    return next((finding for finding in found if finding.subject is subject), None)


async def _end_visit(session: Session) -> None:
    if await session.visit.choose(pages.sure_page("visit", "hand-palm", "yes")) == "yes":
        session.desk.care.end_visit(session.member.id)
        await session.did(Act.ENDED_VISIT)


async def _restart(session: Session) -> None:
    """The program starts anew after the visit under way; until then staff see that it will."""
    if await session.visit.choose(pages.sure_page("restart", "arrow-counter-clockwise", "yes")) != "yes":
        return
    await session.did(Act.RESTARTED)
    session.desk.care.restart(session.member.id)
    page = NoticePage(message("staff.restarting"), message("staff.restarting_what"), back=False, icon="clock")
    await session.visit.choose_unless(page, session.visit.column.clock.sleep(RESTARTS_S))
    raise session.visit.leave(Outcome.DONE)


async def _sound(session: Session) -> None:
    """One loudness after the other, until the right one is found."""
    while True:
        now = session.desk.sound.percent
        options = tuple(
            Option(
                str(percent),
                message("staff.sound.percent", percent=percent),
                icon="check-circle" if percent == now else "speaker-high",
                weight=Weight.NORMAL,
            )
            for percent in VOLUMES
        )
        page = MenuPage(message("staff.do.sound"), message("staff.sound.now", percent=now), options)
        chosen = await session.visit.choose(page)
        if not isinstance(chosen, str):
            return
        await session.desk.sound.set(int(chosen))
        await session.did(Act.SET_VOLUME, chosen)


async def _technician(session: Session) -> None:
    """The back office hears of it, and staff see whom to call and what to say."""
    await session.did(Act.CALLED_TECHNICIAN)
    desk, seen = session.desk, await session.desk.house.look()
    page = pages.technician_page(desk.technician_phone, desk.column_name, findings(seen), told=bool(seen.online))
    await session.visit.choose(page)


async def _ask_for_technician(visit: Visit) -> None:
    """Help, on a page of staff, is a technician; nobody has to be in for it."""
    desk = visit.column.staff
    if desk is not None:
        await visit.tell(pages.technician_page(desk.technician_phone, desk.column_name, (), told=False))


TASKS: Mapping[str, Task] = {
    pages.VISIT: _end_visit,
    pages.PAPER: change_paper,
    pages.REPRINT: reprint,
    pages.CLOSE: close,
    pages.OPEN: open_again,
    pages.TICKETS: tickets_here,
    pages.MONEY: payments,
    pages.SOUND: _sound,
    pages.REPORT: report,
    pages.RESTART: _restart,
    pages.TECHNICIAN: _technician,
}
"""What each option of the page does."""
