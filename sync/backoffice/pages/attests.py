"""The staff page of attests: what was issued, what is in doubt, what waits; void, revoke, duplicate.

A duplicate passes through from the unsealer to the browser and is kept nowhere. Not for: the rules of taking back
(`sync.backoffice.trust`) or opening anything (`sync.backoffice.unsealer`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from sqlalchemy import Table, insert, select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.pages.attest_board import attest_cards, request_cards
from sync.backoffice.pages.forms import Form, posted_by, session_of
from sync.backoffice.pages.render import Pages
from sync.backoffice.pages.words import Words
from sync.backoffice.site import OfficeInfo
from sync.backoffice.staff import Session, choose_language
from sync.backoffice.trust import UnknownAttest, WrongState, revoke_attest, void_attest
from sync.backoffice.unsealer.client import unsealer_of
from sync.backoffice.unsealer.contract import PDF, Document, Trouble
from sync.protocol.ids import uuid7

PATH = "/staff/attests"
_REASON = 500
_NUMBER = 120

Decide = Callable[[BackOffice, str, str, str], None]
DECISIONS: Mapping[str, Decide] = {"void": void_attest, "revoke": revoke_attest}
NOTICES = ("void", "revoke", "handover")
"""What may be said after a form was sent, `attests.notice.<name>`."""


def attests_router(pages: Pages) -> APIRouter:
    """The page and its actions."""
    router = APIRouter(include_in_schema=False)
    _add_page(router, pages)
    _add_decisions(router, pages)
    return router


def _add_page(router: APIRouter, pages: Pages) -> None:
    office = pages.office

    @router.get(PATH)
    async def attests(request: Request) -> Response:
        session = await session_of(office, request)
        if session is None:
            return RedirectResponse("/login", 303)
        info = office.site.office(session.office_id or "")
        if info is None:
            return RedirectResponse("/counter/setup", 303)
        asked = request.query_params
        notice = f"attests.notice.{asked.get('done')}" if asked.get("done") in NOTICES else ""
        return await run_in_threadpool(_page, pages, session, info, asked.get("number", "")[:_NUMBER], notice)

    @router.post(f"{PATH}/language")
    async def language(request: Request) -> Response:
        session, form = await posted_by(office, request)
        if form.one("language") in office.site.languages:
            await run_in_threadpool(choose_language, office, session, form.one("language"))
        return RedirectResponse(PATH, 303)


def _add_decisions(router: APIRouter, pages: Pages) -> None:
    office = pages.office

    @router.post(f"{PATH}/requests/{{request_id}}/handover")
    async def handover(request_id: str, request: Request) -> Response:
        session, info, _ = await _posted(office, request)
        await run_in_threadpool(_need, office, info, schema.attest_request, request_id)
        result = await unsealer_of(request.app).handover(request_id, session.staff_id)
        if isinstance(result, Trouble):
            return await run_in_threadpool(_page, pages, session, info, "", f"attests.trouble.{result.value}", 409)
        return RedirectResponse(f"{PATH}?done=handover", 303)

    @router.post(f"{PATH}/{{attest_id}}/{{decision}}")
    async def decide(attest_id: str, decision: str, request: Request) -> Response:
        session, info, form = await _posted(office, request)
        if decision == "duplicate":
            return await _duplicate(pages, request, session, info, attest_id, form)
        if decision not in DECISIONS:
            raise HTTPException(404)
        await run_in_threadpool(_need, office, info, schema.attest, attest_id)
        reason = _reason(form)
        if not reason:
            return await run_in_threadpool(_page, pages, session, info, "", "attests.reason.needed", 400)
        try:
            await run_in_threadpool(DECISIONS[decision], office, attest_id, reason, session.staff_id)
        except UnknownAttest:
            raise HTTPException(404) from None
        except WrongState:
            return await run_in_threadpool(_page, pages, session, info, "", "attests.trouble.taken_back", 409)
        return RedirectResponse(f"{PATH}?done={decision}", 303)


async def _duplicate(
    pages: Pages, request: Request, session: Session, info: OfficeInfo, attest_id: str, form: Form
) -> Response:
    """The document marked DUPLICATE, written down before it is asked for; only in this answer."""
    office, reason = pages.office, _reason(form)
    number = await run_in_threadpool(_need, office, info, schema.attest, attest_id)
    if not reason:
        return await run_in_threadpool(_page, pages, session, info, "", "attests.reason.needed", 400)
    await run_in_threadpool(_note_copy, office, attest_id, reason, session.staff_id)
    result = await unsealer_of(request.app).duplicate(attest_id, session.staff_id, reason)
    if not isinstance(result, Document):
        return await run_in_threadpool(_page, pages, session, info, "", f"attests.trouble.{result.value}", 409)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="{number}-duplicate.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(result.pdf, media_type=PDF, headers=headers)


async def _posted(office: BackOffice, request: Request) -> tuple[Session, OfficeInfo, Form]:
    session, form = await posted_by(office, request)
    info = office.site.office(session.office_id or "")
    if info is None:
        raise HTTPException(409)
    return session, info, form


def _reason(form: Form) -> str:
    """What was typed, when it is a reason that can be kept; else empty."""
    reason = form.one("reason").strip()
    return reason if 0 < len(reason) <= _REASON and reason.isprintable() else ""


def _need(office: BackOffice, info: OfficeInfo, table: Table, id: str) -> str:
    """Number of an attest (or id of a request) of this building; 404 when it has none such."""
    shown = table.c.number if table is schema.attest else table.c.id
    with office.database.read() as connection:
        found = connection.execute(
            select(shown).where(
                table.c.id == id, table.c.organisation_id == office.site.id, table.c.office_id == info.id
            )
        ).scalar()
    if found is None:
        raise HTTPException(404)
    return str(found)


def _note_copy(office: BackOffice, attest_id: str, reason: str, staff_id: str) -> None:
    now = office.clock()
    with office.database.write() as connection:
        connection.execute(
            insert(schema.attest_copy).values(
                id=uuid7(now),
                organisation_id=office.site.id,
                attest_id=attest_id,
                reason=reason,
                asked_by=staff_id,
                asked_ms=now,
            )
        )


def _age(words: Words, minutes: int) -> str:
    """How long ago, in the unit people would use."""
    if minutes < 120:
        return words("attests.age.minutes", count=minutes)
    hours = minutes // 60
    return words("attests.age.hours", count=hours) if hours < 48 else words("attests.age.days", count=hours // 24)


def _page(
    pages: Pages, session: Session, info: OfficeInfo, number: str = "", notice: str = "", status: int = 200
) -> Response:
    office = pages.office
    with office.database.read() as connection:
        cards = attest_cards(office, connection, info.id, number)
        requests = request_cards(office, connection, info.id)
    page = pages.page(
        "attests.html",
        session.language,
        status,
        session=session,
        info=info,
        title=lambda product_id: office.site.service_title(product_id, session.language),
        age=lambda minutes: _age(Words(session.language), minutes),
        cards=cards,
        requests=requests,
        number=number,
        notice=notice,
        wrong=status != 200,
    )
    page.headers["Cache-Control"] = "no-store"
    return page
