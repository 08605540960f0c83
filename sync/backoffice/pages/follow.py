"""The page behind the QR code of a ticket: where am I in the queue, in the ticket's language.

Knows a number, a queue and a counter, nothing of a person. Not for: tickets the back office has not heard of yet; the
page says so and keeps asking.
"""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from sync.backoffice.board import Followed, follow
from sync.backoffice.pages.render import Pages

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def follow_router(pages: Pages) -> APIRouter:
    """The follow page and the part of it that changes."""
    router = APIRouter(include_in_schema=False)
    office = pages.office

    def find(ticket_id: str) -> Followed | None:
        if not _UUID.match(ticket_id):
            return None
        with office.database.read() as connection:
            return follow(office, connection, ticket_id)

    def parts(ticket: Followed | None, request: Request) -> tuple[str, dict[str, object]]:
        info = office.site.office(ticket.office_id) if ticket else None
        queue = info.queue(ticket.queue_id) if info and ticket else None
        known = ticket is not None and ticket.language in office.site.languages
        language = ticket.language if ticket and known else pages.language(request)
        return language, {"ticket": ticket, "info": info, "queue": queue}

    @router.get("/follow/{ticket_id}")
    def page(ticket_id: str, request: Request) -> Response:
        ticket = find(ticket_id)
        language, data = parts(ticket, request)
        return pages.page("follow.html", language, 200 if ticket else 404, **data)

    @router.get("/follow/{ticket_id}/state")
    def state(ticket_id: str, request: Request) -> Response:
        language, data = parts(find(ticket_id), request)
        return HTMLResponse(pages.html("follow_state.html", language, **data))

    return router
