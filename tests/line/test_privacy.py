"""Marked persons through every flow of the real kiosk process, and then a search through everything it wrote.

Only the screen may have shown them; no database, log, paper, event or crash report may hold a trace in any form.
"""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.simulated.card.files import Place
from drivers.simulated.card.people import people
from drivers.simulated.card.registry import card_named
from kiosk.demo.cards import OUT
from kiosk.demo.world import World
from tests.line.power_cuts import until

MARKED = ("adult", "adult-fr", "foreigner", "other-municipality", "kids-id")
"""Persons with a name, an address and numbers of their own; each goes through another flow."""

SURE = 12
"""Letters of base64 that do not stand in a certificate by chance."""

PHOTO_PIECE = 24
"""Bytes of a photo, from its middle, that nothing else would hold by chance."""


class Terminal:
    """The kiosk as text: what stands on its screen is found by words, as a person would."""

    def __init__(self, settings: Path, screen: Path, errors: Path) -> None:
        self._screen = screen
        with screen.open("wb") as sink, errors.open("wb") as complaints:
            self.process = subprocess.Popen(
                [sys.executable, "-X", "faulthandler", "-m", "kiosk.cli", "run", "--text", "--config", str(settings)],
                stdin=subprocess.PIPE,
                stdout=sink,
                stderr=complaints,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        self._seen = 0
        self.sees("[1]")

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def type(self, line: str) -> None:
        """Answer the screen; what is looked for next must be newer."""
        self._seen = len(self._text())
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def sees(self, words: str) -> None:
        """Wait until something new on the screen holds these words."""
        until(lambda: words in self._text()[self._seen :], f"the screen does not say {words!r}")

    def news(self) -> None:
        """Everything so far is old."""
        self._seen = len(self._text())

    def choose(self, words: str) -> None:
        """Choose the option with these words."""
        self.sees(words)
        page = self._text().rpartition("\n== ")[2]
        mark = re.search(rf"^\[(\w+)\] {re.escape(words)}", page, re.MULTILINE)
        assert mark, f"no option {words!r} on the page: {page}"
        self.type(mark[1])

    def end(self, how: signal.Signals) -> int:
        """End it, and say how it ended."""
        self.process.send_signal(how)
        return self.process.wait(30)

    def _text(self) -> str:
        return self._screen.read_text(errors="replace")


def to_the_reader(terminal: Terminal, service: str) -> None:
    terminal.choose("Alle diensten")
    terminal.choose(service)
    terminal.choose("Doe het hier met uw kaart")
    terminal.sees("Steek uw identiteitskaart in de lezer")


def put_in(world: World, terminal: Terminal, card: str) -> None:
    terminal.news()
    world.cards.put_in(card)
    terminal.sees("Klopt dit?")


def take_out(world: World, terminal: Terminal, then: str) -> None:
    terminal.news()
    world.cards.put_in(OUT)
    terminal.sees(then)


def every_flow(world: World, terminal: Terminal) -> None:
    """Confirmed, pulled out, a wrong and a right PIN, started over, and left at the review when the end comes."""
    terminal.type("/nl")
    to_the_reader(terminal, "Uw kaart bekijken")
    put_in(world, terminal, "adult")
    terminal.choose("Ja, verder")
    terminal.choose("Klaar")
    terminal.sees("Neem uw kaart")
    take_out(world, terminal, "Waarmee kunnen we u helpen?")
    to_the_reader(terminal, "Uw kaart bekijken")
    put_in(world, terminal, "foreigner")
    take_out(world, terminal, "U hebt uw kaart uit de lezer genomen")
    terminal.choose("Begrepen")
    terminal.type("0")
    terminal.type("/nl")
    to_the_reader(terminal, "Uw pincode proberen")
    put_in(world, terminal, "adult-fr")
    terminal.choose("Ja, naar de pincode")
    terminal.sees("Geef uw pincode")
    terminal.type("918273")
    terminal.choose("Bevestigen")
    terminal.sees("Nog 2 pogingen over")
    terminal.type("1234")
    terminal.choose("Bevestigen")
    terminal.sees("Uw pincode is juist")
    terminal.choose("Klaar")
    take_out(world, terminal, "Waarmee kunnen we u helpen?")
    to_the_reader(terminal, "Uw kaart bekijken")
    put_in(world, terminal, "kids-id")
    terminal.type("0")
    terminal.sees("Neem uw kaart")
    take_out(world, terminal, "[1] Nederlands")
    terminal.type("/nl")
    to_the_reader(terminal, "Uw kaart bekijken")
    put_in(world, terminal, "other-municipality")


def traces(world: World) -> dict[str, list[bytes]]:
    """What may not be found, by what it is, in every form in which a program writes text or bytes."""
    today = world.now().date()
    known = people(today)
    found: dict[str, list[bytes]] = {"pin": [b"918273"]}
    for name in MARKED:
        who = known[name]
        texts = (who.surname, who.given_names, who.national_number, who.card_number, who.home.street)
        found |= {f"{name}: {text}": list(forms(text.encode())) for text in texts if len(text) > 5}
        photo = card_named(name, today).card.chip.files[Place.PHOTO]
        middle = photo[len(photo) // 2 :][:PHOTO_PIECE]
        found[f"{name}: photo"] = list(forms(middle))
    return found


def forms(content: bytes) -> Iterator[bytes]:
    """As it stands, hexadecimal, base64 at each offset, and text in other encodings."""
    yield content
    yield content.hex().encode()
    yield content.hex().upper().encode()
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + content)
        piece = encoded[4 if offset else 0 : -4]
        if len(piece) >= SURE:
            yield piece
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    yield text.encode("utf-16-le")
    yield text.encode("unicode_escape")
    yield text.encode("latin-1", errors="replace")


def search(paths: list[Path], wanted: dict[str, list[bytes]]) -> set[str]:
    """Which of the traces stand in which files."""
    found = set()
    for path in paths:
        content = path.read_bytes()
        for what, written in wanted.items():
            if any(form in content for form in written):
                found.add(f"{path.name}: {what}")
    return found


@pytest.mark.parametrize("how", [signal.SIGABRT, signal.SIGTERM])
def test_nothing_a_person_is_known_by_is_ever_written(tmp_path: Path, how: signal.Signals) -> None:
    screen = tmp_path / "screen.txt"
    with World(tmp_path / "world", open_now="districtshuis") as world:
        settings = world.column("districtshuis")
        settings.write_text(settings.read_text().replace("[log]", '[log]\nlevel = "debug"'))
        terminal = Terminal(settings, screen, tmp_path / "errors.txt")
        with terminal:
            limits = Path(f"/proc/{terminal.process.pid}/limits").read_text()
            assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE), "no crash may leave its memory"
            every_flow(world, terminal)
            assert terminal.end(how) == (0 if how is signal.SIGTERM else -how)
        wanted = traces(world)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path != screen]
    names = {path.name for path in files}
    assert {"kiosk.db", "backoffice.db", "zuil.log", "errors.txt"} <= names, "the search covers all that is written"
    assert search(files, wanted) == set()
    shown = search([screen], wanted)
    for name in MARKED:
        assert any(name in found for found in shown), (
            f"the flow of {name} never had a person: the search proves nothing"
        )


def test_the_search_finds_every_form(tmp_path: Path) -> None:
    """The control: each form, in the middle of something else, is found."""
    wanted = {"name": list(forms("Łęcki-Testpersoon".encode()))}
    for number, form in enumerate(forms("Łęcki-Testpersoon".encode())):
        leak = tmp_path / f"{number}.db"
        leak.write_bytes(b"\x00\x01" + form + b"\xff")
        assert search([leak], wanted) == {f"{number}.db: name"}
    for offset in range(3):
        leak = tmp_path / f"base64-{offset}"
        leak.write_bytes(base64.b64encode(b"abc"[:offset] + "Łęcki-Testpersoon".encode() + b"tail"))
        assert search([leak], wanted), offset
