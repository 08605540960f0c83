"""A column that is played through without a device or a disk: real journeys, real site and texts, ports in memory.

What it shows is exactly what citizens see, because pages come from the journeys; only promises are forgotten at the
end. For pictures and tests of screens. Not for: anything durable (`kiosk.demo.world` has real bytes).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import Generic, TypeVar
from uuid import UUID

from config.texts import Catalog
from drivers.card_contract import Cards
from drivers.contract import DeviceStatus, Health, PaperDocument, Printed, PrintResult, Reason, Sheet
from kiosk.clock import DrivenClock, settle
from kiosk.core.attests import Medium
from kiosk.core.catalogue import Site
from kiosk.core.events import EventKind
from kiosk.core.pages import Option
from kiosk.core.texts import Language, Message
from kiosk.core.tickets import PeopleAhead, PrintState, Ticket, TicketOrder, label
from kiosk.demo.told_attests import ToldAttests
from kiosk.demo.told_cards import ToldCards
from kiosk.demo.told_payments import ToldCounter, ToldTerminal
from kiosk.demo.told_staff import ToldStaff
from kiosk.journeys.card_desk import CardDesk
from kiosk.journeys.ports import CounterFees, Payments, Till
from kiosk.journeys.printing import Printing
from kiosk.journeys.serve import serve
from kiosk.journeys.visit import Column
from kiosk.terminal.script_screen import ScriptScreen

D = TypeVar("D")


@dataclass(frozen=True)
class Circumstances:
    """How things stand at the column.

    Attributes:
        at: time of day and date, timezone-aware.
        here: id of the contact point.
        ahead: what is known about people waiting, or None.
        number: the number the next ticket gets.
        suffix: the column's own suffix, when all leased numbers are used.
        follow_url: base of the page behind the QR code, or "".
        paper: what the printer answers, or None while it is still printing.
        printer: what the printer says of itself.
        defect: whether a defect of ours ends the visit at the next sheet.
        cards: makes the card reader.
        sheets: what the printer of A4 pages says of itself.
        sheet: what it answers, or None while it is still printing.
        attests: sets the attest desk.
        payments: makes the payment terminal.
        counter_fees: makes what the counter says of fees.
        till: makes what staff see of payments; None where they see nothing.
        staff: makes the staff desk from the clock; None for a column without one.
    """

    at: datetime
    here: str = "districtshuis"
    ahead: PeopleAhead | None = None
    number: int = 42
    suffix: str | None = None
    follow_url: str = ""
    paper: PrintResult | None = field(default_factory=Printed)
    printer: DeviceStatus = field(default_factory=lambda: DeviceStatus(Health.READY))
    online: bool = True
    defect: bool = False
    cards: Callable[[], ToldCards] = ToldCards
    sheets: DeviceStatus = field(default_factory=lambda: DeviceStatus(Health.READY))
    sheet: PrintResult | None = field(default_factory=Printed)
    attests: Callable[[ToldAttests], None] = field(default=lambda _: None)
    payments: Callable[[], Payments] = ToldTerminal
    counter_fees: Callable[[], CounterFees] = ToldCounter
    till: Callable[[], Till] | None = None
    staff: Callable[[Callable[[], datetime]], ToldStaff] | None = None


BROKEN = DeviceStatus(Health.UNAVAILABLE, Reason.PAPER_OUT)
"""A printer that can print nothing."""


class Defect(RuntimeError):
    """The defect that was asked for."""


class ForgetfulStore:
    """Keeps nothing; gives the number it was told to."""

    def __init__(self, facts: Circumstances, clock: DrivenClock, *, practice: bool = False) -> None:
        self._facts = facts
        self._practice = practice
        self._clock = clock

    async def issue_ticket(self, order: TicketOrder) -> Ticket:
        """See `kiosk.journeys.ports.Store`."""
        facts = self._facts
        return Ticket(
            id=str(UUID(int=facts.number)),
            job_id="rehearsal",
            queue_id=order.queue_id,
            service_id=order.service_id,
            service_date=order.service_date,
            number=facts.number,
            label=label(order.letter, facts.number, facts.suffix, practice=self._practice),
            suffix=facts.suffix,
            language=order.language,
            issued_at=self._clock.now(),
        )

    async def move_print(self, job_id: str, state: PrintState, reason: str | None = None) -> None:
        """See `kiosk.journeys.ports.Store`."""

    async def another_paper(self, attest_id: str, medium: Medium) -> str:  # noqa: ARG002 - the port's
        """See `kiosk.journeys.ports.Store`."""
        return "rehearsal-2"

    async def attest_taken(self, attest_id: str) -> None:
        """See `kiosk.journeys.ports.Store`."""

    async def void_attest(self, attest_id: str, reason: str, *, promised: bool = False) -> None:
        """See `kiosk.journeys.ports.Store`."""

    async def record(self, kind: EventKind, data: dict[str, object]) -> None:
        """See `kiosk.journeys.ports.Store`."""

    async def people_ahead(self, queue_id: str, service_date: date) -> PeopleAhead | None:  # noqa: ARG002 - the port's
        """See `kiosk.journeys.ports.Store`."""
        if self._facts.defect:
            raise Defect("asked for")
        return self._facts.ahead


class ToldPrinter(Generic[D]):
    """A printer that answers what it was told; it keeps what it should have printed.

    Args:
        result: what it answers, or None while it is still printing.
    """

    def __init__(self, status: DeviceStatus, result: PrintResult | None) -> None:
        self.status = status
        self._result = result
        self.documents: list[D] = []

    async def print(self, job_id: str, document: D) -> PrintResult:  # noqa: ARG002 - the port's
        """See `drivers.contract.Printer`."""
        self.documents.append(document)
        if self._result is None:
            await asyncio.Event().wait()
        return self._result or Printed()

    def on_change(self, listener: Callable[[DeviceStatus], None]) -> None:
        """Nothing changes by itself."""


@dataclass(frozen=True)
class ToldDevices:
    """The devices of the rehearsal."""

    printer: ToldPrinter[PaperDocument]
    sheets: ToldPrinter[Sheet]
    cards: Cards


@dataclass(frozen=True)
class ToldNetwork:
    """The network of the rehearsal."""

    online: bool


class Rehearsal:
    """A column being served; enter it, then touch its screen.

    Attributes:
        screen: what the citizen sees.
        printer: what was given to the printer.
        sheets: what was given to the printer of A4 pages.
        cards: the card reader; put a card in.
        attests: the attest desk.
    """

    def __init__(self, site: Site, texts: Catalog, facts: Circumstances) -> None:
        self.screen = ScriptScreen(texts)
        self.printer = ToldPrinter[PaperDocument](facts.printer, facts.paper)
        self.sheets = ToldPrinter[Sheet](facts.sheets, facts.sheet)
        self.cards = facts.cards()
        self._clock = DrivenClock(facts.at)
        self.attests = ToldAttests(texts, self._clock.now)
        facts.attests(self.attests)
        store, devices = (
            ForgetfulStore(facts, self._clock, practice=site.practice),
            ToldDevices(self.printer, self.sheets, self.cards),
        )
        self._column = Column(
            screen=self.screen,
            store=store,
            devices=devices,
            network=ToldNetwork(facts.online),
            clock=self._clock,
            texts=texts,
            site=site,
            here=site.contact_point(facts.here),
            kiosk_id="00000000-0000-7000-8000-000000000001",
            printing=Printing(store, devices),
            desk=CardDesk(devices),
            attests=self.attests,
            payments=facts.payments(),
            counter_fees=facts.counter_fees(),
            till=facts.till() if facts.till else None,
            cards_accepted="Bancontact, Visa, Mastercard",
            follow_url=facts.follow_url,
            staff=facts.staff(self._clock.now).desk if facts.staff else None,
        )
        self._serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Rehearsal:
        self._serving = asyncio.create_task(serve(self._column))
        await settle()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is cancelled may begin something more on its way out.
        while running := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def touch(self, *names: str) -> None:
        """Touch options one after the other, by id; a language begins the visit."""
        for name in names:
            self.screen.touch(name)
            await settle()

    async def do(self, action: Callable[[], None]) -> None:
        """Do something at the screen and let it take effect."""
        action()
        await settle()

    async def begin(self, language: Language) -> Rehearsal:
        """Choose a language."""
        await self.touch(language)
        return self

    async def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        await self._clock.pass_time(seconds)

    def option(self, key: str) -> Option | None:
        """The first option on screen that says the text of `key`, or None."""
        found = (o for o in self.screen.page.options if isinstance(o.label, Message) and o.label.key == key)
        return next(found, None)
