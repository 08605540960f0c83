"""What a journey sees of the world: a few ports, nothing else.

`Screen` draws and listens, `Store` commits, `Devices` act, `AttestDesk` makes documents and asks registers, `Payments`
takes fees, `Network` and `Clock` tell how things are. Adapters live in `kiosk.ui`,
`kiosk.store`, `drivers` and `kiosk.app`. Not for: rules (`kiosk.core`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from drivers.card_contract import Cards, Person
from drivers.contract import PaperDocument, PrintResult, ReceiptPrinter, Sheet, SheetPrinter
from kiosk.core.attests import (
    AttestContent,
    AttestNumber,
    AttestOrder,
    AttestProduct,
    DeliveryWay,
    Draft,
    Medium,
    RegisterData,
    RegisterReply,
    RegisterRequest,
    SealedAttest,
)
from kiosk.core.closure import Closure
from kiosk.core.events import EventKind
from kiosk.core.pages import Input, View
from kiosk.core.payment_period import PeriodResult
from kiosk.core.payment_saga import PaymentState, Verdict
from kiosk.core.texts import Language
from kiosk.core.tickets import PeopleAhead, PrintState, Ticket, TicketOrder


class Screen(Protocol):
    """A place where a person reads and answers. Two calls: what to ask is decided above it, once for every screen."""

    def show(self, view: View) -> None:
        """Draw `view` from now on; returns at once."""
        ...

    async def read(self) -> Input:
        """Wait for the next thing the person does."""
        ...

    def on_knock(self, listener: Callable[[], None]) -> None:
        """Call `listener`, on the loop that calls this, at each hidden gesture of staff; it is no input."""
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

    async def another_paper(self, attest_id: str, medium: Medium) -> str:
        """A further print job for an attest of which certainly no paper came out; returns the job's id."""
        ...

    async def attest_taken(self, attest_id: str) -> None:
        """A file of the attest was offered to the person's telephone."""
        ...

    async def void_attest(self, attest_id: str, reason: str, *, promised: bool = False) -> None:
        """The attest reached nobody and does not count; `promised`: the person gets it at the counter."""
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


class AttestDesk(Protocol):
    """Makes attests: data to texts, texts to a sealed document; and asks registers through the back office."""

    @property
    def ready(self) -> bool:
        """Whether there is a key that seals attests and one that personal data are sealed to."""
        ...

    def from_card(self, person: Person, product: AttestProduct, language: Language, today: date) -> Draft:
        """What the card alone can show.

        Raises:
            kiosk.documents.seal_contract.CannotMake: when a fact is missing or cannot be printed.
        """
        ...

    def from_register(self, data: RegisterData, product: AttestProduct, language: Language) -> Draft:
        """What a register answered; raises as `from_card`."""
        ...

    def prepare(self, content: AttestContent, product: AttestProduct) -> None:
        """Somebody is about to ask for it: load what will be needed, and return at once.

        Args:
            content: something like what will be made; nobody sees it.
        """
        ...

    async def check(self, content: AttestContent, product: AttestProduct) -> None:
        """See whether it can be printed, before it gets a number.

        Raises:
            kiosk.documents.seal_contract.CannotMake: when it cannot.
        """
        ...

    async def issue(
        self, order: AttestOrder, product: AttestProduct, content_of: Callable[[AttestNumber], AttestContent]
    ) -> SealedAttest:
        """Number, seal and commit; what is returned is on disk, except for what it says."""
        ...

    async def sheet(self, attest: SealedAttest) -> Sheet:
        """The attest as A4 pages, sealed."""
        ...

    def receipt(self, attest: SealedAttest) -> PaperDocument:
        """The attest on 80 mm paper."""
        ...

    def code_slip(self, product: AttestProduct, code: str, language: Language, asked_at: datetime) -> PaperDocument:
        """The receipt of a request: the code with which the attest is got later."""
        ...

    async def take_along(self, attest: SealedAttest) -> str | None:
        """Address under which its file can be fetched once, or None when the back office cannot be reached."""
        ...

    async def request(self, asked: RegisterRequest, person: Person) -> None:
        """Commit a request to a register."""
        ...

    async def redirect(self, request_id: str, way: DeliveryWay, address: str | None = None) -> None:
        """Commit that a requested attest is to be had in another way; `address` of an e-mail is sealed."""
        ...

    async def answer(self, person: Person, *, request_id: str | None, code: str | None, seconds: int) -> RegisterReply:
        """Ask whether the answer is there, waiting for it at most so long."""
        ...


@dataclass(frozen=True)
class Fee:
    """What is to be paid.

    Attributes:
        product: id of what is paid for.
        language: of the texts on the terminal.
    """

    product: str
    amount_cents: int
    language: Language


