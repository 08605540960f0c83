"""The dock's hand at a column: it sees and touches what a person does, and what it recorded plays again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from config.column import load_column
from kiosk.app import Kiosk
from kiosk.demo.day import NOBODY, Day
from kiosk.demo.dock import RECORDINGS, CannotMove, Dock
from kiosk.demo.play import play_file
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.visitors import Visitor, Wish
from kiosk.demo.world import World
from kiosk.terminal.glimpse import Act
from kiosk.terminal.script_screen import ScriptScreen

pytestmark = [pytest.mark.expects_log("zuil.sync", "zuil.printer"), pytest.mark.timeout(120)]
TICKET = ("nl", "all", "service:passport", "way:0", "done")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "demo", open_now="districtshuis") as world:
        yield world


async def until(true: Callable[[], object], what: str) -> None:
    for _ in range(1500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited in vain for {what}")


@asynccontextmanager
async def column(world: World, dock: Dock) -> AsyncIterator[ScriptScreen]:
    """A column that serves in this process, with the dock's hand at its screen."""
    screen = ScriptScreen(world.texts)
    settings = await asyncio.to_thread(world.column, "districtshuis")
    serving = asyncio.create_task(Kiosk(load_column(settings), world.texts, world._clock).serve(screen))
    try:
        await until(lambda: dock.hand.glimpse is not None, "the hand")
        yield screen
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.fixture
def dock(world: World) -> Iterator[Dock]:
    with Dock(world, KioskProcess(world.folder / "none"), {}) as dock:
        yield dock


async def test_the_hand_sees_and_touches(world: World, dock: Dock) -> None:
    async with column(world, dock) as screen:
        seen = dock.hand.glimpse
        assert seen is not None
        assert (seen.moment, seen.kind, seen.options[0]) == ("welcome", "welcome", "nl")
        dock.hand.do(Act("touch", ("fr",)))
        await until(lambda: screen.page.kind == "menu", "the first page")
        await until(lambda: dock.hand.glimpse and dock.hand.glimpse.moment == "home", "the same at the dock")
        assert dock.hand.glimpse is not None
        assert dock.hand.glimpse.language == "fr"
        dock.hand.do(Act("nonsense", ("x",)))
        dock.hand.do(Act("tool", ("text_size",)))
        await until(lambda: screen.view is not None and screen.view.look.size.value == "large", "larger text")
    await until(lambda: dock.hand.glimpse is None, "the column to be gone")
    dock.hand.do(Act("touch", ("nl",)))


async def test_what_is_recorded_plays_again(world: World, dock: Dock, tmp_path: Path) -> None:
    async with column(world, dock) as screen:
        await asyncio.to_thread(dock.set, "printer", "paper-low")
        await asyncio.to_thread(dock.set, "record", "on")
        for name in TICKET[:-1]:
            await until(lambda name=name: screen.page.option(name), name)
            before = screen.view
            screen.touch(name)
            await until(lambda before=before: screen.view is not before, f"what follows {name}")
        await until(lambda: len(world.printer.papers) == 1, "the paper")
        await until(lambda: dock.hand.glimpse and dock.hand.glimpse.kind == "ticket", "the ticket at the dock")
        await asyncio.to_thread(dock.set, "printer", "ok")
        screen.touch("done")
        await until(lambda: dock.hand.glimpse and dock.hand.glimpse.moment == "welcome", "the attract screen")
        with pytest.raises(CannotMove, match="recording"):
            dock.set("visitors", "quiet-day")
        await asyncio.to_thread(dock.set, "record", "off")
    [kept] = (world.folder / RECORDINGS).glob("*.visit")
    lines = kept.read_text().splitlines()
    assert kept.read_text() == dock.recording
    assert dock.state().recorded
    for step in ("printer paper-low", "touch nl", "papers 1", "printer ok", "touch done"):
        assert step in [line.replace("'", "") for line in lines], lines
    assert any(line.startswith("see ") for line in lines)
    await asyncio.to_thread(lambda: asyncio.run(play_file(kept, tmp_path / "again")))


async def test_a_recording_begins_at_the_attract_screen(world: World, dock: Dock) -> None:
    with pytest.raises(CannotMove, match="attract screen"):
        dock.set("record", "on")
    async with column(world, dock) as screen:
        screen.touch("nl")
        await until(lambda: dock.hand.glimpse and dock.hand.glimpse.moment == "home", "the first page")
        with pytest.raises(CannotMove, match="attract screen"):
            dock.set("record", "on")
        assert not dock.state().recorded


async def test_visitors_come_and_go_by_themselves(world: World, dock: Dock) -> None:
    day = Day(dock.hand, world.cards, speed=1e6)
    people = [
        Visitor(0, "nl", Wish("ticket", TICKET)),
        Visitor(1, "de", Wish("ticket", ("de", *TICKET[1:]), leaves_after=2), ("contrast",)),
        Visitor(2, "fr", Wish("card", ("fr", "all", "service:card-check", "way:0", "confirm", "done"), "adult-fr")),
    ]
    async with column(world, dock):
        day.begin(people)
        assert await asyncio.to_thread(day.wait, 60)
    assert (day.counts.came, day.counts.stayed, day.counts.left, day.counts.turned_away) == (3, 2, 1, 0)
    assert day.name == NOBODY
    assert len(world.printer.papers) == 1
    assert world.cards.card == "out", "they take their cards home"


async def test_a_script_moves_levers_at_its_moment(world: World, dock: Dock) -> None:
    async with column(world, dock) as screen:
        dock.set("script", "portal")
        await until(lambda: world.network_state == "portal", "the portal")
        dock.set("script", "none")
        world.set_network("open")
        dock.set("script", "network-cut-while-paying")
        screen.touch("nl")
        await until(lambda: dock.hand.glimpse and dock.hand.glimpse.moment == "home", "the first page")
        assert world.network_state == "open", "nobody pays"
        assert {each.id: each.now for each in dock.state().levers}["script"] == "network-cut-while-paying"
        dock.set("script", "none")
