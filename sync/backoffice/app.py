"""Putting the back office together: database, API, pages, problems, OpenAPI document.

Not for: listening on a port (`server`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from sync.backoffice.api import MODELS, api_router
from sync.backoffice.asgi import API_VERSION, AnswerHeaders
from sync.backoffice.calling import expire_old
from sync.backoffice.core import BackOffice, Clock, open_back_office, system_clock
from sync.backoffice.database import Database
from sync.backoffice.downloads import remove_expired
from sync.backoffice.migrations import prepare
from sync.backoffice.pages import add_pages
from sync.backoffice.pages.render import Pages
from sync.backoffice.problems import Refusal, refusal_of_status
from sync.backoffice.reports import erase_reports
from sync.backoffice.retention import redact
from sync.backoffice.settings import BackOfficeSettings
from sync.backoffice.site import SiteInfo

log = logging.getLogger("zuil.backoffice")

_DAY_SECONDS = 24 * 3600


def create_app(
    database_url: str,
    offices: SiteInfo,
    *,
    settings: BackOfficeSettings | None = None,
    clock: Clock = system_clock,
    assets: Path | None = None,
) -> FastAPI:
    """Build the back office over a database, which is brought up to date first.

    Args:
        database_url: `sqlite:////path/to/file.db` or `postgresql://user@host/name`.
        offices: the municipality; see `sync.backoffice.site.site_info`.
        clock: UTC milliseconds; tests pass their own.
        assets: folder with `fonts`; the one beside this program when None.

    Returns:
        The application; `app.state.office` is its `BackOffice`. The database closes with the application's lifespan.

    Raises:
        UnsupportedDatabase: for another kind of URL.
        NewerSchema: when the database belongs to a newer program.
    """
    database = Database(database_url)
    prepare(database)
    office = open_back_office(database, offices, settings or BackOfficeSettings(), clock)
    expire_old(office)
    app = FastAPI(
        title="Zuil back office",
        version=API_VERSION,
        description="What columns send to and get from the central back office.",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.office = office
    app.include_router(api_router(office))
    pages = add_pages(app, office, assets)
    _describe(app)
    _handle_problems(app, pages)
    app.add_middleware(AnswerHeaders)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    office: BackOffice = app.state.office
    housekeeping = asyncio.create_task(_keep_house(office))
    yield
    housekeeping.cancel()
    with suppress(asyncio.CancelledError):
        await housekeeping
    office.live.close()
    office.database.close()


async def _keep_house(office: BackOffice) -> None:
    """Erase what is over, at the start and every day; a thread that is at it is waited for."""
    while True:
        try:
            await to_thread.run_sync(_erase, office)
        except SQLAlchemyError as error:
            log.error("erasing what is over did not work, again tomorrow: %s", type(error).__name__)
        await asyncio.sleep(_DAY_SECONDS)


def _erase(office: BackOffice) -> None:
    erased, files = redact(office), remove_expired(office)
    reports = erase_reports(office)
    if erased or files or reports:
        log.info("erased: the sealed text of %s events, %s files nobody fetched, %s reports", erased, files, reports)


def _describe(app: FastAPI) -> None:
    """Add the messages read by hand to the OpenAPI document."""

    def openapi() -> dict[str, object]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            _, definitions = models_json_schema(
                [(model, "validation") for model in MODELS], ref_template="#/components/schemas/{model}"
            )
            document.setdefault("components", {}).setdefault("schemas", {}).update(definitions["$defs"])
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _handle_problems(app: FastAPI, pages: Pages) -> None:
    def answer(request: Request, refusal: Refusal) -> Response:
        if request.url.path.startswith("/kiosk/") or "text/html" not in request.headers.get("accept", ""):
            return refusal.response()
        key = {404: "error.missing", 403: "error.stale", 409: "error.stale"}.get(refusal.status, "error.broken")
        return pages.page("error.html", pages.language(request), refusal.status, problem=key)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        response = answer(request, refusal_of_status(error.status_code))
        response.status_code = error.status_code
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    @app.exception_handler(PoolTimeout)
    async def unavailable(request: Request, error: Exception) -> Response:
        log.error("database not available: %s", type(error).__name__)
        return answer(request, Refusal("serviceUnavailable", "try again later", {"retryAfterSec": 5}))

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        log.error("%s failed, trace %s", request.url.path, request.state.trace_id, exc_info=error)
        return answer(request, Refusal("internalServerError"))
