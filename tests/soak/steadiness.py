"""Thousands of mixed visits with faults at random on one process: does anything pile up?

    python -m tests.soak.steadiness --visits 10000

One column with its real drivers over simulated cables. Memory, open files, threads and Python's objects are read every
thousand visits. Not for: whether each visit was told the truth (`tests.faults`).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from kiosk.demo.visitors import Visitor, visitor
from tests.bench.figures import slope
from tests.faults.citizen import Citizen, NeverEnds
from tests.faults.faults import FAULTS, Fault
from tests.faults.stand import Stand, stand
from tests.faults.steps import Journey
from tests.soak.report import Row

VISITS, EVERY = 10_000, 1_000
FAULTY = 0.1
"""Share of visits in which something goes wrong."""
RARE = 0.25
"""Share of the visits with an attest that are made: they take ten times as long as the others."""
MOMENTS = ("welcome", "home", "all", "sheet", "card.insert insert", "card.review", "attest.review")
GROWS_MB, GROWS_HANDLES = 2.0, 1.0
"""Per thousand visits, after the first reading; more than this piles up."""
_LEVERS = frozenset({"printer", "sheet-printer", "card", "network", "clock", "terminal", "register"})


@dataclass(frozen=True)
class Reading:
    """What the process holds after so many visits.

    Attributes:
        memory: megabytes of resident memory.
        files: open descriptors.
        objects: Python's, after a collection.
    """

    visits: int
    seconds: float
    memory: float
    files: int
    threads: int
    objects: int

    def __str__(self) -> str:
        return (
            f"{self.visits:6} visits  {self.seconds:6.0f} s  {self.memory:6.1f} MB  {self.files:3} files  "
            f"{self.threads:3} threads  {self.objects:7} objects"
        )


def read_now(visits: int, began: float) -> Reading:
    """Look at this process."""
    gc.collect()
    process = psutil.Process()
    with process.oneshot():
        memory = process.memory_info().rss / 2**20
        files, threads = process.num_fds(), process.num_threads()
    return Reading(visits, time.monotonic() - began, memory, files, threads, len(gc.get_objects()))


async def steady(visits: int, seed: int, every: int = EVERY) -> list[Reading]:
    """Let them come; a reading every so many."""
    chance, began = random.Random(seed), time.monotonic()
    readings: list[Reading] = []
    with tempfile.TemporaryDirectory(prefix="zuil-steady-") as folder:
        async with stand(Path(folder)) as column:
            for number in range(1, visits + 1):
                await _one(column, chance)
                _forget(column)
                if number % every == 0:
                    readings.append(read_now(number, began))
                    print(readings[-1], flush=True)
    return readings


async def _one(column: Stand, chance: random.Random) -> None:
    someone = _someone(chance)
    fault, at = _trouble(chance)
    try:
        await Citizen(column, Journey(someone.wish), at=at, fault=fault).visit()
    except NeverEnds:
        await column.start_again()
    if fault is not None:
        await column.mend()


def _someone(chance: random.Random) -> Visitor:
    while True:
        someone = visitor(chance)
        if someone.wish.name not in ("attest", "fee") or chance.random() < RARE:
            return someone


def _trouble(chance: random.Random) -> tuple[Fault | None, str]:
    if chance.random() >= FAULTY:
        return None, ""
    return chance.choice([fault for fault in FAULTS if fault.lever in _LEVERS]), chance.choice(MOMENTS)


def _forget(column: Stand) -> None:
    """What the devices and the screen keep for tests is not the column's."""
    column.screen.shown.clear()
    column.attests.printer.sheets.clear()
    column.attests.register.asked.clear()


def row(readings: Sequence[Reading]) -> Row:
    """The same as a row of the reliability table; what piles up counts as lost."""
    later = [reading for reading in readings if reading.visits > readings[0].visits] or list(readings)
    grows = slope([(each.visits, each.memory) for each in later]) * 1000
    files = slope([(each.visits, each.files) for each in later]) * 1000
    threads = slope([(each.visits, each.threads) for each in later]) * 1000
    notes = []
    if grows > GROWS_MB:
        notes.append(f"memory grows by {grows:.1f} MB per thousand visits")
    if max(files, threads) > GROWS_HANDLES:
        notes.append(f"handles grow: {files:.1f} files, {threads:.1f} threads per thousand visits")
    return Row("thousands of visits", readings[-1].visits, lost=len(notes), notes=tuple(notes))


def counted(seed: int, visits: int) -> Iterator[Row]:
    """The same as a row; a short run reads four times."""
    logging.getLogger("zuil").setLevel(logging.CRITICAL)
    yield row(asyncio.run(steady(visits, seed, min(EVERY, max(1, visits // 4)))))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; see `--help`."""
    parser = argparse.ArgumentParser(prog="tests.soak.steadiness", description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--every", type=int, default=EVERY, help="visits between two readings")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    logging.getLogger("zuil").setLevel(logging.CRITICAL)
    found = row(asyncio.run(steady(given.visits, given.seed, given.every)))
    print(*(found.notes or ("nothing piles up",)), sep="\n")
    return 1 if found.bad else 0


if __name__ == "__main__":
    sys.exit(main())
