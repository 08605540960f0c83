"""A payment terminal on a thread of its own: what the payment desk sees of it.

Not for: threads and retries in general (`drivers.runner`), protocols (`drivers.payments`), whether somebody paid
(`kiosk.paying`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from drivers.contract import CannotOpen, DeviceStatus, Reason
from drivers.payment_contract import (
    DayResult,
    Goods,
    Inconclusive,
    Journal,
    NotSent,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
    ReversalEvidence,
    TerminalDriver,
    Voice,
)
from drivers.runner import DeviceRunner

T = TypeVar("T")
_FAULTY = Inconclusive("driver failed")


class TerminalRunner(DeviceRunner[TerminalDriver]):
    """A terminal on its own thread; implements `drivers.payment_contract.Terminal`."""

    def __init__(
        self, open_driver: Callable[[], TerminalDriver | CannotOpen], name: str, poll_seconds: float = 10.0
    ) -> None:
        """See `DeviceRunner`; it logs as "zuil.terminal"."""
        super().__init__(open_driver, name, poll_seconds, logger="zuil.terminal")

    async def pay(self, order: PaymentOrder, journal: Journal, tell: Voice) -> PaymentEvidence:
        """See `drivers.payment_contract.Terminal`."""
        return await self._ask(lambda driver: driver.pay(order, journal, tell))

    async def enquire(self, attempt: Remembered, journal: Journal) -> PaymentEvidence:
        """See `drivers.payment_contract.Terminal`."""
        return await self._ask(lambda driver: driver.enquire(attempt, journal))

    async def reverse(self, attempt: Remembered, journal: Journal) -> ReversalEvidence:
        """See `drivers.payment_contract.Terminal`."""
        return await self._ask(lambda driver: driver.reverse(attempt, journal))

    async def end_of_day(self, journal: Journal) -> DayResult:
        """See `drivers.payment_contract.Terminal`."""
        return await self._ask(lambda driver: driver.end_of_day(journal))

    def ask_to_cancel(self) -> None:
        """See `drivers.payment_contract.Terminal`."""
        driver = self._driver
        if driver is not None:
            driver.ask_to_cancel()

    def goods(self, answer: Goods) -> None:
        """See `drivers.payment_contract.Terminal`."""
        driver = self._driver
        if driver is not None:
            driver.goods(answer)

    async def _ask(self, work: Callable[[TerminalDriver], T]) -> T | NotSent | Inconclusive:
        # Cancelling the coroutine must not take back what may be at the terminal already.
        asked: Future[T | NotSent | Inconclusive] = self._submit(work, _not_reached, _FAULTY)
        return await asyncio.shield(asyncio.wrap_future(asked))


def _not_reached(status: DeviceStatus) -> NotSent:
    """What somebody hears whose terminal cannot be opened."""
    return NotSent(status.reason or Reason.UNREACHABLE, status.raw)
