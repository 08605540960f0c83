"""Each morning, before the counters open: everything is tested without effect, and reception finds one page about it.

The report is on disk and on its way to the back office in one commit. Not for: when it is due (`kiosk.core.readiness`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.caretaking import Memory
from kiosk.core.catalogue import OpeningHours
from kiosk.core.column_health import findings
from kiosk.core.events import READINESS_REPORTED
from kiosk.core.readiness import Report, due, kept_report, report_of
from kiosk.journeys.ports import Clock
from kiosk.journeys.staff_desk import House

log = logging.getLogger("zuil.readiness")

KEY = "readiness"
LOOK_S = 30.0


@dataclass(frozen=True)
class Readiness:
    """Implements `kiosk.journeys.staff_desk.Mornings`.

    Attributes:
        ahead: how long before opening; zero makes no report by itself.
    """

    house: House
    memory: Memory
    clock: Clock
    hours: OpeningHours
    ahead: timedelta

    async def last(self) -> Report | None:
        """See the port."""
        return kept_report(await self.memory.remembered(KEY))

    async def make(self, at: datetime) -> Report:
        """See the port."""
        await self.house.test()
        seen = await self.house.look()
        report = report_of(at, findings(seen), seen.tickets_left)
        await self.memory.remember(KEY, report.kept(), READINESS_REPORTED, report.told())
        return report

    async def run(self) -> None:
        """See the port."""
        while True:
            await self.clock.sleep(LOOK_S)  # first of all: a start has better things to do
            try:
                await self._if_due()
            except Exception:
                # Whatever is broken is broken for the visitors, too, and told there; the next look comes.
                log.exception("the report of the morning could not be made")

    async def _if_due(self) -> None:
        now, last = self.clock.now(), await self.last()
        if due(self.hours, now, self.ahead, last.at if last else None):
            report = await self.make(now)
            log.info("report of the morning: %s", report.worst.value)
