"""The keypad: every press is one input, in any order and speed, and no digit stays anywhere or is heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest

from kiosk.core.pages import CLEAR, ERASE, Chosen, Contrast, Keyed, Look, PinPage, TextSize, Touched, WentBack
from kiosk.ui.metrics import ScreenModel
from kiosk.ui.sample_cards import PIN, PIN_LAST, PIN_WRONG
from kiosk.ui.samples import HOME, IDLE
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from tests.ui.conftest import OpenUi
from tests.ui.driver import Ui
from tests.ui.test_ui_keys import nodes

DIGITS = "8361"
"""A PIN of which no two neighbours stand anywhere else on the screen."""

ALOUD = Look(speech=True)
PANELS = {"column": DEMO_COLUMN, "counter": DEMO_COUNTER, "dense": ScreenModel(1080, 1920, 21.5)}


def answers(ui: Ui) -> list[object]:
    return [given for given in ui.given if not isinstance(given, Touched)]


def keyed(ui: Ui) -> list[str]:
    return [given.keys for given in ui.given if isinstance(given, Keyed)]


def enter(ui: Ui, digits: str) -> None:
    """Touch digits while the page follows, as a journey lets it."""
    for count, digit in enumerate(digits, start=1):
        ui.tap(f"key_{digit}")
        ui.change(page=replace(PIN, entered=count))


def strings(value: object) -> Iterator[str]:
    """Every text in a property, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)


def traces(ui: Ui, digits: str = DIGITS) -> list[str]:
    """Where two neighbouring digits of `digits` stand in any property of any item, of the page's model or its root."""
    ui.draw()
    pairs = [digits[at : at + 2] for at in range(len(digits) - 1)]
    model = ui.window.model
    things: list[QObject] = [*ui._all(ui.quick.contentItem()), ui.quick, model]
    things += [thing for page in (model._page, model._overlay) if page for thing in (page, *page.children())]
    found = []
    for thing in things:
        names = [thing.metaObject().property(at).name() for at in range(thing.metaObject().propertyCount())]
        for name in names:
            try:
                value = thing.property(name)
            except RuntimeError:  # a pointer to a QML type, which Python cannot hold
                continue
            found += [f"{thing.objectName()}.{name}" for text in strings(value) if any(pair in text for pair in pairs)]
    kept = {name: repr(value) for part in (model, model._page, model._gate) for name, value in vars(part).items()}
    return found + [name for name, text in kept.items() if digits in text]


def test_every_key_is_one_input(ui: Ui) -> None:
    view = ui.show(PIN)
    for key in ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "backspace", "clear"):
        ui.tap(f"key_{key}")
    assert keyed(ui) == [*"1234567890", ERASE, CLEAR]
    assert {given.serial for given in answers(ui) if isinstance(given, Keyed)} == {view.serial}


def test_the_same_digit_twice_is_two_digits_however_fast(open_ui: OpenUi) -> None:
    ui = open_ui(settle_s=0.3)
    ui.show(PIN)
    ui.wait(lambda: not ui.quick.property("animating"))
    for digit in "1122":
        QTest.mouseClick(ui.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, ui.point(f"key_{digit}"))
    assert keyed(ui) == [*"1122"]


def test_the_second_half_of_a_double_tap_keys_nothing(open_ui: OpenUi) -> None:
    ui = open_ui(settle_s=0.4)
    ui.show(HOME)
    ui.show(PIN)
    QTest.mouseClick(ui.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, ui.point("key_5"))
    assert keyed(ui) == []
    ui.tap("key_5")  # waits until the page has settled
    assert keyed(ui) == ["5"]


def test_digits_go_on_after_each_view_of_the_page(ui: Ui) -> None:
    ui.show(PIN)
    page = ui.of_type("KsPinPage")
    enter(ui, DIGITS)
    assert keyed(ui) == [*DIGITS]
    assert ui.of_type("KsPinPage") == page


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier])
def test_a_real_keypad_works(ui: Ui, modifier: Qt.KeyboardModifier) -> None:
    view = ui.show(PIN)
    for number in range(10):
        QTest.keyClick(ui.quick, Qt.Key(Qt.Key.Key_0 + number), modifier)
    ui.key(Qt.Key.Key_Backspace)
    ui.key(Qt.Key.Key_Delete)
    QTest.keyClick(ui.quick, Qt.Key.Key_Enter, modifier)
    assert keyed(ui) == [*"0123456789", ERASE, CLEAR]
    assert answers(ui)[-1] == Chosen(view.serial, "confirm")


