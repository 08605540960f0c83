"""What a payment terminal's driver promises: it reports evidence, and never decides whether somebody paid.

A money command is sent at most once. What must be durable before a byte leaves, or before we acknowledge something, is
handed to the `Journal` of the attempt first. Amounts are integer cents. Not for: states of an attempt and what they
allow (the payment saga), or bytes (`drivers.payments`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from drivers.contract import DeviceStatus, Reason


@dataclass(frozen=True)
class PaymentOrder:
    """What is to be paid.

    Attributes:
        attempt_id: UUID of this attempt; carried by the protocol where it has a place for it.
        amount_cents: above 0.
        currency: ISO 4217, "EUR".
        language: of the terminal's texts, where it can be chosen: "nl", "fr", "en" or "de".
    """

    attempt_id: str
    amount_cents: int
    currency: str = "EUR"
    language: str = "nl"


class Step(Enum):
    """What the terminal is doing, by its own messages; every value has a sentence for the citizen."""

    WAITING_FOR_CARD = "waiting_for_card"
    CARD_SEEN = "card_seen"
    ENTER_PIN = "enter_pin"
    PIN_WRONG = "pin_wrong"
    ASKING_BANK = "asking_bank"
    TAKE_CARD = "take_card"
    BUSY = "busy"
    """The terminal is busy with something of its own."""


class Voice(Protocol):
    """Told of progress; called on the thread of the bus, and quick."""

    def __call__(self, step: Step, text: str = "") -> None:
        """`text` is the terminal's own, or empty."""
        ...


class Goods(Enum):
    """Our answer when a terminal asks whether the goods are out before it books."""

    OUT = "out"
    WAIT = "wait"
    REFUSED = "refused"


@dataclass(frozen=True)
class Receipt:
    """A receipt as the terminal wants it printed.

    Attributes:
        lines: plain text; the card number is masked.
        for_citizen: else for the municipality.
        must_print: the terminal or the scheme demands paper.
    """

    lines: tuple[str, ...]
    for_citizen: bool = True
    must_print: bool = False


@dataclass(frozen=True)
class Ids:
    """What the terminal calls a transaction; each may be empty.

    Attributes:
        receipt, trace, turnover: as the protocol numbers them.
        reference: the acquirer's (PSP reference, STAN).
        terminal: serial number or terminal id.
    """

    receipt: str = ""
    trace: str = ""
    turnover: str = ""
    reference: str = ""
    terminal: str = ""


@dataclass(frozen=True)
class Approved:
    """The terminal booked it: paid."""

    amount_cents: int
    currency: str
    ids: Ids
    card: str = ""
    """Brand and at most the last four digits."""
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class Declined:
    """Certainly not charged: refused by terminal, card or bank; `code` is the protocol's."""

    code: str
    receipts: tuple[Receipt, ...] = ()


class CancelledBy(Enum):
    """Who ended it."""

    CITIZEN = "citizen"
    KIOSK = "kiosk"
    TIME_OUT = "time_out"
    """Nobody showed a card in time."""


@dataclass(frozen=True)
class Cancelled:
    """Certainly not charged: ended before it was booked."""

    by: CancelledBy
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class NotCharged:
    """Protocol proof that this attempt was never booked; `why` for technicians."""

    why: str


@dataclass(frozen=True)
class NotSent:
    """No byte of the command was handed to the line: the terminal was not reached or said it is busy before."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True)
class Inconclusive:
    """Nobody knows: the line broke, an answer was lost, or it contradicts itself. Enquire; never send again."""

    why: str


PaymentEvidence = Approved | Declined | Cancelled | NotCharged | NotSent | Inconclusive


@dataclass(frozen=True)
class Reversed:
    """The earlier payment was undone."""

    ids: Ids
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class NotReversed:
    """Certainly not undone; the money is owed to the citizen."""

    code: str


ReversalEvidence = Reversed | NotReversed | NotSent | Inconclusive


@dataclass(frozen=True)
class Total:
    """One line of the terminal's totals of a period."""

    scheme: str
    count: int
    amount_cents: int


