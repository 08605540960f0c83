"""One thread a bus: opening, retrying, telling, stopping, and what its callers hear."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from operator import eq

import pytest

from drivers.contract import (
    CannotOpen,
    DeviceStatus,
    Health,
    PaperDocument,
    Printed,
    PrinterDriver,
    PrintResult,
    Reason,
    Refused,
    Unknown,
)
from drivers.printers.opening import open_printer
from drivers.runner import FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS, NoPrinter, PrinterRunner, WrongThread
from drivers.simulated.printer import SimulatedPrinter
from tests.drivers.rigs import Watcher, ticket, tickets_numbered

READY = DeviceStatus(Health.READY)
GONE = DeviceStatus(Health.UNAVAILABLE, Reason.UNREACHABLE)
NEVER = 3600.0


@dataclass
class FakePrinter:
    """A driver whose state and results are set by the test."""

    state: DeviceStatus = READY
    result: PrintResult = field(default_factory=Printed)
    printed: list[str] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    closed: int = 0
    gate: threading.Event | None = None
    begun: threading.Event = field(default_factory=threading.Event)
    bug: bool = False

    def status(self) -> DeviceStatus:
        self.threads.add(threading.get_ident())
        if self.bug:
            raise ZeroDivisionError
        return self.state

    def print(self, job_id: str, document: PaperDocument) -> PrintResult:
        self.threads.add(threading.get_ident())
        self.begun.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.bug:
            raise ZeroDivisionError
        self.printed.append(job_id)
        return self.result

    def close(self) -> None:
        self.closed += 1


@contextmanager
def running(
    open_driver: Callable[[], PrinterDriver | CannotOpen], poll_seconds: float = NEVER
) -> Iterator[tuple[PrinterRunner, Watcher]]:
    runner = PrinterRunner(open_driver, "front desk", poll_seconds)
    watcher = Watcher(runner)
    runner.start()
    try:
        yield runner, watcher
    finally:
        assert runner.stop()


def _fail(status: DeviceStatus) -> None:
    raise KeyError(status)


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "zuil.printer"]


def test_before_the_first_answer_nothing_is_claimed() -> None:
    runner = PrinterRunner(FakePrinter, "front desk")
    assert runner.status == DeviceStatus(Health.BUSY, raw="not opened yet")
    assert runner.stop(), "stopping what never started is fine"


async def test_a_job_is_printed_on_the_thread_of_the_bus_and_the_states_are_told() -> None:
    device = FakePrinter()
    with running(lambda: device) as (runner, watcher):
        watcher.wait_for(lambda status: status == READY)
        assert await runner.print("a", ticket()) == Printed()
        watcher.wait_for(lambda status: status == READY and len(watcher.seen) == 3)
    assert [status.health for status in watcher.seen] == [Health.READY, Health.BUSY, Health.READY]
    assert len(device.threads) == 1
    assert threading.get_ident() not in device.threads
    assert device.closed == 1


def test_only_the_thread_of_the_bus_may_touch_the_driver() -> None:
    runner = PrinterRunner(FakePrinter, "front desk")
    with pytest.raises(WrongThread, match="front desk"):
        runner._opened()


@pytest.mark.expects_log("zuil.printer")
def test_the_log_says_once_down_and_once_up(caplog: pytest.LogCaptureFixture) -> None:
    device = FakePrinter()
    with running(lambda: device) as (runner, watcher):
        watcher.wait_for(lambda status: status == READY)
        for state in (
            GONE,
            DeviceStatus(Health.UNAVAILABLE, Reason.PAPER_OUT, "1a 32 12 7e"),
            GONE,
            DeviceStatus(Health.ATTENTION, Reason.PAPER_LOW),
            READY,
        ):
            device.state = state
            runner.check_now()
            watcher.wait_for(partial(eq, state))
    assert messages(caplog) == [
        "front desk: ready",
        "front desk: unavailable (unreachable) ",
        "front desk: ready again",
    ]
    assert [r.levelno for r in caplog.records if r.name == "zuil.printer"] == [20, 30, 20]


@pytest.mark.expects_log("zuil.printer")
def test_what_cannot_be_opened_is_tried_again_ever_more_seldom() -> None:
    runner = PrinterRunner(lambda: CannotOpen(Reason.UNREACHABLE), "front desk")
    runner._status = GONE
    waits = [runner._wait_seconds() for _ in range(9)]
    assert waits == [FIRST_RETRY_SECONDS * 2**step for step in range(6)] + [LONGEST_RETRY_SECONDS] * 3
    runner._status = READY
    assert runner._wait_seconds() == 5.0
    runner._status = GONE
    assert runner._wait_seconds() == FIRST_RETRY_SECONDS


@pytest.mark.expects_log("zuil.printer")
def test_it_opens_as_soon_as_it_can() -> None:
    device = FakePrinter()
    answers: list[FakePrinter | CannotOpen] = [CannotOpen(Reason.UNREACHABLE, "no such host"), device]
    with running(lambda: answers.pop(0)) as (_, watcher):
        watcher.wait_for(lambda status: status == READY)
        assert watcher.seen[0] == DeviceStatus(Health.UNAVAILABLE, Reason.UNREACHABLE, "no such host")


@pytest.mark.expects_log("zuil.printer")
def test_a_permanent_failure_waits_for_somebody_to_ask_again() -> None:
    device = FakePrinter()
    answers: list[FakePrinter | CannotOpen] = [CannotOpen(Reason.NOT_CONFIGURED, "no libusb", permanent=True), device]
    with running(lambda: answers.pop(0)) as (runner, watcher):
        watcher.wait_for(lambda status: status.reason is Reason.NOT_CONFIGURED)
        assert runner.submit("a", ticket()).result(10) == Printed(), "a job tries once more"
        assert answers == []
    runner = PrinterRunner(FakePrinter, "front desk")
    runner._permanent = True
    assert runner._wait_seconds() is None
    runner.check_now()
    assert runner._wait_seconds() is not None


@pytest.mark.expects_log("zuil.printer")
def test_a_job_without_a_printer_is_refused() -> None:
    with running(lambda: CannotOpen(Reason.UNREACHABLE, "no such host")) as (runner, _):
        assert runner.submit("a", ticket()).result(10) == Refused(Reason.UNREACHABLE, "no such host")


@pytest.mark.expects_log("zuil.printer")
def test_a_driver_with_a_bug_does_not_take_the_bus_down(caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = FakePrinter(), FakePrinter()
    answers = [broken, sound]
    with running(lambda: answers.pop(0)) as (runner, watcher):
        watcher.wait_for(lambda status: status == READY)
        broken.bug = True
        assert runner.submit("a", ticket()).result(10) == Unknown(Reason.UNREACHABLE, "driver failed")
        assert runner.submit("b", ticket()).result(10) == Printed()
    assert broken.closed == 1
    assert messages(caplog).count("front desk: its driver failed") == 1


@pytest.mark.expects_log("zuil.printer")
def test_a_factory_with_a_bug_and_a_listener_with_a_bug(caplog: pytest.LogCaptureFixture) -> None:
    answers: list[Callable[[], FakePrinter]] = [lambda: 1 // 0, FakePrinter]  # type: ignore[list-item, return-value]
    runner = PrinterRunner(lambda: answers.pop(0)(), "front desk", NEVER)
    runner.on_change(_fail)
    watcher = Watcher(runner)
    runner.start()
    watcher.wait_for(lambda status: status == READY)
    assert runner.stop()
    assert "front desk: a listener failed" in messages(caplog)


async def test_cancelling_takes_back_a_job_that_has_not_begun() -> None:
    gate = threading.Event()
    device = FakePrinter(gate=gate)
    with running(lambda: device) as (runner, _):
        first = runner.submit("first", ticket())
        assert await asyncio.to_thread(device.begun.wait, 10)
        second = asyncio.ensure_future(runner.print("second", ticket()))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        gate.set()
        assert first.result(10) == Printed()
        assert runner.submit("third", ticket()).result(10) == Printed()
    assert device.printed == ["first", "third"]


def test_stopping_refuses_what_waits_and_what_comes_later() -> None:
    gate = threading.Event()
    device = FakePrinter(gate=gate)
    runner = PrinterRunner(lambda: device, "front desk", NEVER)
    runner.start()
    first = runner.submit("first", ticket())
    assert device.begun.wait(10)
    waiting = runner.submit("waiting", ticket())
    assert not runner.stop(seconds=0), "it is still printing"
    later = runner.submit("later", ticket())
    gate.set()
    assert runner.stop()
    assert first.result(10) == Printed()
    assert waiting.result(10) == later.result(10) == Refused(Reason.UNREACHABLE, "stopped")
    assert device.closed == 1


async def test_no_printer_says_so() -> None:
    printer = NoPrinter()
    printer.on_change(_fail)
    assert printer.status == DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED)
    assert await printer.print("a", ticket()) == Refused(Reason.NOT_CONFIGURED)


@pytest.mark.expects_log("zuil.printer")
def test_pulled_and_plugged_in_again_it_says_so_twice_and_prints(
    simulated: SimulatedPrinter, caplog: pytest.LogCaptureFixture
) -> None:
    with running(open_printer(simulated.uri, "epson-tm-t20iii")) as (runner, watcher):
        watcher.wait_for(lambda status: status.health is Health.READY)
        assert runner.submit("a", ticket("A001")).result(10) == Printed()
        simulated.set_fault("dead")
        assert simulated.wait_until(lambda state: state.hosts == 0)
        runner.check_now()
        watcher.wait_for(lambda status: status.reason is Reason.UNREACHABLE)
        simulated.clear_faults()
        watcher.wait_for(lambda status: status.health is Health.READY)
        assert runner.submit("b", ticket("A002")).result(10) == Printed()
    assert [tickets_numbered(simulated, number) for number in ("A001", "A002")] == [1, 1]
    levels = [record.levelno for record in caplog.records if record.name == "zuil.printer"]
    assert levels == [logging.INFO, logging.WARNING, logging.INFO]


def test_an_idle_printer_is_asked_how_it_is(simulated: SimulatedPrinter) -> None:
    with running(open_printer(simulated.uri, "generic-80mm"), poll_seconds=0.02) as (_, watcher):
        watcher.wait_for(lambda status: status.health is Health.READY)
        simulated.set_fault("paper-low")
        watcher.wait_for(lambda status: status.reason is Reason.PAPER_LOW)
