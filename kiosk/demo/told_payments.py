"""A payment terminal and a counter that do what they are told, for rehearsals.

Not for: bytes (`drivers.simulated.terminal`).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from kiosk.core.codes import code_of
from kiosk.core.payment_period import PeriodResult
from kiosk.core.payment_saga import NotTheirs, PaymentState, Verdict, decided, verdicts_on
from kiosk.journeys.ports import ChargeResult, Fee, NotPaid, OpenPayment, Owed, Paid, Progress, Tell

PAYMENT = "00000000-0000-7000-8000-000000000042"


@dataclass
class ToldTerminal:
    """Implements `kiosk.journeys.ports.Payments`.

    Attributes:
        progress: how far it gets.
        result: how it ends there, or None when it stays there.
    """

    progress: Progress = Progress.WAITING_FOR_CARD
    result: ChargeResult | None = None
    method = "terminal"
    ready = True

    async def charge(self, fee: Fee, tell: Tell) -> ChargeResult:  # noqa: ARG002 - the port's
        """See the port."""
        tell(self.progress)
        return self.result or await asyncio.Future[ChargeResult]()

    def cancel(self) -> None:
        """Nobody is told."""

    def give_back(self) -> None:
        """Nothing was taken."""


@dataclass
class ToldCounter:
    """Implements `kiosk.journeys.ports.CounterFees`: a counter that says of every slip what it is told.

    Attributes:
        result: what it says.
    """

    result: Paid | NotPaid = field(default_factory=lambda: NotPaid("not_yet"))
    offered = True

    async def owe(self, fee: Fee) -> Owed:  # noqa: ARG002 - the port's
        """See the port."""
        return Owed(PAYMENT, code_of(PAYMENT))

    async def paid(self, code: str, fee: Fee) -> Paid | NotPaid:  # noqa: ARG002 - the port's
        """See the port."""
        return self.result


@dataclass
class ToldTill:
    """Implements `kiosk.journeys.ports.Till` with the payments it was given.

    Attributes:
        waiting: what staff may decide of.
        moved: whether the terminal told meanwhile.
        decided: id, decision and by whom, in order.
        closing: how the terminal's period ends; None when it is busy.
    """

    waiting: list[OpenPayment] = field(default_factory=list)
    receipts: list[OpenPayment] = field(default_factory=list)
    moved: bool = False
    decided: list[tuple[str, Verdict, str]] = field(default_factory=list)
    reprinted: list[str] = field(default_factory=list)
    closing: PeriodResult | None = PeriodResult.AGREES
    closes: bool = True

    async def open(self) -> list[OpenPayment]:
        """See the port."""
        return list(self.waiting)

    async def paid(self) -> list[OpenPayment]:
        """See the port."""
        return list(self.receipts)

    async def decide(self, payment_id: str, verdict: Verdict, by: str) -> PaymentState:
        """See the port."""
        payment = next(each for each in self.waiting if each.id == payment_id)
        if self.moved:
            raise NotTheirs(verdict, PaymentState.SETTLED)
        self.waiting.remove(payment)
        self.decided.append((payment_id, verdict, by))
        return decided(payment.state, verdict)

    async def reprint(self, payment_id: str, by: str) -> bool:  # noqa: ARG002 - the port's
        """See the port; only what is in `receipts` has one."""
        self.reprinted.append(payment_id)
        return any(each.id == payment_id for each in self.receipts)

    async def close_period(self) -> PeriodResult | None:
        """See the port."""
        return self.closing


def told_payment(number: int, state: PaymentState, product: str = "household") -> OpenPayment:
    """An invented payment."""
    payment_id = f"00000000-0000-7000-8000-{number:012d}"
    return OpenPayment(payment_id, code_of(payment_id), product, 250 * number, state, verdicts_on(state))
