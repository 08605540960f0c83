"""A payment terminal that does what it is told, for rehearsals. Not for: bytes (`drivers.simulated.terminal`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kiosk.journeys.ports import ChargeResult, Fee, Progress, Tell


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
