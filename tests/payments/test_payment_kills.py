"""The process that pays is killed at any moment (SIGKILL); after each kill the terminal's ledger is the judge."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.journeys.ports import Paid
from tests.payments.till import BRISK, FEE, attempts, broken_promises, till, until

pytestmark = [pytest.mark.expects_log("zuil.pay", "zuil.terminal", "zuil.store"), pytest.mark.timeout(180)]

KILLS = 12
LONGEST_S = 0.08
"""About as long as two payments take."""


def pay_until_killed(path: Path, uri: str, seconds: float) -> None:
    """Run the child, and kill it so long after it began to pay."""
    child = [sys.executable, "-m", "tests.payments.paying_child", str(path), uri]
    with subprocess.Popen(child, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()


async def test_killed_at_any_moment_nobody_is_charged_for_nothing(tmp_path: Path) -> None:
    path, chance = tmp_path / "kiosk.db", random.Random(5)
    with SimulatedZvtTerminal(habits=BRISK) as terminal:
        async with till(path, terminal) as before:  # a terminal that booked nothing yet can prove nothing
            await before.ready()
            paid = await before.pay()
            assert isinstance(paid, Paid)
            await before.store.move_payment(paid.payment_id, PaymentState.SPENT)
        for _ in range(KILLS):
            await asyncio.to_thread(pay_until_killed, path, terminal.uri, chance.uniform(0, LONGEST_S))
            async with till(path, terminal) as after:
                await until(lambda after=after: not any(s in UNDECIDED for _, s in attempts(after.store)))  # type: ignore[misc]
                await after.ready()
                assert broken_promises(after.store, terminal) == []
        assert terminal.ledger.balance_cents >= FEE.amount_cents, "something was paid at all"
        assert len(terminal.ledger.bookings) > 1, "and something besides the first"
