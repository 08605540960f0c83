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
from sync.backoffice.pages.forms import posted_by, session_of
from sync.backoffice.pages.payment_board import (
    CLOSE,
    DECIDE,
    REPRINT,
    columns_with_terminals,
    payment_cards,
    period_cards,
)
from sync.backoffice.pages.render import Pages
from sync.backoffice.site import OfficeInfo
from sync.backoffice.staff import Session, choose_language

PATH = "/staff/payments"
NOTICES = ("decided", "reprint", "close")
"""What may be said after a form was sent, `payments.notice.<name>`."""
_CODE = 20


def payments_router(pages: Pages) -> APIRouter:
    """The page and its actions."""
    router = APIRouter(include_in_schema=False)
    _add_page(router, pages)
    _add_actions(router, pages)
    return router


def _add_page(router: APIRouter, pages: Pages) -> None:
    office = pages.office

    @router.get(PATH)
    async def payments(request: Request) -> Response:
        session = await session_of(office, request)
        if session is None:
            return RedirectResponse("/login", 303)
        info = office.site.office(session.office_id or "")
        if info is None:
            return RedirectResponse("/counter/setup", 303)
        asked = request.query_params
        notice = f"payments.notice.{asked.get('done')}" if asked.get("done") in NOTICES else ""
        return await run_in_threadpool(_page, pages, session, info, asked.get("code", "")[:_CODE], notice)

    @router.post(f"{PATH}/language")
    async def language(request: Request) -> Response:
        session, form = await posted_by(office, request)
        if form.one("language") in office.site.languages:
            await run_in_threadpool(choose_language, office, session, form.one("language"))
        return RedirectResponse(PATH, 303)


def _add_actions(router: APIRouter, pages: Pages) -> None:
    office = pages.office

    async def give(request: Request, kind: str, payment: str, arguments: Mapping[str, Plain], done: str) -> Response:
        session, _ = await posted_by(office, request)
        info = office.site.office(session.office_id or "")
        if info is None:
            raise HTTPException(409)
        kiosk = await run_in_threadpool(_column_of, office, info, payment)
        return await run_in_threadpool(_give, pages, session, info, kiosk, kind, arguments, done)

    @router.post(f"{PATH}/columns/{{kiosk_id}}/close")
    async def close(kiosk_id: str, request: Request) -> Response:
        session, _ = await posted_by(office, request)
        info = office.site.office(session.office_id or "")
        if info is None or not await run_in_threadpool(_stands_in, office, info, kiosk_id):
            raise HTTPException(404)
        return await run_in_threadpool(_give, pages, session, info, kiosk_id, CLOSE, {}, "close")

    @router.post(f"{PATH}/{{payment}}/reprint")
    async def reprint(payment: str, request: Request) -> Response:
        return await give(request, REPRINT, payment, {"payment": payment}, "reprint")

    @router.post(f"{PATH}/{{payment}}/{{verdict}}")
    async def decide(payment: str, verdict: str, request: Request) -> Response:
        if verdict not in {each.value for each in Verdict}:
            raise HTTPException(404)
        return await give(request, DECIDE, payment, {"payment": payment, "verdict": verdict}, "decided")


def _give(
    pages: Pages,
    session: Session,
    info: OfficeInfo,
    kiosk_id: str,
    kind: str,
    arguments: Mapping[str, Plain],
    done: str,
) -> Response:
    try:
        give_command(pages.office, kiosk_id, kind, arguments, session.staff_id)
    except UnknownColumn:
        return _page(pages, session, info, "", "payments.trouble.no_column", 409)
    except BadCommand:
        return _page(pages, session, info, "", "payments.trouble.busy", 409)
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
    pages: Pages, session: Session, info: OfficeInfo, code: str = "", notice: str = "", status: int = 200
) -> Response:
    office, wanted = pages.office, clean_code(code) or ""
    with office.database.read() as connection:
        cards = payment_cards(office, connection, info.id, wanted)
        periods = period_cards(office, connection, info.id)
        columns = columns_with_terminals(office, connection, info.id)
    page = pages.page(
        "payments.html",
        session.language,
        status,
        session=session,
        info=info,
        title=lambda product_id: office.site.service_title(product_id, session.language),
        euro=lambda cents: f"€ {cents / 100:.2f}".replace(".", ","),
        cards=cards,
        periods=periods,
        columns=columns,
        code=code,
        wrong_code=bool(code) and not wanted,
        notice=notice,
        wrong=status != 200,
    )
    page.headers["Cache-Control"] = "no-store"
    return page
