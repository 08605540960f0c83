"""Looks how the column is: devices, network, numbers, roll, payments, disk, clock, certificate.

Looking has no effect on anything. Not for: what to say of it (`kiosk.core.column_health`).
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from drivers.contract import DeviceStatus, Health, Reason
from kiosk.core.column_health import DeviceSeen, Seen, Subject
from kiosk.core.payment_saga import UNDECIDED
from kiosk.core.tickets import Ticket
from kiosk.journeys.card_desk import CardDesk
from kiosk.journeys.ports import Clock, Network
from kiosk.journeys.staff_desk import Roll, Upkeep
from kiosk.store.payments import Attempt
from sync.client.ports import Stock

TEST_S = 5.0
"""A device that has not answered by then says what it said before."""


class Device(Protocol):
    """Anything with a cable."""

    @property
    def status(self) -> DeviceStatus:
        """Last known state."""
        ...


class Shelf(Protocol):
    """What is asked of the store."""

    async def tickets_here(self, service_date: date) -> list[Ticket]:
        """Tickets of the day that only this column knows."""
        ...

    async def open_payments(self) -> list[Attempt]:
        """Attempts to pay that are not over."""
        ...

    def stock(self, queues: Sequence[str], today: date) -> tuple[Stock, ...]:
        """Numbers left per queue and day."""
        ...

    @property
    def clock_known(self) -> bool:
        """Whether the time is certain."""
        ...


@dataclass(frozen=True)
class Surroundings:
    """Implements `kiosk.journeys.staff_desk.House`.

    Attributes:
        devices: those this column has.
        tests: has each of them say how it is, now; returns at once.
        network: None where there is no back office.
        queues: those this column gives numbers for.
        folder: on the disk whose room counts.
        charges: whether fees are taken here.
        certificate_end: when the certificate that seals attests ends, or None where there is none.
    """

    devices: Mapping[Subject, Device]
    tests: Sequence[Callable[[], None]]
    network: Network | None
    queues: Sequence[str]
    shelf: Shelf
    roll: Roll
    care: Upkeep
    desk: CardDesk
    clock: Clock
    folder: Path
    charges: bool = False
    certificate_end: Callable[[], datetime | None] = lambda: None

    async def look(self) -> Seen:
        """See the port."""
        today = self.clock.now().date()
        waiting = await self.shelf.tickets_here(today)
        unclear = [attempt for attempt in await self.shelf.open_payments() if attempt.state in UNDECIDED]
        left, free, end = await asyncio.to_thread(self._slow, today)
        return Seen(
            devices=tuple(
                seen for subject, each in self.devices.items() if (seen := device_seen(subject, each.status))
            ),
            online=None if self.network is None else self.network.online,
            numbers_left=left,
            tickets_left=self.roll.tickets_left,
            waiting_here=len(waiting),
            unclear_payments=len(unclear),
            charges=self.charges,
            closure=self.care.closure,
            card_left=self.desk.left_behind,
            clock_known=self.shelf.clock_known,
            disk_free_mb=free,
            certificate_days=None if end is None else (end - self.clock.now()).days,
        )

    async def test(self) -> None:
        """See the port."""
        for test in self.tests:
            test()
        until = self.clock.monotonic() + TEST_S
        await self.clock.sleep(0.5)
        while self.clock.monotonic() < until and any(
            device.status.health is Health.BUSY for device in self.devices.values()
        ):
            await self.clock.sleep(0.5)

    def _slow(self, today: date) -> tuple[int | None, int, datetime | None]:
        """What waits for the disk: numbers left, megabytes free, end of the certificate."""
        left = None
        if self.queues:
            stock = self.shelf.stock(self.queues, today)
            left = sum(each.working + each.reserve for each in stock if each.service_date == today)
        return left, shutil.disk_usage(self.folder).free // 1_000_000, self.certificate_end()


def device_seen(subject: Subject, status: DeviceStatus) -> DeviceSeen | None:
    """A device as it says it is; None for one this column does not have."""
    if status.reason is Reason.NOT_CONFIGURED and not status.raw:
        return None
    return DeviceSeen(subject, status.usable, status.reason.value if status.reason else None)
