"""Cut the power of the real kiosk process, again and again, and see what it still owes anybody.

The kiosk is `zuil run --text` with the real store, printer bytes and sync; power is cut by SIGKILL at a random moment
of taking tickets. Afterwards it starts once more and hands everything over.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from kiosk.demo.world import World
from kiosk.store.journal_file import JournalFile
from sync.backoffice import schema

LABEL = re.compile(rb"^   ((?:DEMO-)?[A-Z]\d{3}(?:-\w+)?)$", re.MULTILINE)
NUMBER = re.compile(r"\b(?:DEMO-)?[A-Z]\d{3}(?:-\w+)?\b")
TAKE = "/nl\n1\n2\n1\n1\n2\n"
"""Begin, all services, the first service, its first way, another question: one ticket, then home again."""
LIMIT_S = 30


@dataclass
class Ledger:
    """What people were promised, and what became of it.

    Attributes:
        shown: numbers that stood on the screen.
        papers: numbers on papers that came out.
        held: numbers the back office holds.
        unbroken: whether every hash chain in the journal verifies.
    """

    kills: int = 0
    shown: set[str] = field(default_factory=set)
    papers: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    unbroken: bool = False

    def debts(self) -> dict[str, object]:
        """Everything that may not be: lost, doubled or unproven numbers."""
        return {
            "shown but not held": sorted(self.shown - set(self.held)),
            "printed but not held": sorted(set(self.papers) - set(self.held)),
            "two papers with one number": sorted(n for n, count in Counter(self.papers).items() if count > 1),
            "held twice": sorted(n for n, count in Counter(self.held).items() if count > 1),
            "broken chain": [] if self.unbroken else ["journal"],
        }


class Column:
    """One run of the kiosk process."""

    def __init__(self, settings: Path, output: Path) -> None:
        self._output = output
        with output.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kiosk.cli", "run", "--text", "--config", str(settings)],
                stdin=subprocess.PIPE,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    def shown(self) -> list[str]:
        """Numbers on the screen so far."""
        return [found.decode() for found in LABEL.findall(self._output.read_bytes())]

    def wait_until_up(self) -> None:
        """Until the first page is shown."""
        until(lambda: b"[1]" in self._output.read_bytes(), "the column did not start")

    def type(self, text: str) -> None:
        """Answer the screen."""
        assert self.process.stdin
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def cut(self) -> None:
        """Pull the plug."""
        self.process.kill()
        self._reap()

    def stop(self) -> None:
        """End in order."""
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(LIMIT_S) == 0

    def _reap(self) -> None:
        self.process.wait(LIMIT_S)
        if self.process.stdin:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                return


def until(true: Callable[[], bool], otherwise: str) -> None:
    """Wait for another process to make something true."""
    limit = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < limit, otherwise
        time.sleep(0.01)


def cut_power(folder: Path, kills: int, seed: int) -> Ledger:
    """Run the kiosk `kills` times, each cut off in the middle, then once to the end.

    Args:
        folder: empty folder for the world.
        seed: makes the moments of the cuts repeatable.
    """
    chance, ledger = random.Random(seed), Ledger(kills)
    with World(folder, open_now="districtshuis") as world:
        settings = world.column("districtshuis")
        for number in range(kills):
            column = Column(settings, folder / f"run-{number}.txt")
            column.wait_until_up()
            column.type(TAKE * 40)
            time.sleep(chance.uniform(0.05, 0.6))
            column.cut()
            ledger.shown.update(column.shown())
        _hand_over(world, settings, folder)
        ledger.papers = [number for text in world.papers() for number in NUMBER.findall(text)]
        ledger.held = _held(world)
        with JournalFile(settings.parent / "kiosk.db") as journal:
            ledger.unbroken = all(verdict.broken is None for verdict in journal.verify())
    return ledger


def _hand_over(world: World, settings: Path, folder: Path) -> None:
    column = Column(settings, folder / "last-run.txt")
    column.wait_until_up()
    until(lambda: _pending(settings) == 0, "the outbox was not handed over")
    column.stop()
    world.printer.settle()


def _pending(settings: Path) -> int:
    with JournalFile(settings.parent / "kiosk.db") as journal:
        return sum(1 for stored in journal.events() if stored.state == "pending")


def _held(world: World) -> list[str]:
    with world.office.database.read() as connection:
        return [str(row.label) for row in connection.execute(select(schema.ticket.c.label))]
