"""The page behind the code on the screen of a column: the citizen takes the PDF along on their own telephone.

The key stands behind the `#` of the address and never comes here; the browser decrypts. The file is given out once, and
only to a press of the button: messengers and scanners that look at an address first must not use it up. Not for:
keeping the file (`sync.backoffice.downloads`).
"""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from sync.backoffice.downloads import MINUTES, fetch_once
from sync.backoffice.pages.render import Pages

_ID = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def take_router(pages: Pages) -> APIRouter:
    """The page, which is the same for every file, and the encrypted bytes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/take/{file_id}")
    def page(file_id: str, request: Request) -> Response:
        if not _ID.match(file_id):
            raise HTTPException(404)
        return pages.page("take.html", pages.language(request), file_id=file_id, minutes=MINUTES)

    @router.get("/take/{file_id}/content")
    def content(file_id: str) -> Response:
        found = fetch_once(pages.office, file_id) if _ID.match(file_id) else None
        if found is None:
            raise HTTPException(404)
        return Response(found, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    return router
