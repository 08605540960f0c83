"""A real card, byte by byte: the line `zuil staff card` prints lets its owner in, and somebody else's card nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.column import load_column
from kiosk.app import Kiosk
from kiosk.cli import assemble
from kiosk.clock import DrivenClock, settle
from kiosk.demo.cards import OUT
from kiosk.demo.world import World
from kiosk.terminal.script_screen import ScriptScreen
from tests.journeys.world import MONDAY_MORNING

LIMIT_S = 60.0


async def until(screen: ScriptScreen, words: str, also: Callable[[], None] = lambda: None) -> None:
    limit = time.monotonic() + LIMIT_S
    while not any(words in line for line in screen.lines()):
        assert time.monotonic() < limit, f"{words}: {screen.lines()}"
        also()
        await asyncio.sleep(0.02)
        await settle()


async def played(world: World, settings: Path, card: str, words: str) -> None:
    """Knock, put that card in, and wait for those words; the card is taken out as soon as it is asked for."""
    clock = DrivenClock(MONDAY_MORNING)
    screen = ScriptScreen(world.texts)
    serving = asyncio.create_task(Kiosk(load_column(settings), world.texts, clock).serve(screen))
    try:
        await until(screen, "Districtshuis")
        screen.knock()
        await until(screen, "steek uw eID")
        await asyncio.to_thread(world.cards.put_in, card)
        await until(screen, "Neem uw kaart")
        await asyncio.to_thread(world.cards.put_in, OUT)
        await until(screen, words)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.mark.expects_log("zuil.sync", "zuil.card")
def test_the_card_of_somebody_in_the_settings_lets_them_in_and_another_does_not(tmp_path: Path) -> None:
    with World(tmp_path, clock=DrivenClock(MONDAY_MORNING)) as world:
        settings = world.column("districtshuis")
        world.cards.put_in("adult")
        said = CliRunner().invoke(assemble(), ["staff", "card", "cas", "--config", str(settings)])
        assert said.exit_code == 0, said.output
        mark = said.output.rpartition("\n# ")[2].rpartition("card = ")[2].strip()
        world.cards.put_in(OUT)
        table = f'\n[[staff.people]]\nid = "cas"\nrole = "technician"\nlanguage = "en"\ncard = {mark}\n'
        settings.write_text(settings.read_text() + table)
        asyncio.run(played(world, settings, "adult-fr", "Deze kaart geeft geen toegang."))
        asyncio.run(played(world, settings, "adult", "This kiosk works"))
