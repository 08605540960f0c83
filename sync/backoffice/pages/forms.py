"""Reading forms, cookies and sessions safely.

Not for: what a form means.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from sync.backoffice.core import BackOffice
from sync.backoffice.staff import Session, csrf_is_right, find_session

_LARGEST = 16 * 1024


class Form:
    """The fields of a posted form; a missing one is empty."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self._fields = fields

    def one(self, name: str) -> str:
        """The value of a field."""
        return self._fields.get(name, [""])[0]

    def all(self, name: str) -> tuple[str, ...]:
        """The values of a field that may be there more than once."""
        return tuple(self._fields.get(name, []))


async def read_form(request: Request) -> Form:
    """The posted form, at most 16 KiB."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise HTTPException(413)
    try:
        return Form(parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict"))
    except ValueError as error:
        raise HTTPException(400) from error


def cookie_name(office: BackOffice, purpose: str) -> str:
    """Name of our cookie for that purpose; `__Host-` binds it to this host and to HTTPS."""
    return f"__Host-zuil-{purpose}" if office.settings.secure_cookies else f"zuil-{purpose}"


def set_cookie(office: BackOffice, response: Response, purpose: str, value: str) -> None:
    """Give the browser a cookie that no script reads and no other site sends."""
    response.set_cookie(
        cookie_name(office, purpose),
        value,
        path="/",
        secure=office.settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )


async def session_of(office: BackOffice, request: Request) -> Session | None:
    """Who is asking, or None."""
    token = request.cookies.get(cookie_name(office, "session"), "")
    return await run_in_threadpool(find_session, office, token) if token else None


async def posted_by(office: BackOffice, request: Request) -> tuple[Session, Form]:
    """Who posted which form.

    Raises:
        HTTPException: 401 without session, 403 when the form is not from our own page.
    """
    session = await session_of(office, request)
    if session is None:
        raise HTTPException(401)
    form = await read_form(request)
    if not csrf_is_right(session, form.one("csrf")):
        raise HTTPException(403)
    return session, form
