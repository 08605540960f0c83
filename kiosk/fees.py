"""How fees are taken at this column: not at all, or as practice. A payment terminal fits the same port.

Not for: asking for the fee (`kiosk.journeys.pay`).
"""

from __future__ import annotations

from kiosk.journeys.ports import ChargeResult, NotPaid, Paid


class NoFees:
    """Fees are paid at the counter; what costs something is not given here."""

    method = "none"

    async def charge(self, payment_id: str, amount_cents: int) -> ChargeResult:  # noqa: ARG002 - the port's
        """Never takes anything."""
        return NotPaid("noMethod")


class PracticeFees:
    """Nothing is really taken; only for a practice site, whose every screen and paper says so."""

    method = "practice"

    async def charge(self, payment_id: str, amount_cents: int) -> ChargeResult:  # noqa: ARG002 - the port's
        """Always paid."""
        return Paid()
