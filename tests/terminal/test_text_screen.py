"""The kiosk in a terminal: what is printed and what a line typed means."""

from __future__ import annotations

import asyncio
import io
import os
import termios
from dataclasses import replace

import pytest

from config.texts import load_texts
from kiosk.core.pages import (
    CLEAR,
    CardPage,
    CardPicture,
    Chosen,
    Input,
    Keyed,
    MenuPage,
    NoticePage,
    Option,
    Overlay,
    Page,
    PinPage,
    SearchPage,
    Section,
    Tone,
    Tool,
    ToolUsed,
    Touched,
    Typed,
    View,
    WentBack,
)
from kiosk.core.texts import LANGUAGES, message
from kiosk.terminal.draw import Drawing
from kiosk.terminal.script_screen import NotOnScreen, ScriptScreen
from kiosk.terminal.text_screen import KNOCK, TextScreen
from tests.journeys.world import KeyTexts, everywhere

MENU = MenuPage(title=everywhere("Menu"), options=(Option("a", everywhere("Apple")), Option("b", everywhere("Pear"))))
PIN = PinPage(
    title=everywhere("Code"),
    options=(Option("confirm", everywhere("Confirm")), Option("stop", everywhere("Stop"))),
    news=everywhere("Wrong"),
    tone=Tone.WARNING,
)
SEARCH = SearchPage(title=everywhere("Search"), options=(Option("a", everywhere("Apple")),))


def view(page: Page, *, overlay: Overlay | None = None) -> View:
    return View(7, page, "nl", LANGUAGES, overlay=overlay)


async def answer(line: str, shown: View, *, practice: bool = False) -> tuple[Input, str]:
    """What `line` means while `shown` is on screen, and everything printed."""
    out = io.StringIO()
    screen = TextScreen(KeyTexts(), io.StringIO(line + "\n"), out, practice=practice)
    screen.show(shown)
    screen.start()
    return await asyncio.wait_for(screen.read(), 5), out.getvalue()


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("1", Chosen(7, "a")),
        ("2", Chosen(7, "b")),
        ("<", WentBack(7)),
        ("?", ToolUsed(Tool.HELP)),
        ("0", ToolUsed(Tool.START_OVER)),
        ("/de", ToolUsed(Tool.LANGUAGE, "de")),
        ("", Touched()),
    ],
)
async def test_lines_on_a_menu(line: str, meaning: Input) -> None:
    assert (await answer(line, view(MENU)))[0] == meaning


async def test_anything_else_is_explained_and_not_answered() -> None:
    given, printed = await answer("9\nbanana\n1", view(MENU))
    assert given == Chosen(7, "a")
    assert printed.count("text.number") == 3


async def test_words_on_a_search_page_are_the_query() -> None:
    assert (await answer("pasport", view(SEARCH)))[0] == Typed(7, "pasport")


async def test_a_notice_on_top_takes_the_answer() -> None:
    notice = NoticePage(title=message("idle.title"), options=(Option("stay", everywhere("Stay")),), back=False)
    given, printed = await answer("1", view(MENU, overlay=Overlay(notice, 20)))
    assert given == Chosen(7, "stay")
    assert "Apple" not in printed


async def test_practice_is_said_on_every_page() -> None:
    assert "practice.screen" in (await answer("1", view(MENU), practice=True))[1]
    assert "practice.screen" not in (await answer("1", view(MENU)))[1]


async def test_a_countdown_is_not_printed_every_second() -> None:
    out = io.StringIO()
    screen = TextScreen(KeyTexts(), io.StringIO(), out)
    notice = NoticePage(title=message("idle.title"), back=False)
    for seconds in (20, 19, 18):
        screen.show(view(MENU, overlay=Overlay(notice, seconds)))
    assert out.getvalue().count("idle.title") == 1


async def test_the_end_of_the_input_counts_only_after_every_line_was_answered() -> None:
    screen = TextScreen(KeyTexts(), io.StringIO("1\n"), io.StringIO())
    screen.show(view(MENU))
    screen.start()
    assert await asyncio.wait_for(screen.read(), 5) == Chosen(7, "a")
    assert not screen.ended.is_set()
    reading = asyncio.create_task(screen.read())
    await asyncio.wait_for(screen.ended.wait(), 5)
    reading.cancel()


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("1234", Keyed(7, "1234")),
        ("0", Keyed(7, "0")),
        ("1", Keyed(7, "1")),
        ("x", Keyed(7, CLEAR)),
        ("a", Chosen(7, "confirm")),
        ("b", Chosen(7, "stop")),
        ("<", WentBack(7)),
        ("?", ToolUsed(Tool.HELP)),
        ("q", ToolUsed(Tool.START_OVER)),
        ("/de", ToolUsed(Tool.LANGUAGE, "de")),
    ],
)
async def test_lines_beside_a_keypad(line: str, meaning: Input) -> None:
    given, printed = await answer(line, view(PIN))
    assert given == meaning
    assert "[a] nl Confirm" in printed
    assert "ui.pin.line" in printed
    assert "q nl:text.start_over" in printed


