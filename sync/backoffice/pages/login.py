"""Logging in and out.

Not for: checking passwords (`sync.backoffice.staff`).
"""

from __future__ import annotations

import hmac
import secrets

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from sync.backoffice.calling import expire_old
from sync.backoffice.pages.forms import cookie_name, posted_by, read_form, session_of, set_cookie
from sync.backoffice.pages.render import Pages
from sync.backoffice.staff import log_in, log_out


def login_router(pages: Pages) -> APIRouter:
    """The login page and its forms."""
    router = APIRouter(include_in_schema=False)
    office = pages.office

    def form(request: Request, problem: str | None = None, status: int = 200) -> Response:
        token = request.cookies.get(cookie_name(office, "login")) or secrets.token_urlsafe(32)
        settings = office.settings
        limits = {"tries": settings.lockout_tries, "minutes": settings.lockout_minutes}
        language = pages.language(request)
        response = pages.page("login.html", language, status, token=token, problem=problem, limits=limits)
        set_cookie(office, response, "login", token)
        return response

    @router.get("/login")
    async def login(request: Request) -> Response:
        if await session_of(office, request):
            return RedirectResponse("/counter", 303)
        return form(request)

    @router.post("/login")
    async def submit(request: Request) -> Response:
        fields = await read_form(request)
        expected = request.cookies.get(cookie_name(office, "login"), "")
        if not expected or not hmac.compare_digest(expected.encode(), fields.one("token").encode()):
            return form(request, "login.stale", 403)
        language = pages.language(request)
        token = await run_in_threadpool(log_in, office, fields.one("login"), fields.one("password"), language)
        if token is None:
            return form(request, "login.wrong", 401)
        await run_in_threadpool(expire_old, office)
        response = RedirectResponse("/counter", 303)
        set_cookie(office, response, "session", token)
        return response

    @router.post("/logout")
    async def logout(request: Request) -> Response:
        session, _ = await posted_by(office, request)
        await run_in_threadpool(log_out, office, session)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(cookie_name(office, "session"), path="/")
        return response

    return router
