"""The whole real kiosk in a process of its own, with a finger in it: `python -m tests.bench.child PLAN RESULT`.

Everything is what `zuil run` runs; this only notes moments and touches the screen. With `brisk` the page animation and
the time in which a fresh page takes no answer are zero, so that many visits fit. Not for: judging what came out.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

import kiosk.running
import kiosk.ui.app
import kiosk.ui.gate
from config.column import load_column
from drivers.printers.transport import LinkFault
from drivers.printers.transports.tcp import TcpTransport
from kiosk.core.tickets import PrintState, Ticket, TicketOrder
from kiosk.store.store import KioskStore
from tests.bench.hands import HOLD_S, After, Hands, Touch
from tests.bench.walks import LARGER, TAKE, Citizens, Step, ticket_services

JOB_BYTES = 200
"""Questions to the printer have a few bytes; only a job is longer."""
SAMPLE_EVERY = 10
_PAGE_MB = os.sysconf("SC_PAGESIZE") / 2**20


@dataclass
class Moments:
    """When what happened, in nanoseconds of the performance counter, in order of tickets."""

    asked: list[int] = field(default_factory=list)
    promised: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def watch() -> Moments:
    """Note the moments of every ticket; nothing is changed but for reading the clock."""
    seen = Moments()
    issue, move, write_all = KioskStore.issue_ticket, KioskStore.move_print, TcpTransport.write_all

    async def issuing(self: KioskStore, order: TicketOrder) -> Ticket:
        seen.asked.append(time.perf_counter_ns())
        ticket = await issue(self, order)
        seen.promised.append(time.perf_counter_ns())
        return ticket

    async def moving(self: KioskStore, job_id: str, state: PrintState, reason: str | None = None) -> None:
        await move(self, job_id, state, reason)
        if state is PrintState.SENT:
            seen.sent.append(time.perf_counter_ns())

    def writing(self: TcpTransport, data: bytes, seconds: float) -> LinkFault | None:
        if len(data) > JOB_BYTES:
            seen.left.append(time.perf_counter_ns())
        return write_all(self, data, seconds)

    KioskStore.issue_ticket = issuing  # type: ignore[method-assign]
    KioskStore.move_print = moving  # type: ignore[method-assign]
    TcpTransport.write_all = writing  # type: ignore[method-assign]
    return seen


def make_brisk() -> None:
    """No page animation, no time in which a fresh page takes no answer, and no tap so quick that it is a bounce."""
    vars(kiosk.ui.gate)["STRIKE_S"] = 0.0
    kiosk.ui.app.run = partial(kiosk.ui.app.run, motion_scale=0.0)
    make_answering()


def make_answering() -> None:
    """A fresh page takes an answer as soon as it stands still."""
    kiosk.ui.app.open_window = partial(kiosk.ui.app.open_window, settle_s=0.0)


def resident_mb() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB


class Run:
    """One plan carried out.

    Args:
        plan: `config`, `walk` (a method of `Citizens`), `count`, `brisk`.
    """

    def __init__(self, plan: dict[str, object]) -> None:
        self._plan = plan
        self._moments = watch()
        self._touches: list[Touch] = []
        self._memory: list[tuple[int, float]] = []
        self._reason: str | None = "the kiosk ended before the plan did"
        self._hands: Hands | None = None
        make_brisk() if plan["brisk"] else make_answering()

    def carry_out(self) -> dict[str, object]:
        """Run the kiosk until the plan is done."""
        vars(kiosk.running)["tell_ready"] = self._begin
        kiosk.running.run_on_screen(Path(str(self._plan["config"])))
        return {
            "reason": self._reason,
            "tickets": self._tickets(),
            "pages": list(self._pages()),
            "memory": self._memory,
        }

    def _begin(self) -> None:
        window = next(each for each in QGuiApplication.topLevelWindows() if isinstance(each, QQuickWindow))
        config = load_column(Path(str(self._plan["config"])))
        citizens = Citizens(ticket_services(config), self._printed)
        self._memory.append((0, resident_mb()))
        self._hands = Hands(window, self._end, hold_s=0.0 if self._plan["brisk"] else HOLD_S)
        self._hands.play(lambda touches: self._walk(citizens, touches))

    def _walk(self, citizens: Citizens, touches: list[Touch]) -> Iterator[Step]:
        self._touches = touches
        count = int(str(self._plan["count"]))
        ways: dict[str, Callable[[], Iterator[Step]]] = {
            "tickets": lambda: citizens.tickets(count),
            "every_page": lambda: citizens.every_page(count),
            "mixed": lambda: citizens.mixed(count, self._sample),
        }
        return ways[str(self._plan["walk"])]()

    def _printed(self) -> bool:
        taken = sum(touch.tap == TAKE for touch in self._touches)
        return len(self._moments.left) >= taken

    def _sample(self, visits: int) -> None:
        # What was measured lies in the memory that is measured: only what the figures need is kept.
        self._touches[:] = [touch for touch in self._touches if touch.tap == TAKE]
        if visits % SAMPLE_EVERY == 0:
            self._memory.append((visits, resident_mb()))

    def _end(self, reason: str | None) -> None:
        self._reason = reason
        kiosk.ui.app.quit_window()

    def _tickets(self) -> list[dict[str, float]]:
        """Milliseconds from each release to each moment after it."""
        takes = [touch.released for touch in self._touches if touch.tap == TAKE]
        seen = self._moments
        moments = zip(takes, seen.asked, seen.promised, seen.sent, seen.left, strict=False)
        names = ("asked", "promised", "sent", "left")
        return [
            {name: (at - released) / 1e6 for name, at in zip(names, each, strict=True)} for released, *each in moments
        ]

    def _pages(self) -> Iterator[tuple[str, bool, float]]:
        """Kind of page, whether in large letters, and milliseconds from release to its first frame."""
        large = False
        for touch in self._touches:
            large = touch.tap == LARGER or (large and touch.page != "welcome")
            if touch.tap.after is After.PAGE:
                yield touch.page, large, (touch.drawn - touch.released) / 1e6


def main() -> int:
    """Carry out the plan in the first file, write what was seen to the second."""
    plan, result = Path(sys.argv[1]), Path(sys.argv[2])
    seen = Run(json.loads(plan.read_text())).carry_out()
    result.write_text(json.dumps(seen))
    return 0 if seen["reason"] is None else 1


if __name__ == "__main__":
    sys.exit(main())
