"""Box to first ticket, scripted: a fresh folder is set up, the kiosk starts, a ticket comes out.

Devices and back office are simulated at the other end of their cables and run before the clock does. Not for: a
technician's own time, which is the longer part.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kiosk.demo.world import World
from tests.bench.column import CONTACT_POINT, Failed
from tests.bench.figures import Figure, Goal, Judged
from tests.setup.rigs import Site

_LIMIT_S = 120
_TAKE_A_TICKET = "1\n2\n1\n1\n1\n"
"""Language, theme, service, number, done: what a citizen chooses."""


def box_to_first_ticket(folder: Path, times: int) -> list[Figure]:
    """`zuil setup --answers`, then `zuil run --text` until its ticket is out."""
    samples = [_once(folder) for _ in range(times)]
    how = (
        "`zuil setup --answers` as a new process in a folder without settings: looks at the machine, checks every "
        "answer, writes the settings file, joins the back office over HTTP with a proved key, fetches numbers, prints "
        "both test pages, asks the payment terminal, and runs the doctor on the column"
    )
    whole = (
        "the same, then `zuil run --text` as a new process and the answers of a citizen, until that process ended with "
        "the ticket's paper out of the simulated printer"
    )
    return [
        Figure("setup, its own work", "s", tuple(own for own, _ in samples), how, Goal(60.0, Judged.MEDIAN)),
        Figure("box → first ticket, scripted", "s", tuple(total for _, total in samples), whole),
    ]


def _once(folder: Path) -> tuple[float, float]:
    with (
        tempfile.TemporaryDirectory(dir=folder.resolve()) as name,
        World(Path(name), open_now=CONTACT_POINT, attests=True) as world,
    ):
        site = Site.at(world)
        if world.attests is None:
            raise Failed("the world has no payment terminal")
        answers = site.answers(
            terminal={"uri": world.attests.terminal.uri},
            sheet_printer={"uri": world.attests.printer.uri},
            practice={"clock_shift_seconds": world.clock_shift},
        )
        began = time.perf_counter()
        _zuil("setup", "--config", str(site.settings), "--answers", str(answers))
        own = time.perf_counter() - began
        papers = len(world.papers())
        _zuil("run", "--text", "--config", str(site.settings), typed=_TAKE_A_TICKET)
        total = time.perf_counter() - began
        if (papers, len(world.papers())) != (1, 2):
            raise Failed(f"{papers} test pages, then {len(world.papers()) - papers} tickets came out")
    return own, total


def _zuil(*words: str, typed: str = "") -> None:
    command = [sys.executable, "-m", "kiosk.cli", *words]
    done = subprocess.run(command, input=typed, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    if done.returncode:
        raise Failed(f"zuil {words[0]}: {(done.stderr or done.stdout)[-1500:]}")
