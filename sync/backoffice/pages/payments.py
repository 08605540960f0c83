"""The staff page of payments: paid at the counter or not, what became of money in doubt, receipts, closings.

Staff decide here; the column carries it out and says so. Not for: what may be decided (`kiosk.core.payment_saga`) or
how a command travels (`sync.backoffice.commands`).
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kiosk.core.codes import clean_code
from kiosk.core.commands import Plain
from kiosk.core.payment_saga import Verdict
from sync.backoffice import schema
from sync.backoffice.commands import BadCommand, UnknownColumn, give_command
from sync.backoffice.core import BackOffice
from sync.backoffice.pages.payment_board import (
    CLOSE,
    DECIDE,
    REPRINT,
    columns_with_terminals,
    payment_cards,
    period_cards,
)
from sync.backoffice.pages.render import Pages
from sync.backoffice.pages.staff_pages import StaffPage
from sync.backoffice.site import OfficeInfo
from sync.backoffice.staff import Session

PATH = "/staff/payments"
NOTICES = ("decided", "reprint", "close")
"""What may be said after a form was sent, `payments.notice.<name>`."""
_CODE = 20


def payments_router(pages: Pages) -> APIRouter:
    """The page and its actions."""
    router = APIRouter(include_in_schema=False)
    page = StaffPage(pages, PATH, "payments.html", NOTICES, "payments")
    page.add_language(router)
    _add_page(router, page)
    _add_actions(router, page)
    return router


def _add_page(router: APIRouter, page: StaffPage) -> None:
    @router.get(PATH)
    async def payments(request: Request) -> Response:
        session, info = await page.asked_at(request)
        code = request.query_params.get("code", "")[:_CODE]
        return await run_in_threadpool(_page, page, session, info, code, page.notice(request))


def _add_actions(router: APIRouter, page: StaffPage) -> None:
    office = page.pages.office

    async def give(request: Request, kind: str, payment: str, arguments: Mapping[str, Plain], done: str) -> Response:
        session, info, _ = await page.posted_at(request)
        kiosk = await run_in_threadpool(_column_of, office, info, payment)
        return await run_in_threadpool(_give, page, session, info, kiosk, kind, arguments, done)

    @router.post(f"{PATH}/columns/{{kiosk_id}}/close")
    async def close(kiosk_id: str, request: Request) -> Response:
        session, info, _ = await page.posted_at(request)
        if not await run_in_threadpool(_stands_in, office, info, kiosk_id):
            raise HTTPException(404)
        return await run_in_threadpool(_give, page, session, info, kiosk_id, CLOSE, {}, "close")

    @router.post(f"{PATH}/{{payment}}/reprint")
    async def reprint(payment: str, request: Request) -> Response:
        return await give(request, REPRINT, payment, {"payment": payment}, "reprint")

    @router.post(f"{PATH}/{{payment}}/{{verdict}}")
    async def decide(payment: str, verdict: str, request: Request) -> Response:
        if verdict not in {each.value for each in Verdict}:
            raise HTTPException(404)
        return await give(request, DECIDE, payment, {"payment": payment, "verdict": verdict}, "decided")


def _give(
    page: StaffPage,
    session: Session,
    info: OfficeInfo,
    kiosk_id: str,
    kind: str,
    arguments: Mapping[str, Plain],
    done: str,
) -> Response:
    try:
        give_command(page.pages.office, kiosk_id, kind, arguments, session.staff_id)
    except UnknownColumn:
        return _page(page, session, info, "", "payments.trouble.no_column", 409)
    except BadCommand:
        return _page(page, session, info, "", "payments.trouble.busy", 409)
    return RedirectResponse(f"{PATH}?done={done}", 303)


def _column_of(office: BackOffice, info: OfficeInfo, payment: str) -> str:
    """The column of a payment of this building; 404 when it has none such."""
    table = schema.payment.c
    with office.database.read() as connection:
        found = connection.execute(
            select(table.kiosk_id).where(
                table.id == payment, table.organisation_id == office.site.id, table.office_id == info.id
            )
        ).scalar()
    if found is None:
        raise HTTPException(404)
    return str(found)


def _stands_in(office: BackOffice, info: OfficeInfo, kiosk_id: str) -> bool:
    with office.database.read() as connection:
        return kiosk_id in dict(columns_with_terminals(office, connection, info.id))


def _page(
    page: StaffPage, session: Session, info: OfficeInfo, code: str = "", notice: str = "", status: int = 200
) -> Response:
    office, wanted = page.pages.office, clean_code(code) or ""
    with office.database.read() as connection:
        cards = payment_cards(office, connection, info.id, wanted)
        periods = period_cards(office, connection, info.id)
        columns = columns_with_terminals(office, connection, info.id)
    wrong_code = bool(code) and not wanted
    found = {"cards": cards, "periods": periods, "columns": columns}
    return page.shown(session, info, status, **found, code=code, wrong_code=wrong_code, notice=notice)
