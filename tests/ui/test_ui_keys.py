"""Keys alone are enough: every item is reached, seen, named and pressed without a finger."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface

from kiosk.core.pages import Chosen, Look, Page, TextSize, Tool, ToolUsed, Touched, Typed, WentBack
from kiosk.ui.samples import ALL, HOME, IDLE, PAGES, SEARCH, SHEET, TICKET
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from tests.ui.conftest import OpenUi
from tests.ui.driver import Ui

PLAIN_PAGES = {name: page for name, (page, overlay) in PAGES.items() if overlay is None}


def answers(ui: Ui) -> list[object]:
    return [given for given in ui.given if not isinstance(given, Touched)]


def nodes(ui: Ui) -> list[QAccessibleInterface]:
    """Every node an assistive technology meets."""
    QAccessible.setActive(True)
    found: list[QAccessibleInterface] = []
    queue = [QAccessible.queryAccessibleInterface(ui.quick)]
    while queue:
        node = queue.pop()
        if node is None or node.state().invisible:
            continue
        found.append(node)
        queue += [node.child(at) for at in range(node.childCount())]
    return found


@pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_Tab], ids=["right", "tab"])
@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_keys_reach_everything_in_order(ui: Ui, name: str, key: Qt.Key) -> None:
    ui.show(PLAIN_PAGES[name], look=Look(size=TextSize.LARGE))
    wanted = {seen.name for seen in ui.buttons()}
    visited = []
    for _ in range(len(wanted) + 3):
        ui.key(key)
        visited.append(ui.focus())
    assert wanted <= set(visited)
    options = [f"option_{option.id}" for option in PLAIN_PAGES[name].options]
    walked = [item for item in dict.fromkeys(visited) if item in options]
    assert sorted(walked, key=options.index) in (walked, walked[1:] + walked[:1], walked[-1:] + walked[:-1])


def test_options_come_first_then_back_then_languages_then_tools(ui: Ui) -> None:
    ui.show(SHEET)
    walked = []
    for _ in range(14):
        ui.key(Qt.Key.Key_Right)
        walked.append(ui.focus())
    assert walked[:5] == ["option_way:0", "option_way:1", "option_way:2", "back", "language_nl"]
    assert walked[8] == "tool_text_size"
    assert walked[13] == "tool_start_over"


def test_left_walks_the_other_way_round(ui: Ui) -> None:
    ui.show(SHEET)
    ui.key(Qt.Key.Key_Right, 2)
    ui.key(Qt.Key.Key_Left, 2)
    assert ui.focus() == "tool_start_over"


def test_the_ring_is_for_key_users_only(ui: Ui) -> None:
    ui.show(SHEET)
    assert ui.of_type("KsFocusRing") == []
    ui.key(Qt.Key.Key_Right)
    rings = ui.of_type("KsFocusRing")
    assert len(rings) == 1
    assert rings[0].parentItem().objectName() == ui.focus() == "option_way:0"


def test_the_ring_follows_to_the_next_page(ui: Ui) -> None:
    ui.show(HOME)
    ui.key(Qt.Key.Key_Right)
    ui.key(Qt.Key.Key_Space)
    ui.show(SHEET)
    assert [ring.parentItem().objectName() for ring in ui.of_type("KsFocusRing")] == ["option_way:0"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_space_and_enter_press(ui: Ui, key: Qt.Key) -> None:
    view = ui.show(SHEET)
    ui.key(Qt.Key.Key_Right, 2)
    ui.key(key)
    assert answers(ui) == [Chosen(view.serial, "way:1")]


def test_escape_is_back_and_f1_is_help(ui: Ui) -> None:
    view = ui.show(SHEET)
    ui.key(Qt.Key.Key_F1)
    ui.key(Qt.Key.Key_Escape)
    assert answers(ui) == [ToolUsed(Tool.HELP), WentBack(view.serial)]


def test_pages_of_a_menu_turn_by_keys(ui: Ui) -> None:
    ui.show(ALL)
    for _ in range(40):
        ui.key(Qt.Key.Key_Right)
        if ui.focus() == "next_page":
            break
    ui.key(Qt.Key.Key_Space)
    assert "Pagina 2 van" in ui.words()


def test_up_and_down_change_the_row_of_the_keyboard(ui: Ui) -> None:
    ui.show(SEARCH)
    ui.key(Qt.Key.Key_Right)
    for _ in range(5):
        ui.key(Qt.Key.Key_Right)
    before = ui.focus()
    ui.key(Qt.Key.Key_Down)
    below = ui.focus()
    ui.key(Qt.Key.Key_Up)
    assert before.startswith("key_")
    assert below.startswith("key_")
    assert below != before == ui.focus()


def test_a_real_keyboard_types_into_the_field(ui: Ui) -> None:
    view = ui.show(SEARCH)
    ui.key(Qt.Key.Key_A)
    ui.key(Qt.Key.Key_B)
    ui.key(Qt.Key.Key_Backspace)
    assert answers(ui) == [Typed(view.serial, "a"), Typed(view.serial, "ab"), Typed(view.serial, "a")]


def test_the_warning_has_the_focus_and_keeps_it(ui: Ui) -> None:
    view = ui.show(SHEET, overlay=IDLE)
    assert ui.focus() == "option_stay"
    ui.key(Qt.Key.Key_Right)
    assert ui.focus() == "option_leave"
    ui.key(Qt.Key.Key_Right)
    assert ui.focus() == "option_stay"
    ui.key(Qt.Key.Key_Escape)
    ui.key(Qt.Key.Key_Return)
    assert answers(ui) == [Chosen(view.serial, "stay")]


def test_any_key_is_a_sign_of_life(ui: Ui) -> None:
    ui.show(HOME)
    ui.key(Qt.Key.Key_A)
    assert ui.given == [Touched()]


@pytest.mark.parametrize("model", [DEMO_COLUMN, DEMO_COUNTER], ids=["column", "counter"])
@pytest.mark.parametrize("name", PAGES)
def test_names_roles_and_one_heading(open_ui: OpenUi, name: str, model: object) -> None:
    ui = open_ui(model)
    page, overlay = PAGES[name]
    ui.show(page, "de", overlay=overlay)
    found = nodes(ui)
    headings = [node for node in found if node.role() == QAccessible.Role.Heading]
    assert [node.text(QAccessible.Text.Name) for node in headings] == [
        ui.texts.spoken(overlay.page.title if overlay else page.title, "de")
    ]
    for node in found:
        assert "\u00ad" not in node.text(QAccessible.Text.Name)
        if node.state().focusable and node.role() != QAccessible.Role.Window:
            assert node.text(QAccessible.Text.Name), node.role()


def test_languages_are_radio_buttons_and_tools_say_their_state(ui: Ui) -> None:
    ui.show(HOME, "fr", Look(size=TextSize.LARGE))
    radio = [node for node in nodes(ui) if node.role() == QAccessible.Role.RadioButton]
    assert [(node.text(QAccessible.Text.Name), bool(node.state().checked)) for node in radio][::-1] == [
        ("Nederlands", False),
        ("Français", True),
        ("English", False),
        ("Deutsch", False),
    ]
    boxes = {
        n.text(QAccessible.Text.Name): bool(n.state().checked)
        for n in nodes(ui)
        if n.role() == QAccessible.Role.CheckBox
    }
    assert boxes["Texte plus grand"] is True
    assert boxes["Contraste élevé"] is False


def test_an_assistive_press_chooses(ui: Ui) -> None:
    view = ui.show(TICKET, "en")
    done = next(node for node in nodes(ui) if node.text(QAccessible.Text.Name) == "Done")
    done.actionInterface().doAction("Press")
    ui.settle()
    assert answers(ui) == [Chosen(view.serial, "done")]


def test_facts_number_and_code_are_in_the_tree(ui: Ui) -> None:
    ui.show(TICKET, "en")
    names = {node.text(QAccessible.Text.Name) for node in nodes(ui)}
    assert {"A042", "Where to wait", "Waiting room B, first floor", "QR code"} <= names


def test_control_a_page_without_title_fails_the_heading_rule(ui: Ui) -> None:
    from dataclasses import replace

    from kiosk.ui.samples import same

    page: Page = replace(SHEET, title=same(""))
    ui.show(page)
    headings = [n for n in nodes(ui) if n.role() == QAccessible.Role.Heading and n.text(QAccessible.Text.Name)]
    assert headings == []