def test_a_key_that_is_held_down_is_one_digit(ui: Ui) -> None:
    ui.show(PIN)
    for repeated in (False, True, True):
        press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_4, Qt.KeyboardModifier.NoModifier, "4", autorep=repeated)
        QGuiApplication.sendEvent(ui.quick, press)
    assert keyed(ui) == ["4"]


def test_arrows_walk_and_space_and_enter_press_what_they_came_to(ui: Ui) -> None:
    ui.show(PIN)
    assert ui.focus() == "pin_field"
    ui.key(Qt.Key.Key_Right)  # shows where the focus is
    ui.key(Qt.Key.Key_Right, 5)
    assert ui.focus() == "key_5"
    ui.key(Qt.Key.Key_Space)
    ui.key(Qt.Key.Key_Down)
    ui.key(Qt.Key.Key_Return)
    assert ui.focus() == "key_8"
    assert keyed(ui) == ["5", "8"]


def test_the_walk_goes_from_one_to_nine_then_zero(ui: Ui) -> None:
    ui.show(PIN)
    ui.key(Qt.Key.Key_Right)
    walked = []
    for _ in range(13):
        ui.key(Qt.Key.Key_Right)
        walked.append(ui.focus())
    assert walked == [*(f"key_{digit}" for digit in "1234567890"), "key_clear", "key_backspace", "option_confirm"]


def test_enter_after_typing_confirms_and_presses_no_key_again(ui: Ui) -> None:
    view = ui.show(PIN)
    ui.key(Qt.Key.Key_Right, 4)
    assert ui.focus().startswith("key_")
    ui.key(Qt.Key.Key_7)
    assert ui.focus() == "pin_field"
    ui.key(Qt.Key.Key_Return)
    assert answers(ui) == [Keyed(view.serial, "7"), Chosen(view.serial, "confirm")]


def test_digits_under_an_overlay_are_nobodys(ui: Ui) -> None:
    ui.show(PIN, overlay=IDLE)
    ui.key(Qt.Key.Key_4)
    assert keyed(ui) == []


def test_digits_typed_elsewhere_are_signs_of_life_only(ui: Ui) -> None:
    ui.show(HOME)
    ui.key(Qt.Key.Key_4)
    assert ui.given == [Touched()]


def test_back_and_every_option_work_beside_the_keypad(ui: Ui) -> None:
    view = ui.show(PIN_LAST)
    ui.tap("option_stop")
    ui.change(page=PIN_LAST)
    ui.tap("back")
    assert answers(ui) == [Chosen(view.serial, "stop"), WentBack(view.serial)]


def test_dots_and_words_say_how_many(ui: Ui) -> None:
    ui.show(replace(PIN, entered=3))
    assert "3 cijfers" in ui.words()
    ui.change(page=replace(PIN, entered=1))
    assert "1 cijfer" in ui.words()


def test_the_next_action_is_filled_once_there_are_enough_digits(ui: Ui) -> None:
    ui.show(replace(PIN, entered=3))
    assert ui.find("option_confirm").property("strong") is False
    ui.change(page=replace(PIN, entered=4))
    assert ui.find("option_confirm").property("strong") is True


@pytest.mark.parametrize("size", TextSize)
@pytest.mark.parametrize("panel", PANELS)
def test_keys_are_large_and_apart(open_ui: OpenUi, panel: str, size: TextSize) -> None:
    model = PANELS[panel]
    ui = open_ui(model)
    for page in (PIN, PIN_LAST):
        ui.show(page, "de", Look(size=size))
        keys = [seen.rect for seen in ui.buttons() if seen.name.startswith("key_")]
        assert len(keys) == 12
        assert min(min(key.width(), key.height()) for key in keys) >= 20 * model.px_per_mm - 0.5
        columns, rows = sorted({key.x() for key in keys}), sorted({key.y() for key in keys})
        gaps = [columns[1] - columns[0] - keys[0].width(), rows[1] - rows[0] - keys[0].height()]
        assert min(gaps) >= 2.5 * model.px_per_mm - 0.5


