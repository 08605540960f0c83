"""What staff mode sees of the world beside what every visit sees: a few more ports.

Adapters live in `kiosk.caretaking`, `kiosk.staffing`, `kiosk.paper_watch`, `kiosk.surroundings` and `kiosk.store`.
Not for: the pages (`staff_pages`) or serving (`serve`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from drivers.card_contract import BadgeRead, CardRead, Cards, Pin
from kiosk.core.column_health import Seen
from kiosk.core.events import EventKind
from kiosk.core.readiness import Report
from kiosk.core.staff import Member
from kiosk.core.tickets import Ticket
from kiosk.journeys.ports import Caretaker


class Upkeep(Caretaker, Protocol):
    """The caretaker as serving needs it."""

    @property
    def restarting(self) -> bool:
        """Whether nobody is to be served any more, because the program starts anew."""
        ...

    @property
    def refusing(self) -> bool:
        """Whether nobody new is served: closed, or about to start anew."""
        ...

    @property
    def visited(self) -> bool:
        """Whether a visit is under way."""
        ...

    def began(self, visit: asyncio.Task[object]) -> None:
        """This is the visit that is under way now."""
        ...

    async def open_if_due(self) -> None:
        """Open when the time has come that the closure names."""
        ...


@dataclass(frozen=True)
class PinToo:
    """Card or badge names somebody, and cannot prove that it is no copy: their PIN is needed beside it."""

    staff_id: str


class Door(Protocol):
    """Lets staff in; wrong tries are counted on disk before anybody hears of them."""

    @property
    def anybody(self) -> bool:
        """Whether anybody may come in at all."""
        ...

    @property
    def cards(self) -> bool:
        """Whether anybody comes in with a card."""
        ...

    @property
    def badges(self) -> bool:
        """Whether anybody comes in with a badge and their PIN."""
        ...

    async def wait_seconds(self) -> int:
        """How long no PIN is looked at."""
        ...

    async def by_pin(self, pin: Pin, staff_id: str | None = None) -> Member | None:
        """Whose PIN it is, or None for a wrong one; the PIN is wiped.

        Args:
            staff_id: only this person's will do.
        """
        ...

    async def by_card(self, card: CardRead) -> Member | PinToo | None:
        """Whose card it is, or None for a card that lets nobody in."""
        ...

    async def by_badge(self, badge: BadgeRead) -> PinToo | None:
        """Whose badge it is, or None for one that is nobody's; a badge alone never lets anybody in."""
        ...


class Roll(Protocol):
    """The roll of the receipt printer."""

    @property
    def tickets_left(self) -> int | None:
        """About how many papers more; None where there is no printer."""
        ...

    def look(self) -> None:
        """Have the printer say how it is, now."""
        ...

    async def changed(self) -> None:
        """Wait until the printer says something new of itself."""
        ...

    async def new_roll(self) -> int:
        """A new roll is in; returns millimetres used of the old one."""
        ...


class House(Protocol):
    """How the column is."""

    async def look(self) -> Seen:
        """As it is known now."""
        ...

    async def test(self) -> None:
        """Have every device say how it is, without any effect; returns when all have, or after some seconds."""
        ...


class Sound(Protocol):
    """The loudness of voice and chime."""

    @property
    def percent(self) -> int:
        """From 0 to 100."""
        ...

    async def set(self, percent: int) -> None:
        """Change it, and remember it."""
        ...


class Book(Protocol):
    """What staff mode needs of the store."""

    async def tickets_here(self, service_date: date) -> list[Ticket]:
        """Tickets of the day that only this column knows, oldest first."""
        ...

    async def last_ticket(self, service_date: date) -> Ticket | None:
        """The newest ticket of the day."""
        ...

    async def call_here(self, ticket_id: str, staff_id: str) -> bool:
        """Mark a ticket as called here; False when it does not wait any more."""
        ...

    async def remembered(self, key: str) -> object:
        """What the column keeps of its own care under a key."""
        ...

    async def remember(
        self, key: str, value: object, kind: EventKind | None = None, data: Mapping[str, object] | None = None
    ) -> None:
        """Keep a value, with the event that tells of it in one commit."""
        ...

    async def record(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """Append one event."""
        ...


class Mornings(Protocol):
    """The report of the morning."""

    async def last(self) -> Report | None:
        """The newest one, or None."""
        ...

    async def make(self, at: datetime) -> Report:
        """Test everything now and write the report down."""
        ...

    async def run(self) -> None:
        """Make one each morning, before the counters open; until cancelled."""
        ...


@dataclass(frozen=True)
class StaffDesk:
    """Everything staff mode works with.

    Attributes:
        badges: the reader of badges alone; None where the column has none.
        technician_phone: number of a technician, or "".
        column_name: what staff call this column.
    """

    care: Upkeep
    door: Door
    roll: Roll
    house: House
    sound: Sound
    book: Book
    mornings: Mornings
    badges: Cards | None = None
    technician_phone: str = ""
    column_name: str = ""
