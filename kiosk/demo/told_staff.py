"""A staff desk that knows what it was told: for rehearsals and tests of journeys.

Not for: anything durable, or real hashes (`kiosk.staffing`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from drivers.card_contract import BadgeRead, CardRead, Cards, Pin
from kiosk.caretaking import ColumnCare
from kiosk.core.column_health import Seen, findings
from kiosk.core.events import EventKind
from kiosk.core.readiness import Report, report_of
from kiosk.core.staff import DEFAULT_RIGHTS, Member, Role
from kiosk.core.texts import Language
from kiosk.core.tickets import Ticket
from kiosk.journeys.staff_desk import PinToo, StaffDesk
from kiosk.loudness import Loudness

CODE = "246810"


def somebody(language: Language = "nl", role: Role = Role.RECEPTION) -> Member:
    """A member of the staff with the usual rights."""
    return Member("an", role, language, DEFAULT_RIGHTS[role])


@dataclass
class ToldBook:
    """What staff mode keeps, in memory.

    Attributes:
        tickets: of today, oldest first.
        known: ids of those the back office knows.
        events: name and data of everything that was recorded.
    """

    tickets: list[Ticket] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    kept: dict[str, object] = field(default_factory=dict)
    events: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    async def tickets_here(self, service_date: date) -> list[Ticket]:
        """See `kiosk.journeys.staff_desk.Book`."""
        return [each for each in self.tickets if each.id not in self.known and each.service_date == service_date]

    async def last_ticket(self, service_date: date) -> Ticket | None:
        """See `kiosk.journeys.staff_desk.Book`."""
        return next((each for each in reversed(self.tickets) if each.service_date == service_date), None)

    async def call_here(self, ticket_id: str, staff_id: str) -> bool:  # noqa: ARG002 - the port's
        """See `kiosk.journeys.staff_desk.Book`."""
        fresh = ticket_id not in self.known
        self.known.add(ticket_id)
        return fresh

    async def remembered(self, key: str) -> object:
        """See `kiosk.journeys.staff_desk.Book`."""
        return self.kept.get(key)

    async def remember(
        self, key: str, value: object, kind: EventKind | None = None, data: Mapping[str, object] | None = None
    ) -> None:
        """See `kiosk.journeys.staff_desk.Book`."""
        self.kept[key] = value
        if kind is not None:
            await self.record(kind, data or {})

    async def record(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """See `kiosk.journeys.staff_desk.Book`."""
        if not set(data) <= kind.fields:
            raise ValueError(f"{kind.name} may not hold {set(data) - kind.fields}")
        self.events.append((kind.name, data))


@dataclass
class ToldDoor:
    """Lets one person in.

    Attributes:
        wait: seconds nobody may try.
        card: what a card that is put in leads to.
        badge: what a badge leads to.
        tried: wrong codes so far.
    """

    member: Member
    wait: int = 0
    card: Member | PinToo | None = None
    tried: int = 0
    anybody: bool = True
    cards: bool = True
    badges: bool = True
    badge: PinToo | None = None

    async def wait_seconds(self) -> int:
        """See `kiosk.journeys.staff_desk.Door`."""
        return self.wait

    async def by_pin(self, pin: Pin, staff_id: str | None = None) -> Member | None:
        """See `kiosk.journeys.staff_desk.Door`."""
        from kiosk.staffing import digits_of

        right = digits_of(pin).decode() == CODE and staff_id in (None, self.member.id)
        pin.wipe()
        self.tried += not right
        return self.member if right else None

    async def by_card(self, card: CardRead) -> Member | PinToo | None:  # noqa: ARG002 - the port's
        """See `kiosk.journeys.staff_desk.Door`."""
        return self.card

    async def by_badge(self, badge: BadgeRead) -> PinToo | None:  # noqa: ARG002 - the port's
        """See `kiosk.journeys.staff_desk.Door`."""
        return self.badge


@dataclass
class ToldRoll:
    """A roll.

    Attributes:
        new: how often a new one was put in.
    """

    tickets_left: int | None = 250
    new: int = 0
    looks: int = 0

    def look(self) -> None:
        """See `kiosk.journeys.staff_desk.Roll`."""
        self.looks += 1

    async def changed(self) -> None:
        """See `kiosk.journeys.staff_desk.Roll`."""
        await asyncio.Event().wait()

    async def new_roll(self) -> int:
        """See `kiosk.journeys.staff_desk.Roll`."""
        self.new += 1
        self.tickets_left = 500
        return 41_000


@dataclass
class ToldHouse:
    """How the column is; the closure is the caretaker's."""

    seen: Seen
    care: ColumnCare
    tests: int = 0

    async def look(self) -> Seen:
        """See `kiosk.journeys.staff_desk.House`."""
        return replace(self.seen, closure=self.care.closure)

    async def test(self) -> None:
        """See `kiosk.journeys.staff_desk.House`."""
        self.tests += 1


@dataclass
class ToldMornings:
    """Reports that are made when asked for, and never by themselves."""

    house: ToldHouse
    report: Report | None = None

    async def last(self) -> Report | None:
        """See `kiosk.journeys.staff_desk.Mornings`."""
        return self.report

    async def make(self, at: datetime) -> Report:
        """See `kiosk.journeys.staff_desk.Mornings`."""
        await self.house.test()
        seen = await self.house.look()
        self.report = report_of(at, findings(seen), seen.tickets_left)
        return self.report

    async def run(self) -> None:
        """See `kiosk.journeys.staff_desk.Mornings`."""
        await asyncio.Event().wait()


@dataclass
class ToldStaff:
    """Everything of a staff desk, so that a test can change and look at it."""

    now: Callable[[], datetime]
    seen: Seen = field(default_factory=Seen)
    member: Member = field(default_factory=somebody)
    badges: Cards | None = None

    def __post_init__(self) -> None:
        self.book = ToldBook()
        self.care = ColumnCare(self.book, self.now)
        self.door = ToldDoor(self.member)
        self.roll = ToldRoll()
        self.house = ToldHouse(self.seen, self.care)
        self.sound = Loudness(80)
        self.mornings = ToldMornings(self.house)

    @property
    def desk(self) -> StaffDesk:
        """The desk."""
        return StaffDesk(
            care=self.care,
            door=self.door,
            roll=self.roll,
            house=self.house,
            sound=self.sound,
            book=self.book,
            mornings=self.mornings,
            badges=self.badges,
            technician_phone="03 000 00 99",
            column_name="zuil-1",
        )
