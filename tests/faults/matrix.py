"""The whole matrix or a fair part of it: which cells there are, playing them, and the table of docs/fault-matrix.md.

    python -m tests.faults --out docs/fault-matrix.md

Not for: one cell (`cells`).
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import AsyncIterator, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.cells import Cell, Ending, Found, Walk, cells_of, played, walked
from tests.faults.faults import DOES, FAULTS, Fault
from tests.faults.stand import stand
from tests.faults.steps import JOURNEYS

BATCH = 40
"""Cells on one column; then a fresh one, so that what is read at the end of each stays small."""
ATTEMPTS = 3
"""A step that lasts a moment is not always seen."""
DEAR = ("asked", "collect", "fee", "register", "file")
"""Journeys that take long; a sample makes them only for what there is in no other."""


@dataclass(frozen=True)
class Plan:
    """Every journey without a fault, and the cells that follow."""

    walks: tuple[Walk, ...]
    cells: tuple[Cell, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """List B: every step, in the order in which the journeys come to them."""
        return tuple(dict.fromkeys(step for walk in self.walks for step in walk.steps))

    def walk(self, cell: Cell) -> Walk:
        """The journey of a cell."""
        return next(walk for walk in self.walks if walk.journey == cell.journey)


async def planned() -> Plan:
    """Walk every journey and see which cells there are."""
    with tempfile.TemporaryDirectory(prefix="zuil-matrix-") as folder:
        async with stand(Path(folder)) as column:
            walks = [await walked(column, journey) for journey in JOURNEYS]
    return Plan(tuple(walks), tuple(cells_of(walks)))


def sample(plan: Plan, seed: int) -> list[Cell]:
    """Every fault and every step at least once; another choice for each seed."""
    chance = random.Random(seed)
    chosen: list[Cell] = []
    for fault in FAULTS:
        cells = [cell for cell in plan.cells if cell.fault == fault]
        quick = [cell for cell in cells if cell.journey.name not in DEAR]
        chosen.append(chance.choice(quick or cells))
    for step in plan.steps:
        if all(cell.step != step for cell in chosen):
            chosen.append(chance.choice([cell for cell in plan.cells if cell.step == step]))
    chance.shuffle(chosen)
    return chosen


async def all_played(plan: Plan, cells: Iterable[Cell]) -> AsyncIterator[Found]:
    """Play cells one after the other; one whose step was not seen is tried again at the end."""
    waiting = [(cell, 1) for cell in cells]
    while waiting:
        with tempfile.TemporaryDirectory(prefix="zuil-matrix-") as folder:
            async with stand(Path(folder)) as column:
                for _ in range(min(BATCH, len(waiting))):
                    cell, attempt = waiting.pop(0)
                    found = await played(column, cell, plan.walk(cell))
                    if not (found.thrown or found.wrong) and attempt < ATTEMPTS:
                        waiting.append((cell, attempt + 1))
                    else:
                        yield found
                    if found.spoilt:
                        break


_LETTER = {
    Ending.DONE: "D",
    Ending.TOLD: "T",
    Ending.UNKNOWN: "U",
    Ending.SORRY: "S",
    Ending.DARK: "R",
}
_MEANS = {
    Ending.DONE: "they got what they came for",
    Ending.TOLD: "they were told that it did not go, and what else",
    Ending.UNKNOWN: "they were told that nobody knows, and what to do",
    Ending.SORRY: "the safe screen: something failed here, and who helps",
    Ending.DARK: "the column went off and came back; what was promised before is on its disk",
}
_HEAD = """\
# Every fault at every step

Written by `python -m tests.faults`, part of `make soak`. Each cell is a citizen on the way through a journey of the
demo site, with the real drivers over simulated cables; at the step something goes wrong, they go on as people do, and
the next visitor comes. A cell has a letter only when no judge objected:

* what the screen claimed is what printers, terminal, back office and disk recorded (`tests/faults/judge.py`);
* every print and payment has an outcome, the chain of events is whole, the back office has it all;
* the next visitor got a number, or a true word why not; and a number on paper once it was mended.

A dot is a cell that was not played, or of which the step, which lasts a moment, was not seen.

A fault is thrown in the first journey that passes the step and still needs what breaks; where no journey does, there is
no cell (–). A script moves its levers at moments of its own, so it begins at the attract screen. A part of the table
that covers every fault and every step is played with every test run.
"""


def page(plan: Plan, results: Sequence[Found]) -> str:
    """The page `docs/fault-matrix.md`."""
    found = {(each.cell.fault, each.cell.step): each for each in results}
    wanted = {(cell.fault, cell.step) for cell in plan.cells}
    numbers = {step: number for number, step in enumerate(plan.steps, 1)}
    legend = "".join(f"* **{_LETTER[ending]}** {means}\n" for ending, means in _MEANS.items())
    steps = "".join(
        f"| {number} | `{step}` | {', '.join(w.journey.name for w in plan.walks if step in w.steps)} |\n"
        for step, number in numbers.items()
    )
    tables = "".join(_table(lever, numbers, found, wanted) for lever in dict.fromkeys(fault.lever for fault in FAULTS))
    played = sum(each.thrown and not each.wrong for each in found.values())
    counted = f"\n{len(FAULTS)} faults, {len(numbers)} steps, {len(wanted)} cells, {played} of them played.\n"
    return f"{_HEAD}\n{legend}{counted}\n## Steps\n\n| nr | step | journeys |\n| --- | --- | --- |\n{steps}{tables}"


def _table(
    lever: str,
    numbers: Mapping[str, int],
    found: Mapping[tuple[Fault, str], Found],
    wanted: Container[tuple[Fault, str]],
) -> str:
    head = f"\n## {lever}\n\n| fault | {' | '.join(map(str, numbers.values()))} | what it does |\n"
    rule = f"| --- |{' --- |' * len(numbers)} --- |\n"
    rows = ""
    for fault in (fault for fault in FAULTS if fault.lever == lever):
        cells = (_cell(found.get((fault, step)), planned=(fault, step) in wanted) for step in numbers)
        rows += f"| `{fault.state}` | {' | '.join(cells)} | {DOES[fault]} |\n"
    return head + rule + rows


def _cell(found: Found | None, *, planned: bool) -> str:
    if not planned:
        return "–"
    if found is None or not found.thrown:
        return "·"
    return "✗" if found.wrong else _LETTER[found.ending]
