"""The kiosk in a terminal: what is printed and what a line typed means."""

from __future__ import annotations

import asyncio
import io

import pytest

from kiosk.core.pages import (
    Chosen,
    Input,
    MenuPage,
    NoticePage,
    Option,
    Overlay,
    SearchPage,
    Tool,
    ToolUsed,
    Touched,
    Typed,
    View,
    WentBack,
)
from kiosk.core.texts import LANGUAGES, message
from kiosk.terminal.text_screen import TextScreen
from tests.journeys.world import KeyTexts, everywhere

MENU = MenuPage(title=everywhere("Menu"), options=(Option("a", everywhere("Apple")), Option("b", everywhere("Pear"))))
SEARCH = SearchPage(title=everywhere("Search"), options=(Option("a", everywhere("Apple")),))


def view(page: MenuPage | SearchPage, *, overlay: Overlay | None = None) -> View:
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
