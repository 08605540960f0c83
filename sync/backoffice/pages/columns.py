"""The page of technicians: every column, and for each its commands, how they ended, what it sent; with who gave them.

Only for staff whose account has that right. Not for: what may be ordered (`kiosk.core.commands`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kiosk.core.codes import code_of
from kiosk.core.commands import KINDS, Plain, Shape
from sync.backoffice.columns import ColumnCard, column_cards
from sync.backoffice.commands import BadCommand, UnknownColumn, command_cards, give_command
from sync.backoffice.core import BackOffice
from sync.backoffice.kiosks import revoke_kiosk
from sync.backoffice.pages.forms import Form, posted_by
from sync.backoffice.pages.render import Pages
from sync.backoffice.pages.staff_pages import StaffPage
from sync.backoffice.pages.words import Words
from sync.backoffice.reports import find_report
from sync.backoffice.staff import Session

PATH = "/staff/columns"
NOTICES = ("given", "revoked")
GRAVE = ("wipe",)
"""Kinds that need the suffix of the column typed as a proof that this column is meant."""
_REVOKE_DRAIN_HOURS = 24


def columns_router(pages: Pages) -> APIRouter:
    """The page and its actions."""
    router = APIRouter(include_in_schema=False)
    page = StaffPage(pages, PATH, "columns.html", NOTICES, "fleet")
    page.add_language(router)
    _add_pages(router, page)
    _add_actions(router, page)
    return router


def _add_pages(router: APIRouter, page: StaffPage) -> None:
    office = page.pages.office

    @router.get(PATH)
    async def columns(request: Request) -> Response:
        return await _shown(page, request, "")

    @router.get(f"{PATH}/{{kiosk_id}}")
    async def column(kiosk_id: str, request: Request) -> Response:
        return await _shown(page, request, kiosk_id)

    @router.get(f"{PATH}/{{kiosk_id}}/reports/{{command_id}}")
    async def report(kiosk_id: str, command_id: str, request: Request) -> Response:
        _need_right(await page.asked(request))
        found = await run_in_threadpool(find_report, office, command_id)
        if found is None or found.kiosk_id != kiosk_id:
            raise HTTPException(404)
        name = f"{found.name}.json" if found.media_type == "application/json" else f"{found.name}.gz"
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return Response(found.content, media_type=found.media_type, headers=headers)


def _add_actions(router: APIRouter, page: StaffPage) -> None:
    office = page.pages.office

    @router.post(f"{PATH}/{{kiosk_id}}/commands")
    async def command(kiosk_id: str, request: Request) -> Response:
        session, form = await posted_by(office, request)
        _need_right(session)
        card = await run_in_threadpool(_need_column, office, kiosk_id)
        kind = form.one("kind")
        if kind in GRAVE and form.one("confirm").strip() != card.suffix:
            return await run_in_threadpool(_page, page, session, kiosk_id, "fleet.confirm.wrong", 400)
        try:
            arguments = _arguments(kind, form, office)
            await run_in_threadpool(give_command, office, kiosk_id, kind, arguments, session.staff_id)
        except (BadCommand, UnknownColumn):
            return await run_in_threadpool(_page, page, session, kiosk_id, "fleet.refused", 400)
        return RedirectResponse(f"{PATH}/{kiosk_id}?done=given", 303)

    @router.post(f"{PATH}/{{kiosk_id}}/revoke")
    async def revoke(kiosk_id: str, request: Request) -> Response:
        session, form = await posted_by(office, request)
        _need_right(session)
        card = await run_in_threadpool(_need_column, office, kiosk_id)
        if form.one("confirm").strip() != card.suffix:
            return await run_in_threadpool(_page, page, session, kiosk_id, "fleet.confirm.wrong", 400)
        hours = _REVOKE_DRAIN_HOURS if form.one("drain") else 0
        await run_in_threadpool(revoke_kiosk, office, kiosk_id, hours, session.staff_id)
        return RedirectResponse(f"{PATH}/{kiosk_id}?done=revoked", 303)


async def _shown(page: StaffPage, request: Request, kiosk_id: str) -> Response:
    session = await page.asked(request)
    _need_right(session)
    return await run_in_threadpool(_page, page, session, kiosk_id, page.notice(request))


def _need_right(session: Session) -> None:
    if not session.technician:
        raise HTTPException(404)


def _need_column(office: BackOffice, kiosk_id: str) -> ColumnCard:
    with office.database.read() as connection:
        found = [card for card in column_cards(office, connection) if card.id == kiosk_id]
    if not found:
        raise HTTPException(404)
    return found[0]


def _arguments(kind: str, form: Form, office: BackOffice) -> dict[str, Plain]:
    """The fields of the form that this kind takes and that were filled in.

    Raises:
        BadCommand: for a moment nobody can read.
    """
    known = KINDS[kind].arguments if kind in KINDS else {}
    read: dict[str, Plain] = {}
    for name, argument in known.items():
        typed = form.one(name).strip()
        if not typed:
            continue
        if argument.shape is Shape.MOMENT:
            read[name] = _moment(typed, office)
        elif argument.shape is Shape.NUMBER:
            read[name] = int(typed) if typed.isdecimal() else typed
        else:
            read[name] = typed == "yes" if argument.shape is Shape.FLAG else typed
    return read


def _moment(typed: str, office: BackOffice) -> str:
    """What a browser's field for a day and time sends, in the zone of the site."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=office.site.zone).isoformat()
    except ValueError:
        raise BadCommand("that is no day and time") from None


def _findings(office: BackOffice) -> Callable[[str], list[dict[str, object]]]:
    def findings(command_id: str) -> list[dict[str, object]]:
        report = find_report(office, command_id)
        if report is None or report.media_type != "application/json":
            return []
        try:
            found = json.loads(report.content)
        except ValueError:
            return []
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    return findings


def _page(page: StaffPage, session: Session, kiosk_id: str, notice: str = "", status: int = 200) -> Response:
    office = page.pages.office
    with office.database.read() as connection:
        cards = column_cards(office, connection)
        chosen = next((card for card in cards if card.id == kiosk_id), None)
        if kiosk_id and chosen is None:
            raise HTTPException(404)
        commands = command_cards(office, connection, kiosk_id) if kiosk_id else []
    return page.shown(
        session,
        None,
        status,
        cards=cards,
        chosen=chosen,
        commands=commands,
        kinds=[kind for kind in KINDS.values() if not kind.about_payments],
        grave=GRAVE,
        findings=_findings(office),
        place=lambda office_id: _place(office, office_id, session.language),
        told=lambda kind, name, value: _told(office, Words(session.language), kind, name, value),
        notice=notice,
    )


def _told(office: BackOffice, words: Words, kind: str, name: str, value: object) -> str:
    """An argument of a command as people read it: a moment in the zone of the site, a decision and a code in words."""
    shape = KINDS[kind].arguments[name].shape if kind in KINDS and name in KINDS[kind].arguments else None
    if shape is Shape.MOMENT:
        with suppress(ValueError):
            return words.moment(datetime.fromisoformat(str(value)).astimezone(office.site.zone))
    if name == "payment":
        return code_of(str(value))
    return words.either(f"payments.verdict.{value}", str(value)) if name == "verdict" else str(value)


def _place(office: BackOffice, office_id: str, language: str) -> str:
    info = office.site.office(office_id)
    return office.site.words(info.name, language) if info is not None else office_id
