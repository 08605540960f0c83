"""Which inputs count: by serial, by time, once."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.pages import Chosen, Keyed, Look, TextSize, Tool, ToolUsed, Touched, Typed, View, WentBack
from kiosk.ui.gate import PATIENCE_S, STRIKE_S, FieldEcho, Gate, current, same_place
from kiosk.ui.sample_cards import PIN, PIN_WRONG, TAKE
from kiosk.ui.samples import FOUND, HOME, IDLE, SEARCH, SHEET, TICKET, UNPRINTED


def view(serial: int = 1, page: object = SHEET) -> View:
    return View(serial, page, "nl", ("nl", "fr"))  # type: ignore[arg-type]


def gate(settle_s: float = 0.0, shown: View | None = None) -> Gate:
    made = Gate(settle_s)
    made.shown(shown or view(), 10.0)
    return made


def test_nothing_counts_before_anything_is_shown() -> None:
    assert not Gate(0.0).admits(Chosen(1, "way:0"), 0.0)


def test_one_answer_a_view() -> None:
    made = gate()
    assert made.admits(Chosen(1, "way:0"), 10.0)
    assert not made.admits(Chosen(1, "way:0"), 10.1)
    assert not made.admits(WentBack(1), 10.1)
    assert not made.admits(ToolUsed(Tool.HELP), 10.1)
    assert made.admits(ToolUsed(Tool.CONTRAST), 10.1)


def test_a_screen_never_goes_dead() -> None:
    made = gate()
    assert made.admits(Chosen(1, "way:0"), 10.0)
    assert made.admits(Chosen(1, "way:0"), 10.0 + PATIENCE_S)


def test_another_serial_never_counts() -> None:
    assert not gate().admits(Chosen(2, "way:0"), 10.0)
    assert not gate().admits(WentBack(0), 10.0)


def test_a_young_page_takes_no_answer_but_tools_and_signs_of_life() -> None:
    made = gate(settle_s=0.3)
    assert not made.admits(Chosen(1, "way:0"), 10.2)
    assert made.admits(ToolUsed(Tool.HELP), 10.2)
    assert made.admits(Touched(), 10.2)
    assert made.admits(Chosen(1, "way:0"), 10.31)


def test_control_without_settling_the_second_half_of_a_double_tap_counts() -> None:
    assert gate(settle_s=0.0).admits(Chosen(1, "way:0"), 10.01)


def test_other_words_of_the_same_page_do_not_make_it_young() -> None:
    made = gate(settle_s=0.3)
    made.shown(replace(view(), language="fr", serial=2), 11.0)
    assert made.admits(Chosen(2, "way:0"), 11.0)


def test_an_overlay_that_comes_or_goes_makes_it_young() -> None:
    made = gate(settle_s=0.3)
    made.shown(replace(view(), overlay=IDLE), 11.0)
    assert not made.admits(Chosen(1, "stay"), 11.1)
    made.shown(replace(view(), overlay=replace(IDLE, seconds_left=19)), 11.2)
    assert made.admits(Chosen(1, "stay"), 11.31)


def test_back_counts_only_where_the_page_has_it() -> None:
    assert not gate(shown=view(page=TICKET)).admits(WentBack(1), 10.0)
    assert not gate(shown=replace(view(), overlay=IDLE)).admits(WentBack(1), 10.0)


def test_a_tool_struck_twice_counts_once() -> None:
    made = gate()
    assert made.admits(ToolUsed(Tool.TEXT_SIZE), 10.0)
    assert not made.admits(ToolUsed(Tool.TEXT_SIZE), 10.0 + STRIKE_S / 2)
    assert made.admits(ToolUsed(Tool.TEXT_SIZE), 10.0 + STRIKE_S)


def test_typing_counts_on_a_search_page_only() -> None:
    assert gate(shown=view(page=SEARCH)).admits(Typed(1, "a"), 10.0)
    assert not gate().admits(Typed(1, "a"), 10.0)


def test_keys_of_a_keypad_go_through_however_fast_and_alike() -> None:
    made = gate(shown=view(page=PIN))
    assert [made.admits(Keyed(1, key), 10.0) for key in "1122"] == [True] * 4
    assert made.admits(Chosen(1, "confirm"), 10.0)


def test_keys_count_on_their_own_keypad_only() -> None:
    assert not gate().admits(Keyed(1, "1"), 10.0)
    assert not gate(shown=view(page=PIN)).admits(Keyed(2, "1"), 10.0)
    assert not gate(shown=replace(view(page=PIN), overlay=IDLE)).admits(Keyed(1, "1"), 10.0)


def test_keys_wait_until_the_page_was_read_and_while_the_pin_is_on_its_way() -> None:
    made = gate(settle_s=0.3, shown=view(page=PIN))
    assert not made.admits(Keyed(1, "1"), 10.2)
    assert made.admits(Keyed(1, "1"), 10.4)
    assert made.admits(Chosen(1, "confirm"), 10.4)
    assert not made.admits(Keyed(1, "1"), 10.5)


def test_control_an_answer_given_twice_counts_once_where_a_key_counts_twice() -> None:
    made = gate(shown=view(page=PIN))
    assert made.admits(Chosen(1, "confirm"), 10.0)
    assert not made.admits(Chosen(1, "confirm"), 10.0)


def test_a_queued_key_holds_for_its_own_keypad_only() -> None:
    key = Keyed(1, "1")
    assert current(key, view(page=PIN)) is key
    assert current(key, view(2, PIN)) is None
    assert current(key, view()) is None
    assert current(key, replace(view(page=PIN), overlay=IDLE)) is None
    assert current(key, None) is None


def test_the_keypad_stays_in_its_place_while_digits_and_news_come() -> None:
    assert same_place(view(page=PIN), view(1, replace(PIN_WRONG, entered=3)))
    assert not same_place(view(page=PIN), view(2, TAKE))


def test_signs_of_life_are_passed_on_once_a_second() -> None:
    made = gate()
    assert [made.admits(Touched(), 10 + tenth / 10) for tenth in range(21)].count(True) == 3


def test_the_same_place_is_the_same_page_in_other_words() -> None:
    assert same_place(view(), replace(view(2), look=Look(size=TextSize.LARGE), language="fr"))
    assert same_place(view(page=SEARCH), view(2, FOUND))
    assert same_place(view(page=TICKET), view(2, UNPRINTED))
    assert not same_place(view(), view(2, HOME))
    assert not same_place(view(), view(2, replace(SHEET, options=())))
    assert not same_place(view(), view(2, replace(SHEET, title=HOME.title)))
    assert not same_place(None, view())


def test_echoes_of_typing_never_overwrite() -> None:
    echo = FieldEcho("")
    for text in ("a", "ab", "abc"):
        echo.typed(text)
    assert [echo.arrived(query) for query in ("a", "ab", "abc", "abc")] == [False] * 4
    assert echo.arrived("")
    assert echo.text == ""


def test_a_late_repeat_of_an_older_state_is_no_order() -> None:
    echo = FieldEcho("")
    echo.typed("a")
    assert not echo.arrived("")
    assert echo.text == "a"
