"""Find the way: from a question to something exact, through themes, all services, or the citizen's own words.

Each coroutine is one page: it shows it, follows what was chosen, and shows it again when that comes back. Not for:
what is possible in which state of clock and place (`kiosk.core.ways`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from unicodedata import combining, normalize

from kiosk.core.catalogue import Service, Theme
from kiosk.core.pages import MenuPage, Option, SearchPage, Weight
from kiosk.core.search import Search
from kiosk.core.texts import message
from kiosk.journeys.service_sheet import service_sheet
from kiosk.journeys.visit import Back, Home, Visit

SERVICE = "service:"
THEME = "theme:"
POPULAR = 8
"""How many of the most asked services stand on the home page."""


async def find_the_way(visit: Visit) -> None:
    """The home page; it is the first page of every visit, so there is nothing to go back to."""
    while True:
        with suppress(Home):
            await _home(visit)


async def _home(visit: Visit) -> None:
    chosen = await visit.choose(_home_page(visit))
    if chosen == "search":
        await _search(visit)
    elif chosen == "all":
        await _list(visit, _all_page)
    elif isinstance(chosen, str) and chosen.startswith(THEME):
        theme = visit.column.site.theme(chosen.removeprefix(THEME))
        await _list(visit, lambda visit: _theme_page(visit, theme))
    elif isinstance(chosen, str):
        await service_sheet(visit, _service(visit, chosen))


async def _list(visit: Visit, page: Callable[[Visit], MenuPage]) -> None:
    # Made anew each time: the language may have changed, and with it the order of the alphabet.
    while (chosen := await visit.choose(page(visit))) is not Back.BACK:
        await service_sheet(visit, _service(visit, chosen))


async def _search(visit: Visit) -> None:
    query = ""

    def found(typed: str) -> SearchPage:
        nonlocal query
        query = typed
        return _search_page(visit, typed)

    while (chosen := await visit.search(found, query)) is not Back.BACK:
        if chosen == "all":
            await _list(visit, _all_page)
        else:
            await service_sheet(visit, _service(visit, chosen))


def _service(visit: Visit, chosen: str) -> Service:
    return visit.column.site.service(chosen.removeprefix(SERVICE))


def _home_page(visit: Visit) -> MenuPage:
    site = visit.column.site
    themes = tuple(Option(f"{THEME}{theme.id}", theme.title, theme.hint, theme.icon) for theme in site.themes)
    popular = sorted((s for s in site.services if s.popular), key=lambda s: s.popular or 0)
    return MenuPage(
        title=message("home.title"),
        subtitle=message("home.subtitle"),
        options=(
            Option("search", message("home.search"), message("home.search_hint"), "magnifying-glass", Weight.PRIMARY),
            Option("all", message("home.all"), message("home.all_hint"), "list", Weight.PRIMARY),
            *themes,
            *(service_option(service, Weight.QUIET) for service in popular[:POPULAR]),
        ),
        group=message("home.themes"),
        back=False,
    )


def _theme_page(visit: Visit, theme: Theme) -> MenuPage:
    services = [service for service in visit.column.site.services if service.theme == theme.id]
    return MenuPage(title=theme.title, subtitle=theme.hint, options=_by_title(visit, services))


def _all_page(visit: Visit) -> MenuPage:
    return MenuPage(title=message("all.title"), options=_by_title(visit, visit.column.site.services))


def _by_title(visit: Visit, services: list[Service] | tuple[Service, ...]) -> tuple[Option, ...]:
    texts, language = visit.column.texts, visit.language
    ordered = sorted(services, key=lambda service: _letters(texts.spoken(service.title, language)))
    return tuple(service_option(service) for service in ordered)


def _letters(words: str) -> str:
    """What the alphabet looks at: letters without accents or case, so that "É" stands with "E"."""
    return "".join(c for c in normalize("NFKD", words) if not combining(c)).casefold()


def _search_page(visit: Visit, query: str) -> SearchPage:
    site = visit.column.site
    # The languages differ in what is typed, so the engine is made for the language of this moment.
    hits = Search(site.services, visit.language, site.themes).find(query)
    found = tuple(service_option(site.service(hit)) for hit in hits)
    everything = Option("all", message("home.all"), icon="list", weight=Weight.QUIET)
    return SearchPage(
        title=message("search.title"),
        subtitle=message("search.subtitle"),
        options=(*found, everything),
        query=query,
        empty=message("search.empty") if query and not found else None,
    )


def service_option(service: Service, weight: Weight = Weight.NORMAL) -> Option:
    """The tile of a service."""
    return Option(f"{SERVICE}{service.id}", service.title, None, service.icon, weight)
