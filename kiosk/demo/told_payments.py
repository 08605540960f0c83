"""A payment terminal and a counter that do what they are told, for rehearsals.

Not for: bytes (`drivers.simulated.terminal`).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from kiosk.core.codes import code_of
from kiosk.journeys.ports import ChargeResult, Fee, NotPaid, Owed, Paid, Progress, Tell

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
