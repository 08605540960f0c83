"""No cut word, no small or crowded target, nothing outside the glass: every page, language, size, reach and panel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF

from kiosk.core.pages import Look, TextSize
from kiosk.core.texts import Language
from kiosk.ui.metrics import ScreenModel, offers_reach
from kiosk.ui.samples import PAGES
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from kiosk.ui.tokens import load_design
from tests.ui import inspect_layout
from tests.ui.conftest import OpenUi
from tests.ui.driver import Ui

SMALL_COLUMN = ScreenModel(1080, 1920, 21.5)
LARGE_COLUMN = ScreenModel(1080, 1920, 32.0)
CASES = [(model, language) for model in (DEMO_COLUMN, DEMO_COUNTER) for language in ("nl", "fr", "en", "de")]
CASES += [(model, language) for model in (SMALL_COLUMN, LARGE_COLUMN) for language in ("fr", "de")]


def looks(model: ScreenModel) -> list[Look]:
    reaches = (False, True) if offers_reach(model, load_design()) else (False,)
    return [Look(size=size, reach=reach) for size in TextSize for reach in reaches]


def every_sheet(ui: Ui, look: Look) -> list[str]:
    """Problems on all pages of a paged screen."""
    found = inspect_layout.problems(ui, look)
    for _ in range(40):
        if not any(seen.name == "next_page" for seen in ui.buttons()):
            return found
        ui.tap("next_page")
        found += inspect_layout.problems(ui, look)
    return [*found, "more than forty pages"]


@pytest.mark.parametrize(("model", "language"), CASES, ids=lambda v: v if isinstance(v, str) else f"{v.diagonal_inch}")
def test_everything_fits(open_ui: OpenUi, model: ScreenModel, language: Language) -> None:
    ui = open_ui(model)
    found: dict[str, list[str]] = {}
    for look in looks(model):
        for name, (page, overlay) in PAGES.items():
            ui.show(page, language, look, overlay)
            wrong = every_sheet(ui, look)
            if wrong:
                found[f"{name} {look.size.value} reach={look.reach}"] = wrong[:4]
    assert not found


def test_every_option_stands_on_exactly_one_page(ui: Ui) -> None:
    page, _ = PAGES["all"]
    ui.show(page, "de", Look(size=TextSize.LARGE))
    seen = [b.name for b in ui.buttons() if b.name.startswith("option_")]
    while any(b.name == "next_page" for b in ui.buttons()):
        ui.tap("next_page")
        seen += [b.name for b in ui.buttons() if b.name.startswith("option_")]
    assert seen == [f"option_{option.id}" for option in page.options]


def test_control_the_inspector_sees_a_cut_word_and_a_small_crowded_target(ui: Ui) -> None:
    ui.show(PAGES["home"][0])
    tile = ui.find("option_search")
    tile.setWidth(60)
    tile.setHeight(20)
    ui.find("option_all").setX(30)
    found = " ".join(inspect_layout.problems(ui, Look()))
    for word in ("word broken", "small target", "too close", "spilled"):
        assert word in found


def test_control_the_inspector_sees_what_leaves_the_glass_or_reach(ui: Ui) -> None:
    ui.show(PAGES["home"][0], look=Look(reach=True))
    ui.find("option_search").setY(-800)
    found = " ".join(inspect_layout.problems(ui, Look(reach=True)))
    assert "outside" in found
    assert "out of reach" in found


def test_toolbar_and_bar_stand_in_the_same_place_on_every_page(ui: Ui) -> None:
    places: dict[str, set[tuple[float, float]]] = {"tool_help": set(), "back": set()}
    for name, (page, overlay) in PAGES.items():
        if overlay is None:
            ui.show(page)
            for item in places:
                places[item] |= {(s.rect.x(), s.rect.bottom()) for s in ui.buttons() if s.name == item}
            assert any(seen.name == "tool_help" for seen in ui.buttons()), name
    assert {name: len(where) for name, where in places.items()} == {"tool_help": 1, "back": 1}


def test_low_reach_moves_what_is_touched_into_the_lower_part(ui: Ui) -> None:
    tops = {}
    for reach in (False, True):
        ui.show(PAGES["theme"][0], look=Look(reach=reach))
        tops[reach] = min(seen.rect.top() for seen in ui.buttons())
    assert tops[False] < 0.4 * 1920 <= tops[True]


def test_a_smaller_window_shows_the_whole_canvas(ui: Ui) -> None:
    ui.quick.resize(540, 960)
    ui.show(PAGES["home"][0])
    help_button = next(seen for seen in ui.buttons() if seen.name == "tool_help")
    assert QRectF(0, 0, 540, 960).contains(help_button.rect)
    ui.tap("option_all")
    assert [given.option for given in ui.given if hasattr(given, "option")] == ["all"]
