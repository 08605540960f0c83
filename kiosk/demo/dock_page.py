"""The dock as a web page, for machines without a second screen (or without any).

Not for: a real column; nothing imports this outside the demo.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from kiosk.core.texts import LANGUAGES, Language
from kiosk.demo.dock import CannotMove, Dock, UnknownLever
from kiosk.demo.dock_words import DockWords

_FILES = {
    "dock": ("dock.html", "text/html"),
    "dock.css": ("dock.css", "text/css"),
    "dock.js": ("dock.js", "text/javascript"),
}


def dock_routes(dock: Dock, languages: Sequence[Language] = LANGUAGES) -> APIRouter:
    """The page at `/dock`, its state as JSON, the papers as pictures, the A4 documents, and the levers.

    Args:
        languages: those the page may be read in; `?lang=` chooses, else it is the first.
    """
    words = DockWords(languages)
    routes = APIRouter(prefix="/dock", include_in_schema=False)

    @routes.get("")
    def page() -> Response:
        return _file("dock")

    @routes.get("/state")
    def state(lang: str = "") -> JSONResponse:
        return JSONResponse(words.state(dock.state(), words.chosen(lang)))

    _taken_home(routes, dock)

    @routes.get("/{name}")
    def file(name: str) -> Response:
        return _file(name) if name in _FILES else JSONResponse({"detail": "no such file"}, status_code=404)

    @routes.post("/{lever}/{state}")
    def set_lever(lever: str, state: str, lang: str = "") -> JSONResponse:
        try:
            dock.set(lever, state)
        except UnknownLever as unknown:
            return JSONResponse({"detail": str(unknown)}, status_code=404)
        except CannotMove as why:
            return JSONResponse({"detail": words.problem(why, words.chosen(lang))}, status_code=409)
        return JSONResponse(words.state(dock.state(), words.chosen(lang)))

    return routes


def _taken_home(routes: APIRouter, dock: Dock) -> None:
    """What comes out: papers as pictures, documents, the recorded visit."""

    @routes.get("/paper/{number}")
    def paper(number: int) -> Response:
        picture = dock.paper(number)
        if picture is None:
            return JSONResponse({"detail": "no such paper"}, status_code=404)
        return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})

    @routes.get("/sheet/{number}")
    def sheet(number: int) -> Response:
        document = dock.sheet(number)
        if document is None:
            return JSONResponse({"detail": "no such document"}, status_code=404)
        return Response(document, media_type="application/pdf", headers={"Cache-Control": "no-store"})

    @routes.get("/recording.visit")
    def recording() -> Response:
        if not dock.recording:
            return JSONResponse({"detail": "nothing was recorded yet"}, status_code=404)
        headers = {"Content-Disposition": "attachment; filename=recording.visit", "Cache-Control": "no-store"}
        return Response(dock.recording, media_type="text/plain; charset=utf-8", headers=headers)


def _file(name: str) -> Response:
    file, kind = _FILES[name]
    return Response(Path(__file__).with_name(file).read_text(), media_type=kind)
