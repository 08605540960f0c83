"""The counter page: who is next, who is here, how the columns are. By touch and by keyboard.

The page works as plain forms; a small script sends them without reloading and listens for changes. Not for: the
rules of calling (`sync.backoffice.calling`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sync.backoffice import board
from sync.backoffice.alarms import clear_alarm, open_alarms
from sync.backoffice.calling import Called, Counter, call_next, current, done, no_show, recall
from sync.backoffice.core import BackOffice
from sync.backoffice.pages.alarm_words import TECHNICAL, alarm_detail
from sync.backoffice.pages.forms import posted_by, session_of
from sync.backoffice.pages.render import Pages
from sync.backoffice.pages.staff_pages import StaffPage
from sync.backoffice.pages.stream import News, stream
from sync.backoffice.pages.words import Words
from sync.backoffice.site import OfficeInfo
from sync.backoffice.staff import Session, choose_counter

_COUNTER = re.compile(r"[A-Za-z0-9]{1,4}\Z")
_SHOWN = 8
"""Waiting tickets shown of each queue."""
_ALARMS_SHOWN = 3
"""Alarms shown above the work; the others are one press away."""

Act = Callable[[BackOffice, Counter, str], Called | None]
ACTIONS: Mapping[str, tuple[Act, str]] = {
    "next": (call_next, "notice.nobody"),
    "recall": (recall, "notice.nothing"),
    "noshow": (no_show, "notice.nothing"),
    "done": (done, "notice.nothing"),
}
"""Button to what it does, and what to say when there was nothing to do."""


def counter_router(pages: Pages) -> APIRouter:
    """The counter page, its set-up, its actions and its stream."""
    router = APIRouter(include_in_schema=False)
    page = StaffPage(pages, "/counter", "counter.html")
    page.add_language(router)
    _add_page(router, page)
    _add_setup(router, page)
    _add_actions(router, pages)
    return router


def _add_page(router: APIRouter, page: StaffPage) -> None:
    pages = page.pages
    office = pages.office

    @router.get("/counter")
    async def counter(request: Request) -> Response:
        session = await page.asked(request)
        seat = _seat(office, session)
        if seat is None:
            return RedirectResponse("/counter/setup", 303)
        inner = await run_in_threadpool(_board, pages, session, *seat, "")
        return page.shown(session, seat[0], board=inner)

    @router.get("/counter/board")
    async def fragment(request: Request) -> Response:
        session = await _logged_in(office, request)
        seat = _seat(office, session)
        if seat is None:
            raise HTTPException(409)
        return HTMLResponse(await run_in_threadpool(_board, pages, session, *seat, ""))

    @router.get("/counter/events")
    async def events(request: Request) -> Response:
        session = await _logged_in(office, request)
        seat = _seat(office, session)
        if seat is None:
            raise HTTPException(409)
        office_id = seat[0].id

        def look() -> News:
            revision = office.live.revision(office_id)
            return News(str(revision), {"revision": revision})

        return stream(office, office_id, look, "")


def _add_setup(router: APIRouter, page: StaffPage) -> None:
    pages = page.pages
    office = pages.office

    @router.get("/counter/setup")
    async def setup(request: Request) -> Response:
        session = await page.asked(request)
        return _setup_page(pages, session, request.query_params.get("office", session.office_id or ""))

    @router.post("/counter/setup")
    async def choose(request: Request) -> Response:
        session, form = await posted_by(office, request)
        info = office.site.office(form.one("office"))
        if info is None:
            return _setup_page(pages, session, "", "setup.wrong")
        queues = tuple(queue.id for queue in info.queues if queue.id in form.all("queue"))
        if not queues or not _COUNTER.match(form.one("counter")):
            return _setup_page(pages, session, info.id, "setup.wrong")
        await run_in_threadpool(choose_counter, office, session, info.id, form.one("counter").upper(), queues)
        return RedirectResponse("/counter", 303)


def _add_actions(router: APIRouter, pages: Pages) -> None:
    office = pages.office

    @router.post("/counter/hosts/{call_id}")
    async def go(call_id: str, request: Request) -> Response:
        session, _ = await posted_by(office, request)
        info, counter = _need_seat(office, session)
        await run_in_threadpool(board.acknowledge_host_call, office, info.id, call_id, session.staff_id)
        return await _after(pages, request, session, (info, counter), "")

    @router.post("/counter/alarms/{alarm_id}")
    async def seen(alarm_id: int, request: Request) -> Response:
        session, _ = await posted_by(office, request)
        info, counter = _need_seat(office, session)
        await run_in_threadpool(clear_alarm, office, info.id, alarm_id, session.staff_id)
        return await _after(pages, request, session, (info, counter), "")

    @router.post("/counter/{action}")
    async def act(action: str, request: Request) -> Response:
        session, form = await posted_by(office, request)
        seat = _need_seat(office, session)
        if action not in ACTIONS:
            raise HTTPException(404)
        do, nothing = ACTIONS[action]
        key = request.headers.get("Idempotency-Key") or form.one("key")
        if not 0 < len(key) <= 80 or not key.isprintable():
            raise HTTPException(400)
        called = await run_in_threadpool(do, office, seat[1], key)
        words = Words(session.language)
        notice = words(f"notice.{called.state}", label=called.label) if called else words(nothing)
        return await _after(pages, request, session, seat, notice)


async def _after(
    pages: Pages, request: Request, session: Session, seat: tuple[OfficeInfo, Counter], notice: str
) -> Response:
    if request.headers.get("X-Fragment"):
        return HTMLResponse(await run_in_threadpool(_board, pages, session, *seat, notice))
    return RedirectResponse("/counter", 303)


async def _logged_in(office: BackOffice, request: Request) -> Session:
    session = await session_of(office, request)
    if session is None:
        raise HTTPException(401)
    return session


def _seat(office: BackOffice, session: Session) -> tuple[OfficeInfo, Counter] | None:
    """Where the session sits; None when that was never chosen or is no longer in the site."""
    info = office.site.office(session.office_id or "")
    if info is None or session.counter is None:
        return None
    queues = tuple(queue for queue in session.queues if info.queue(queue))
    return (info, Counter(info.id, session.counter, queues, session.staff_id)) if queues else None


def _need_seat(office: BackOffice, session: Session) -> tuple[OfficeInfo, Counter]:
    seat = _seat(office, session)
    if seat is None:
        raise HTTPException(409)
    return seat


def _board(pages: Pages, session: Session, info: OfficeInfo, counter: Counter, notice: str) -> str:
    """The changing part of the page."""
    office = pages.office
    with office.database.read() as connection:
        here = current(office, connection, counter)
        card = board.ticket_card(office, connection, here.ticket_id) if here else None
        queues = board.queue_cards(office, connection, info)
        columns = board.column_cards(office, connection, info.id)
        hosts = board.host_calls(office, connection, info.id)
        aside = board.set_aside_count(office, connection, info.id)
        alarms = open_alarms(office, connection, info.id)
    return pages.html(
        "board.html",
        session.language,
        session=session,
        info=info,
        counter=counter,
        card=card,
        mine=[queue for queue in queues if queue.queue_id in counter.queues],
        others=[queue for queue in queues if queue.queue_id not in counter.queues],
        columns=columns,
        hosts=hosts,
        aside=aside,
        alarms=alarms,
        alarm_detail=lambda alarm: alarm_detail(alarm, office.site, info, Words(session.language)),
        technical=TECHNICAL,
        alarms_shown=_ALARMS_SHOWN,
        notice=notice,
        key=secrets.token_urlsafe(16),
        shown=_SHOWN,
    )


def _setup_page(pages: Pages, session: Session, office_id: str, problem: str | None = None) -> Response:
    offices = [info for info in pages.office.site.offices if info.queues]
    chosen = pages.office.site.office(office_id) or (offices[0] if len(offices) == 1 else None)
    return pages.page(
        "setup.html",
        session.language,
        400 if problem else 200,
        session=session,
        offices=offices,
        chosen=chosen,
        problem=problem,
    )
