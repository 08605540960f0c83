"""What every page of staff shares: who is asking, where they sit, the language they chose, how a page is made.

Not for: what stands on a page, or its forms.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from sync.backoffice.pages.forms import Form, posted_by, session_of
from sync.backoffice.pages.render import Pages
from sync.backoffice.site import OfficeInfo
from sync.backoffice.staff import Session, choose_language


class Elsewhere(Exception):
    """Whoever asks for a page must first be on another one, named here: to log in, or to choose a counter."""


def send_elsewhere(app: FastAPI) -> None:
    """Make `Elsewhere` a redirection."""

    @app.exception_handler(Elsewhere)
    async def redirected(_: Request, first: Elsewhere) -> Response:
        return RedirectResponse(str(first), 303)


@dataclass(frozen=True)
class StaffPage:
    """One page of staff.

    Attributes:
        path: where it stands; its language form posts to `<path>/language`.
        template: of `templates`, made from `staff.html`.
        notices: names of what may be said after a form was sent.
        prefix: the words of a notice are `<prefix>.notice.<name>`.
    """

    pages: Pages
    path: str
    template: str
    notices: Collection[str] = ()
    prefix: str = ""

    async def asked(self, request: Request) -> Session:
        """Who asks for the page.

        Raises:
            Elsewhere: for somebody who did not log in.
        """
        session = await session_of(self.pages.office, request)
        if session is None:
            raise Elsewhere("/login")
        return session

    async def asked_at(self, request: Request) -> tuple[Session, OfficeInfo]:
        """Who asks, and the building they work in.

        Raises:
            Elsewhere: also for somebody who chose no building yet.
        """
        session = await self.asked(request)
        info = self.office_of(session)
        if info is None:
            raise Elsewhere("/counter/setup")
        return session, info

    async def posted_at(self, request: Request) -> tuple[Session, OfficeInfo, Form]:
        """Who posted which form, from which building.

        Raises:
            HTTPException: 401 and 403 as `posted_by`, 409 without a building.
        """
        session, form = await posted_by(self.pages.office, request)
        info = self.office_of(session)
        if info is None:
            raise HTTPException(409)
        return session, info, form

    def office_of(self, session: Session) -> OfficeInfo | None:
        """The building chosen; None when that was never done or it is no longer in the site."""
        return self.pages.office.site.office(session.office_id or "")

    def notice(self, request: Request) -> str:
        """The key of what was just done, as `?done=` says; empty for anything else."""
        done = request.query_params.get("done", "")
        return f"{self.prefix}.notice.{done}" if done in self.notices else ""

    def shown(self, session: Session, info: OfficeInfo | None, status: int = 200, **data: object) -> Response:
        """The page as an answer that nobody keeps; other than 200 means that something was refused."""
        page = self.pages.page(
            self.template,
            session.language,
            status,
            session=session,
            info=info,
            path=self.path,
            wrong=status != 200,
            title=lambda product_id: self.pages.office.site.service_title(product_id, session.language),
            **data,
        )
        page.headers["Cache-Control"] = "no-store"
        return page

    def add_language(self, router: APIRouter) -> None:
        """The form that chooses the language, on every page of staff."""
        office, path = self.pages.office, self.path

        @router.post(f"{path}/language")
        async def language(request: Request) -> Response:
            session, form = await posted_by(office, request)
            if form.one("language") in office.site.languages:
                await run_in_threadpool(choose_language, office, session, form.one("language"))
            return RedirectResponse(path, 303)
