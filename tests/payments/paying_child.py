"""A column that pays again and again at a terminal, as a process that can be killed. Not a test.

Arguments: file of the store, address of the terminal. Says "ready" once it begins.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from drivers.payments.zvt.opening import open_zvt
from drivers.terminal_runner import TerminalRunner
from kiosk.core.payment_saga import PaymentState
from kiosk.journeys.ports import Paid
from kiosk.paying import TerminalDesk
from tests.payments.till import FEE, HURRIED, HurriedClock, until
from tests.store.columns import open_at


async def pay_for_ever(path: Path, uri: str) -> None:
    """Until somebody ends the process."""
    store = open_at(path)
    runner = TerminalRunner(open_zvt(uri, timing=HURRIED), "payment terminal", poll_seconds=0.2)
    desk = TerminalDesk(store, runner, HurriedClock())
    runner.start()
    await desk.start()
    await until(lambda: desk.ready)
    print("ready", flush=True)
    while True:
        paid = await desk.charge(FEE, lambda _: None)
        if isinstance(paid, Paid):
            await store.move_payment(paid.payment_id, PaymentState.SPENT)


if __name__ == "__main__":
    asyncio.run(pay_for_ever(Path(sys.argv[1]), sys.argv[2]))
