"""The dock in the language of staff: every lever, state and fault has words in each, and the page answers in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import requests

from kiosk.core.texts import LANGUAGES, message
from kiosk.demo.attest_world import REGISTER, SHEET_PRINTER, TERMINAL
from kiosk.demo.cards import CONDITION, SLOT
from kiosk.demo.clock_lever import CLOCK
from kiosk.demo.day import VISITORS, Counts
from kiosk.demo.demo import _pages
from kiosk.demo.dock import COLUMN, RECORD, CannotMove, Dock, DockState, Lever
from kiosk.demo.dock_page import dock_routes
from kiosk.demo.dock_words import DockWords, dock_texts, slug
from kiosk.demo.fault_scripts import SCRIPT_LEVER
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import NETWORK, PRINTER, World

LEVERS: Mapping[str, Mapping[str, str]] = {
    "card": SLOT,
    "card-condition": CONDITION,
    "printer": PRINTER,
    "sheet-printer": SHEET_PRINTER,
    "terminal": TERMINAL,
    "register": REGISTER,
    "network": NETWORK,
    "clock": CLOCK,
    "column": COLUMN,
    "script": SCRIPT_LEVER,
    "visitors": VISITORS,
    "record": RECORD,
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dock, str]]:
    folder = tmp_path_factory.mktemp("dock")
    with World(folder / "demo", attests=True) as world:
        column = KioskProcess(folder / "no-column")
        dock = Dock(world, column, _pages(world, "districtshuis"))
        world.serve_also(dock_routes(dock, ("fr", "nl")))
        with dock:
            yield dock, f"{world.server.url}/dock"


def test_every_lever_and_state_has_words_and_no_words_are_left_over() -> None:
    levers = {f"lever.{lever}" for lever in LEVERS}
    states = {
        f"{kind}.{lever}.{state}" for kind in ("name", "does") for lever, states in LEVERS.items() for state in states
    }
    written = dock_texts().keys()
    assert {key for key in written if key.split(".")[0] in ("lever", "name", "does")} == levers | states


@pytest.mark.parametrize("lever", LEVERS)
def test_english_says_what_the_list_in_the_code_says(lever: str) -> None:
    for state, does in LEVERS[lever].items():
        assert dock_texts().words(message(f"does.{lever}.{state}"), "en") == does


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lever", LEVERS)
def test_the_states_of_a_lever_can_be_told_apart_and_are_no_code_names(lever: str, language: str) -> None:
    labels = [dock_texts().words(message(f"name.{lever}.{state}"), language) for state in LEVERS[lever]]
    assert len(set(labels)) == len(labels)
    assert not [label for label in labels if "_" in label or not label.strip()]


def test_the_real_dock_has_no_other_levers_and_pages(served: tuple[Dock, str]) -> None:
    state = served[0].state()
    assert {lever.id: dict(lever.states) for lever in state.levers} == {k: dict(v) for k, v in LEVERS.items()}
    assert {f"around.{slug(title)}" for title in state.pages} <= dock_texts().keys()


def test_the_page_answers_in_the_first_language_of_the_site_or_the_chosen_one(served: tuple[Dock, str]) -> None:
    _, url = served
    for asked, language in (("", "fr"), ("?lang=nl", "nl"), ("?lang=de", "fr")):
        told = requests.get(f"{url}/state{asked}", timeout=5).json()
        assert told["language"] == language
        assert list(told["languages"]) == ["fr", "nl"]
        printer = next(lever for lever in told["levers"] if lever["id"] == "printer")
        texts = dock_texts()
        assert printer["labels"]["paper-out"] == texts.words(message("name.printer.paper-out"), language)
        assert printer["states"]["paper-out"] == texts.words(message("does.printer.paper-out"), language)


def test_what_cannot_be_done_is_said_in_the_chosen_language(served: tuple[Dock, str]) -> None:
    refused = requests.post(f"{served[1]}/record/on?lang=nl", timeout=5)
    assert refused.status_code == 409
    assert refused.json()["detail"] == dock_texts().words(message("problem.not-at-the-start"), "nl")


@pytest.mark.parametrize("problem", ["record-first", "visitors-first", "not-at-the-start"])
def test_every_problem_has_words(problem: str) -> None:
    said = {DockWords().problem(CannotMove("x", problem), language) for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)


def test_numbers_of_the_day_stand_in_the_sentence() -> None:
    day = Counts(of=60, came=12, stayed=9, left=2, turned_away=1)
    told = DockWords().state(DockState((Lever("printer", "", PRINTER, "ok"),), 3, column_running=True, day=day), "nl")
    words = told["words"]
    assert isinstance(words, dict)
    assert words["visitors"] == "12 van 60 bezoekers: 9 tot het einde, 2 weggelopen, 1 niet geholpen"
    assert words["paper"] == "Papier 3, het nieuwste"


def test_a_language_that_lacks_a_word_fails(tmp_path: Path) -> None:
    from config.problems import ConfigError
    from config.texts import load_texts
    from kiosk.paths import TRANSLATIONS

    whole = (TRANSLATIONS / "dock" / "levers.toml").read_text()
    (tmp_path / "levers.toml").write_text(whole.replace('de = "Papier aus"\n', "", 1))
    with pytest.raises(ConfigError, match="de"):
        load_texts(tmp_path)
