"""The dock: every lever moves something real, by name, from the object and from the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from PIL import Image

from drivers.contract import Line, PaperDocument, Printed, Reason, Refused
from drivers.printers.opening import open_printer
from kiosk.demo.dock import Dock, UnknownLever
from kiosk.demo.dock_page import dock_routes
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import NETWORK, PRINTER, World


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
    for lever, states in (("printer", PRINTER), ("network", NETWORK)):
        for state in states:
            dock.set(lever, state)
            assert {each.id: each.now for each in dock.state().levers}[lever] == state


def test_network_lever(world: World, dock: Dock) -> None:
    health = f"{world.sync_url}/health"
    assert requests.get(health, timeout=5).json() == {"status": "UP"}
    dock.set("network", "portal")
    assert "log in" in requests.get(health, timeout=5).text
    dock.set("network", "cut")
    with pytest.raises(requests.ConnectionError):
        requests.get(health, timeout=5)


@pytest.mark.parametrize(("lever", "state"), [("printer", "on-fire"), ("toaster", "ok"), ("network", "")])
def test_an_unknown_lever_is_named(dock: Dock, lever: str, state: str) -> None:
    with pytest.raises(UnknownLever, match="there are printer"):
        dock.set(lever, state)


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
    assert moved["levers"][0]["now"] == "paper-low"
    assert requests.post(f"{page}/printer/on-fire", timeout=5).status_code == 404


def test_power_cut_and_restart_bring_the_column_back(dock: Dock) -> None:
    assert not dock.state().column_running
    dock.set("column", "on")
    assert dock.state().column_running
    dock.set("column", "power-cut")
    assert dock.state().column_running
    dock.set("column", "restart")
    assert dock.state().column_running
