"""Rows of processes that end at once: the store's writer, and the whole column with printer and back office.

Not for: faults around a column that lives on (`weather`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.line.power_cuts import cut_power
from tests.soak.report import Row
from tests.store.kill_loop import run_kills

STORE, COLUMN, CONTROL = "store's process killed", "column killed", "promise before commit"


def kill_store(kills: int, seed: int) -> Iterator[Row]:
    """Kill the process that issues tickets, and check the file after each kill."""
    try:
        tally = run_kills(kills, seed)
    except AssertionError as owed:
        yield Row(STORE, injections=kills, lost=1, notes=(str(owed),))
    else:
        yield Row(STORE, injections=tally.kills, facts=len(tally.promised))


def control(seed: int) -> Iterator[Row]:
    """The same with promises made too early: a check that sees nothing here sees nothing anywhere."""
    try:
        run_kills(10, seed, early=True)
    except AssertionError:
        yield Row(CONTROL, injections=10, lost=1, control=True)
    else:
        yield Row(CONTROL, injections=10, control=True)


def kill_column(kills: int, seed: int) -> Iterator[Row]:
    """Cut the power of the whole column while it takes tickets; then let it hand everything over."""
    with tempfile.TemporaryDirectory(prefix="zuil-soak-") as folder:
        try:
            ledger = cut_power(Path(folder), kills, seed)
        except AssertionError as stuck:
            yield Row(COLUMN, injections=kills, gaps=1, notes=(str(stuck),))
            return
    debts = {what: found for what, found in ledger.debts().items() if isinstance(found, list) and found}
    owed = {what: len(found) for what, found in debts.items()}
    yield Row(
        COLUMN,
        injections=ledger.kills,
        facts=len(ledger.shown),
        lost=sum(count for what, count in owed.items() if "not held" in what),
        doubled=sum(count for what, count in owed.items() if "two" in what or "twice" in what),
        gaps=sum(count for what, count in owed.items() if "chain" in what),
        notes=tuple(f"{what}: {found}" for what, found in debts.items()),
    )
