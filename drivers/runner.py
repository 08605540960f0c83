"""One thread a bus: opens the device, asks it how it is, opens it again, and says in the log once down and once up.

The asyncio side only sees ports of `drivers.contract`; nothing here blocks it. Not for: what a device's answers mean.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from drivers.contract import (
    CannotOpen,
    DeviceStatus,
    Health,
    PrinterDriver,
    PrintResult,
    Reason,
    Refused,
    Unknown,
)

FIRST_RETRY_SECONDS = 0.5
LONGEST_RETRY_SECONDS = 30.0

_TRIED_SELDOM = (Reason.UNREACHABLE, Reason.NO_SERVICE)
"""What does not mend itself within seconds, and is tried again ever more seldom."""

Listener = Callable[[DeviceStatus], None]


class Driver(Protocol):
    """What every driver on a bus has."""

    def status(self) -> DeviceStatus:
        """Ask the device now, within a limit."""
        ...

    def close(self) -> None:
        """Free the device."""
        ...


D = TypeVar("D", bound=Driver)
T = TypeVar("T")
Document = TypeVar("Document")


class WrongThread(RuntimeError):
    """A driver was called from outside the thread of its bus."""


@dataclass(frozen=True)
class _Call(Generic[D]):
    """Work for the bus, and what its caller hears when it cannot be done."""

    begin: Callable[[], bool]
    serve: Callable[[D], None]
    decline: Callable[[DeviceStatus], None]
    fail: Callable[[], None]


class DeviceRunner(Generic[D]):
    """Owns one driver and the only thread that touches it.

    Temporary failures are tried again, ever more seldom, at most every 30 s; permanent ones (a wrong setting, a missing
    library) are not tried again before the next start.
    """

    def __init__(
        self,
        open_driver: Callable[[], D | CannotOpen],
        name: str,
        poll_seconds: float = 5.0,
        logger: str = "zuil.device",
    ) -> None:
        """Prepare; `start` opens.

        Args:
            name: what the device is called in the log.
            poll_seconds: how often an idle device is asked how it is.
        """
        self._open_driver = open_driver
        self._name = name
        self._poll_seconds = poll_seconds
        self._log = logging.getLogger(logger)
        # Until it was asked nothing is known, and "does not work" would be a lie.
        self._status = DeviceStatus(Health.BUSY, raw="not opened yet")
        self._told_usable: bool | None = None
        self._listeners: list[Listener] = []
        self._calls: queue.SimpleQueue[_Call[D] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"bus {name}", daemon=True)
        self._driver: D | None = None
        self._retry = FIRST_RETRY_SECONDS
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._permanent = False

    @property
    def status(self) -> DeviceStatus:
        """Last known state; never blocks."""
        return self._status

    def on_change(self, listener: Listener) -> None:
        """Call `listener` with each new state, on the thread of the bus."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Start the thread of the bus; it opens the device at once."""
        self._thread.start()

    def check_now(self) -> None:
        """Ask the device how it is without waiting for the next turn; a permanent failure is tried again too."""
        self._permanent = False
        self._calls.put(None)

    def stop(self, seconds: float = 5.0) -> bool:
        """Close the device and end the thread; work still waiting is answered as refused.

        Returns:
            Whether the thread ended within `seconds`; a driver that hangs against its contract keeps it.
        """
        with self._lock:
            self._stop.set()
        self._calls.put(None)
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _submit(self, work: Callable[[D], T], instead: Callable[[DeviceStatus], T], after_fault: T) -> Future[T]:
        done: Future[T] = Future()
        call = _Call[D](
            begin=done.set_running_or_notify_cancel,
            serve=lambda driver: done.set_result(work(driver)),
            decline=lambda status: done.set_result(instead(status)),
            fail=lambda: done.set_result(after_fault),
        )
        with self._lock:
            stopped = self._stop.is_set()
            if not stopped:
                self._calls.put(call)
        if stopped:
            self._turn_away(call)
        return done

    def _run(self) -> None:
        self._refresh()
        while not self._stop.is_set():
            try:
                call = self._calls.get(timeout=self._wait_seconds())
            except queue.Empty:
                call = None
            if self._stop.is_set():
                self._turn_away(call)
                break
            if call is not None:
                self._serve(call)
            self._refresh()
        self._empty_queue()
        self._close()

    def _wait_seconds(self) -> float | None:
        if self._permanent:
            return None
        if self._status.usable or self._status.reason not in _TRIED_SELDOM:
            self._retry = FIRST_RETRY_SECONDS
            return self._poll_seconds
        seconds = self._retry
        self._retry = min(self._retry * 2, LONGEST_RETRY_SECONDS)
        return seconds

    def _serve(self, call: _Call[D]) -> None:
        if not call.begin():
            return
        opened = self._opened()
        if isinstance(opened, DeviceStatus):
            call.decline(opened)
            return
        self._tell(DeviceStatus(Health.BUSY))
        try:
            call.serve(opened)
        except Exception:  # noqa: BLE001  # a driver's bug must not take the bus down
            self._broken()
            call.fail()

    def _refresh(self) -> None:
        opened = self._opened()
        if isinstance(opened, DeviceStatus):
            self._tell(opened)
            return
        try:
            status = opened.status()
            self._looked(opened)
        except Exception:  # noqa: BLE001  # as above
            status = self._broken()
        self._permanent = status.reason is Reason.NOT_CONFIGURED
        self._tell(status)

    def _looked(self, driver: D | None) -> None:
        """For kinds of device with more to tell than a status: called after each look, with None once it is gone."""

    def _opened(self) -> D | DeviceStatus:
        if threading.current_thread() is not self._thread:
            raise WrongThread(f"{self._name} belongs to the thread {self._thread.name!r}")
        if self._driver is not None:
            return self._driver
        try:
            opened = self._open_driver()
        except Exception:  # noqa: BLE001  # a third party's factory
            return self._broken()
        if isinstance(opened, CannotOpen):
            self._permanent = opened.permanent
            return DeviceStatus(Health.UNAVAILABLE, opened.reason, opened.detail)
        self._driver = opened
        return opened

    def _broken(self) -> DeviceStatus:
        """A driver raised: log it as the bug it is, drop the driver, make a new one later."""
        if self._told_usable is not False:
            self._log.exception("%s: its driver failed", self._name)
        self._close()
        return DeviceStatus(Health.UNAVAILABLE, Reason.UNREACHABLE, "driver failed")

    def _close(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            with contextlib.suppress(Exception):
                driver.close()
            self._looked(None)

    def _tell(self, status: DeviceStatus) -> None:
        if status == self._status and self._told_usable is not None:
            return
        self._status = status
        self._log_change(status)
        for listener in tuple(self._listeners):
            try:
                listener(status)
            except Exception:  # noqa: BLE001  # a listener's bug is not the device's
                self._log.exception("%s: a listener failed", self._name)

    def _log_change(self, status: DeviceStatus) -> None:
        if status.usable == self._told_usable:
            return
        first, self._told_usable = self._told_usable is None, status.usable
        if status.usable:
            self._log.info("%s: %s", self._name, "ready" if first else "ready again")
        else:
            reason = status.reason.value if status.reason else "no reason given"
            self._log.warning("%s: unavailable (%s) %s", self._name, reason, status.raw)

    def _turn_away(self, call: _Call[D] | None) -> None:
        if call is not None and call.begin():
            call.decline(DeviceStatus(Health.UNAVAILABLE, Reason.UNREACHABLE, "stopped"))

    def _empty_queue(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._turn_away(self._calls.get_nowait())


class PrinterRunner(DeviceRunner[PrinterDriver[Document]], Generic[Document]):
    """A printer of receipts or of sheets on its own thread; implements `drivers.contract.Printer`."""

    def __init__(
        self, open_driver: Callable[[], PrinterDriver[Document] | CannotOpen], name: str, poll_seconds: float = 5.0
    ) -> None:
        """See `DeviceRunner`; it logs as "zuil.printer"."""
        super().__init__(open_driver, name, poll_seconds, logger="zuil.printer")

    async def print(self, job_id: str, document: Document) -> PrintResult:
        """Print once, on the thread of the bus; cancelling takes back a job that has not begun."""
        return await asyncio.wrap_future(self.submit(job_id, document))

    def submit(self, job_id: str, document: Document) -> Future[PrintResult]:
        """The same for callers without an event loop."""
        return self._submit(
            lambda driver: driver.print(job_id, document),
            lambda status: Refused(status.reason or Reason.OFFLINE, status.raw),
            Unknown(Reason.UNREACHABLE, "driver failed"),
        )


class NoPrinter:
    """Where no printer is set: always says NOT_CONFIGURED; implements `drivers.contract.Printer`."""

    @property
    def status(self) -> DeviceStatus:
        """Never anything else."""
        return DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED)

    async def print(self, job_id: str, document: object) -> PrintResult:  # noqa: ARG002
        """Refuses."""
        return Refused(Reason.NOT_CONFIGURED)

    def on_change(self, listener: Listener) -> None:
        """There is never a change."""
