"""A real badge, byte by byte: at either reader it leads to its owner's PIN and no further."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from config.column import load_column
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from kiosk.app import Kiosk
from kiosk.clock import DrivenClock, settle
from kiosk.demo.cards import EMPTY_S, OUT, _free_port
from kiosk.demo.world import STAFF, World
from kiosk.terminal.script_screen import ScriptScreen
from tests.app.test_staff_card import until
from tests.journeys.world import MONDAY_MORNING

AN, BEN = STAFF[0][3], STAFF[1][3]


async def served(world: World, settings: Path, story: Callable[[ScriptScreen], Awaitable[None]]) -> None:
    """Serve that column while the story is played."""
    screen = ScriptScreen(world.texts)
    kiosk = Kiosk(load_column(settings), world.texts, DrivenClock(MONDAY_MORNING))
    serving = asyncio.create_task(kiosk.serve(screen))
    try:
        await until(screen, "Districtshuis")
        await story(screen)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def key(screen: ScriptScreen, code: str) -> None:
    screen.key(code)
    await settle()
    screen.touch("confirm")


async def at_the_card_reader(world: World, screen: ScriptScreen) -> None:
    put_in = partial(asyncio.to_thread, world.cards.put_in)
    screen.knock()
    await until(screen, "eerst uw badge")
    for name, says in (("badge-random", "geen vast nummer"), ("badge-silent", "geen vast nummer")):
        await put_in(name)
        await until(screen, "Neem uw kaart")
        await put_in(OUT)
        await until(screen, says)
    await put_in("badge-desfire")
    await until(screen, "Neem uw kaart")
    await put_in(OUT)
    await until(screen, "Uw kaart is herkend")
    await key(screen, AN)
    await until(screen, "Deze code klopt niet")
    await key(screen, BEN)
    await until(screen, "This kiosk works")


async def at_its_own_reader(own: VpcdCard, screen: ScriptScreen) -> None:
    screen.touch("nl")
    await until(screen, "Alle diensten")
    screen.knock()
    await until(screen, "uw badge")
    await asyncio.to_thread(own.insert, card_named("badge", MONDAY_MORNING.date()))
    await until(screen, "Uw kaart is herkend")
    await key(screen, AN)
    await until(screen, "Deze zuil werkt")


@pytest.mark.expects_log("zuil.sync", "zuil.card")
def test_a_badge_and_the_code_of_its_owner_let_in_and_nothing_less(tmp_path: Path) -> None:
    with World(tmp_path, clock=DrivenClock(MONDAY_MORNING)) as world:
        settings = world.column("districtshuis")
        asyncio.run(served(world, settings, partial(at_the_card_reader, world)))
        port = _free_port()
        reader = f'[staff]\nreader = "virtual://127.0.0.1:{port}"'
        settings.write_text(settings.read_text().replace("[staff]", reader))
        with VpcdCard("127.0.0.1", port, empty_seconds=EMPTY_S) as own:
            asyncio.run(served(world, settings, partial(at_its_own_reader, own)))
