"""Thousands of mixed visits with faults at random at one `zuil run`: does anything pile up?

    python -m tests.soak.steadiness --visits 10000

The column is a process of its own, with its screen, behind the dock's hand; devices, registers and back office are
simulated in this one. Its memory, open files and threads are read every thousand visits. Not for: whether each visit
was told the truth (`tests.faults`).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from kiosk.demo.cards import OUT, SOUND
from kiosk.demo.day import LEFT, STAYED, TURNED_AWAY, Day
from kiosk.demo.hand import Hand
from kiosk.demo.visitors import Visitor, visitor
from kiosk.demo.world import World
from tests.bench.column import CONTACT_POINT, running
from tests.bench.figures import slope
from tests.faults.faults import FAULTS, MENDED, PULLED, Fault
from tests.soak.report import Row

VISITS, EVERY = 10_000, 1_000
FAULTY = 0.1
"""Share of visits in which something goes wrong."""
RARE = 0.1
"""Share of the visits with an attest that are made: they take several times as long as the others."""
AT_ONCE = 1_000_000.0
"""Speed of the day: the next visitor comes when the one before is done, and starts over what was left standing."""
GROWS_MB, GROWS_HANDLES = 2.0, 1.0
"""Per thousand visits, after the first reading; more than this piles up."""
_BEGINS_S, _VISIT_S = 60.0, 300.0


class Stopped(RuntimeError):
    """The column ended, or let nobody go; the text says after how many visits."""


@dataclass(frozen=True)
class Reading:
    """What the column's process holds after so many visits.

    Attributes:
        memory: megabytes of resident memory.
        files: open descriptors.
    """

    visits: int
    seconds: float
    memory: float
    files: int
    threads: int

    def __str__(self) -> str:
        return (
            f"{self.visits:6} visits  {self.seconds:6.0f} s  {self.memory:6.1f} MB  {self.files:3} files  "
            f"{self.threads:3} threads"
        )


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        ends: of the visits, by how they ended.
        faults: how many were thrown.
    """

    readings: tuple[Reading, ...]
    ends: Mapping[str, int]
    faults: int


class Visits:
    """Visitors at one column, one after the other.

    Args:
        process: the column's.
    """

    def __init__(self, world: World, hand: Hand, process: psutil.Process) -> None:
        self._world = world
        self._day = Day(hand, world.cards, AT_ONCE)
        self._process = process
        self.ends: Counter[str] = Counter()
        self.faults = 0

    def one(self, chance: random.Random) -> None:
        """The next visitor; sometimes something goes wrong meanwhile, and is mended after.

        Raises:
            Stopped: when the column ended, or the visit never does.
        """
        fault = _trouble(chance)
        if fault is not None:
            self.faults += 1
            self._set(fault.lever, fault.state)
        self._day.begin([_someone(chance)])
        over = self._day.wait(_VISIT_S)
        if not over or not self._process.is_running() or self._process.status() == psutil.STATUS_ZOMBIE:
            raise Stopped(f"the column {'let nobody go' if not over else 'ended'} after {self.ends.total()} visits")
        counts = self._day.counts
        self.ends += Counter({STAYED: counts.stayed, LEFT: counts.left, TURNED_AWAY: counts.turned_away})
        if fault is not None:
            self._set(fault.lever, MENDED[fault.lever])
            self._world.cards.put_in(OUT)

    def read(self, began: float) -> Reading:
        """Look at the column's process."""
        with self._process.oneshot():
            memory = self._process.memory_info().rss / 2**20
            files, threads = self._process.num_fds(), self._process.num_threads()
        return Reading(self.ends.total(), time.monotonic() - began, memory, files, threads)

    def _set(self, lever: str, state: str) -> None:
        _levers(self._world)[lever](state)


def steady(visits: int, seed: int, every: int = EVERY) -> Run:
    """Let them come; a reading every so many."""
    chance, began, readings = random.Random(seed), time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="zuil-steady-") as folder, _column(Path(folder)) as column:
        for number in range(1, visits + 1):
            column.one(chance)
            if number % every == 0:
                readings.append(column.read(began))
                print(readings[-1], flush=True)
    return Run(tuple(readings), column.ends, column.faults)


@contextmanager
def _column(folder: Path) -> Iterator[Visits]:
    with World(folder, open_now=CONTACT_POINT, attests=True) as world:
        hand = Hand(world.dock_folder)
        hand.start()
        try:
            command = [sys.executable, "-m", "kiosk.cli", "run", "--config", str(world.column(CONTACT_POINT))]
            with running(command, folder / "column.log") as child:
                if not hand.wait_for(lambda seen: seen is not None, _BEGINS_S):
                    raise Stopped(f"the column never began: {(folder / 'column.log').read_text()[-500:]}")
                yield Visits(world, hand, psutil.Process(child.pid))
        finally:
            hand.stop()


def _levers(world: World) -> dict[str, Callable[[str], object]]:
    assert world.attests is not None
    return {
        "printer": world.set_printer,
        "sheet-printer": world.attests.set_printer,
        "terminal": world.attests.set_terminal,
        "register": world.attests.set_register,
        "network": world.set_network,
        "clock": world.set_clock,
        "card": lambda state: setattr(world.cards, "condition", SOUND if state == MENDED["card"] else state),
    }


def _someone(chance: random.Random) -> Visitor:
    while True:
        someone = visitor(chance)
        if someone.wish.name not in ("attest", "fee") or chance.random() < RARE:
            return someone


def _trouble(chance: random.Random) -> Fault | None:
    """Something wrong that leaves the process alive, now and then; to pull a card is no condition of it."""
    known = [fault for fault in FAULTS if fault.lever in MENDED and fault.state not in PULLED]
    return chance.choice(known) if chance.random() < FAULTY else None


def row(run: Run) -> Row:
    """The same as a row of the reliability table; what piles up counts as lost."""
    first, later = run.readings[0], run.readings[1:] or run.readings
    grows = slope([(each.visits, each.memory) for each in later]) * 1000
    files = slope([(each.visits, each.files) for each in later]) * 1000
    threads = slope([(each.visits, each.threads) for each in later]) * 1000
    notes = []
    if grows > GROWS_MB:
        notes.append(f"memory grows by {grows:.1f} MB per thousand visits, after {first.memory:.0f} MB")
    if max(files, threads) > GROWS_HANDLES:
        notes.append(f"handles grow: {files:.1f} files, {threads:.1f} threads per thousand visits")
    return Row("thousands of visits", run.faults, run.readings[-1].visits, lost=len(notes), notes=tuple(notes))


def counted(seed: int, visits: int) -> Iterator[Row]:
    """The same as a row; a short run reads four times."""
    yield row(steady(visits, seed, min(EVERY, max(1, visits // 4))))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; see `--help`."""
    parser = argparse.ArgumentParser(prog="tests.soak.steadiness", description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--every", type=int, default=EVERY, help="visits between two readings")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    run = steady(given.visits, given.seed, given.every)
    print(", ".join(f"{name} {count}" for name, count in run.ends.items()) + f"; {run.faults} faults")
    found = row(run)
    print(*(found.notes or ("nothing piles up",)), sep="\n")
    return 1 if found.bad else 0


if __name__ == "__main__":
    sys.exit(main())
