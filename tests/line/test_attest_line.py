"""Attests along the whole line: asked off line at one column and got at another, and a document that proves itself."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from click.testing import Result
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from typer.testing import CliRunner

from config.column import load_column
from kiosk.app import Kiosk
from kiosk.cli import assemble
from kiosk.clock import DrivenClock, settle
from kiosk.core.pages import PinPage, TicketPage
from kiosk.demo.cards import OUT
from kiosk.demo.play import PATIENCE_S
from kiosk.demo.world import World
from kiosk.terminal.script_screen import ScriptScreen
from sync.backoffice import schema
from sync.backoffice.trust import revoke_attest, trust_list
from sync.protocol.canonical import unb64url

pytestmark = [pytest.mark.expects_log("zuil.sync", "zuil.printer"), pytest.mark.timeout(120)]

MONDAY = datetime(2026, 11, 23, 10, 24, tzinfo=ZoneInfo("Europe/Brussels"))


class Stand:
    """Somebody at one column of a world; screens are waited for, because devices and network are real."""

    def __init__(self, world: World, clock: DrivenClock) -> None:
        self.world = world
        self.screen = ScriptScreen(world.texts)
        self._clock = clock

    async def sees(self, words: str) -> None:
        """Until a line of the screen holds these words."""
        for _ in range(int(PATIENCE_S / 0.02)):
            if any(words in line for line in self.screen.lines()):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never saw {words!r}; on screen:\n" + "\n".join(self.screen.lines()))

    async def touch(self, name: str, then: str) -> None:
        """Choose an option, and see what follows."""
        self.screen.touch(name)
        await self.sees(then)

    async def to_the_card(self, service: str, use: str | None = None, *, begun: bool = False) -> None:
        """From the attract screen, or from the first page of a visit, to the reader."""
        if not begun:
            await self.touch("nl", "Waarmee kunnen we u helpen?")
        await self.touch("all", "== Alle diensten")
        await self.touch(f"service:{service}", "Vraag het attest hier" if use else "met uw code")
        if use:
            await self.touch("way:0", "Waarvoor hebt u het nodig?")
            await self.touch(use, "Steek uw identiteitskaart")

    async def put_in(self, card: str, then: str) -> None:
        """Put a card in, and key its PIN where that is asked."""
        await asyncio.to_thread(self.world.cards.put_in, card)
        await self.sees(then)
        if isinstance(self.screen.page, PinPage):
            self.screen.key("1234")
            await settle()
            self.screen.touch("confirm")

    async def take_out(self, then: str) -> None:
        """Take the card home."""
        await asyncio.to_thread(self.world.cards.put_in, OUT)
        await self.sees(then)


@asynccontextmanager
async def stand(world: World, clock: DrivenClock, contact_point: str = "districtshuis") -> AsyncIterator[Stand]:
    """A column that serves."""
    settings = await asyncio.to_thread(world.column, contact_point)
    kiosk = Kiosk(load_column(settings), world.texts, clock)
    person = Stand(world, clock)
    serving = asyncio.create_task(kiosk.serve(person.screen))
    try:
        await person.sees("Raak hier aan om te beginnen")
        yield person
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.fixture
def clock() -> DrivenClock:
    return DrivenClock(MONDAY)


@pytest.fixture
def world(tmp_path: Path, clock: DrivenClock) -> AsyncIterator[World]:
    with World(tmp_path, clock=clock, attests=True) as made:
        yield made  # type: ignore[misc]


async def asked_off_line(world: World, clock: DrivenClock) -> str:
    """A household attest asked without a network; returns the code, once the back office knows of the request."""
    async with stand(world, clock) as person:
        world.set_network("cut")
        await person.to_the_card("household-composition", "social")
        await person.put_in("adult", "Geef uw pincode")
        await person.sees("Mogen we het register bevragen?")
        await person.touch("ask", "Neem uw kaart")
        await person.take_out("Uw vraag is bewaard")
        page = person.screen.page
        assert isinstance(page, TicketPage)
        world.set_network("open")
        for _ in range(400):
            with world.office.database.read() as connection:
                if connection.execute(select(schema.attest_request.c.id)).first():
                    return page.label
            await clock.pass_time(1)
            await asyncio.sleep(0.02)
    raise AssertionError("the request never reached the back office")


async def collecting(person: Stand, code: str, card: str, then: str, *, begun: bool = False) -> None:
    """With the code of the receipt, at any column."""
    await person.to_the_card("collect-attest", begun=begun)
    await person.touch("way:0", "Geef de code van uw bon")
    person.screen.type(code.lower())
    await person.sees("Verder met")
    await person.touch("go_on", "Steek uw identiteitskaart")
    await person.put_in(card, "Geef uw pincode")
    await person.sees(then)


async def test_an_attest_asked_off_line_is_got_later_at_another_column(world: World, clock: DrivenClock) -> None:
    code = await asked_off_line(world, clock)
    async with stand(world, clock, "bib-vertellerij") as person:
        await collecting(person, code, "adult", "Dit komt op het attest")
        await person.touch("make", "Neem uw kaart")
        await person.take_out("Uw attest ligt in de printer")
        assert world.attests is not None
        assert len(world.attests.sheets()) == 1
        for _ in range(400):
            if world.backoffice_attest("household") == ("issued", "confirmed"):
                break
            await clock.pass_time(1)
            await asyncio.sleep(0.02)
        with world.office.database.read() as connection:
            assert connection.execute(select(schema.attest_request.c.state)).scalar_one() == "issued"
        await person.touch("more", "Waarmee kunnen we u helpen?")
        await collecting(person, code, "adult", "We vinden geen vraag met die code", begun=True)
        assert len(world.attests.sheets()) == 1


async def test_somebody_else_with_the_code_learns_and_gets_nothing(world: World, clock: DrivenClock) -> None:
    code = await asked_off_line(world, clock)
    async with stand(world, clock) as person:
        await collecting(person, code, "adult-fr", "Deze code hoort bij iemand anders")
        assert not any("Voorbeeld" in line for line in person.screen.lines())


def verified(world: World, file: bytes, folder: Path) -> Result:
    """What `zuil verify` says of a PDF, by the back office's list of now."""
    attest, trust = folder / "attest.pdf", folder / "trust.json"
    attest.write_bytes(file)
    trust.write_text(json.dumps(trust_list(world.office)))
    return CliRunner().invoke(assemble(), ["verify", str(attest), "--trust", str(trust)])


