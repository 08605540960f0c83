"""Rows of faults around a column that lives on: a broken network, a printer in trouble, at random, and its memory.

One kiosk process serves the whole season. In each spell one thing is broken, tickets are taken, the thing is mended,
and everything owed is asked for. Not for: ending processes (`kills`).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psutil
from sqlalchemy import func, select

from kiosk.demo.world import NETWORK, OK, PRINTER, World
from kiosk.store.journal_file import JournalFile
from sync.backoffice import schema
from tests.bench.figures import slope
from tests.line.power_cuts import TAKE, Column
from tests.soak.report import Row

CONTACT_POINT = "districtshuis"
_NUMBER = re.compile(r"\b(?:DEMO-)?[A-Z]\d{3}(?:-\w+)?\b")
_PATIENCE_S = 5.0
_RECOVERY_S = 90.0


class Season:
    """A column in a world whose weather changes.

    Args:
        world: entered by the caller.
        folder: for the column's output.
        seed: of what breaks when, for how long.
    """

    def __init__(self, world: World, folder: Path, seed: int) -> None:
        self._world, self._random = world, Random(seed)
        self._settings = world.column(CONTACT_POINT)
        self._column = Column(self._settings, folder / "season.txt")
        self._process = psutil.Process(self._column.process.pid)
        self._papers: dict[int, str] = {}
        self._audited: set[str] = set()
        self.memory: list[tuple[float, float]] = []

    def begin(self) -> None:
        """Wait until the column serves."""
        self._column.wait_until_up()

    def end(self) -> None:
        """Let the column stop in order, or see to it that it does."""
        try:
            self._column.stop()
        finally:
            if self._column.process.poll() is None:
                self._column.cut()

    def spells(self) -> Iterator[Row]:
        """Every fault once, in random order."""
        network = [("network", name) for name in NETWORK if name != "open"]
        printer = [("printer", name) for name in PRINTER if name != OK]
        both = network + printer
        self._random.shuffle(both)
        for kind, name in both:
            yield self._spell(kind, name)

    def _spell(self, kind: str, name: str) -> Row:
        self._world.set_network(name if kind == "network" else "open")
        self._world.set_printer(name if kind == "printer" else OK)
        self._take(self._random.randint(1, 6))
        time.sleep(self._random.uniform(0.0, 1.0))
        self._world.set_network("open")
        self._world.set_printer(OK)
        self._world.printer.refill()
        mended = time.monotonic()
        recovered = self._handed_over(mended + _RECOVERY_S)
        self._watch_memory()
        return self._audit(f"{kind}: {name}", time.monotonic() - mended, recovered)

    def _take(self, tickets: int) -> None:
        """Ask for tickets; a page that offers none in this weather is no fault."""
        before = len(self._column.shown())
        self._column.type(TAKE * tickets)
        limit = time.monotonic() + _PATIENCE_S
        while len(self._column.shown()) < before + tickets and time.monotonic() < limit:
            time.sleep(0.02)

    def _handed_over(self, limit: float) -> bool:
        while self._pending():
            if time.monotonic() > limit:
                return False
            time.sleep(0.05)
        return True

    def _pending(self) -> int:
        with JournalFile(self._settings.parent / "kiosk.db") as journal:
            return sum(1 for stored in journal.events() if stored.state == "pending")

    def _audit(self, fault: str, seconds: float, recovered: bool) -> Row:
        shown = set(self._column.shown())
        fresh = shown - self._audited
        self._audited |= shown
        held, gaps = self._held()
        self._papers |= {paper.number: paper.text for paper in tuple(self._world.printer.papers)}
        printed = Counter(number for text in self._papers.values() for number in set(_NUMBER.findall(text)))
        lost = fresh - set(held)
        twice = {n for n in fresh if held[n] > 1 or printed[n] > 1}
        late = () if recovered else (f"{fault}: not handed over within {_RECOVERY_S:g} s",)
        notes = (*late, *(f"lost {n}" for n in sorted(lost)), *(f"doubled {n}" for n in sorted(twice)))
        gaps += 0 if recovered else 1
        return Row(fault, 1, len(fresh), len(lost), len(twice), gaps, seconds, notes=notes)

    def _held(self) -> tuple[Counter[str], int]:
        """Numbers the back office holds, and how many events are missing or put aside."""
        event = schema.event.c
        with self._world.office.database.read() as connection:
            labels = Counter(str(row.label) for row in connection.execute(select(schema.ticket.c.label)))
            last, count = connection.execute(select(func.max(event.sequence), func.count(event.sequence))).one()
            dead = connection.execute(select(func.count()).select_from(schema.dead_letter)).scalar_one()
        return labels, int(last or 0) - int(count) + int(dead)

    def _watch_memory(self) -> None:
        self.memory.append((float(len(self._audited)), self._process.memory_info().rss / 2**20))


@contextmanager
def season(folder: Path, seed: int) -> Iterator[Season]:
    """A column that serves until the context is left."""
    with World(folder, open_now=CONTACT_POINT) as world:
        found = Season(world, folder, seed)
        try:
            found.begin()
            yield found
        finally:
            found.end()


def memory_words(points: list[tuple[float, float]]) -> str:
    """Memory of the column over the season, in a sentence."""
    if not points:
        return "memory was not watched"
    growth = slope(points) * 100
    return f"memory of the column {points[0][1]:.0f} MB, then {points[-1][1]:.0f} MB; {growth:+.2f} MB per 100 tickets"
