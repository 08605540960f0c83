"""Every real page of the demo site, as the journeys make it: no cut word, right sizes, one heading, everything named.

All pages in the two languages with the longest words and in large text; a fair share of every other combination, in
turn; the sheets of all services. Not for: the kinds of page with the worst texts imaginable (`test_ui_geometry`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TypeVar

import pytest
from PySide6.QtGui import QAccessible

from config.site import load_site
from config.texts import load_texts
from kiosk.core.pages import Look, TextSize
from kiosk.core.texts import LANGUAGES, Language, message
from kiosk.demo.collect import LIBRARY, MORNING, Collector, Pages, RealPage
from kiosk.demo.shots import brand_of
from kiosk.paths import DEMO_SITE
from kiosk.ui.metrics import ScreenModel
from kiosk.ui.samples import same
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from tests.ui import inspect_layout
from tests.ui.conftest import OpenUi
from tests.ui.driver import Ui
from tests.ui.test_ui_keys import nodes

SITE = load_site(DEMO_SITE)
SMALL_COLUMN = ScreenModel(1080, 1920, 21.5)
PANELS = {"portrait": DEMO_COLUMN, "landscape": DEMO_COUNTER, "dense": SMALL_COLUMN}
T = TypeVar("T")
LARGE, NORMAL = Look(size=TextSize.LARGE), Look()
SHARE = 4
"""One page in so many is shown in each of the other combinations; each page comes in some of them."""


@cache
def pages(language: Language) -> Pages:
    """Every kind of page in a language."""
    return asyncio.run(Collector(SITE, load_texts(), language).everything())


@cache
def sheets(language: Language) -> Pages:
    """The sheet of every service in a language."""
    return asyncio.run(Collector(SITE, load_texts(), language).sheets(MORNING))


def at(place: str, real: Pages) -> Pages:
    """The pages of one contact point."""
    return {name: page for name, page in real.items() if page.here == place}


def share(real: dict[str, T], turn: int) -> dict[str, T]:
    """Every fourth page, beginning at another one each turn."""
    return {name: page for number, (name, page) in enumerate(real.items()) if (number + turn) % SHARE == 0}


def problems(open_ui: OpenUi, model: ScreenModel, language: Language, look: Look, real: Pages) -> dict[str, list[str]]:
    """What is wrong with pages, by name; each contact point has its own header."""
    found: dict[str, list[str]] = {}
    for place in {page.here for page in real.values()}:
        ui = open_ui(model, brand_of(SITE, place))
        for name, page in at(place, real).items():
            ui.show(page.page, language, look, page.overlay)
            wrong = [*every_leaf(ui, look), *unspoken(ui, language, page), *unmarked(ui, language)]
            if wrong:
                found[f"{name} {language} {look.size.value}"] = wrong[:4]
    return found


def every_leaf(ui: Ui, look: Look) -> Iterator[str]:
    """Problems of layout on all leaves of a page that is turned."""
    yield from layout_problems(ui, look)
    for _ in range(40):
        if not any(seen.name == "next_page" for seen in ui.buttons()):
            return
        ui.tap("next_page")
        yield from layout_problems(ui, look)
    yield "more than forty leaves"


def layout_problems(ui: Ui, look: Look) -> list[str]:
    """What the inspector sees; an address may go on in a new line after its stroke, and Qt breaks it there."""
    seen = inspect_layout.problems(ui, look)
    return [problem for problem in seen if not (problem.startswith("word broken") and ".example/" in problem)]


def unspoken(ui: Ui, language: Language, real: RealPage) -> Iterator[str]:
    """Focusable things without a name, and headings that are not the page's."""
    found = nodes(ui)
    for node in found:
        if node.state().focusable and node.role() != QAccessible.Role.Window and not name_of(node):
            yield f"nameless: {node.role()}"
    shown = [real.overlay.page, real.page] if real.overlay else [real.page]
    allowed = [ui.texts.spoken(page.title, language) for page in shown]
    headings = [name_of(node) for node in found if node.role() == QAccessible.Role.Heading]
    if not headings or not set(headings) <= set(allowed) or len(headings) > len(allowed):
        yield f"headings {headings}, expected {allowed}"


