"""A column for journey tests: scripted screen, driven clock, a store in memory, a printer that answers as told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from drivers.card_contract import Cards
from drivers.contract import (
    DeviceStatus,
    Health,
    PaperDocument,
    Printed,
    PrintResult,
    ReceiptPrinter,
    Sheet,
    SheetPrinter,
)
from kiosk.clock import DrivenClock, settle
from kiosk.core.attests import Medium
from kiosk.core.catalogue import (
    ContactPoint,
    Interval,
    Offer,
    OpeningHours,
    Queue,
    Service,
    Site,
    Theme,
    WayKind,
)
from kiosk.core.events import ATTEST_TAKEN, ATTEST_VOIDED, EventKind
from kiosk.core.language import LanguageProfile, Regime
from kiosk.core.payment_saga import PaymentState, payment_edge
from kiosk.core.print_saga import edge
from kiosk.core.texts import LANGUAGES, Language, Localized, Message, Text
from kiosk.core.tickets import PeopleAhead, PrintState, Ticket, TicketOrder, label
from kiosk.demo.told_attests import ToldAttests
from kiosk.demo.told_cards import ToldCards
from kiosk.demo.told_payments import ToldTill
from kiosk.demo.told_staff import ToldStaff
from kiosk.fees import CounterDesk, PracticeFees
from kiosk.journeys.card_desk import CardDesk
from kiosk.journeys.ports import Payments
from kiosk.journeys.printing import Printing
from kiosk.journeys.serve import serve
from kiosk.journeys.visit import Column, Timing
from kiosk.store.payments import Attempt
from kiosk.terminal.script_screen import ScriptScreen

ZONE = ZoneInfo("Europe/Brussels")
MONDAY_MORNING = datetime(2026, 11, 23, 10, 24, tzinfo=ZONE)


class KeyTexts:
    """Says keys and data instead of sentences, with the language before them: `nl:ticket.people_ahead count=4`."""

    def words(self, text: Text, language: Language) -> str:
        if isinstance(text, Localized):
            return text.values[language]
        data = "".join(f" {name}={self._value(value, language)}" for name, value in sorted(text.data.items()))
        return f"{language}:{text.key}{data}"

    spoken = words

    def _value(self, value: object, language: Language) -> str:
        return self.words(value, language) if isinstance(value, Localized | Message) else str(value)


@dataclass
class MemoryStore:
    """A store that keeps its promises only as long as the test lasts."""

    clock: DrivenClock
    ahead: PeopleAhead | None = None
    tickets: list[Ticket] = field(default_factory=list)
    events: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    prints: dict[str, PrintState] = field(default_factory=dict)
    payments: dict[str, PaymentState] = field(default_factory=dict)
    fees: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    papers: list[tuple[str, Medium]] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)

    async def issue_ticket(self, order: TicketOrder) -> Ticket:
        number = len(self.tickets) + 1
        ticket = Ticket(
            f"ticket-{number}",
            f"job-{number}",
            order.queue_id,
            order.service_id,
            order.service_date,
            number,
            label(order.letter, number),
            None,
            order.language,
            self.clock.now(),
        )
        self.tickets.append(ticket)
        self.prints[ticket.job_id] = PrintState.QUEUED
        return ticket

    async def move_print(self, job_id: str, state: PrintState, reason: str | None = None) -> None:
        kind = edge(self.prints.setdefault(job_id, PrintState.QUEUED), state)
        self.prints[job_id] = state
        if kind:
            await self.record(kind, {"jobId": job_id, "reason": reason})

    async def another_paper(self, attest_id: str, medium: Medium) -> str:
        self.papers.append((attest_id, medium))
        job_id = f"attest-job-{attest_id}-{len(self.papers)}"
        self.prints[job_id] = PrintState.QUEUED
        return job_id

    async def attest_taken(self, attest_id: str) -> None:
        await self.record(ATTEST_TAKEN, {"attestId": attest_id})

    async def void_attest(self, attest_id: str, reason: str, *, promised: bool = False) -> None:
        await self.record(ATTEST_VOIDED, {"attestId": attest_id, "reason": reason})
        if promised:
            self.promised.append(attest_id)

    async def intend_payment(self, product: str, amount_cents: int, method: str) -> str:
        payment = f"payment-{len(self.payments) + 1}"
        self.payments[payment] = PaymentState.INTENDED
        self.fees[payment] = (product, amount_cents, method)
        return payment

    async def newest_payments(self, limit: int, method: str) -> list[Attempt]:
        found = [Attempt(each, *fee, self.payments[each]) for each, fee in self.fees.items() if fee[2] == method]
        return found[:limit]

    async def move_payment(self, payment_id: str, state: PaymentState, reason: str | None = None) -> None:
        payment_edge(self.payments[payment_id], state)
        self.payments[payment_id] = state

    async def record(self, kind: EventKind, data: dict[str, object]) -> None:
        assert set(data) <= kind.fields | {"jobId", "reason"}, f"{kind.name} may not hold {set(data) - kind.fields}"
        self.events.append((kind.name, data))

    async def people_ahead(self, queue_id: str, service_date: date) -> PeopleAhead | None:
        return self.ahead


@dataclass
class TestPrinter:
    """A printer whose answer the test decides; `hold` keeps it printing until released."""

    __test__ = False

    result: PrintResult = field(default_factory=Printed)
    status: DeviceStatus = field(default_factory=lambda: DeviceStatus(Health.READY))
    documents: list[PaperDocument | Sheet] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    broken: Exception | None = None

    def __post_init__(self) -> None:
        self.released.set()

    async def print(self, job_id: str, document: PaperDocument | Sheet) -> PrintResult:
        self.documents.append(document)
        await self.released.wait()
        if self.broken:
            raise self.broken
        return self.result

    def on_change(self, listener: Callable[[DeviceStatus], None]) -> None:
        """Nothing changes by itself."""


@dataclass
class TestDevices:
    """The devices of the column under test."""

    __test__ = False

    printer: ReceiptPrinter
    sheets: SheetPrinter
    cards: Cards


@dataclass
class TestNetwork:
    """The way to the back office, as the test wants it."""

    __test__ = False

    online: bool = True


class World:
    """A column being served, and everything a test may look at.

    Attributes:
        screen: what the citizen sees and does.
        column: the ports, as the journeys have them.
    """

    def __init__(
        self,
        site: Site | None = None,
        *,
        here: str = "hall",
        timing: Timing | None = None,
        payments: Payments | None = None,
        counter: bool = False,
        staff: bool = False,
        badges: Cards | None = None,
    ) -> None:
        site = site or small_site()
        self.clock = DrivenClock(MONDAY_MORNING)
        self.store = MemoryStore(self.clock)
        self.printer = TestPrinter()
        self.sheets = TestPrinter()
        self.network = TestNetwork()
        self.screen = ScriptScreen(KeyTexts())
        self.cards = ToldCards()
        self.attests = ToldAttests(KeyTexts(), self.clock.now)
        self.staff = ToldStaff(self.clock.now, badges=badges)
        self.till = ToldTill()
        devices = TestDevices(self.printer, self.sheets, self.cards)
        self.column = Column(
            screen=self.screen,
            store=self.store,
            devices=devices,
            network=self.network,
            clock=self.clock,
            texts=KeyTexts(),
            site=site,
            here=site.contact_point(here),
            kiosk_id="kiosk-1",
            printing=Printing(self.store, devices),
            desk=CardDesk(devices),
            attests=self.attests,
            payments=payments or PracticeFees(self.store),
            counter_fees=CounterDesk(self.store, offered=counter),
            till=self.till,
            timing=timing or Timing(),
            staff=self.staff.desk if staff else None,
        )
        self._serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> World:
        self._serving = asyncio.create_task(serve(self.column))
        await settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._serving
        self.printer.released.set()
        self.sheets.released.set()
        await self.column.printing.finish()
        self._serving.cancel()
        await asyncio.gather(self._serving, return_exceptions=True)

    async def touch(self, *names: str) -> None:
        """Touch options one after the other."""
        for name in names:
            self.screen.touch(name)
            await settle()

    async def do(self, action: Callable[[], None]) -> None:
        """Do something at the screen and let it take effect."""
        action()
        await settle()

    async def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.pass_time(seconds)

    @property
    def shown(self) -> str:
        """Everything on screen as one text."""
        return "\n".join(self.screen.lines())

    @property
    def outcomes(self) -> list[object]:
        """How the visits so far ended."""
        return [data["outcome"] for name, data in self.store.events if name == "interactions.ended"]


def everywhere(words: str) -> Localized:
    """The same words in every language, each with its code before it."""
    return Localized({language: f"{language} {words}" for language in LANGUAGES})


def service(id: str, *offers: Offer, theme: str = "papers", popular: int | None = None) -> Service:
    """A service with the given offers."""
    return Service(
        id=id,
        theme=theme,
        title=everywhere(id),
        summary=everywhere(f"about {id}"),
        icon="file-text",
        keywords=dict.fromkeys(LANGUAGES, (id,)),
        bring=(everywhere("card"),),
        costs=(),
        audience=everywhere("all"),
        offers=offers or (Offer(WayKind.TICKET, queue="desk"),),
        popular=popular,
    )


def small_site(*services: Service) -> Site:
    """Two contact points: a hall with a queue, open on weekdays, and a library without staff."""
    hours = OpeningHours({day: (Interval(time(9), time(17)),) for day in range(1, 6)})
    hall = ContactPoint(
        "hall", everywhere("Hall"), everywhere("hall"), "Street 1", "01", hours, ("desk",), everywhere("there")
    )
    library = ContactPoint(
        "library", everywhere("Library"), everywhere("library"), "Street 2", "02", hours, (), everywhere("x")
    )
    return Site(
        id="test",
        name=everywhere("Town"),
        mark="T",
        brand="#0B4F6C",
        practice=True,
        timezone="Europe/Brussels",
        phone="00",
        web="town.example",
        profile=LanguageProfile(Regime.DEMO, LANGUAGES),
        themes=(Theme("papers", everywhere("Papers"), everywhere("hint"), "files"),),
        queues=(Queue("desk", "A", everywhere("Desk"), everywhere("Room A")),),
        contact_points=(hall, library),
        services=services or (service("passport", popular=1), service("call-only", Offer(WayKind.PHONE, phone="0800"))),
    )
