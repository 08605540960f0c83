"""What kiosk and terminal say to each other, as values; the same in JSON and in XML.

Amounts are integer cents, times are the text of ISO 8601 that the terminal gave. Not for: how it is written (`reading`,
`writing`), or what it proves (`evidence`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from drivers.payment_contract import Receipt
from drivers.payments.adyen.header import Category, Header


@dataclass(frozen=True)
class Transaction:
    """How one side calls a transaction: id and time together."""

    id: str
    time: str


@dataclass(frozen=True)
class Payment:
    """Let the citizen pay.

    Attributes:
        language: of screen and receipts, two letters; "" leaves it to the terminal.
    """

    transaction: Transaction
    amount_cents: int
    currency: str = "EUR"
    language: str = ""


@dataclass(frozen=True)
class Reference:
    """An earlier message of ours; its ServiceID is never that of the message that names it."""

    category: Category
    service_id: str
    sale_id: str
    poi_id: str = ""


@dataclass(frozen=True)
class Abort:
    """End what the citizen is doing; answered by nothing."""

    reference: Reference
    reason: str = "MerchantAbort"


@dataclass(frozen=True)
class AskStatus:
    """What became of an earlier message?"""

    reference: Reference


class ReversalReason(Enum):
    """Why a payment is undone."""

    MERCHANT = "MerchantCancel"
    CUSTOMER = "CustCancel"
    MALFUNCTION = "Malfunction"
    CANNOT_COMPLETE = "Unable2Compl"


@dataclass(frozen=True)
class Reversal:
    """Undo a payment; `original` is what the terminal called it."""

    original: Transaction
    reason: ReversalReason = ReversalReason.MALFUNCTION


@dataclass(frozen=True)
class Diagnosis:
    """How are you, and do you reach the bank?"""


Question = Payment | Abort | AskStatus | Reversal | Diagnosis


class Result(Enum):
    """How it went."""

    SUCCESS = "Success"
    PARTIAL = "Partial"
    FAILURE = "Failure"


@dataclass(frozen=True)
class Outcome:
    """The terminal's verdict on a question.

    Attributes:
        condition: why not, "" where it succeeded.
        additional: texts of the acquirer by its own names; may be personal, so only chosen ones are kept.
    """

    result: Result
    condition: str = ""
    additional: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class PaymentReply:
    """The end of a payment.

    Attributes:
        transaction: what the terminal calls it.
        ours: how it says that we call it; "" where it does not say.
        amount_cents: booked; None where it does not say.
        online: whether the bank itself agreed.
        card: brand and last four digits.
    """

    outcome: Outcome
    transaction: Transaction | None = None
    ours: str = ""
    amount_cents: int | None = None
    currency: str = ""
    online: bool | None = None
    card: str = ""
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class ReversalReply:
    """The end of a reversal."""

    outcome: Outcome
    transaction: Transaction | None = None
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class StatusReply:
    """What became of an earlier message; `outcome` only says whether it was found.

    Attributes:
        header: of the repeated answer, where there is one.
        repeated: the answer that was given, or lost.
    """

    outcome: Outcome
    header: Header | None = None
    repeated: PaymentReply | ReversalReply | None = None


@dataclass(frozen=True)
class DiagnosisReply:
    """How the terminal is.

    Attributes:
        state: "OK", "Busy", "Maintenance" or "Unreachable"; "" where it does not say.
        broken: which of its parts do not work, by the protocol's names.
        communication: None where it does not say.
        printer: of its own printer; "" where it has none.
        hosts: which banks it reaches.
    """

    outcome: Outcome
    state: str = ""
    broken: tuple[str, ...] = ()
    communication: bool | None = None
    printer: str = ""
    hosts: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What stands on the terminal's screen, by the protocol's names of events; decoration."""

    events: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """News of the terminal; decoration."""

    event: str
    details: str = ""


Reply = PaymentReply | ReversalReply | StatusReply | DiagnosisReply | Shown | Notice
