"""A process that makes columns which pay, and can be killed at any point of a payment. Not a test.

It has loaded everything and does nothing itself: each life is a process of its own, forked from it. One JSON object a
line comes in: `path` of the store, `uri` of the terminal, `life` ("pay" or "start again"), `killAt` (number of a point,
0 for none), `killAfter` (seconds, or null), and for a payment `giveBack` and `late`. One a line goes out: `killed`,
`points` (names), `states` (of every attempt), `fault` (where it ended otherwise).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import select
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.contract import Health
from drivers.terminal_runner import TerminalRunner
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.journeys.ports import Paid
from kiosk.paying import Patience, TerminalDesk
from kiosk.store.store import KioskStore
from tests.payments.cuts import opening_of
from tests.payments.points import Points, lay
from tests.payments.till import FEE, NEVER_S, HurriedClock, attempts, until
from tests.store.columns import open_at

Told = dict[str, Any]
PATIENCE_S, LONGEST_S = 45.0, 60.0
_OPEN = UNDECIDED - {PaymentState.CASE}


@dataclass(frozen=True)
class _Desk:
    """A column's desk at work."""

    desk: TerminalDesk
    store: KioskStore
    runner: TerminalRunner

    async def settled(self) -> list[str]:
        """States of all attempts, once nothing is open but what staff decide, and the terminal is done too."""
        await until(lambda: not any(state in _OPEN for _, state in attempts(self.store)), PATIENCE_S)
        await until(lambda: self.runner.status.health is Health.READY, PATIENCE_S)
        if PaymentState.CASE not in [state for _, state in attempts(self.store)]:
            await until(lambda: self.desk.ready, PATIENCE_S)
        return [state.value for _, state in attempts(self.store)]


@asynccontextmanager
async def _desk(path: Path, uri: str) -> AsyncIterator[_Desk]:
    store = open_at(path)
    runner = TerminalRunner(opening_of(uri), "payment terminal", poll_seconds=0.1)
    desk = TerminalDesk(store, runner, HurriedClock(), Patience(card=NEVER_S, citizen=NEVER_S, spend=NEVER_S))
    runner.start()
    try:
        await desk.start()
        yield _Desk(desk, store, runner)
    finally:
        await desk.finish()
        runner.stop()
        store.close()


async def _pay(given: Mapping[str, Any], points: Points) -> Told:
    async with _desk(Path(given["path"]), given["uri"]) as at:
        await until(lambda: at.desk.ready, PATIENCE_S)
        points.armed = True
        paid = await at.desk.charge(FEE, lambda _: None)
        if isinstance(paid, Paid) and given["giveBack"]:
            await at.store.move_payment(paid.payment_id, PaymentState.UNDELIVERED, "noPaper")
            at.desk.give_back()
        elif isinstance(paid, Paid):
            await at.store.move_payment(paid.payment_id, PaymentState.SPENT)
        states = await at.settled()
        points.armed = False
    return {"states": states, "points": points.passed}


async def _start_again(given: Mapping[str, Any], points: Points) -> Told:
    points.armed = True
    async with _desk(Path(given["path"]), given["uri"]) as at:
        states = await at.settled()
        points.armed = False
    return {"states": states, "points": points.passed}


async def _live(given: Mapping[str, Any]) -> Told:
    points = Points(given["killAt"])
    lay(points, late=given["late"])
    return await (_start_again if given["life"] == "start again" else _pay)(given, points)


def _one_life(given: Mapping[str, Any]) -> Told:
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        os.write(into, json.dumps(_lived(given)).encode())
        os._exit(0)
    os.close(into)
    try:
        said = _said(out, given.get("killAfter"), child)
    finally:
        os.close(out)
        _, status = os.waitpid(child, 0)
    told: Told = json.loads(said) if said else {}
    return {"states": [], "points": [], "fault": "", **told, "killed": os.WIFSIGNALED(status)}


def _lived(given: Mapping[str, Any]) -> Told:
    try:
        return asyncio.run(_live(given))
    except Exception:  # noqa: BLE001  # whatever it is, it goes to whoever judges
        return {"fault": traceback.format_exc()[-2000:]}


def _said(out: int, kill_after: float | None, child: int) -> bytes:
    """What a life left behind; killed from outside after so many seconds, and in any case after very many."""
    if not select.select([out], [], [], kill_after if kill_after is not None else LONGEST_S)[0]:
        os.kill(child, signal.SIGKILL)
    said = b""
    while piece := os.read(out, 65536):
        said += piece
    return said


def main() -> None:
    """Until the input ends."""
    logging.getLogger("zuil").setLevel(logging.CRITICAL)
    with contextlib.suppress(BrokenPipeError):
        for line in sys.stdin:
            print(json.dumps(_one_life(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
