"""When the service manager is told that all is well, and when not."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

import pytest

from kiosk.service import watchdog_seconds
from kiosk.watchdog import JOURNEYS, STORE, Watchdog, beat_along

LOOPS = ("interface", "journeys", "store")


class Told:
    """A watchdog of 80 seconds, so that a round is ten, with a clock that is set by hand."""

    def __init__(self) -> None:
        self.moment = 0.0
        self.pings = 0
        self.dog = Watchdog(80, LOOPS, self._ping, lambda: self.moment)

    def _ping(self) -> None:
        self.pings += 1

    def round(self, *beating: str) -> int:
        """Ten seconds later, with beats of these loops: how many pings came of it."""
        self.moment += 10
        for loop in beating:
            self.dog.beat(loop)
        before = self.pings
        self.dog.look()
        return self.pings - before


def test_while_every_loop_beats_there_is_a_ping_each_round() -> None:
    told = Told()
    assert [told.round(*LOOPS) for _ in range(5)] == [1] * 5


@pytest.mark.parametrize("stuck", LOOPS)
@pytest.mark.expects_log("zuil.watchdog")
def test_one_silent_loop_silences_the_whole_and_a_beat_brings_it_back(
    stuck: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told()
    others = [loop for loop in LOOPS if loop != stuck]
    assert [told.round(*others) for _ in range(5)] == [1, 1, 0, 0, 0], "one round may be missed"
    assert [r.getMessage().split(";")[0] for r in caplog.records if r.name == "zuil.watchdog"] == [
        f"no sign of life from: {stuck}"
    ], "said once, and named"
    assert told.round(*LOOPS) == 1


def test_what_was_slow_to_start_is_not_held_against_it() -> None:
    told = Told()
    told.moment = 1000.0
    told.dog.start()
    try:
        assert told.round() == 1
    finally:
        told.dog.stop()


def test_a_watchdog_that_never_began_can_be_stopped() -> None:
    told = Told()
    told.dog.stop()
    assert told.pings == 0


class Beats:
    """Collects beats, and lets a test wait for so many of one loop."""

    def __init__(self) -> None:
        self.dog = Watchdog(0.008, (JOURNEYS, STORE), lambda: None)
        self.dog.beat = self._beat  # type: ignore[method-assign]
        self.given: list[str] = []
        self._came = asyncio.Event()

    def _beat(self, loop: str) -> None:
        self.given.append(loop)
        self._came.set()

    async def until(self, loop: str, count: int) -> None:
        """Wait for that many more beats of a loop."""
        wanted = self.given.count(loop) + count
        while self.given.count(loop) < wanted:
            self._came.clear()
            await self._came.wait()


@pytest.mark.expects_log("zuil.watchdog")
async def test_a_read_that_fails_or_hangs_is_no_beat_of_the_store_and_holds_up_no_other() -> None:
    beats, hangs = Beats(), asyncio.Event()

    async def read() -> object:
        if not hangs.is_set():
            raise OSError("no disk")
        return await asyncio.Event().wait()

    task = asyncio.create_task(beat_along(beats.dog, read))
    await beats.until(JOURNEYS, 3)
    hangs.set()
    await beats.until(JOURNEYS, 3)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert STORE not in beats.given


async def test_a_read_that_returns_is_a_beat_of_the_store() -> None:
    beats = Beats()
    task = asyncio.create_task(beat_along(beats.dog, lambda: asyncio.sleep(0)))
    await beats.until(STORE, 3)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert beats.given.count(JOURNEYS) >= 1


@pytest.mark.parametrize(
    ("said", "meant"),
    [("20000000", 20.0), ("0", None), ("", None), ("soon", None), ("-5", None)],
)
def test_how_long_the_service_manager_waits(said: str, meant: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    monkeypatch.setenv("WATCHDOG_USEC", said)
    assert watchdog_seconds() == meant
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    assert watchdog_seconds() == meant
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert watchdog_seconds() is None, "another process is meant"
