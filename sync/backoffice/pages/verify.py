"""The public page where anybody checks an attest: with the camera, with a photo or a PDF, or with the text of its code.

What is posted is judged in memory by a few at a time, and neither kept nor logged. Without scripts it is a plain form.
Not for: judging (`verify_check`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anyio import CapacityLimiter, fail_after, to_thread
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, HTMLResponse, Response

from sync.backoffice.pages.render import Pages
from sync.backoffice.pages.verify_check import Checker
from sync.backoffice.pages.verify_form import NotAForm, TooLarge, collect, read_given
from sync.backoffice.pages.verify_shown import Shown, shown

AT_A_TIME = 2
"""Checks that run; the threads that serve counters are others."""
MOST_IN_HAND = 16
"""Requests that are read, wait or run; each may hold a file in memory."""
READ_SECONDS = 60
"""For a whole form to arrive: 5 MB over a slow mobile line."""
_CAMERA = {"Permissions-Policy": "camera=(self), microphone=(), geolocation=()"}
_READER = Path(__file__).parent / "static" / "vendor" / "jsQR.js"


@dataclass(frozen=True, repr=False)
class _Answer:
    """What came of a posted form: a check, or the key of a sentence why there is none."""

    status: int = 200
    result: Shown | None = None
    problem: str = ""


def verify_router(pages: Pages) -> APIRouter:
    """The page, the answer to its form, and the script that reads codes in the browser."""
    router = APIRouter(include_in_schema=False)
    counter = _Counter(pages)

    @router.get("/verify")
    def page(request: Request) -> Response:
        counter.must_be_open()
        return _page(pages, pages.language(request), _Answer())

    @router.post("/verify")
    async def check(request: Request) -> Response:
        language = pages.language(request)
        return _page(pages, language, await counter.answer(request, language))

    @router.post("/verify/result")
    async def result(request: Request) -> Response:
        language = pages.language(request)
        answer = await counter.answer(request, language)
        html = pages.html("verify_result.html", language, result=answer.result, problem=answer.problem)
        return HTMLResponse(html, answer.status)

    @router.get("/static/vendor/jsQR.js")
    def reader() -> Response:
        return FileResponse(_READER, media_type="text/javascript", headers={"Cache-Control": "max-age=300"})

    return router


def _page(pages: Pages, language: str, answer: _Answer) -> Response:
    page = pages.page("verify.html", language, answer.status, result=answer.result, problem=answer.problem)
    page.headers.update(_CAMERA)
    return page


class _Counter:
    """Takes posted forms and has them judged; all of it on the one event loop, so a plain number counts."""

    def __init__(self, pages: Pages) -> None:
        self._office = pages.office
        self._checker = Checker(pages.office)
        self._limiter = CapacityLimiter(AT_A_TIME)
        self._in_hand = 0

    def must_be_open(self) -> None:
        """A municipality that issues no attests has no such page."""
        if not self._office.site.enterprise_number:
            raise HTTPException(404)

    async def answer(self, request: Request, language: str) -> _Answer:
        """Read and judge; every way it can end is an answer."""
        self.must_be_open()
        if self._in_hand >= MOST_IN_HAND:
            return _Answer(503, problem="verify.problem.busy")
        self._in_hand += 1
        try:
            with fail_after(READ_SECONDS):
                body = await collect(request.stream())
            kind = request.headers.get("content-type", "")
            return await to_thread.run_sync(self._judge, kind, body, language, limiter=self._limiter)
        except TooLarge:
            return _Answer(413, problem="verify.problem.large")
        except NotAForm:
            return _Answer(400, problem="verify.problem.nothing")
        except TimeoutError:
            return _Answer(408, problem="verify.problem.slow")
        except ClientDisconnect:
            return _Answer(400, problem="verify.problem.slow")
        finally:
            self._in_hand -= 1

    def _judge(self, kind: str, body: bytes, language: str) -> _Answer:
        given = read_given(kind, body)
        if not given.file and not given.text.strip():
            return _Answer(400, problem="verify.problem.nothing")
        return _Answer(result=shown(self._checker.check(given), self._office.site, language))
