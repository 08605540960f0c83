"""Pages for people: login, counter, waiting-room display, follow page. Server-made HTML with small scripts.

Not for: the API of columns (`sync.backoffice.api`).
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from sync.backoffice.core import BackOffice
from sync.backoffice.pages.attests import attests_router
from sync.backoffice.pages.columns import columns_router
from sync.backoffice.pages.counter import counter_router
from sync.backoffice.pages.display import display_router
from sync.backoffice.pages.follow import follow_router
from sync.backoffice.pages.login import login_router
from sync.backoffice.pages.payments import payments_router
from sync.backoffice.pages.render import Pages, static_router
from sync.backoffice.pages.staff_pages import send_elsewhere
from sync.backoffice.pages.take import take_router
from sync.backoffice.pages.verify import verify_router


def add_pages(app: FastAPI, office: BackOffice, assets: Path | None = None) -> Pages:
    """Add every page to the application."""
    pages = Pages(office, assets)
    start = APIRouter(include_in_schema=False)

    @start.get("/")
    def index(request: Request) -> Response:
        return pages.page("start.html", pages.language(request))

    routers = (start, static_router(pages), login_router(pages), counter_router(pages), display_router(pages))
    public = (follow_router(pages), verify_router(pages), take_router(pages))
    staff = (attests_router(pages), payments_router(pages), columns_router(pages))
    send_elsewhere(app)
    for router in (*routers, *public, *staff):
        app.include_router(router)
    return pages