def unmarked(ui: Ui, language: Language) -> Iterator[str]:
    """A page of a practice column that does not say so, whole, in the language of the page and above everything."""
    strips = [item for item in ui.everything() if item.objectName() == "practice" and item.isVisible()]
    words = [str(strip.property("text")).replace("\u00ad", "") for strip in strips]
    expected = ui.texts.spoken(message("ui.practice"), language)
    if words != [expected]:
        yield f"practice mark {words}, expected {expected}"
    elif (strips[0].y(), round(strips[0].width())) != (0, ui.quick.width()):
        yield "the practice mark does not stand on top of the whole page"


def name_of(node: object) -> str:
    """What an assistive program calls a node."""
    return str(node.text(QAccessible.Text.Name))  # type: ignore[attr-defined]


@pytest.mark.expects_log("zuil.visit")
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", ["nl", "de"])
def test_every_page_in_large_text(open_ui: OpenUi, panel: str, language: Language) -> None:
    assert not problems(open_ui, PANELS[panel], language, LARGE, pages(language))


@pytest.mark.expects_log("zuil.visit")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fair_share_of_everything_else(open_ui: OpenUi, language: Language) -> None:
    found: dict[str, list[str]] = {}
    for turn, panel in enumerate(("portrait", "landscape")):
        for step, look in enumerate((NORMAL, LARGE)):
            some = share(pages(language), LANGUAGES.index(language) + 2 * turn + step)
            found |= problems(open_ui, PANELS[panel], language, look, some)
    assert not found


@pytest.mark.parametrize(("panel", "language"), [("portrait", "de"), ("landscape", "nl")])
def test_the_sheet_of_every_service(open_ui: OpenUi, panel: str, language: Language) -> None:
    real = sheets(language)
    assert len(real) == len(SITE.services)
    assert not problems(open_ui, PANELS[panel], language, LARGE, real)


@pytest.mark.expects_log("zuil.visit")
def test_every_page_is_in_the_share_of_some_turn_and_the_pages_are_those_of_a_visit() -> None:
    real = pages("fr")
    assert set().union(*(share(real, turn) for turn in range(SHARE))) == set(real)
    kinds = {page.page.kind for page in real.values()}
    assert kinds == {"welcome", "menu", "search", "sheet", "ticket", "notice", "card", "pin", "step"}
    assert {f"referral-{way}" for way in ("go-to", "appointment", "phone", "web", "place")} <= set(real)
    assert real["ticket-suffix"].page.label == "DEMO-D007-K3"  # type: ignore[attr-defined]
    assert {page.here for page in real.values()} == {"districtshuis", "sint-anna", LIBRARY.here}
    assert real["idle-warning"].overlay is not None


def test_no_sentence_of_a_page_is_the_key_of_one() -> None:
    texts = load_texts()
    for language in LANGUAGES:
        for real in sheets(language).values():
            assert "." not in texts.spoken(real.page.title, language)
            assert texts.spoken(real.page.options[0].label, language)[0].isupper()


def test_control_a_practice_page_without_its_mark_is_found(open_ui: OpenUi) -> None:
    real = sheets("nl")
    name, page = next(iter(real.items()))
    ui = open_ui(DEMO_COLUMN, replace(brand_of(SITE, page.here), practice=False))
    ui.show(page.page, "nl", NORMAL)
    assert list(unmarked(ui, "nl")), name
    assert not problems(open_ui, DEMO_COLUMN, "nl", NORMAL, {name: page})


@pytest.mark.expects_log("zuil.visit")
def test_control_a_page_with_a_word_too_long_is_found(open_ui: OpenUi) -> None:
    real = pages("nl")["sheet-shortest"]
    broken = replace(real, page=replace(real.page, title=same("Onbreekbaar" * 8)))
    assert problems(open_ui, DEMO_COLUMN, "nl", LARGE, {"broken": broken})
