"""The port between two loops: journeys on another thread, drawing on this one, nothing lost, nothing stale."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import replace

from PySide6.QtGui import QGuiApplication

from kiosk.core.pages import Chosen, Input, Keyed, ToolUsed, Touched, Typed, View
from kiosk.journeys.ports import Screen
from kiosk.ui.gate import current
from kiosk.ui.sample_cards import PIN
from kiosk.ui.samples import FOUND, HOME, SEARCH, SHEET
from kiosk.ui.screen import QtScreen
from tests.ui.driver import Ui

LANGUAGES = ("nl", "fr")


def on_thread(work: Callable[[], Coroutine[None, None, object]]) -> Future[object]:
    """Run a coroutine in a loop of its own on another thread, as journeys do."""
    done: Future[object] = Future()

    def run() -> None:
        try:
            done.set_result(asyncio.run(work()))
        except Exception as problem:  # noqa: BLE001 - handed to the test
            done.set_exception(problem)

    threading.Thread(target=run, name="journeys").start()
    return done


def test_it_is_a_screen() -> None:
    screen: Screen = QtScreen()
    assert isinstance(screen, QtScreen)


def test_a_journey_on_another_thread_shows_and_reads(ui: Ui) -> None:
    async def journey() -> list[Input]:
        given: list[Input] = []
        ui.screen.show(View(1, HOME, "nl", LANGUAGES))
        while not isinstance(given[-1:] and given[-1], Chosen):
            given.append(await ui.screen.read())
        ui.screen.show(View(2, SHEET, "nl", LANGUAGES))
        while not isinstance(given[-1], ToolUsed):
            given.append(await ui.screen.read())
        return [g for g in given if not isinstance(g, Touched)]

    done = on_thread(journey)
    ui.wait(lambda: ui.quick.property("pageName") == "menu")
    ui.tap("option_all")
    ui.wait(lambda: ui.quick.property("pageName") == "sheet")
    ui.tap("tool_help")
    ui.wait(done.done)
    assert [type(given).__name__ for given in done.result()] == ["Chosen", "ToolUsed"]


def test_only_the_newest_of_many_views_is_drawn() -> None:
    drawn: list[View] = []
    screen = QtScreen()
    screen.attach(type("Stage", (), {"show": staticmethod(drawn.append)})())
    for serial in range(1, 500):
        screen.show(View(serial, HOME, "nl", LANGUAGES))
    QGuiApplication.processEvents()
    assert [view.serial for view in drawn] == [499]


def test_a_view_shown_before_there_is_a_window_is_drawn_when_it_comes() -> None:
    drawn: list[View] = []
    screen = QtScreen()
    screen.show(View(1, HOME, "nl", LANGUAGES))
    screen.attach(type("Stage", (), {"show": staticmethod(drawn.append)})())
    assert [view.serial for view in drawn] == [1]


async def test_what_answers_an_older_page_is_dropped() -> None:
    screen = QtScreen()
    screen.show(View(5, HOME, "nl", LANGUAGES))
    screen.give(Chosen(4, "all"))
    screen.give(Chosen(5, "search"))
    assert await screen.read() == Chosen(5, "search")


async def test_control_without_the_rule_the_stale_answer_would_come_first() -> None:
    stale = Chosen(4, "all")
    assert current(stale, View(4, HOME, "nl", LANGUAGES)) == stale
    assert current(stale, View(5, HOME, "nl", LANGUAGES)) is None


async def test_a_page_that_changes_under_a_waiting_answer_makes_it_stale() -> None:
    screen = QtScreen()
    screen.show(View(1, HOME, "nl", LANGUAGES))
    reading = asyncio.ensure_future(screen.read())
    await asyncio.sleep(0)
    screen.give(Chosen(1, "all"))
    screen.show(View(2, SHEET, "nl", LANGUAGES))
    screen.give(Chosen(2, "way:0"))
    assert await reading == Chosen(2, "way:0")


async def test_of_several_states_of_a_field_the_last_counts_and_takes_the_newest_serial() -> None:
    screen = QtScreen()
    screen.show(View(8, FOUND, "nl", LANGUAGES))
    for text in ("a", "ak", "akt"):
        screen.give(Typed(7, text))
    assert await screen.read() == Typed(8, "akt")


async def test_typing_is_stale_once_the_search_is_gone() -> None:
    screen = QtScreen()
    screen.show(View(8, SHEET, "nl", LANGUAGES))
    screen.give(Typed(7, "akt"))
    screen.give(Touched())
    assert await screen.read() == Touched()


async def test_every_key_of_a_keypad_arrives_in_order() -> None:
    screen = QtScreen()
    screen.show(View(3, PIN, "nl", LANGUAGES))
    for key in "1122":
        screen.give(Keyed(3, key))
    assert [await screen.read() for _ in range(4)] == [Keyed(3, key) for key in "1122"]


async def test_keys_are_stale_once_the_keypad_is_gone() -> None:
    screen = QtScreen()
    screen.show(View(4, SHEET, "nl", LANGUAGES))
    screen.give(Keyed(3, "1"))
    screen.give(Touched())
    assert await screen.read() == Touched()


async def test_a_cancelled_read_loses_nothing() -> None:
    screen = QtScreen()
    screen.show(View(1, HOME, "nl", LANGUAGES))
    reading = asyncio.ensure_future(screen.read())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    screen.give(Chosen(1, "all"))
    assert await screen.read() == Chosen(1, "all")


def test_what_comes_after_the_loop_ended_does_no_harm() -> None:
    screen = QtScreen()
    screen.show(View(1, SEARCH, "nl", LANGUAGES))
    screen.give(Touched())
    on_thread(screen.read).result(timeout=5)
    screen.give(Touched())


def test_two_thousand_answers_arrive_in_order() -> None:
    screen = QtScreen()
    screen.show(View(1, HOME, "nl", LANGUAGES))

    async def read_all() -> list[Input]:
        return [await screen.read() for _ in range(2000)]

    done = on_thread(read_all)
    sent = [replace(Chosen(1, ""), option=str(number)) for number in range(2000)]
    for given in sent:
        screen.give(given)
    assert done.result(timeout=10) == sent
