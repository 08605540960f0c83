"""The dock as a web page, for machines without a second screen (or without any).

Not for: a real column; nothing imports this outside the demo.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from kiosk.demo.dock import Dock, UnknownLever

_PAGE = Path(__file__).with_name("dock.html")


def dock_app(dock: Dock) -> FastAPI:
    """The page at `/dock`, its state as JSON, the papers as pictures, and the levers."""
    app = FastAPI(title="Zuil dock", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/dock")
    def page() -> HTMLResponse:
        return HTMLResponse(_PAGE.read_text())

    @app.get("/dock/state")
    def state() -> JSONResponse:
        return JSONResponse(asdict(dock.state()))

    @app.get("/dock/paper/{number}")
    def paper(number: int) -> Response:
        picture = dock.paper(number)
        if picture is None:
            return JSONResponse({"detail": "no such paper"}, status_code=404)
        return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})

    @app.post("/dock/{lever}/{state}")
    async def set_lever(lever: str, state: str) -> JSONResponse:
        try:
            await run_in_threadpool(dock.set, lever, state)
        except UnknownLever as unknown:
            return JSONResponse({"detail": str(unknown)}, status_code=404)
        return JSONResponse(asdict(dock.state()))

    return app
