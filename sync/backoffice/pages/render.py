"""Making pages: templates, style sheet of the site's brand, files a browser loads.

Everything comes from here or from the folder of assets; nothing from elsewhere, which the content security policy
enforces. Not for: what stands on a page.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

from sync.backoffice.core import BackOffice
from sync.backoffice.pages.words import Words

_HERE = Path(__file__).parent
_ASSETS = _HERE.parents[2] / "assets"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".ttf": "font/ttf"}
_FONT = "AtkinsonHyperlegibleNext"
_WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="{brand}"/>'
    '<text x="16" y="23" font-family="sans-serif" font-weight="700" font-size="20" text-anchor="middle" fill="#fff">'
    "{mark}</text></svg>"
)


class Pages:
    """Renders the templates of one back office.

    Args:
        assets: folder with `fonts`; pages use the system's font when it is not there.
    """

    def __init__(self, office: BackOffice, assets: Path | None = None) -> None:
        self.office = office
        self.fonts = (assets or _ASSETS) / "fonts"
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def html(self, template: str, language: str, **data: object) -> str:
        """A page or a part of one, as text."""
        site = self.office.site
        return self._templates.get_template(template).render(
            t=Words(language), language=language, site=site, say=site.words, **data
        )

    def page(self, template: str, language: str, status: int = 200, **data: object) -> HTMLResponse:
        """A page as an answer."""
        return HTMLResponse(self.html(template, language, **data), status)

    def language(self, request: Request) -> str:
        """The language asked for by `?lang=`, when the site permits it; else the site's first."""
        asked = request.query_params.get("lang", "")
        languages = self.office.site.languages
        return asked if asked in languages else languages[0]

    def theme(self) -> str:
        """Style sheet with what differs from site to site: fonts and brand colour."""
        faces = [
            f"@font-face{{font-family:'{_FONT}';font-weight:{weight};font-display:swap;"
            f"src:url('/static/fonts/{_FONT}-{name}.ttf')}}"
            for name, weight in _WEIGHTS.items()
            if (self.fonts / f"{_FONT}-{name}.ttf").is_file()
        ]
        return "\n".join([*faces, f":root{{--brand:{self.office.site.brand}}}"])


def static_router(pages: Pages) -> APIRouter:
    """Style, scripts and fonts."""
    router = APIRouter(include_in_schema=False)

    @router.get("/static/theme.css")
    def theme() -> Response:
        return Response(pages.theme(), media_type="text/css", headers=_cached())

    @router.get("/favicon.ico")
    def icon() -> Response:
        site = pages.office.site
        return Response(_ICON.format(brand=site.brand, mark=escape(site.mark)), media_type="image/svg+xml")

    @router.get("/static/fonts/{name}")
    def font(name: str) -> Response:
        return _file(pages.fonts, name)

    @router.get("/static/{name}")
    def static(name: str) -> Response:
        return _file(_HERE / "static", name)

    return router


def _file(folder: Path, name: str) -> Response:
    path = folder / name
    kind = _TYPES.get(path.suffix)
    # One plain name below the folder; a path never gets here, because the route takes no slash.
    if kind is None or Path(name).name != name or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type=kind, headers=_cached())


def _cached() -> dict[str, str]:
    return {"Cache-Control": "max-age=300"}
