"""How fees are taken where there is no terminal: at the counter, or as practice.

Not for: asking for the fee (`kiosk.journeys.pay`), terminals (`kiosk.paying`).
"""

from __future__ import annotations

from typing import Protocol

from kiosk.core.payment_saga import PaymentState
from kiosk.journeys.ports import ChargeResult, Fee, NotPaid, Paid, Tell


class Book(Protocol):
    """Where an attempt is written down; `kiosk.store.store.KioskStore`."""

    async def intend_payment(self, product: str, amount_cents: int, method: str) -> str:
        """Write down an attempt; returns its id."""
        ...

    async def move_payment(self, payment_id: str, state: PaymentState, reason: str | None = None) -> None:
        """Move it along its saga."""
        ...


class NoFees:
    """Fees are paid at the counter; what costs something is not given here."""

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
