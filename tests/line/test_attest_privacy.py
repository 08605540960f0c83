"""Marked persons through every flow of attests, and then a search through everything written down about them.

Paper, sheets and the screen are what the person was given; nothing else may hold a trace: no database at either end, no
log, no event, no temporary file, and not the unsealer that opens what a register needs.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from drivers.simulated.card.people import people
from kiosk.demo.cards import OUT
from kiosk.demo.world import World
from sync.backoffice.registers.simulated.registry import registry
from tests.line.power_cuts import until
from tests.line.test_privacy import Terminal, forms, search, take_out

MARKED = ("adult", "adult-fr", "foreigner")
SERVICE = "Alle diensten"


def ask_for(terminal: Terminal, service: str, use: str | None) -> None:
    terminal.choose(SERVICE)
    terminal.choose(service)
    terminal.choose("Vraag het attest hier")
    if use:
        terminal.choose(use)
    terminal.sees("Steek uw identiteitskaart in de lezer")


def put_in(world: World, terminal: Terminal, card: str, then: str) -> None:
    terminal.news()
    world.cards.put_in(card)
    terminal.sees(then)


def with_pin(world: World, terminal: Terminal, card: str, then: str) -> None:
    put_in(world, terminal, card, "Geef uw pincode")
    terminal.type("1234")
    terminal.choose("Bevestigen")
    terminal.sees(then)


def every_flow(world: World, terminal: Terminal) -> None:
    """On a sheet and a telephone, on receipt paper, refused at the review, from a register, and waiting for one."""
    assert world.attests
    terminal.type("/nl")
    ask_for(terminal, "Attest van hoofdverblijfplaats", "Bank of verzekering")
    put_in(world, terminal, "adult", "Dit komt op het attest")
    terminal.choose("Ja, maak het attest")
    take_out(world, terminal, "Uw attest ligt in de printer")
    terminal.choose("Ook op uw telefoon")
    terminal.sees("Scan de code")
    terminal.choose("Terug naar uw attest")
    terminal.choose("Nog een vraag")
    world.attests.set_printer("media-empty-mid-job")
    ask_for(terminal, "Attest van nationaliteit", "Werkgever")
    put_in(world, terminal, "adult-fr", "Dit komt op het attest")
    terminal.choose("Ja, maak het attest")
    take_out(world, terminal, "Het papier is er niet uitgekomen")
    terminal.choose("Druk het op bonpapier")
    terminal.sees("Neem uw attest.")
    terminal.choose("Nog een vraag")
    ask_for(terminal, "Attest van hoofdverblijfplaats", "School")
    put_in(world, terminal, "foreigner", "Dit komt op het attest")
    terminal.choose("Er klopt iets niet")
    terminal.choose("Begrepen")
    take_out(world, terminal, "Attest van hoofdverblijfplaats")
    terminal.type("0")
    terminal.type("/nl")
    world.attests.set_printer("ok")
    log = world.folder / "log" / "zuil.log"
    until(lambda: "sheet printer: ready again" in log.read_text(), "the column never saw the tray filled")
    ask_for(terminal, "Gezinssamenstelling", "Sociaal")
    with_pin(world, terminal, "adult", "Mogen we het register bevragen?")
    terminal.choose("Ja, bevraag het register")
    terminal.choose("Ja, maak het attest")
    take_out(world, terminal, "Uw attest ligt in de printer")
    terminal.choose("Nog een vraag")
    world.set_network("cut")
    ask_for(terminal, "Gezinssamenstelling", "Sociaal")
    with_pin(world, terminal, "adult-fr", "Mogen we het register bevragen?")
    terminal.choose("Ja, bevraag het register")
    terminal.sees("Neem uw kaart")
    take_out(world, terminal, "Uw vraag is bewaard")
    world.set_network("open")
    until(lambda: _requests(world) == 2, "the request never reached the back office")


def _requests(world: World) -> int:
    from sqlalchemy import func, select

    from sync.backoffice import schema

    with world.office.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.attest_request)).scalar_one())


def traces(world: World) -> dict[str, list[bytes]]:
    """What may not be found, by what it is: everything of the cards' holders, and of whom the register told of."""
    today = world.now().date()
    known, found = people(today), {}
    for name in MARKED:
        who = known[name]
        texts = {who.surname, who.given_names, who.national_number, who.card_number, who.home.street}
        found |= {f"{name}: {text}": list(forms(text.encode())) for text in texts if len(text) > 5}
    _, household = registry(today)[known["adult"].national_number]
    for person in household.members:
        found[f"household: {person.national_number}"] = list(forms(person.national_number.encode()))
    return found


def _given_to_people(path: Path) -> bool:
    return path.parent.name in ("sheets", "papers")


@pytest.mark.timeout(180)
@pytest.mark.expects_log("zuil.sync", "zuil.printer", "zuil.backoffice")
@pytest.mark.parametrize("how", [signal.SIGABRT, signal.SIGTERM])
def test_nothing_of_an_attest_is_ever_written_save_on_paper(
    tmp_path: Path, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, scratch = tmp_path / "screen.txt", tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    with World(tmp_path / "world", open_now="districtshuis", attests=True) as world:
        settings = world.column("districtshuis")
        settings.write_text(settings.read_text().replace("[log]", '[log]\nlevel = "debug"'))
        terminal = Terminal(settings, screen, tmp_path / "errors.txt")
        with terminal:
            every_flow(world, terminal)
            written = [path for path in tmp_path.rglob("*") if path.is_file()]
            assert terminal.end(how) == (0 if how is signal.SIGTERM else -how)
        wanted = traces(world)
        world.cards.put_in(OUT)
    files = [path for path in {*written, *tmp_path.rglob("*")} if path.is_file() and path != screen]
    kept = [path for path in files if not _given_to_people(path)]
    names = {path.name for path in kept}
    assert {"kiosk.db", "backoffice.db", "zuil.log", "unsealer.log"} <= names, "the search covers all that is written"
    assert search(kept, wanted) == set()
    shown = search([screen], wanted)
    for name in MARKED:
        assert any(name in found for found in shown), f"the flow of {name} never had a person: nothing is proved"
    assert len([path for path in files if path.parent.name == "sheets"]) == 2
