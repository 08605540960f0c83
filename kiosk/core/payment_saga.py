"""The payment saga as a table of states: what may follow what, and what each move records.

An attempt is durable before a byte leaves for the terminal, only evidence or a named decision of staff ends it, and
money without its goods goes back or to staff. Evidence of *paid* beats everything, whenever it comes. Not for: doing it
(`kiosk.paying`), storing it (`kiosk.store.payments`) or protocols (`drivers.payments`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from kiosk.core.events import (
    PAYMENT_CASE,
    PAYMENT_DUE,
    PAYMENT_FAILED,
    PAYMENT_GIVEN,
    PAYMENT_PROMISED,
    PAYMENT_REFUND_DUE,
    PAYMENT_REFUNDED,
    PAYMENT_REVERSED,
    PAYMENT_SETTLED,
    PAYMENT_UNDELIVERED,
    PAYMENT_UNKNOWN,
    EventKind,
)
from kiosk.core.print_saga import ForbiddenEdge


class PaymentState(Enum):
    """Where an attempt to pay stands."""

    INTENDED = "intended"
    """Written down; certainly nothing was sent."""
    SENDING = "sending"
    """Written down that a byte may leave."""
    UNDER_WAY = "underWay"
    """The terminal has it."""
    UNKNOWN = "unknown"
    """Nobody knows; the terminal is asked again and again."""
    CASE = "staffCase"
    """Asking does not help: staff decide, or evidence comes after all."""
    SETTLED = "settled"
    """Paid, and what was paid for is still to be given."""
    SPENT = "spent"
    """What was paid for was issued, or asked of a register."""
    UNDELIVERED = "undelivered"
    """Paid, and nothing was given for it."""
    REVERSING = "reversing"
    """Written down that the command to undo it may leave."""
    REVERSED = "reversed"
    """The terminal undid it: the citizen has the money back."""
    REFUND_DUE = "refundDue"
    """It could not be undone, or nobody knows: the municipality pays back."""
    REFUNDED = "refunded"
    """Staff paid it back."""
    GIVEN = "given"
    """Staff gave what was paid for."""
    FAILED = "failed"
    """Certainly not paid."""
    AT_COUNTER = "atCounter"
    """To be paid at the counter; the citizen has a slip."""
    PAID_AT_COUNTER = "paidAtCounter"
    """Paid at the counter, and what was paid for is still to be given, here."""
    PROMISED = "promised"
    """Paid, and the citizen gets it at the counter, as they chose."""


class Verdict(Enum):
    """What staff decide of a payment, by name; each says what became of the money."""

    NOT_PAID = "notPaid"
    PAID = "paid"
    GIVEN = "given"
    """Paid, and the citizen has what it was for."""
    PAID_BACK = "paidBack"


_ANYTIME: Mapping[PaymentState, EventKind] = {
    PaymentState.SETTLED: PAYMENT_SETTLED,
    PaymentState.FAILED: PAYMENT_FAILED,
    PaymentState.UNKNOWN: PAYMENT_UNKNOWN,
}
"""What evidence, or the lack of it, may make of an attempt that was sent."""

_HELD = (
    PaymentState.UNKNOWN,
    PaymentState.CASE,
    PaymentState.UNDELIVERED,
    PaymentState.REFUND_DUE,
    PaymentState.PROMISED,
    PaymentState.PAID_AT_COUNTER,
)
"""Money that the municipality may hold, or holds, with nothing given for it."""

PAYMENT_EDGES: Mapping[tuple[PaymentState, PaymentState], EventKind | None] = {
    (PaymentState.INTENDED, PaymentState.SENDING): None,
    (PaymentState.INTENDED, PaymentState.SETTLED): PAYMENT_SETTLED,
    (PaymentState.INTENDED, PaymentState.FAILED): PAYMENT_FAILED,
    (PaymentState.SENDING, PaymentState.UNDER_WAY): None,
    **{(PaymentState.SENDING, after): kind for after, kind in _ANYTIME.items()},
    **{(PaymentState.UNDER_WAY, after): kind for after, kind in _ANYTIME.items()},
    (PaymentState.UNKNOWN, PaymentState.SETTLED): PAYMENT_SETTLED,
    (PaymentState.UNKNOWN, PaymentState.FAILED): PAYMENT_FAILED,
    (PaymentState.UNKNOWN, PaymentState.CASE): PAYMENT_CASE,
    (PaymentState.CASE, PaymentState.SETTLED): PAYMENT_SETTLED,
    (PaymentState.CASE, PaymentState.FAILED): PAYMENT_FAILED,
    (PaymentState.FAILED, PaymentState.SETTLED): PAYMENT_SETTLED,
    (PaymentState.SETTLED, PaymentState.SPENT): None,
    (PaymentState.SETTLED, PaymentState.UNDELIVERED): PAYMENT_UNDELIVERED,
    (PaymentState.SPENT, PaymentState.UNDELIVERED): PAYMENT_UNDELIVERED,
    (PaymentState.UNDELIVERED, PaymentState.REVERSING): None,
    (PaymentState.UNDELIVERED, PaymentState.REFUND_DUE): PAYMENT_REFUND_DUE,
    (PaymentState.REVERSING, PaymentState.REVERSED): PAYMENT_REVERSED,
    (PaymentState.REVERSING, PaymentState.REFUND_DUE): PAYMENT_REFUND_DUE,
    (PaymentState.SPENT, PaymentState.PROMISED): PAYMENT_PROMISED,
    (PaymentState.INTENDED, PaymentState.AT_COUNTER): PAYMENT_DUE,
    (PaymentState.AT_COUNTER, PaymentState.FAILED): PAYMENT_FAILED,
    (PaymentState.AT_COUNTER, PaymentState.PAID_AT_COUNTER): PAYMENT_SETTLED,
    (PaymentState.PAID_AT_COUNTER, PaymentState.SPENT): None,
    (PaymentState.UNKNOWN, PaymentState.UNDELIVERED): PAYMENT_UNDELIVERED,
    (PaymentState.CASE, PaymentState.UNDELIVERED): PAYMENT_UNDELIVERED,
    (PaymentState.AT_COUNTER, PaymentState.GIVEN): PAYMENT_GIVEN,
    **{(before, PaymentState.GIVEN): PAYMENT_GIVEN for before in _HELD},
    **{(before, PaymentState.REFUNDED): PAYMENT_REFUNDED for before in _HELD},
}
"""Each permitted move and its event; where there is none, another event or the attempt's own notes say it."""

