"""Counts the paper that goes through the receipt printer, and keeps the count over restarts.

It stands between the journeys and the printer's port. A roll that ran out and was changed without a word is noticed
by the sensor. Losing the last papers in a power cut does no harm, so they are written down now and then. Not for: the
rules (`kiosk.core.paper`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict

from drivers.contract import (
    DeviceStatus,
    Health,
    PaperDocument,
    PaperSeen,
    PrintResult,
    Reason,
    ReceiptPrinter,
    Refused,
)
from kiosk.caretaking import Memory
from kiosk.core.paper import PaperCount

log = logging.getLogger("zuil.printer")

KEY = "paper"
WRITTEN_EVERY = 10
"""Papers between two writings."""
NOTICED_MM = 500.0
"""A change the sensor noticed, and staff confirm after no more paper than this, is the same one."""


class PaperWatch:
    """Implements `kiosk.journeys.staff_desk.Roll` and, around the real one, `drivers.contract.ReceiptPrinter`.

    Args:
        printer: the real port.
        memory: the store.
        roll_mm: length of a roll according to the settings.
        look: has the printer say how it is, now; None where there is none.
    """

    def __init__(
        self, printer: ReceiptPrinter, memory: Memory, roll_mm: float, look: Callable[[], None] | None = None
    ) -> None:
        self._printer = printer
        self._memory = memory
        self._roll_mm = roll_mm
        self._look = look
        self._unwritten = 0
        self._out = False
        self._noticed: int | None = None
        self._changed = asyncio.Event()
        self._work: set[asyncio.Task[None]] = set()
        self.count = PaperCount()

    async def start(self) -> None:
        """Take up the count of an earlier run, and listen to the sensors."""
        self.count = kept_count(await self._memory.remembered(KEY))
        loop = asyncio.get_running_loop()

        def heard(status: DeviceStatus) -> None:
            with suppress(RuntimeError):  # the loop has ended, and the bus not yet
                loop.call_soon_threadsafe(self._seen, status)

        self._printer.on_change(heard)
        self._seen(self._printer.status)

    async def finish(self) -> None:
        """Write down what was not."""
        await asyncio.gather(*self._work, return_exceptions=True)
        if self._unwritten:
            await self._write()

    # --- the printer's port ---------------------------------------------------------------------------------------

    @property
    def status(self) -> DeviceStatus:
        """See `drivers.contract.Printer`."""
        return self._printer.status

    async def print(self, job_id: str, document: PaperDocument) -> PrintResult:
        """See `drivers.contract.Printer`."""
        result = await self._printer.print(job_id, document)
        if not isinstance(result, Refused) and result.millimetres:
            self.count = self.count.printed(result.millimetres)
            self._unwritten += 1
            if self._unwritten >= WRITTEN_EVERY:
                self._later()
        return result

    def on_change(self, listener: Callable[[DeviceStatus], None]) -> None:
        """See `drivers.contract.Printer`."""
        self._printer.on_change(listener)

    # --- the roll -------------------------------------------------------------------------------------------------

    @property
    def tickets_left(self) -> int | None:
        """See the port."""
        if self.status.reason is Reason.NOT_CONFIGURED:
            return None
        return self.count.tickets_left(self._roll_mm)

    def look(self) -> None:
        """See the port."""
        if self._look is not None:
            self._look()

    async def changed(self) -> None:
        """See the port."""
        await self._changed.wait()

    async def new_roll(self) -> int:
        """See the port; a roll whose change the sensor has noticed already is not new again."""
        noticed, self._noticed = self._noticed, None
        if noticed is not None and self.count.used < NOTICED_MM:
            return noticed
        used = self._change(ran_out=self._out or self.count.low_at is not None)
        await self._write()
        return used

    def _seen(self, status: DeviceStatus) -> None:
        """What a new state says of the roll."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        if status.health is Health.BUSY or status.paper is None:
            return
        if status.paper is PaperSeen.OUT:
            # With the cover open somebody may only hold the roll in their hands.
            self._out = self._out or status.reason is Reason.PAPER_OUT
        elif status.paper is PaperSeen.LOW:
            self.count = self.count.low()
        elif self._out and status.reason is not Reason.COVER_OPEN:
            self._noticed = self._change(ran_out=True)
            self._later()

    def _change(self, *, ran_out: bool) -> int:
        """Begin a new roll; returns millimetres used of the old one."""
        used, self._out = round(self.count.used), False
        self.count = self.count.new_roll(self._roll_mm, ran_out=ran_out)
        return used

    def _later(self) -> None:
        task = asyncio.get_running_loop().create_task(self._write())
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _write(self) -> None:
        self._unwritten = 0
        try:
            await self._memory.remember(KEY, asdict(self.count))
        except Exception:
            # The count is a help and no promise: a full disk must not end a visit because of it.
            log.exception("the count of the paper could not be kept")


def kept_count(value: object) -> PaperCount:
    """A count from disk; one that cannot be understood begins anew."""
    if not isinstance(value, Mapping):
        return PaperCount()
    try:
        low = value["low_at"]
        lists = {name: tuple(float(each) for each in value[name]) for name in ("rolls", "lows", "papers")}
        return PaperCount(float(value["used"]), None if low is None else float(low), **lists)
    except (KeyError, TypeError, ValueError):
        return PaperCount()
