"""Real taps: what is touched is given, once; a page that is gone takes no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk.core.pages import Chosen, Contrast, Look, TextSize, Tool, ToolUsed, Touched, Typed, View, WentBack
from kiosk.core.texts import Language
from kiosk.ui.samples import ALL, FOUND, HOME, IDLE, PAGES, SEARCH, SHEET, TICKET, WELCOME
from tests.ui.conftest import OpenUi
from tests.ui.driver import Ui


def answers(ui: Ui) -> list[object]:
    return [given for given in ui.given if not isinstance(given, Touched)]


def test_a_tile_gives_its_option_with_the_serial_of_its_page(ui: Ui) -> None:
    view = ui.show(HOME)
    ui.tap("option_theme:living")
    assert answers(ui) == [Chosen(view.serial, "theme:living")]


def test_a_real_finger_works_like_a_mouse(ui: Ui) -> None:
    view = ui.show(SHEET)
    finger = QTest.createTouchDevice()
    where = ui.point("option_way:0")
    touch = QTest.touchEvent(ui.quick, finger)
    touch.press(0, where, ui.quick)
    touch.commit()
    assert answers(ui) == []
    touch.release(0, where, ui.quick)
    touch.commit()
    ui.settle()
    assert answers(ui) == [Chosen(view.serial, "way:0")]


def test_a_finger_may_slide_off_before_it_lets_go(ui: Ui) -> None:
    ui.show(SHEET)
    QTest.mousePress(ui.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, ui.point("option_way:0"))
    QTest.mouseRelease(ui.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, ui.point("tool_help"))
    assert answers(ui) == []


def test_a_double_tap_answers_once(ui: Ui) -> None:
    view = ui.show(SHEET)
    ui.tap("option_way:0")
    ui.tap("option_way:0")
    ui.tap("back")
    assert answers(ui) == [Chosen(view.serial, "way:0")]


def test_a_new_view_of_the_same_page_can_be_answered_again(ui: Ui) -> None:
    view = ui.show(SHEET)
    ui.tap("option_way:1")
    ui.change(look=Look(size=TextSize.LARGE))
    ui.tap("back")
    assert answers(ui) == [Chosen(view.serial, "way:1"), WentBack(view.serial)]


def test_the_second_half_of_a_double_tap_does_not_hit_the_next_page(open_ui: OpenUi) -> None:
    ui = open_ui(settle_s=0.4)
    ui.show(HOME)
    ui.show(SHEET)
    QTest.mouseClick(ui.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, ui.point("option_way:0"))
    assert answers(ui) == []
    ui.tap("option_way:0")  # waits until the page has settled
    assert len(answers(ui)) == 1


@pytest.mark.parametrize(("name", "tool"), [(f"tool_{t.value}", t) for t in Tool if t is not Tool.LANGUAGE])
def test_every_tool_of_the_toolbar_is_given(ui: Ui, name: str, tool: Tool) -> None:
    ui.show(HOME)
    ui.tap(name)
    assert answers(ui) == [ToolUsed(tool)]


def test_a_language_is_given_by_its_code(ui: Ui) -> None:
    ui.show(HOME)
    ui.tap("language_de")
    assert answers(ui) == [ToolUsed(Tool.LANGUAGE, "de")]


def test_a_bouncing_finger_does_not_switch_a_tool_off_again(ui: Ui) -> None:
    ui.show(HOME)
    ui.tap("tool_contrast")
    ui.tap("tool_contrast")
    assert answers(ui) == [ToolUsed(Tool.CONTRAST)]


@pytest.mark.parametrize("languages", [("nl",), ("nl", "fr"), ("fr", "de"), ("nl", "fr", "en", "de")])
def test_only_permitted_languages_stand_on_screen(ui: Ui, languages: tuple[Language, ...]) -> None:
    ui.show(HOME, languages[0], languages=languages)
    shown = [seen.name.removeprefix("language_") for seen in ui.buttons() if seen.name.startswith("language_")]
    assert shown == (list(languages) if len(languages) > 1 else [])


def test_a_language_switch_changes_every_word_and_keeps_the_page(ui: Ui) -> None:
    ui.show(ALL)
    ui.tap("next_page")
    ui.change(language="fr")
    words = ui.words()
    assert "Page 2 sur" in words
    assert "lundi 23 novembre" in words
    for dutch in ("Alle diensten", "Volgende", "Terug", "Grotere", "maandag"):
        assert dutch not in words


def test_back_is_offered_only_where_it_leads_back(ui: Ui) -> None:
    ui.show(TICKET)
    assert not [seen for seen in ui.buttons() if seen.name == "back"]
    ui.key(Qt.Key.Key_Escape)
    assert answers(ui) == []


def test_an_overlay_takes_every_touch(ui: Ui) -> None:
    view = ui.show(SHEET, overlay=IDLE)
    for name in ("option_way:0", "back", "tool_help"):
        item = next(i for i in ui._all(ui.quick.contentItem()) if i.objectName() == name)
        where = item.mapToScene(item.boundingRect().center()).toPoint()
        QTest.mouseClick(ui.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert answers(ui) == []
    assert Touched() in ui.given
    ui.tap("option_stay")
    assert answers(ui) == [Chosen(view.serial, "stay")]


def test_an_overlay_counts_down_and_goes_away(ui: Ui) -> None:
    ui.show(SHEET, overlay=IDLE)
    assert "Nog 20 seconden" in ui.words()
    ui.change(overlay=replace(IDLE, seconds_left=1))
    assert "Nog 1 seconde" in ui.words()
    ui.change(overlay=None)
    ui.tap("back")
    assert len(answers(ui)) == 1


def test_paper_news_changes_the_page_in_place(ui: Ui) -> None:
    ui.show(replace(TICKET, paper=PAGES["unprinted"][0].paper))  # type: ignore[attr-defined]
    page = ui.of_type("KsTicketPage")[0]
    ui.change(page=TICKET)
    assert ui.of_type("KsTicketPage") == [page]
    assert ui.find("paper_line").property("text") == "Neem uw ticket."


def test_the_practice_mark_stands_on_every_page_of_a_practice_column(ui: Ui) -> None:
    for page, overlay in PAGES.values():
        if overlay is None:
            ui.show(page)
            assert "Oefenversie" in ui.words()


def test_no_practice_mark_on_a_real_column(open_ui: OpenUi) -> None:
    from kiosk.ui.samples import BRAND

    ui = open_ui(brand=replace(BRAND, practice=False))
    ui.show(HOME)
    assert "Oefenversie" not in ui.words()


def test_typing_gives_the_whole_text_each_time(ui: Ui) -> None:
    view = ui.show(SEARCH)
    ui.type("afé")
    ui.tap("key_backspace")
    ui.tap("key_space")
    texts = [given.text for given in answers(ui) if isinstance(given, Typed) and given.serial == view.serial]
    assert texts == ["a", "af", "afé", "af", "af "]
    ui.tap("key_clear")
    assert answers(ui)[-1] == Typed(view.serial, "")


def test_digits_are_one_touch_away_and_letters_come_back(ui: Ui) -> None:
    ui.show(SEARCH)
    ui.tap("key_digits")
    ui.type("30")
    ui.tap("key_digits")
    ui.type("z")
    assert ui.find("field").property("text") == "30z"


@pytest.mark.parametrize(
    ("language", "first"), [("nl", "azerty"), ("fr", "azerty"), ("en", "qwerty"), ("de", "qwertz")]
)
def test_the_keyboard_is_that_of_the_language(ui: Ui, language: Language, first: str) -> None:
    ui.show(SEARCH, language)
    keys = [seen for seen in ui.buttons() if seen.name.startswith("key_")]
    top = min(seen.rect.top() for seen in keys)
    row = [seen.name.removeprefix("key_") for seen in sorted(keys, key=lambda s: s.rect.x()) if seen.rect.top() == top]
    assert "".join(row).startswith(first)


def test_results_never_overwrite_what_is_being_typed(ui: Ui) -> None:
    ui.show(SEARCH)
    ui.type("akte")
    ui.change(page=replace(FOUND, query="ak"))  # the journey is two letters behind
    assert ui.find("field").property("text") == "akte"
    ui.change(page=FOUND)
    assert ui.find("field").property("text") == "akte"
    ui.change(page=SEARCH)  # the journey cleared it
    assert ui.find("field").property("text") == ""
    assert answers(ui)[-1] == Typed(1, "akte")


def test_coming_back_to_a_search_finds_the_words_again(ui: Ui) -> None:
    ui.show(SHEET)
    ui.show(FOUND)
    assert ui.find("field").property("text") == "akte"
    assert answers(ui) == []


def test_the_next_person_finds_the_default_look(ui: Ui) -> None:
    def seen() -> list[object]:
        ui.draw()
        shown = [(thing.name, thing.rect) for thing in ui.texts_shown() + ui.buttons()]
        return [*shown, ui.of_type("KsFocusRing"), ui.quick.color().name()]

    ui.show(WELCOME)
    before = seen()
    ui.show(FOUND, "de", Look(size=TextSize.LARGE, contrast=Contrast.HIGH, reach=True))
    ui.tap("key_digits")
    ui.key(Qt.Key.Key_Tab, 3)
    assert seen() != before
    ui.show(WELCOME)
    assert seen() == before


def test_stale_page_models_answer_nothing(ui: Ui) -> None:
    ui.show(HOME)
    old = ui.window.model._page
    assert old is not None
    ui.show(SHEET)
    old.choose("search")
    assert answers(ui) == []


def test_view_without_voice_offers_no_reading_aloud(ui: Ui) -> None:
    ui.speaker.available = False
    ui.show(HOME)
    assert not [seen for seen in ui.buttons() if seen.name == "tool_speech"]
    assert isinstance(ui.view, View)
