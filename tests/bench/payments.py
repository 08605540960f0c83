"""Figures of payments: our own share of one, what a start with an open one costs, how many a second at most.

Desk, store and driver are real; the terminal is a process of its own that thinks no time at all. Not for: whether a
payment is right (`tests/payments`).
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.payments.opening import open_terminal
from drivers.terminal_runner import TerminalRunner
from kiosk.clock import SystemClock
from kiosk.core.payment_saga import PaymentState
from kiosk.journeys.ports import Fee, Paid
from kiosk.paying import TerminalDesk
from kiosk.store.store import KioskStore, open_store
from tests.bench.column import Failed
from tests.bench.figures import Figure, Goal
from tests.store.columns import COLUMN

FEE = Fee("household", 200, "nl")
PATIENCE_S = 20.0


@dataclass
class Machine:
    """A simulated terminal as a process.

    Attributes:
        uri: for the settings.
    """

    process: subprocess.Popen[str]
    uri: str


@contextmanager
def machine(protocol: str, *words: str) -> Iterator[Machine]:
    """A terminal of that protocol; `words` are what `zuil simulate terminal` needs besides."""
    command = [sys.executable, "-m", "kiosk.cli", "simulate", "terminal", "--protocol", protocol, "--port", "0", *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield Machine(process, process.stdout.readline().strip())
        finally:
            process.stdin.write("quit\n")
            process.stdin.flush()


@asynccontextmanager
async def _desk(path: Path, uri: str) -> AsyncIterator[tuple[TerminalDesk, KioskStore, float]]:
    """A desk that is ready, its store, and the seconds from opening to ready."""
    clock = SystemClock("Europe/Brussels", 0)
    begun = time.perf_counter()
    store = open_store(path, COLUMN, clock)
    runner = TerminalRunner(open_terminal(uri), "payment terminal")
    desk = TerminalDesk(store, runner, clock)
    runner.start()
    try:
        await desk.start()
        while not desk.ready:
            if time.perf_counter() - begun > PATIENCE_S:
                raise Failed("the terminal never became ready")
            await asyncio.sleep(0.002)
        yield desk, store, time.perf_counter() - begun
    finally:
        await desk.finish()
        runner.stop()
        store.close()


async def _paid(desk: TerminalDesk, store: KioskStore) -> str:
    paid = await desk.charge(FEE, lambda _: None)
    if not isinstance(paid, Paid):
        raise Failed(f"a payment was not paid: {paid}")
    await store.move_payment(paid.payment_id, PaymentState.SPENT)
    return paid.payment_id


def paying(folder: Path, times: int) -> list[Figure]:
    """Processor time and wall time of one payment, and the start with one that is open."""
    folder = folder / "payments"
    folder.mkdir()
    with machine("zvt") as terminal:
        share, whole = asyncio.run(_share(folder / "kiosk.db", terminal.uri, times))
        starts = tuple(asyncio.run(_recovered(folder, terminal.uri, number)) for number in range(max(3, times // 10)))
    return [
        Figure(
            "payment, our own share",
            "ms",
            share,
            "processor time of the whole process (desk, journal, driver) for one payment over ZVT, terminal apart.",
            Goal(30),
        ),
        Figure(
            "payment, from touch to paid",
            "ms",
            whole,
            "the same on the wall: eleven messages and five commits, the terminal thinks no time.",
        ),
        Figure(
            "payment, start with an open one",
            "s",
            starts,
            "a live terminal, and a payment that power was cut in: from opening the store to ready for the next.",
            Goal(2),
        ),
    ]


async def _share(path: Path, uri: str, times: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    share, whole = [], []
    async with _desk(path, uri) as (desk, store, _):
        for _ in range(times):
            cpu, wall = time.process_time(), time.perf_counter()
            await _paid(desk, store)
            share.append((time.process_time() - cpu) * 1000)
            whole.append((time.perf_counter() - wall) * 1000)
    return tuple(share), tuple(whole)


async def _recovered(folder: Path, uri: str, number: int) -> float:
    """Seconds until a start knows what became of a payment that was under way."""
    path = folder / f"open-{number}.db"
    async with _desk(path, uri) as (desk, store, _):
        await _paid(desk, store)
        payment_id = await _paid(desk, store)
        notes = (await store.payment(payment_id)).notes
        # The same payment as a power cut leaves it: its notes, and no end.
        again = await store.intend_payment(FEE.product, FEE.amount_cents, desk.method)
        for kind, data in notes:
            if kind == "sending":
                store.note_payment_now(again, kind, data, PaymentState.SENDING)
    async with _desk(path, uri) as (_, store, seconds):
        if any(attempt.state is PaymentState.UNKNOWN for attempt in await store.open_payments()):
            raise Failed("the start never learned what became of it")
        return seconds
