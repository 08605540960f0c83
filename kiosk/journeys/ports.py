"""What a journey sees of the world: four ports, nothing else.

`Screen` draws and listens, `Store` commits, `Devices` act, `Clock` tells time. Adapters live in `kiosk.ui`,
`kiosk.store`, `drivers` and `kiosk.app`. Not for: rules (`kiosk.core`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from drivers.card_contract import Cards
from drivers.contract import PrintResult, ReceiptPrinter, SheetPrinter
from kiosk.core.events import EventKind
from kiosk.core.pages import Input, View
from kiosk.core.tickets import PeopleAhead, PrintState, Ticket, TicketOrder


class Screen(Protocol):
    """A place where a person reads and answers. Two calls: what to ask is decided above it, once for every screen."""

    def show(self, view: View) -> None:
        """Draw `view` from now on; returns at once."""
        ...

    async def read(self) -> Input:
        """Wait for the next thing the person does."""
        ...


class Store(Protocol):
    """The column's durable memory. A call that returned is on disk."""

    async def issue_ticket(self, order: TicketOrder) -> Ticket:
        """Take a number and commit ticket, print job and event in one transaction."""
        ...

    async def move_print(self, job_id: str, state: PrintState, reason: str | None = None) -> None:
        """Move a print job along an edge of the print saga and record the event that belongs to it.

        Raises:
            kiosk.core.print_saga.ForbiddenEdge: when the table has no such edge.
        """
        ...

    async def record(self, kind: EventKind, data: dict[str, object]) -> None:
        """Append one event to the chain."""
        ...

    async def people_ahead(self, queue_id: str, service_date: date) -> PeopleAhead | None:
        """How many wait in the queue now, or None when nothing believable is known."""
        ...


class Devices(Protocol):
    """The devices of this column."""

    @property
    def printer(self) -> ReceiptPrinter:
        """The receipt printer; one that says NOT_CONFIGURED where there is none."""
        ...

    @property
    def sheets(self) -> SheetPrinter:
        """The printer of A4 pages; one that says NOT_CONFIGURED where there is none."""
        ...

    @property
    def cards(self) -> Cards:
        """The card reader; one that says NOT_CONFIGURED where there is none."""
        ...


class Network(Protocol):
    """What is known about the way to the back office."""

    @property
    def online(self) -> bool:
        """Whether the back office answered lately."""
        ...


class Clock(Protocol):
    """Time. Tests drive it."""

    def now(self) -> datetime:
        """Local time of the site, timezone-aware."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        ...


__all__ = ["Cards", "Clock", "Devices", "Network", "PrintResult", "Printer", "Screen", "Store"]
