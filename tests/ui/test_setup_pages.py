"""Every page of set-up as the story makes it: all of them are collected, and none cuts a word or names a thing wrong.

Not for: what the story does (`tests.setup`).
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache

import pytest

from config.texts import load_texts
from kiosk.core.pages import Look, Page
from kiosk.core.texts import LANGUAGES, Language, Message
from kiosk.demo.collect import MORNING
from kiosk.demo.setup_scenes import setup_pages
from kiosk.paths import TRANSLATIONS
from kiosk.setup import pages as made
from kiosk.setup.running import brand
from kiosk.ui.metrics import ScreenModel
from kiosk.ui.samples import same
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from tests.ui.conftest import OpenUi
from tests.ui.test_real_pages import LARGE, NORMAL, every_leaf, share

UNSEEN = {"setup.sentence", "setup.header"}
"""Said aloud; in the header, which is no page."""
KINDS = {"MenuPage", "SheetPage", "SearchPage", "NoticePage", "MeasurePage"}


@cache
def pages(language: Language) -> dict[str, Page]:
    """Every page in a language."""
    return asyncio.run(setup_pages(load_texts(), language, MORNING.at))


def keys(thing: object) -> Iterator[str]:
    """Keys of every text a page holds."""
    if isinstance(thing, Message):
        yield thing.key
    elif isinstance(thing, tuple):
        for each in thing:
            yield from keys(each)
    elif is_dataclass(thing):
        for member in fields(thing):
            yield from keys(getattr(thing, member.name))


def unshown(real: dict[str, Page]) -> set[str]:
    """Texts of set-up that no scene shows."""
    lines = (TRANSLATIONS / "setup.toml").read_text(encoding="utf-8").splitlines()
    words = {line.strip("[]") for line in lines if line.startswith("[setup.")}
    return words - UNSEEN - {key for page in real.values() for key in keys(page)}


def problems(open_ui: OpenUi, model: ScreenModel, language: Language, look: Look, real: dict[str, Page]) -> list[str]:
    """What the inspector sees on all leaves."""
    ui = open_ui(model, brand())
    found: list[str] = []
    for name, page in real.items():
        ui.show(page, language, look, None)
        # Addresses and paths of the machine go on in a new line after a stroke.
        wrong = [each for each in every_leaf(ui, look) if not ("word broken" in each and "/" in each)]
        found += [f"{name} {language}: {each}" for each in wrong[:3]]
    return found


def test_every_function_that_makes_a_page_has_a_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    called: set[str] = set()
    makers = {
        name: make
        for name, make in inspect.getmembers(made, inspect.isfunction)
        if make.__module__ == made.__name__ and str(make.__annotations__.get("return")) in KINDS
    }
    assert len(makers) > 10
    for name, make in makers.items():

        def spy(*given: object, _name: str = name, _make: object = make, **more: object) -> object:
            called.add(_name)
            return _make(*given, **more)  # type: ignore[operator]

        monkeypatch.setattr(made, name, spy)
    asyncio.run(setup_pages(load_texts(), "nl", MORNING.at))
    assert called == set(makers)


def test_every_text_of_set_up_is_shown_in_a_scene() -> None:
    assert unshown(pages("nl")) == set()


def test_control_a_page_without_a_scene_is_found() -> None:
    assert "setup.ruler" in unshown({name: page for name, page in pages("nl").items() if name != "setup-ruler"})


PLAN: dict[Language, tuple[tuple[ScreenModel, Look, int], ...]] = {
    "nl": ((DEMO_COLUMN, LARGE, 0), (DEMO_COUNTER, LARGE, 1)),
    "de": ((DEMO_COLUMN, LARGE, 2), (DEMO_COUNTER, LARGE, 3)),
    "fr": ((DEMO_COUNTER, LARGE, 2),),
    "en": ((DEMO_COUNTER, NORMAL, 0),),
}
"""A quarter of the pages each; together they draw every page."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_set_up_cuts_a_word(open_ui: OpenUi, language: Language) -> None:
    found = []
    for model, look, turn in PLAN[language]:
        found += problems(open_ui, model, language, look, share(pages(language), turn))
    assert not found


def test_control_a_title_too_long_is_found(open_ui: OpenUi) -> None:
    broken = replace(pages("nl")["setup-check"], title=same("Onbreekbaar" * 8))
    assert problems(open_ui, DEMO_COLUMN, "nl", LARGE, {"broken": broken})
