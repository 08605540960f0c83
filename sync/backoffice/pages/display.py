"""The waiting-room display: the last call huge, four before it, live.

Not for: anything a person could touch; it hangs on the wall for months.
"""

from __future__ import annotations

import hashlib
import json

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kiosk.core.tickets import PRACTICE_MARK
from sync.backoffice.board import Call, last_calls
from sync.backoffice.core import BackOffice
from sync.backoffice.pages.render import Pages
from sync.backoffice.pages.stream import News, stream
from sync.backoffice.pages.words import in_every
from sync.backoffice.site import OfficeInfo


def display_router(pages: Pages) -> APIRouter:
    """The display of every office, and its stream."""
    router = APIRouter(include_in_schema=False)
    office = pages.office

    @router.get("/display/{office_id}")
    def display(office_id: str) -> Response:
        info = _office(office, office_id)
        languages = office.site.languages
        keys = ("display.now", "display.before", "display.wait", "display.lost", "display.sound", "display.order")
        lines = {key.removeprefix("display."): in_every(languages, key) for key in keys}
        lines |= {"number": in_every(languages, "column.number"), "counter": in_every(languages, "counter.word")}
        return pages.page("display.html", languages[0], info=info, lines_of=lines, beat=office.settings.beat_sec)

    @router.get("/display/{office_id}/events")
    def events(office_id: str, request: Request) -> Response:
        info = _office(office, office_id)
        last_id = request.headers.get("Last-Event-ID", "")
        return stream(office, info.id, lambda: _news(office, info), last_id)

    return router


def _office(office: BackOffice, office_id: str) -> OfficeInfo:
    info = office.site.office(office_id)
    if info is None:
        raise HTTPException(404)
    return info


def _news(office: BackOffice, info: OfficeInfo) -> News:
    with office.database.read() as connection:
        calls = last_calls(office, connection, info.id)
    told = [_told(call) for call in calls]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
    return News(digest, {"calls": told})


def _told(call: Call) -> dict[str, str | int]:
    mark = PRACTICE_MARK if call.label.startswith(PRACTICE_MARK) else ""
    plain, _, suffix = call.label.removeprefix(mark).partition("-")
    return {"id": call.id, "number": f"{mark}{plain}", "suffix": suffix, "counter": call.counter}