async def test_a_file_is_taken_along_once_and_says_what_the_sheet_says(
    world: World, clock: DrivenClock, tmp_path: Path
) -> None:
    async with stand(world, clock) as person:
        await person.to_the_card("residence-attest", "bank")
        await person.put_in("adult", "Dit komt op het attest")
        await person.touch("make", "Neem uw kaart")
        await person.take_out("Uw attest ligt in de printer")
        await person.touch("take", "Scan de code")
        page = person.screen.page
        assert isinstance(page, TicketPage)
        address, _, key = (page.code or "").partition("#")
        assert address.startswith(f"{world.server.url}/take/")
        assert address.endswith("?lang=nl")
        content = address.replace("?lang=nl", "/content")
        telephone = await asyncio.to_thread(httpx.get, content)
        again = await asyncio.to_thread(httpx.get, content)
    assert again.status_code == 404
    file = AESGCM(unb64url(key)).decrypt(telephone.content[:12], telephone.content[12:], None)
    assert world.attests is not None
    assert len(world.attests.sheets()) == 1
    said = verified(world, file, tmp_path)
    assert said.exit_code == 0
    assert said.output == verified(world, world.attests.sheets()[0], tmp_path).output


async def test_a_sheet_proves_itself_until_it_is_revoked(world: World, clock: DrivenClock, tmp_path: Path) -> None:
    async with stand(world, clock) as person:
        await person.to_the_card("residence-attest", "bank")
        await person.put_in("adult", "Dit komt op het attest")
        await person.touch("make", "Neem uw kaart")
        await person.take_out("Uw attest ligt in de printer")
        for _ in range(400):
            if world.backoffice_attest("residence") == ("issued", "confirmed"):
                break
            await clock.pass_time(1)
            await asyncio.sleep(0.02)
    assert world.attests is not None
    [sheet] = world.attests.sheets()
    said = verified(world, sheet, tmp_path)
    assert said.exit_code == 0, said.output
    assert "Van Voorbeeld" in said.output
    assert "Grotesteenweg 150 bus 3" in said.output
    with world.office.database.read() as connection:
        attest_id = connection.execute(select(schema.attest.c.id)).scalar_one()
    revoke_attest(world.office, attest_id, "issued in error", "demo")
    said = verified(world, sheet, tmp_path)
    assert said.exit_code == 1, said.output
    assert re.search("ingetrokken|herroepen|revoked", said.output, re.IGNORECASE), said.output
