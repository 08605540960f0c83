"""The dock: every lever moves something real, by name, from the object and from the page."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from PIL import Image

from drivers.card_contract import CardFailed, CardKind, CardProblem, CardRead, CheckName, Slot
from drivers.cards.address import parse_reader
from drivers.cards.driver import BeidDriver
from drivers.cards.opening import CardFilesAtHand, open_cards
from drivers.contract import Line, PaperDocument, Printed, Reason, Refused
from drivers.printers.opening import open_printer
from kiosk.demo.cards import CONDITION, SLOT
from kiosk.demo.dock import Dock, UnknownLever
from kiosk.demo.dock_page import dock_routes
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import NETWORK, PRINTER, World
from tests.drivers.card_bench import EVERYTHING

UNKNOWN = [
    ("printer", "on-fire"),
    ("toaster", "ok"),
    ("network", ""),
    ("card", "visa"),
    ("card", ""),
    ("card-condition", "adult"),
    ("card-condition", "folded"),
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as world:
        yield world


@pytest.fixture
def dock(world: World) -> Iterator[Dock]:
    column = KioskProcess(world.column("districtshuis"), ("--text",))
    dock = Dock(world, column, {"Counter page": "/counter"})
    world.serve_also(dock_routes(dock))
    yield dock
    column.finish()


@pytest.fixture
def reader(world: World) -> Iterator[BeidDriver]:
    """The column's card reader, in the hands of the test; the column itself does not run."""
    files = CardFilesAtHand(world.cards.trust, specimens=True)
    driver = open_cards(parse_reader(world.cards.reader), files, lambda: datetime.now(UTC))()
    assert isinstance(driver, BeidDriver)
    yield driver
    driver.close()


def until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 10
    while not true():
        assert time.monotonic() < limit
        threading.Event().wait(0.01)


def holds(reader: BeidDriver, kind: CardKind | None) -> Slot:
    """Look, as the runner does, until the slot holds that."""
    until(lambda: reader.status().usable and reader.slot.card is kind)
    return reader.slot


def failed_checks(reader: BeidDriver) -> tuple[CheckName, ...]:
    read = reader.read(EVERYTHING, lambda _: None)
    assert isinstance(read, CardRead), read
    return tuple(check.name for check in read.verdict.failed)


def lever(dock: Dock, name: str) -> str:
    return {each.id: each.now for each in dock.state().levers}[name]


def printed(world: World) -> object:
    """What a printer driver gets when it prints now."""
    driver = open_printer(world.printer.uri)()
    result = driver.print("job", PaperDocument((Line("A042", scale=4),)))
    driver.close()
    return result


def test_printer_lever(world: World, dock: Dock) -> None:
    assert isinstance(printed(world), Printed)
    dock.set("printer", "cover-open")
    assert printed(world) == Refused(Reason.COVER_OPEN, printed(world).raw)
    dock.set("printer", "ok")
    assert isinstance(printed(world), Printed)


def test_every_state_can_be_set_and_is_shown(dock: Dock) -> None:
    for name, states in (("card-condition", CONDITION), ("card", SLOT), ("printer", PRINTER), ("network", NETWORK)):
        for state in states:
            dock.set(name, state)
            assert lever(dock, name) == state


def test_network_lever(world: World, dock: Dock) -> None:
    health = f"{world.sync_url}/health"
    assert requests.get(health, timeout=5).json() == {"status": "UP"}
    dock.set("network", "portal")
    assert "log in" in requests.get(health, timeout=5).text
    dock.set("network", "cut")
    with pytest.raises(requests.ConnectionError):
        requests.get(health, timeout=5)


def test_card_lever(dock: Dock, reader: BeidDriver) -> None:
    assert holds(reader, None).insertion == 0
    dock.set("card", "adult")
    assert holds(reader, CardKind.EID) == Slot(CardKind.EID, 1)
    assert failed_checks(reader) == ()
    dock.set("card", "bank")
    assert holds(reader, CardKind.BANK) == Slot(CardKind.BANK, 2)
    dock.set("card", "out")
    assert holds(reader, None) == Slot(None, 2)


def test_condition_of_the_card_lever(dock: Dock, reader: BeidDriver) -> None:
    dock.set("card-condition", "address-changed")
    assert holds(reader, None).insertion == 0, "no card comes of it"
    dock.set("card", "adult")
    holds(reader, CardKind.EID)
    assert failed_checks(reader) == (CheckName.ADDRESS_SIGNATURE,)
    dock.set("card-condition", "ok")
    until(lambda: reader.status().usable and reader.slot == Slot(CardKind.EID, 2))
    assert failed_checks(reader) == ()


def test_a_card_that_somebody_pulls_is_out_for_the_dock_too(dock: Dock, reader: BeidDriver) -> None:
    dock.set("card-condition", "pulled-mid-read")
    dock.set("card", "adult")
    holds(reader, CardKind.EID)
    assert lever(dock, "card") == "adult"
    failed = reader.read(EVERYTHING, lambda _: None)
    assert isinstance(failed, CardFailed)
    assert failed.problem is CardProblem.REMOVED
    until(lambda: lever(dock, "card") == "out")
    dock.set("card-condition", "ok")
    assert lever(dock, "card") == "out", "nobody put it in again"
    dock.set("card", "adult")
    holds(reader, CardKind.EID)
    assert failed_checks(reader) == ()


def test_an_unknown_lever_is_named(dock: Dock) -> None:
    for name, state in UNKNOWN:
        with pytest.raises(UnknownLever, match=r"there are card: \[.*printer: \["):
            dock.set(name, state)


def test_the_page_shows_state_and_paper_and_moves_levers(world: World, dock: Dock) -> None:
    page = f"{world.server.url}/dock"
    assert "dock.js" in requests.get(page, timeout=5).text
    assert requests.get(f"{page}/dock.js", timeout=5).headers["content-type"].startswith("text/javascript")
    assert requests.get(f"{page}/state", timeout=5).json()["papers"] == 0
    assert requests.get(f"{page}/paper/1", timeout=5).status_code == 404
    printed(world)
    picture = Image.open(io.BytesIO(requests.get(f"{page}/paper/1", timeout=5).content))
    assert picture.width >= 576
    moved = requests.post(f"{page}/printer/paper-low", timeout=5).json()
    assert {lever["id"]: lever["now"] for lever in moved["levers"]}["printer"] == "paper-low"
    assert requests.post(f"{page}/printer/on-fire", timeout=5).status_code == 404


def test_power_cut_and_restart_bring_the_column_back(dock: Dock) -> None:
    assert not dock.state().column_running
    dock.set("column", "on")
    assert dock.state().column_running
    dock.set("column", "power-cut")
    assert dock.state().column_running
    dock.set("column", "restart")
    assert dock.state().column_running