class Progress(Enum):
    """What the citizen sees while a fee is taken: the steps of the terminal, and two of our own."""

    CONNECTING = "connecting"
    WAITING_FOR_CARD = "waiting_for_card"
    CARD_SEEN = "card_seen"
    ENTER_PIN = "enter_pin"
    PIN_WRONG = "pin_wrong"
    ASKING_BANK = "asking_bank"
    TAKE_CARD = "take_card"
    BUSY = "busy"
    CHECKING = "checking"
    """The line broke: the terminal is asked what became of it."""


Tell = Callable[[Progress], None]
"""Told of progress, on the journeys' loop."""


@dataclass(frozen=True)
class Paid:
    """The fee was paid.

    Attributes:
        payment_id: of the attempt; what is paid for names it.
        receipts: lines of each receipt the terminal wants printed for the citizen; the card number is masked.
    """

    payment_id: str
    receipts: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class NotPaid:
    """The fee was certainly not paid: "cancelled", "declined", "not_charged", or "not_ready" before anything began."""

    reason: str


@dataclass(frozen=True)
class MaybePaid:
    """Nobody knows. It is being found out, and nothing must be paid again meanwhile."""

    payment_id: str


ChargeResult = Paid | NotPaid | MaybePaid


@dataclass(frozen=True)
class Owed:
    """A fee that is to be paid at the counter; `code` stands on the slip and names it there."""

    payment_id: str
    code: str


class CounterFees(Protocol):
    """Fees that are paid at the counter, where there is no terminal or it cannot be used."""

    @property
    def offered(self) -> bool:
        """Whether this column sends people to the counter to pay."""
        ...

    async def owe(self, fee: Fee) -> Owed:
        """Commit that a fee is to be paid at the counter; staff say when it was."""
        ...

    async def paid(self, code: str, fee: Fee) -> Paid | NotPaid:
        """What staff said of the fee with that code: paid, or "no_such_code", "other_product", "not_yet", "over"."""
        ...


class Payments(Protocol):
    """Takes fees; each attempt is durable before anything is asked of anybody."""

    @property
    def method(self) -> str:
        """How, in one word for the journal; "none" where fees cannot be paid here."""
        ...

    @property
    def ready(self) -> bool:
        """Whether a fee can be taken now; not while nobody knows how an earlier one ended."""
        ...

    async def charge(self, fee: Fee, tell: Tell) -> ChargeResult:
        """Take it, once. Cancelling the coroutine takes nothing back."""
        ...

    def cancel(self) -> None:
        """Ask to end what is being taken; only the result of `charge` says whether it ended in time."""
        ...

    def give_back(self) -> None:
        """Something paid for was not given: undo what can be undone, beside everything else."""
        ...


@dataclass(frozen=True)
class OpenPayment:
    """A payment as staff see it.

    Attributes:
        code: on the person's slip.
        verdicts: what staff may decide of it.
    """

    id: str
    code: str
    product: str
    amount_cents: int
    state: PaymentState
    verdicts: tuple[Verdict, ...]


class Till(Protocol):
    """What staff do with payments."""

    async def open(self) -> list[OpenPayment]:
        """Payments that staff may decide of, newest first."""
        ...

    async def paid(self) -> list[OpenPayment]:
        """The newest payments at the terminal whose receipt may be printed once more, newest first."""
        ...

    async def decide(self, payment_id: str, verdict: Verdict, by: str) -> PaymentState:
        """End a payment as staff decided; `by` is their id. Returns where it stands now.

        Raises:
            kiosk.store.errors.UnknownPayment: when there is no such payment.
            kiosk.core.payment_saga.NotTheirs: when it is not theirs to decide where it stands.
        """
        ...

    async def reprint(self, payment_id: str, by: str) -> bool:
        """Print the terminal's receipt once more, marked as a duplicate; False when there is none.

        Raises:
            kiosk.store.errors.UnknownPayment: when there is no such payment.
        """
        ...

    @property
    def closes(self) -> bool:
        """Whether there is a terminal whose period can be closed."""
        ...

    async def close_period(self) -> PeriodResult | None:
        """Let the terminal close its period, and compare; None when it is busy, cannot be reached, or is none."""
        ...


class Caretaker(Protocol):
    """What staff can have done with the column as a whole, at its screen or from the back office."""

    @property
    def closure(self) -> Closure | None:
        """Why nobody is served now, or None."""
        ...

    async def close(self, closure: Closure) -> None:
        """Serve nobody any more, from the end of the visit under way; on disk when it returns."""
        ...

    async def open(self, by: str) -> None:
        """Serve again; `by` as in `Closure`."""
        ...

    def end_visit(self, by: str) -> None:
        """End the visit under way, if there is one, and wipe what it knows; what was promised stays promised."""
        ...

    def restart(self, by: str) -> None:
        """Stop the program in order after the visit under way; the service manager starts it anew."""
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


__all__ = ["Cards", "PrintResult"]
