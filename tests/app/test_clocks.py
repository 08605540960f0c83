"""The two clocks behind the port."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from kiosk.clock import DrivenClock, SystemClock

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_the_machine_s_clock_speaks_local_time() -> None:
    now = SystemClock("Europe/Brussels").now()
    assert now.utcoffset() in (timedelta(hours=1), timedelta(hours=2))
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_practice_clock_is_put_forward() -> None:
    ahead = SystemClock("Europe/Brussels", 7 * 3600).now() - datetime.now(UTC)
    assert timedelta(hours=6, minutes=59) < ahead < timedelta(hours=7, minutes=1)


async def test_a_driven_clock_stands_still() -> None:
    clock = DrivenClock(START)
    await asyncio.sleep(0.01)
    assert clock.now() == START
    assert clock.monotonic() == 0


async def test_sleepers_wake_in_order_at_their_own_moment() -> None:
    clock, woken = DrivenClock(START), []

    async def sleeper(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((seconds, clock.monotonic()))

    tasks = [asyncio.create_task(sleeper(seconds)) for seconds in (30, 10, 20, 60)]
    await clock.pass_time(45)
    assert woken == [(10, 10), (20, 20), (30, 30)]
    assert clock.now() == START + timedelta(seconds=45)
    tasks[-1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_a_sleeper_starts_counts_from_its_own_moment() -> None:
    clock, moments = DrivenClock(START), []

    async def every_ten() -> None:
        while True:
            await clock.sleep(10)
            moments.append(clock.monotonic())

    task = asyncio.create_task(every_ten())
    await clock.pass_time(35)
    assert moments == [10, 20, 30]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_cancelled_sleeper_does_not_stop_time() -> None:
    clock = DrivenClock(START)
    task = asyncio.create_task(clock.sleep(5))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await clock.pass_time(10)
    assert clock.monotonic() == 10