PAYMENT_AT_START: Mapping[PaymentState, PaymentState] = {
    PaymentState.INTENDED: PaymentState.FAILED,
    PaymentState.SENDING: PaymentState.UNKNOWN,
    PaymentState.UNDER_WAY: PaymentState.UNKNOWN,
    PaymentState.SETTLED: PaymentState.UNDELIVERED,
    PaymentState.REVERSING: PaymentState.REFUND_DUE,
}
"""What an attempt found open after a restart becomes: whoever paid has gone, and no command is sent again."""

VERDICTS: Mapping[Verdict, Mapping[PaymentState, PaymentState]] = {
    Verdict.NOT_PAID: dict.fromkeys(
        (PaymentState.UNKNOWN, PaymentState.CASE, PaymentState.AT_COUNTER), PaymentState.FAILED
    ),
    Verdict.PAID: {
        PaymentState.UNKNOWN: PaymentState.UNDELIVERED,
        PaymentState.CASE: PaymentState.UNDELIVERED,
        PaymentState.AT_COUNTER: PaymentState.PAID_AT_COUNTER,
    },
    Verdict.GIVEN: dict.fromkeys((*_HELD, PaymentState.AT_COUNTER), PaymentState.GIVEN),
    Verdict.PAID_BACK: dict.fromkeys(_HELD, PaymentState.REFUNDED),
}
"""What each decision of staff makes of a payment, by where it stands; nothing else is theirs to decide."""

UNDECIDED = frozenset({PaymentState.SENDING, PaymentState.UNDER_WAY, PaymentState.UNKNOWN, PaymentState.CASE})
"""Nobody knows yet whether it was paid. While there is one, this terminal begins no other."""

BLOCKING = UNDECIDED | {PaymentState.REVERSING}
"""States in which the terminal is not free for another payment."""


OPEN_TO_STAFF = frozenset(state for moves in VERDICTS.values() for state in moves)
"""Where a payment stands that staff may decide of."""


def payment_edge(before: PaymentState, after: PaymentState) -> EventKind | None:
    """The event of a move of an attempt; `ForbiddenEdge` when the table has no such move."""
    if (before, after) not in PAYMENT_EDGES:
        raise ForbiddenEdge(f"a payment cannot go from {before.value} to {after.value}")
    return PAYMENT_EDGES[before, after]


def verdicts_on(state: PaymentState) -> tuple[Verdict, ...]:
    """What staff may decide of a payment that stands there."""
    return tuple(verdict for verdict, moves in VERDICTS.items() if state in moves)


class NotTheirs(LookupError):
    """A decision that is not possible where the payment stands; the text says which are."""

    def __init__(self, verdict: Verdict, state: PaymentState) -> None:
        possible = ", ".join(each.value for each in verdicts_on(state)) or "nothing"
        super().__init__(f"a payment that is {state.value} cannot be decided {verdict.value}; possible: {possible}")


def decided(state: PaymentState, verdict: Verdict) -> PaymentState:
    """Where a decision of staff leads; `NotTheirs` when it is not theirs."""
    if state not in VERDICTS[verdict]:
        raise NotTheirs(verdict, state)
    return VERDICTS[verdict][state]


def payment_diagram() -> str:
    """The table as a drawing in the language of Mermaid; part of docs/payments.md (a test compares them)."""
    lines = ["stateDiagram-v2", f"    [*] --> {PaymentState.INTENDED.value}"]
    for (before, after), kind in PAYMENT_EDGES.items():
        label = f": {kind.name}" if kind else ""
        lines.append(f"    {before.value} --> {after.value}{label}")
    ends = [state for state in PaymentState if not any(before is state for before, _ in PAYMENT_EDGES)]
    lines += [f"    {state.value} --> [*]" for state in ends]
    return "\n".join(lines)
