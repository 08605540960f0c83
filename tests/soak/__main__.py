"""`python -m tests.soak --minutes N --seed S`: break everything for that long, then print what was lost.

Exit status 1 when anything was lost, doubled or left a gap, or when the control found nothing. Not for: figures of
speed (`tests.bench`).
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tests.bench.machine import commit
from tests.soak import cards, matrix, package, payment_kills, payment_parsers, payments, steadiness
from tests.soak.kills import control, kill_column, kill_store
from tests.soak.report import Ledger, drawn
from tests.soak.weather import memory_words, season

_LONG_S = 300
"""From here on a round is mostly kills, some 3,000 an hour; a shorter run wants every kind of fault instead."""


def soak(seconds: float, seed: int, console: Console) -> Ledger:
    """Rounds of kills, cuts and weather until the time is up; the last round is finished.

    Args:
        seed: the first round's; each round has its own.
    """
    until = time.monotonic() + seconds
    long = seconds >= _LONG_S
    store_kills, column_kills = (50, 15) if long else (10, 3)
    ledger = Ledger()
    ledger.add(control(seed))
    ledger.add([cards.row(cards.CASES if long else cards.CASES // 20, seed)])
    ledger.add(payment_parsers.rows(payment_parsers.CASES if long else payment_parsers.CASES // 50, seed))
    ledger.add(payments.cut_payments(payments.CUTS if long else payments.CUTS // 50, seed))
    ledger.add(payment_kills.kill_payments(payment_kills.KILLS if long else payment_kills.KILLS // 50, seed))
    if long:
        ledger.add(package.lived())
    ledger.add(matrix.played(seed, whole=long))
    ledger.add(steadiness.counted(seed, steadiness.VISITS if long else steadiness.EVERY // 50))
    with tempfile.TemporaryDirectory(prefix="zuil-soak-") as folder, season(Path(folder), seed) as column:
        for number in itertools.count(seed):
            ledger.add(kill_store(store_kills, number))
            ledger.add(kill_column(column_kills, number))
            for row in column.spells():
                ledger.add([row])
                if time.monotonic() > until:
                    break
            injections = sum(row.injections for row in ledger.rows)
            console.print(f"[dim]round {number}: {injections} faults so far, {memory_words(column.memory)}[/dim]")
            if time.monotonic() > until:
                return ledger
    raise AssertionError("rounds are endless")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; see `--help`."""
    parser = argparse.ArgumentParser(prog="tests.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--seed", type=int, default=1, help="of every random choice (1)")
    given = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 132)
    ledger = soak(given.minutes * 60, given.seed, console)
    console.print(drawn(ledger.rows))
    console.print(f"seed {given.seed}, commit {commit()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    for row in ledger.bad:
        for note in row.notes or (f"{row.fault}: the control lost nothing",):
            console.print(f"[red]{row.fault}: {note}[/red]")
    return 1 if ledger.bad else 0


if __name__ == "__main__":
    sys.exit(main())
