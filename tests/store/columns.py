"""A column's store for tests: a clock that moves when told, real files, and images of them as after a power cut."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kiosk.core.tickets import TicketOrder
from kiosk.demo.disk_image import copied
from kiosk.store.store import KioskStore, open_store
from sync.client.column import Column
from sync.client.ports import Grant

TODAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COLUMN = Column(
    kiosk_id="kiosk-1",
    source="urn:uuid:kiosk-1",
    epoch=1,
    office_id="berchem",
    suffix="K3",
    birth="b" * 43,
    enrolled_at=datetime(2026, 11, 1, tzinfo=UTC),
)


class Hands:
    """A clock with hands one can move."""

    def __init__(self, start: datetime = START) -> None:
        self.moment = start
        self.seconds = 1000.0

    def now(self) -> datetime:
        """The moment shown."""
        return self.moment

    def monotonic(self) -> float:
        """Seconds that only `turn` moves."""
        return self.seconds

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds)
        self.seconds += seconds


def open_at(path: Path, column: Column = COLUMN, clock: Hands | None = None, ballast_bytes: int = 0) -> KioskStore:
    """Open a store without ballast on a fixed boot."""
    return open_store(path, column, clock or Hands(), boot_id="boot-1", ballast_bytes=ballast_bytes)


def order(queue: str = "travel", letter: str = "A", day: date = TODAY) -> TicketOrder:
    """An order for a ticket."""
    return TicketOrder(queue, letter, "passport", day, "nl")


def grant(
    first: int,
    last: int,
    *,
    name: str = "",
    queue: str = "travel",
    kind: str = "working",
    epoch: int = 1,
    day: date = TODAY,
) -> Grant:
    """A range of numbers, valid until the day after."""
    expires = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return Grant(name or f"{queue}-{day}-{kind}-{first}", epoch, queue, day, kind, first, last, expires, "s")


power_cut = copied
