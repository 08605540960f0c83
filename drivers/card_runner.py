"""A card reader on a thread of its own: what journeys see of it, and what waits for a card.

Not for: threads and retries in general (`drivers.runner`), cards (`drivers.cards`).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from drivers.card_contract import (
    AuthenticateResult,
    BadgeResult,
    CardDriver,
    CardFailed,
    CardProblem,
    CardRead,
    CardRequest,
    Follow,
    Pin,
    PinStateResult,
    ReadResult,
    Slot,
)
from drivers.contract import CannotOpen, DeviceStatus, Health, Reason
from drivers.runner import DeviceRunner, Listener

LOOK_SECONDS = 0.25
"""How often the slot is looked at: soon enough that taking the card out is seen at once."""

_FAULTY = CardFailed(CardProblem.READER, "driver failed")


class CardRunner(DeviceRunner[CardDriver]):
    """A card reader on its own thread; implements `drivers.card_contract.Cards`."""

    def __init__(
        self, open_driver: Callable[[], CardDriver | CannotOpen], name: str, poll_seconds: float = LOOK_SECONDS
    ) -> None:
        """See `DeviceRunner`; it logs as "zuil.card"."""
        super().__init__(open_driver, name, poll_seconds, logger="zuil.card")
        self._slot = Slot()
        self._earlier = 0
        self._slot_lock = threading.Lock()
        self._waiting: list[Future[Slot]] = []

    @property
    def slot(self) -> Slot:
        """See `drivers.card_contract.Cards`."""
        return self._slot

    async def changed(self, seen: Slot) -> Slot:
        """See `drivers.card_contract.Cards`."""
        return await asyncio.wrap_future(self._next_after(seen))

    async def read(self, request: CardRequest, follow: Follow) -> ReadResult:
        """See `drivers.card_contract.Cards`."""

        def work(driver: CardDriver) -> ReadResult:
            result = driver.read(request, follow)
            return (
                replace(result, insertion=self._earlier + result.insertion) if isinstance(result, CardRead) else result
            )

        return await asyncio.wrap_future(self._submit(work, _gone, _FAULTY))

    async def read_badge(self) -> BadgeResult:
        """See `drivers.card_contract.Cards`."""
        return await asyncio.wrap_future(self._submit(lambda driver: driver.read_badge(), _gone, _FAULTY))

    async def pin_state(self) -> PinStateResult:
        """See `drivers.card_contract.Cards`."""
        return await asyncio.wrap_future(self._submit(lambda driver: driver.pin_state(), _gone, _FAULTY))

    async def authenticate(self, pin: Pin | None, language: str) -> AuthenticateResult:
        """See `drivers.card_contract.Cards`."""
        asked: Future[AuthenticateResult] = self._submit(
            lambda driver: driver.authenticate(pin, language), _gone, _FAULTY
        )
        if pin is not None:
            # The driver wipes what it was given; this covers a call it never saw. Never while it may be at work:
            # half a PIN would burn a try.
            asked.add_done_callback(lambda _: pin.wipe())
        return await asyncio.wrap_future(asked)

    def _next_after(self, seen: Slot) -> Future[Slot]:
        news: Future[Slot] = Future()
        with self._slot_lock:
            self._waiting = [waiter for waiter in self._waiting if not waiter.done()]
            if self._slot == seen:
                self._waiting.append(news)
                return news
        news.set_result(self._slot)
        return news

    def _looked(self, driver: CardDriver | None) -> None:
        if driver is None:
            # The next driver counts from 0 again; its first card must not pass for one of this driver's.
            self._earlier = self._slot.insertion
            slot = Slot(None, self._slot.insertion)
        else:
            slot = replace(driver.slot, insertion=self._earlier + driver.slot.insertion)
        with self._slot_lock:
            if slot == self._slot:
                return
            self._slot = slot
            waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if waiter.set_running_or_notify_cancel():
                waiter.set_result(slot)


class NoCards:
    """Where no reader is set: says NOT_CONFIGURED and never holds a card; implements `drivers.card_contract.Cards`."""

    status = DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED)
    slot = Slot()

    async def changed(self, seen: Slot) -> Slot:  # noqa: ARG002 - the port's
        """Waits for ever."""
        return await asyncio.Future[Slot]()

    async def read(self, request: CardRequest, follow: Follow) -> ReadResult:  # noqa: ARG002 - the port's
        """Refuses."""
        return CardFailed(CardProblem.READER)

    async def read_badge(self) -> BadgeResult:
        """Refuses."""
        return CardFailed(CardProblem.READER)

    async def pin_state(self) -> PinStateResult:
        """Refuses."""
        return CardFailed(CardProblem.READER)

    async def authenticate(self, pin: Pin | None, language: str) -> AuthenticateResult:  # noqa: ARG002 - the port's
        """Refuses, and wipes the PIN."""
        if pin is not None:
            pin.wipe()
        return CardFailed(CardProblem.READER)

    def on_change(self, listener: Listener) -> None:
        """Nothing changes."""


def _gone(status: DeviceStatus) -> CardFailed:
    """What somebody hears who wanted a card from a reader that cannot be opened."""
    return CardFailed(CardProblem.READER, status.raw)
