"""`python -m tests.bench [--only NAME …] [--quick]`: measure, print the table, keep it in docs/benchmarks.md.

Only a whole run that is not quick replaces the document. Not for: passing or failing anything.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import (
    attests,
    cards,
    first_ticket,
    intake,
    million,
    payment_drivers,
    payments,
    screens,
    starts,
    supervised,
)
from tests.bench.column import Failed
from tests.bench.document import rewrite
from tests.bench.figures import COLUMNS, Figure, cells
from tests.bench.machine import facts

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "bench"
DOCUMENT = ROOT / "docs" / "benchmarks.md"

Measurement = Callable[[Path], list[Figure]]


def measurements(*, quick: bool) -> dict[str, Measurement]:
    """Every measurement by name, in the order of the table."""
    if quick:
        return {
            "ticket": partial(screens.ticket_and_memory, visits=40),
            "screen": partial(screens.next_screen, rounds=4),
            "start": partial(starts.kiosk_start, times=3),
            "demo": partial(starts.demo_start, times=1),
            "recovery": partial(supervised.recovery, times=2),
            "watchdog": partial(supervised.watchdog, times=1),
            "million": partial(million.full_journal, tickets=50_000, touches=15, calls=100),
            "sqlite": partial(intake.sqlite_intake, times=1, batches=25),
            "postgres": partial(intake.postgres_intake, times=1, batches=25),
            "card": partial(cards.in_process, times=3),
            "pcscd": partial(cards.through_pcscd, times=3),
            "attest": partial(attests.given, times=3),
            "attest-start": attests.start_cost,
            "payment": partial(payments.paying, times=5),
            "payment-drivers": partial(payment_drivers.driving, times=25),
            "setup": partial(first_ticket.box_to_first_ticket, times=1),
        }
    return {
        "ticket": partial(screens.ticket_and_memory, visits=1000),
        "screen": partial(screens.next_screen, rounds=26),
        "start": partial(starts.kiosk_start, times=10),
        "demo": partial(starts.demo_start, times=3),
        "recovery": partial(supervised.recovery, times=10),
        "watchdog": partial(supervised.watchdog, times=2),
        "million": partial(million.full_journal, tickets=1_000_000, touches=60, calls=300),
        "sqlite": partial(intake.sqlite_intake, times=3, batches=100),
        "postgres": partial(intake.postgres_intake, times=3, batches=100),
        "card": partial(cards.in_process, times=50),
        "pcscd": partial(cards.through_pcscd, times=50),
        "attest": partial(attests.given, times=40),
        "attest-start": attests.start_cost,
        "payment": partial(payments.paying, times=100),
        "payment-drivers": partial(payment_drivers.driving, times=500),
        "setup": partial(first_ticket.box_to_first_ticket, times=5),
    }


def run(chosen: dict[str, Measurement], folder: Path, console: Console) -> tuple[list[Figure], list[str]]:
    """Measure one after the other in `folder`, saying which; one that cannot be measured is told, and no other lost."""
    figures: list[Figure] = []
    missed: list[str] = []
    for name, measure in chosen.items():
        began = time.monotonic()
        try:
            figures += measure(folder)
        except Failed as failed:
            missed.append(f"{name} ({failed})")
            console.print(f"[red]{name}: {failed}[/red]")
        console.print(f"[dim]{name}: {time.monotonic() - began:.0f} s[/dim]")
    return figures, missed


def drawn(figures: Sequence[Figure]) -> Table:
    """The table for the terminal."""
    table = Table(*COLUMNS)
    for figure in figures:
        style = {True: "green", False: "red", None: ""}[figure.met]
        table.add_row(*(cell.strip("*") for cell in cells(figure)), style=style)
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; see `--help`."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=list(measurements(quick=True)), help="these only")
    parser.add_argument("--quick", action="store_true", help="few samples, to see whether it works")
    given = parser.parse_args(arguments)
    os.chdir(ROOT)
    FOLDER.mkdir(parents=True, exist_ok=True)
    known = measurements(quick=given.quick)
    console = Console(width=None if sys.stdout.isatty() else 132)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        machine = facts(Path(folder))
        figures, missed = run({name: known[name] for name in given.only or known}, Path(folder), console)
    console.print(drawn(figures))
    if not given.quick and not given.only:
        machine |= {"not measured in this run": "; ".join(missed)} if missed else {}
        rewrite(DOCUMENT, figures, machine | {"load after": " ".join(f"{load:.2f}" for load in os.getloadavg())})
        console.print(f"kept in {DOCUMENT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
