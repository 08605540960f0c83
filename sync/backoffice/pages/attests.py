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
from sync.backoffice.pages.forms import Form
from sync.backoffice.pages.render import Pages
from sync.backoffice.pages.staff_pages import StaffPage
from sync.backoffice.site import OfficeInfo
from sync.backoffice.staff import Session
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
    page = StaffPage(pages, PATH, "attests.html", NOTICES, "attests")
    page.add_language(router)
    _add_page(router, page)
    _add_decisions(router, page)
    return router


def _add_page(router: APIRouter, page: StaffPage) -> None:
    @router.get(PATH)
    async def attests(request: Request) -> Response:
        session, info = await page.asked_at(request)
        number = request.query_params.get("number", "")[:_NUMBER]
        return await run_in_threadpool(_page, page, session, info, number, page.notice(request))


def _add_decisions(router: APIRouter, page: StaffPage) -> None:
    office = page.pages.office

    @router.post(f"{PATH}/requests/{{request_id}}/handover")
    async def handover(request_id: str, request: Request) -> Response:
        session, info, _ = await page.posted_at(request)
        await run_in_threadpool(_need, office, info, schema.attest_request, request_id)
        result = await unsealer_of(request.app).handover(request_id, session.staff_id)
        if isinstance(result, Trouble):
            return await run_in_threadpool(_page, page, session, info, "", f"attests.trouble.{result.value}", 409)
        return RedirectResponse(f"{PATH}?done=handover", 303)

    @router.post(f"{PATH}/{{attest_id}}/{{decision}}")
    async def decide(attest_id: str, decision: str, request: Request) -> Response:
        session, info, form = await page.posted_at(request)
        if decision == "duplicate":
            return await _duplicate(page, request, session, info, attest_id, form)
        if decision not in DECISIONS:
            raise HTTPException(404)
        await run_in_threadpool(_need, office, info, schema.attest, attest_id)
        reason = _reason(form)
        if not reason:
            return await run_in_threadpool(_page, page, session, info, "", "attests.reason.needed", 400)
        try:
            await run_in_threadpool(DECISIONS[decision], office, attest_id, reason, session.staff_id)
        except UnknownAttest:
            raise HTTPException(404) from None
        except WrongState:
            return await run_in_threadpool(_page, page, session, info, "", "attests.trouble.taken_back", 409)
        return RedirectResponse(f"{PATH}?done={decision}", 303)


async def _duplicate(
    page: StaffPage, request: Request, session: Session, info: OfficeInfo, attest_id: str, form: Form
) -> Response:
    """The document marked DUPLICATE, written down before it is asked for; only in this answer."""
    office, reason = page.pages.office, _reason(form)
    number = await run_in_threadpool(_need, office, info, schema.attest, attest_id)
    if not reason:
        return await run_in_threadpool(_page, page, session, info, "", "attests.reason.needed", 400)
    await run_in_threadpool(_note_copy, office, attest_id, reason, session.staff_id)
    result = await unsealer_of(request.app).duplicate(attest_id, session.staff_id, reason)
    if not isinstance(result, Document):
        return await run_in_threadpool(_page, page, session, info, "", f"attests.trouble.{result.value}", 409)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="{number}-duplicate.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(result.pdf, media_type=PDF, headers=headers)


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


def _page(
    page: StaffPage, session: Session, info: OfficeInfo, number: str = "", notice: str = "", status: int = 200
) -> Response:
    office = page.pages.office
    with office.database.read() as connection:
        cards = attest_cards(office, connection, info.id, number)
        requests = request_cards(office, connection, info.id)
    return page.shown(session, info, status, cards=cards, requests=requests, number=number, notice=notice)
