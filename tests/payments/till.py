"""A payment desk over a real store and a simulated terminal that speaks real bytes, and the judge of both. Not a test.

The judge is the terminal's own ledger: what it booked and did not undo is what the citizen paid.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from drivers.payments.opening import OpenTerminal
from drivers.payments.zvt.opening import open_zvt
from drivers.payments.zvt.profile import Timing
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from drivers.terminal_runner import TerminalRunner
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.journeys.ports import ChargeResult, Fee, Progress
from kiosk.paying import Patience, TerminalDesk
from kiosk.store.payments import Attempt
from kiosk.store.periods import Period
from kiosk.store.store import KioskStore
from tests.store.columns import open_at, power_cut

FEE = Fee("household", 1250, "nl")
TIMING = Timing(answer=8, silence=8, quiet=8, after_abort=8, goods=0.02, longest=60, tick=0.01, minute=8)
HURRIED = replace(TIMING, silence=0.3, after_abort=0.2, minute=0.3)
"""For a terminal that goes silent in the middle of a payment."""
NEVER_S = 1_000_000.0
BRISK = Habits(goods_pause=0.01)
PAID_BACK = frozenset({PaymentState.REVERSED})
OWED = frozenset({PaymentState.REFUND_DUE, PaymentState.UNDELIVERED, PaymentState.REVERSING})
KEPT = frozenset({PaymentState.SETTLED, PaymentState.SPENT})


class Machine(Protocol):
    """What every simulated terminal has."""

    ledger: Ledger
    script: Script


class HurriedClock:
    """A clock on which a minute passes in a tenth of a second."""

    FASTER = 600.0

    def monotonic(self) -> float:
        return time.monotonic() * self.FASTER

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.FASTER)


class PowerCut(RuntimeError):
    """The column is off; nothing it does from here on counts."""


@dataclass
class CutStore:
    """A store whose column loses power at one of its writes about payments, before or after it is on the disk.

    Attributes:
        at: number of the write, from 1; 0 is never.
        image: where the disk is copied to at that moment.
        writes: how many were asked for.
    """

    store: KioskStore
    path: Path
    image: Path
    at: int = 0
    before: bool = True
    writes: int = 0
    off: bool = False
    skipping: Callable[[str], bool] = field(default=lambda kind: False)  # noqa: ARG005 - only the control skips

    def note_payment_now(
        self,
        payment_id: str,
        kind: str,
        data: Mapping[str, object],
        after: PaymentState | None = None,
        reason: str | None = None,
    ) -> PaymentState:
        if self.skipping(kind):
            return PaymentState.INTENDED
        self._write(first=True)
        state = self.store.note_payment_now(payment_id, kind, data, after, reason)
        self._write(first=False)
        return state

    async def intend_payment(self, product: str, amount_cents: int, method: str) -> str:
        self._write(first=True)
        payment_id = await self.store.intend_payment(product, amount_cents, method)
        self._write(first=False)
        return payment_id

    async def move_payment(self, payment_id: str, state: PaymentState, reason: str | None = None) -> None:
        self._write(first=True)
        await self.store.move_payment(payment_id, state, reason)
        self._write(first=False)

    async def open_payments(self) -> list[Attempt]:
        return await self.store.open_payments()

    async def payment(self, payment_id: str) -> Attempt:
        return await self.store.payment(payment_id)

    async def recent_periods(self, limit: int) -> list[Period]:
        return await self.store.recent_periods(limit)

    def _write(self, *, first: bool) -> None:
        if self.off:
            raise PowerCut
        self.writes += first
        if self.writes == self.at and first is self.before:
            power_cut(self.path, self.image)
            self.off = True
            raise PowerCut


@dataclass
class Till:
    """A desk at work.

    Attributes:
        told: what the citizen saw.
    """

    desk: TerminalDesk
    store: KioskStore
    terminal: Machine
    told: list[Progress] = field(default_factory=list)

    async def pay(self) -> ChargeResult:
        """One fee."""
        return await self.desk.charge(FEE, self.told.append)

    async def ready(self) -> None:
        """Until a fee can be taken."""
        await until(lambda: self.desk.ready)

    async def states(self) -> list[PaymentState]:
        """Of every attempt, oldest first."""
        return [state for _, state in attempts(self.store)]


def attempts(store: KioskStore) -> list[tuple[int, PaymentState]]:
    """Amount and state of every attempt, oldest first."""
    from sqlalchemy import select, text

    from kiosk.store.schema import payment

    rows = store._writer.run(lambda c: c.execute(select(payment).order_by(text("rowid"))).all())
    return [(row.amount_cents, PaymentState(row.state)) for row in rows]


async def becomes(store: KioskStore, *states: PaymentState) -> None:
    """Until the attempts stand there."""
    with contextlib.suppress(TimeoutError):
        await until(lambda: [state for _, state in attempts(store)] == list(states))
    found = [state for _, state in attempts(store)]
    if found != list(states):
        raise AssertionError(f"the attempts stand at {found}, not at {states}")


async def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for something that other threads do."""
    limit = time.monotonic() + seconds
    while not true():
        if time.monotonic() > limit:
            raise TimeoutError("waited in vain")
        await asyncio.sleep(0.005)


@asynccontextmanager
async def till(
    path: Path,
    terminal: Machine,
    *,
    timing: Timing = TIMING,
    opening: OpenTerminal | None = None,
    patience: Patience | None = None,
    cut: Callable[[KioskStore], CutStore] | None = None,
    reverses: bool = True,
) -> AsyncIterator[Till]:
    """A desk over the store at `path`; it is not ready before what was open is known.

    Args:
        timing: of the driver of a ZVT terminal.
        opening: makes the driver of any other.
    """
    store = open_at(path)
    if opening is None:
        assert isinstance(terminal, SimulatedZvtTerminal)
        opening = open_zvt(terminal.uri, timing=timing)
    runner = TerminalRunner(opening, "payment terminal", poll_seconds=0.2)
    patience = patience or Patience(spend=NEVER_S)
    desk = TerminalDesk(cut(store) if cut else store, runner, HurriedClock(), patience, reverses=reverses)
    runner.start()
    try:
        await desk.start()
        yield Till(desk, store, terminal)
    finally:
        await desk.finish()
        runner.stop()
        store.close()


def broken_promises(store: KioskStore, terminal: Machine) -> list[str]:
    """What the ledger says against the column: charged and not known, or said to be paid and not charged."""
    found = attempts(store)
    if any(state in UNDECIDED for _, state in found):
        return []  # nobody was told anything, and staff see it
    held = sum(amount for amount, state in found if state in KEPT | OWED)
    balance = terminal.ledger.balance_cents
    if balance > held:
        return [f"charged {balance} cents, of which we know {held}: {[state.value for _, state in found]}"]
    if any(state in KEPT for _, state in found) and balance < sum(a for a, state in found if state in KEPT):
        return ["given without being paid"]
    return []