@dataclass(frozen=True)
class DayEnded:
    """The terminal closed its period.

    Attributes:
        totals: by scheme; None where the terminal tells none.
    """

    totals: tuple[Total, ...] | None = None
    receipts: tuple[Receipt, ...] = ()


DayResult = DayEnded | Declined | NotSent | Inconclusive


@dataclass(frozen=True)
class Remembered:
    """What was written down of an attempt when it began, and of its terminal just before.

    Attributes:
        order: as it was sent.
        protocol: ids of the protocol, by its own names ("serviceId", "requestId").
        before: the terminal's memory just before, by its own names ("receipt", "trace", "stan").
        ids: what evidence told so far.
    """

    order: PaymentOrder
    protocol: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    ids: Ids = Ids()


class Journal(Protocol):
    """The durable memory of one attempt. Every call is on disk when it returns; one that raises stops the driver."""

    def sending(self, kind: str, protocol: Mapping[str, str], before: Mapping[str, str], digest: str) -> None:
        """Before the first byte of a money command ("payment", "reversal", "endOfDay") or of an "abort"."""
        ...

    def acknowledged(self) -> None:
        """The terminal took the command (or the request was written whole)."""
        ...

    def evidence(self, evidence: PaymentEvidence | ReversalEvidence | DayResult, raw: str) -> None:
        """Before we acknowledge what it was told by; `raw` is masked."""
        ...

    def goods(self, answer: Goods) -> None:
        """Before our answer to the question whether the goods are out leaves."""
        ...

    def enquiry(self, asked: str, answer: str) -> None:
        """What was asked about an open attempt, and what came."""
        ...


class TerminalDriver(Protocol):
    """A payment terminal, called from the one thread of its bus, save `ask_to_cancel`; calls have limits, never raise
    (save what a `Journal` raises), and never send a money command twice."""

    def status(self) -> DeviceStatus:
        """Ask the terminal how it is; no transaction, ever."""
        ...

    def pay(self, order: PaymentOrder, journal: Journal, tell: Voice) -> PaymentEvidence:
        """Send one payment and wait for evidence; waits as long as the terminal is deciding."""
        ...

    def ask_to_cancel(self) -> None:
        """From any thread: ask the terminal to end what it does; `pay` still waits for its word."""
        ...

    def goods(self, answer: Goods) -> None:
        """From any thread: what becomes of the goods, where the terminal asks for it before it books."""
        ...

    def enquire(self, attempt: Remembered, journal: Journal) -> PaymentEvidence:
        """Ask what became of an attempt; may be called again and again."""
        ...

    def reverse(self, attempt: Remembered, journal: Journal) -> ReversalEvidence:
        """Undo a payment that was booked, without a card; sent at most once."""
        ...

    def end_of_day(self, journal: Journal) -> DayResult:
        """Let the terminal close its period; sent at most once."""
        ...

    def close(self) -> None:
        """Free the line; may be called twice."""
        ...


class Terminal(Protocol):
    """A payment terminal as the payment desk sees it: asynchronous, with its last known state at hand.

    Cancelling a call does not take anything back.
    """

    @property
    def status(self) -> DeviceStatus:
        """Last known state; never blocks."""
        ...

    async def pay(self, order: PaymentOrder, journal: Journal, tell: Voice) -> PaymentEvidence:
        """See `TerminalDriver.pay`; `NotSent` also where the terminal cannot be opened."""
        ...

    async def enquire(self, attempt: Remembered, journal: Journal) -> PaymentEvidence:
        """See `TerminalDriver.enquire`; `NotSent` where the terminal cannot be opened, which proves nothing."""
        ...

    async def reverse(self, attempt: Remembered, journal: Journal) -> ReversalEvidence:
        """See `TerminalDriver.reverse`."""
        ...

    async def end_of_day(self, journal: Journal) -> DayResult:
        """See `TerminalDriver.end_of_day`; `NotSent` where the terminal cannot be opened."""
        ...

    def ask_to_cancel(self) -> None:
        """See `TerminalDriver.ask_to_cancel`."""
        ...

    def goods(self, answer: Goods) -> None:
        """See `TerminalDriver.goods`."""
        ...