def test_keys_keep_their_place_when_news_comes(open_ui: OpenUi) -> None:
    for model in (DEMO_COLUMN, DEMO_COUNTER):
        ui = open_ui(model)
        places = []
        for page in (PIN, PIN_WRONG):
            ui.show(page)
            ui.draw()
            places.append([seen.rect for seen in ui.buttons() if seen.name.startswith("key_")])
        assert places[0] == places[1]


@pytest.mark.parametrize("contrast", Contrast)
def test_news_has_icon_and_border_beside_its_colour(ui: Ui, contrast: Contrast) -> None:
    ui.show(PIN_WRONG, look=Look(contrast=contrast))
    (news,) = ui.of_type("KsNews")
    assert news.property("sign") == "warning"
    assert ui.find("news").property("text") == "De pincode is niet juist. Nog 2 pogingen over."
    ui.show(PIN)
    assert ui.of_type("KsNews") == []


@pytest.mark.parametrize("by", ["touch", "keys"])
def test_no_digit_stays_in_any_property(ui: Ui, by: str) -> None:
    ui.show(PIN)
    if by == "touch":
        enter(ui, DIGITS)
    else:
        for digit in DIGITS:
            ui.key(Qt.Key(Qt.Key.Key_0 + int(digit)))
    assert keyed(ui) == [*DIGITS]
    assert traces(ui) == []
    assert {repr(given) for given in answers(ui)} == {"Keyed(serial=1)"}


def test_control_a_digit_that_stays_is_found(ui: Ui) -> None:
    ui.show(PIN)
    ui.find("pin_entered").setProperty("text", DIGITS)
    assert "pin_entered.text" in traces(ui)
    ui.show(HOME)
    ui.show(PIN)
    assert traces(ui) == []
    ui.window.model._page._plain["query"] = DIGITS  # type: ignore[union-attr]
    assert ".words" in traces(ui)


def test_an_assistive_program_reads_how_many_and_nothing_more(ui: Ui) -> None:
    ui.show(PIN)
    enter(ui, DIGITS)
    field = next(node for node in nodes(ui) if node.role() == QAccessible.Role.EditableText)
    assert field.text(QAccessible.Text.Name) == "Uw pincode"
    assert field.text(QAccessible.Text.Value) == "4 cijfers"
    assert not [node for node in nodes(ui) if "83" in node.text(QAccessible.Text.Value)]


def test_aloud_only_the_number_of_digits_is_said(ui: Ui) -> None:
    ui.show(PIN, look=ALOUD)
    ui.speaker.said.clear()
    enter(ui, DIGITS)
    ui.key(Qt.Key.Key_Right, 8)
    ui.key(Qt.Key.Key_Space)
    ui.change(page=replace(PIN, entered=5))
    said = [utterance.text for utterance in ui.speaker.said]
    assert said == ["1 cijfer", "2 cijfers", "3 cijfers", "4 cijfers", "5 cijfers"]


def test_keys_that_are_no_digits_are_named(ui: Ui) -> None:
    ui.show(PIN, look=ALOUD)
    ui.speaker.said.clear()
    ui.key(Qt.Key.Key_Right, 14)
    assert [utterance.text for utterance in ui.speaker.said] == ["Wissen", "Laatste cijfer wissen", "Bevestigen"]


def test_to_a_headset_keys_are_named_when_they_are_reached_and_not_when_they_are_pressed(ui: Ui) -> None:
    ui.speaker.private = True
    ui.show(PIN, look=ALOUD)
    ui.speaker.said.clear()
    ui.key(Qt.Key.Key_Right, 3)
    ui.key(Qt.Key.Key_Space)
    ui.change(page=replace(PIN, entered=1))
    assert [utterance.text for utterance in ui.speaker.said] == ["1", "2", "1 cijfer"]


def test_the_page_tells_how_to_find_the_keys_where_they_are_not_named(ui: Ui) -> None:
    ui.show(PIN, look=ALOUD)
    told = [utterance.text for utterance in ui.speaker.said]
    assert ui.texts.spoken(PIN.title, "nl") == told[0]
    assert any("worden niet voorgelezen" in text for text in told)
    assert told[-1] == "0 cijfers"


def test_a_page_of_the_keypad_is_a_pin_page() -> None:
    assert isinstance(PIN, PinPage)
