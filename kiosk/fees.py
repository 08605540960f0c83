"""How fees are taken without a terminal: at the counter, or as practice.

Not for: asking for the fee (`kiosk.journeys.pay`), terminals (`kiosk.paying`).
"""

from __future__ import annotations

from typing import Protocol

from kiosk.core.codes import code_of
from kiosk.core.payment_saga import PaymentState
from kiosk.journeys.ports import ChargeResult, Fee, NotPaid, Owed, Paid, Tell
from kiosk.store.payments import Attempt

COUNTER = "counter"
REMEMBERED = 1000
"""Slips that are looked through for a code: more than a column gives in the days that one is waited for."""


class Book(Protocol):
    """Where an attempt is written down; `kiosk.store.store.KioskStore`."""

    async def intend_payment(self, product: str, amount_cents: int, method: str) -> str:
        """Write down an attempt; returns its id."""
        ...

    async def move_payment(self, payment_id: str, state: PaymentState, reason: str | None = None) -> None:
        """Move it along its saga."""
        ...

    async def newest_payments(self, limit: int, method: str) -> list[Attempt]:
        """The newest attempts of one method."""
        ...


class NoFees:
    """No machine takes fees here."""

    method = "none"
    ready = False

    async def charge(self, fee: Fee, tell: Tell) -> ChargeResult:  # noqa: ARG002 - the port's
        """Never takes anything."""
        return NotPaid("not_ready")

    def cancel(self) -> None:
        """There is nothing to end."""

    def give_back(self) -> None:
        """There is nothing to undo."""


class PracticeFees(NoFees):
    """Nothing is really taken; only for a practice site, whose every screen and paper says so."""

    method = "practice"
    ready = True

    def __init__(self, book: Book) -> None:
        self._book = book

    async def charge(self, fee: Fee, tell: Tell) -> ChargeResult:  # noqa: ARG002 - the port's
        """Always paid."""
        payment_id = await self._book.intend_payment(fee.product, fee.amount_cents, self.method)
        await self._book.move_payment(payment_id, PaymentState.SETTLED)
        return Paid(payment_id)


class CounterDesk:
    """Fees that are paid at the counter; implements `kiosk.journeys.ports.CounterFees`.

    Args:
        offered: whether people are sent there to pay.
    """

    def __init__(self, book: Book, *, offered: bool = True) -> None:
        self._book = book
        self.offered = offered

    async def owe(self, fee: Fee) -> Owed:
        """See the port."""
        payment_id = await self._book.intend_payment(fee.product, fee.amount_cents, COUNTER)
        await self._book.move_payment(payment_id, PaymentState.AT_COUNTER)
        return Owed(payment_id, code_of(payment_id))

    async def paid(self, code: str, fee: Fee) -> Paid | NotPaid:
        """See the port."""
        known = await self._book.newest_payments(REMEMBERED, COUNTER)
        attempt = next((each for each in known if code_of(each.id) == code), None)
        if attempt is None:
            return NotPaid("no_such_code")
        if (attempt.product, attempt.amount_cents) != (fee.product, fee.amount_cents):
            return NotPaid("other_product")
        match attempt.state:
            case PaymentState.PAID_AT_COUNTER:
                return Paid(attempt.id)
            case PaymentState.AT_COUNTER:
                return NotPaid("not_yet")
            case _:
                return NotPaid("over")