async def test_a_pin_is_neither_printed_nor_kept() -> None:
    out = io.StringIO()
    screen = TextScreen(KeyTexts(), io.StringIO("8361\n83x61\na\n"), out)
    screen.show(view(PIN))
    screen.start()
    assert await asyncio.wait_for(screen.read(), 5) == Keyed(7, "8361")
    screen.show(view(replace(PIN, entered=4)))
    assert await asyncio.wait_for(screen.read(), 5) == Chosen(7, "confirm")
    assert "ui.pin.entered count=4" in out.getvalue()
    assert "83" not in out.getvalue()
    assert "8361" not in repr(vars(screen))


async def test_other_signs_beside_a_keypad_are_explained() -> None:
    given, printed = await answer("banana\n12 34\n²\n1234", view(PIN))
    assert given == Keyed(7, "1234")
    assert printed.count("ui.pin.line") == 4


async def test_a_notice_over_a_keypad_takes_numbers_again() -> None:
    notice = NoticePage(title=message("idle.title"), options=(Option("stay", everywhere("Stay")),), back=False)
    given, printed = await answer("1", view(PIN, overlay=Overlay(notice, 20)))
    assert given == Chosen(7, "stay")
    assert "ui.pin.line" not in printed


def test_the_terminal_shows_nothing_that_is_typed_while_a_pin_is_asked() -> None:
    main, end = os.openpty()
    with os.fdopen(main), os.fdopen(end) as source:
        screen = TextScreen(KeyTexts(), source, io.StringIO())

        def shows() -> bool:
            return bool(termios.tcgetattr(source.fileno())[3] & termios.ECHO)

        shown = []
        for page in (MENU, PIN, replace(PIN, entered=4), MENU):
            screen.show(view(page))
            shown.append(shows())
        assert shown == [True, False, False, True]


def test_a_card_page_is_its_picture_in_words_its_progress_and_what_is_read() -> None:
    page = CardPage(
        title=everywhere("Card"),
        subtitle=everywhere("Leave it in"),
        picture=CardPicture.READING,
        sections=(Section(everywhere("We read"), (everywhere("Name"),)),),
        done=2,
        of=4,
    )
    lines = Drawing(KeyTexts()).lines(view(page))
    assert lines == [
        "== nl Card ==",
        "nl Leave it in",
        "(nl:ui.card.reading)",
        "nl:ui.card.progress done=2 of=4",
        "-- nl We read",
        "   * nl Name",
    ]
    assert "! nl Leave it in" in Drawing(KeyTexts()).lines(view(replace(page, tone=Tone.WARNING)))


@pytest.mark.parametrize("picture", CardPicture)
def test_every_picture_has_words_in_every_language(picture: CardPicture) -> None:
    texts = load_texts()
    words = {language: texts.spoken(message(f"ui.card.{picture.value}"), language) for language in LANGUAGES}
    assert len(set(words.values())) == len(LANGUAGES)
    assert not [text for text in words.values() if "ui." in text]


def test_a_script_presses_keys_one_by_one() -> None:
    screen = ScriptScreen(KeyTexts())
    screen.show(view(PIN))
    screen.key("12<x")
    assert [asyncio.run(screen.read()) for _ in range(4)] == [Keyed(7, key) for key in "12<x"]


def test_a_script_finds_no_keypad_on_other_pages() -> None:
    screen = ScriptScreen(KeyTexts())
    screen.show(view(MENU))
    with pytest.raises(NotOnScreen, match="no keypad"):
        screen.key("1")


async def test_a_line_of_its_own_is_the_gesture_of_staff_and_no_input() -> None:
    screen = TextScreen(KeyTexts(), io.StringIO(f"{KNOCK}\n1\n"), io.StringIO())
    knocks: list[int] = []
    screen.on_knock(lambda: knocks.append(1))
    screen.show(view(MENU))
    screen.start()
    assert await screen.read() == Chosen(7, "a")
    assert knocks == [1]


async def test_nothing_on_the_text_screen_tells_of_the_gesture() -> None:
    _, printed = await answer("1", view(MENU))
    assert KNOCK not in printed
