"""The demo as people start it: text in a terminal, windows on a display, and an end that leaves nothing."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from PIL import Image

from tests.demo.demo_process import DemoProcess, virtual_display

PAPER = "#f6f4ef"
LOOK = """
import json, sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
picture = app.primaryScreen().grabWindow(0).toImage()
at = lambda x, y: picture.pixelColor(x, y).name()
print(json.dumps({"kiosk": at(300, 320), "dock": at(1910, 300), "desk": at(900, 5)}))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def demo(data: Path) -> Iterator[DemoProcess]:
    with DemoProcess(data, "--text") as demo:
        yield demo


def test_a_ticket_a_power_cut_and_a_clean_end(demo: DemoProcess) -> None:
    demo.shows("Nederlands")
    demo.type("1")
    demo.shows("Alle diensten")
    demo.type("2")
    demo.shows("Alle diensten van A tot Z")
    demo.type("1")
    demo.shows("Neem een nummer")
    demo.type("1")
    demo.shows("Neem uw ticket.")
    demo.until(lambda: demo.dock()["papers"] == 1, "the paper")
    picture = requests.get(f"{demo.url}/dock/paper/1", timeout=10)
    assert Image.open(io.BytesIO(picture.content)).width >= 576

    before = demo.column().pid
    demo.move("column", "power-cut")
    demo.shows("Nederlands")
    assert demo.column().pid != before
    assert demo.dock()["column_running"] is True
    assert demo.end() == 0


def test_a_card_put_in_at_the_dock_is_read_and_a_power_cut_does_not_lose_it(demo: DemoProcess) -> None:
    go_to_the_card_page(demo)
    sees(demo, "Steek uw identiteitskaart in de lezer")
    demo.move("card", "adult-de")
    sees(demo, "Naam: Jürgen Björn Müller-Beispiel")
    touch(demo, "Ja, verder")
    touch(demo, "Klaar")
    sees(demo, "Neem uw kaart")

    before = demo.column().pid
    demo.move("column", "power-cut")
    assert lever(demo, "card") == "adult-de"
    assert demo.column().pid != before
    demo.until(lambda: has_card(demo.column()), "the card, back in the slot")
    go_to_the_card_page(demo)
    sees(demo, "Mogen we uw kaart lezen?")
    assert not any("Müller" in line for line in demo.lines), "nobody said yes yet"
    touch(demo, "Ja, lees")
    sees(demo, "Naam: Jürgen Björn Müller-Beispiel")

    demo.move("card", "out")
    sees(demo, "U hebt uw kaart uit de lezer genomen")
    assert lever(demo, "card") == "out"
    assert demo.end() == 0


def test_without_a_display_it_says_so_and_is_a_text_screen(data: Path) -> None:
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    with DemoProcess(data, environment=nowhere) as demo:
        assert any("no display" in line for line in demo.lines)
        demo.shows("Nederlands")
        assert "levers" in demo.dock()
        assert demo.end() == 0


def test_windows_open_side_by_side_and_close_with_the_demo(data: Path, tmp_path: Path) -> None:
    with virtual_display(tmp_path) as display, DemoProcess(data, environment=display) as demo:
        demo.until(lambda: both_windows(display), "both windows")
        assert colours(display)["desk"] == "#000000", "between the windows there is nothing"
        demo.move("column", "restart")
        demo.until(lambda: both_windows(display), "the kiosk's window, again")
        assert demo.end() == 0


def test_closing_the_kiosk_ends_the_demo(data: Path, tmp_path: Path) -> None:
    with virtual_display(tmp_path) as display, DemoProcess(data, environment=display) as demo:
        demo.until(lambda: both_windows(display), "both windows")
        demo.column().terminate()
        assert demo.wait() == 0
        assert not any("goes on" in line for line in demo.said())


def both_windows(display: dict[str, str]) -> bool:
    """Whether kiosk and dock are painted, left and right."""
    seen = colours(display)
    return seen["kiosk"] == seen["dock"] == PAPER


def colours(display: dict[str, str]) -> dict[str, str]:
    """What stands at three places of the display."""
    looked = subprocess.run(
        [sys.executable, "-c", LOOK], env={**os.environ, **display}, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(looked.stdout)
    return found


def go_to_the_card_page(demo: DemoProcess) -> None:
    """From the first page to what is done with a card, by the words on the pages."""
    for words in ("Nederlands", "Alle diensten", "Uw kaart bekijken", "Doe het hier met uw kaart"):
        touch(demo, words)


def has_card(column: psutil.Process) -> bool:
    """Whether a card is connected with the column's virtual slot, the only place where it listens."""
    lines = column.net_connections("tcp")
    slots = {line.laddr.port for line in lines if line.status == psutil.CONN_LISTEN}
    return any(line.laddr.port in slots for line in lines if line.status == psutil.CONN_ESTABLISHED)


def sees(demo: DemoProcess, words: str) -> None:
    """Wait until something stands there, and leave it there for `touch`."""
    demo.until(lambda: any(words in line for line in demo.said()), repr(words))


def touch(demo: DemoProcess, words: str) -> None:
    """Wait for an option that begins with these words, and type its number."""
    offered = re.compile(rf"\[(\d+)\] {words}")
    found: list[str] = []

    def there() -> bool:
        found[:] = [match[1] for line in demo.said() if (match := offered.match(line))]
        return bool(found)

    demo.until(there, f"the option '{words}'")
    demo.lines.clear()
    demo.type(found[-1])


def lever(demo: DemoProcess, name: str) -> object:
    """The state of a lever as the dock's page gets it."""
    levers = demo.dock()["levers"]
    assert isinstance(levers, list)
    return {each["id"]: each["now"] for each in levers}[name]
