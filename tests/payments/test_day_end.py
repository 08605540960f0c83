"""The terminal closes its period: its totals beside ours, cut anywhere, and differences told."""

from __future__ import annotations

import asyncio
from datetime import datetime, time
from pathlib import Path

import pytest

from drivers.payment_contract import DayEnded, DayResult, Journal, Total
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from kiosk.core.payment_period import PeriodResult, Takings, judge
from kiosk.core.payment_saga import PaymentState, Verdict
from kiosk.day_end import DayEnd
from kiosk.journeys.ports import Paid
from kiosk.store.store import KioskStore
from tests.payments.cuts import machine as opened
from tests.payments.till import BRISK, FEE, Till, becomes, till
from tests.store.columns import open_at

pytestmark = [pytest.mark.expects_log("zuil.pay", "zuil.terminal"), pytest.mark.timeout(90)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


async def paid(at: Till, times: int) -> list[str]:
    """So many payments that were spent."""
    await at.ready()
    ids = []
    for _ in range(times):
        result = await at.pay()
        assert isinstance(result, Paid)
        await at.store.move_payment(result.payment_id, PaymentState.SPENT)
        ids.append(result.payment_id)
    return ids


async def test_totals_agree_and_the_next_period_begins_empty(path: Path) -> None:
    with SimulatedZvtTerminal(habits=BRISK) as machine:
        async with till(path, machine) as at:
            await paid(at, 2)
            assert await at.desk.close_period() is PeriodResult.AGREES
            await paid(at, 1)
            assert await at.desk.close_period() is PeriodResult.AGREES
            newest, before = await at.store.recent_periods(2)
    assert (before.ours, newest.ours) == (Takings(2, 2 * FEE.amount_cents), Takings(1, FEE.amount_cents))


async def test_a_payment_that_was_undone_is_in_neither(path: Path) -> None:
    with SimulatedZvtTerminal(habits=BRISK) as machine:
        async with till(path, machine) as at:
            first, _ = await paid(at, 2)
            await at.store.move_payment(first, PaymentState.UNDELIVERED, "test")
            at.desk.give_back()
            await becomes(at.store, PaymentState.REVERSED, PaymentState.SPENT)
            await at.ready()
            assert await at.desk.close_period() is PeriodResult.AGREES
            [period] = await at.store.recent_periods(1)
    assert period.ours == Takings(1, FEE.amount_cents)


async def test_what_only_one_side_knows_is_a_difference(path: Path) -> None:
    with SimulatedZvtTerminal(habits=BRISK) as machine:
        async with till(path, machine) as at:
            await paid(at, 1)
            await spent(at.store, 700)
            assert await at.desk.close_period() is PeriodResult.DIFFERS
            [period] = await at.store.recent_periods(1)
    assert period.ours.cents == FEE.amount_cents + 700
    assert [total["amount_cents"] for total in period.told["totals"]] == [FEE.amount_cents]  # type: ignore[attr-defined]


async def test_it_waits_until_no_attempt_is_undecided(path: Path) -> None:
    with SimulatedZvtTerminal(habits=BRISK) as machine:
        async with till(path, machine) as at:
            await at.ready()
            with at.desk._holding("charge"):
                assert await at.desk.close_period() is None
            assert await at.store.recent_periods(1) == []


@pytest.mark.parametrize(
    ("protocol", "result"),
    [("opi", PeriodResult.AGREES), ("adyen", PeriodResult.NOT_TOLD), ("zvt", PeriodResult.AGREES)],
)
async def test_every_protocol_closes_and_an_empty_period_is_no_difference(
    path: Path, tmp_path: Path, protocol: str, result: PeriodResult
) -> None:
    with opened(protocol, tmp_path) as (machine, opening):
        async with till(path, machine, opening=opening) as at:
            for times in (2, 0, 1):
                await paid(at, times)
                assert await at.desk.close_period() in (result, result if times else PeriodResult.NOT_TOLD)


# --- cut, and out of time ---------------------------------------------------------------------------------------------


class Closing:
    """A terminal that only closes, and can lose its column on the way."""

    def __init__(self, *, cut: str = "") -> None:
        self.cut = cut
        self.closed = 0
        self.open_cents = 0

    async def end_of_day(self, journal: Journal) -> DayResult:
        await asyncio.to_thread(journal.sending, "endOfDay", {}, {}, "digest")
        if self.cut == "before":
            raise ConnectionError
        self.closed += 1
        taken, self.open_cents = self.open_cents, 0
        if self.cut == "after":
            raise ConnectionError
        return DayEnded((Total("Maestro", 1, taken),))


class Watch:
    """A clock that is set, and tells when it is waited for."""

    def __init__(self, text: str) -> None:
        self.at = datetime.fromisoformat(text)
        self.paused = asyncio.Event()

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.paused.set()
        await asyncio.Event().wait()


def day_end(store: KioskStore, terminal: Closing, watch: Watch, at: time | None = time(19, 30)) -> DayEnd:
    from contextlib import nullcontext

    return DayEnd(store, terminal, watch, "terminal", at, lambda: True, lambda _: nullcontext())  # type: ignore[arg-type]


async def spent(store: KioskStore, cents: int) -> None:
    payment_id = await store.intend_payment("household", cents, "terminal")
    await store.move_payment(payment_id, PaymentState.SETTLED)
    await store.move_payment(payment_id, PaymentState.SPENT)


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_closing_that_was_cut_is_followed_by_another_that_finds_out(path: Path, cut: str) -> None:
    store, terminal = open_at(path), Closing(cut=cut)
    await spent(store, 500)
    terminal.open_cents = 500
    with pytest.raises(ConnectionError):
        await day_end(store, terminal, Watch("2026-11-23T20:00:00+01:00")).close()
    store.close()
    store = open_at(path)
    [left] = await store.recent_periods(1)
    assert left.result is PeriodResult.UNKNOWN
    await spent(store, 300)
    terminal.cut, terminal.open_cents = "", terminal.open_cents + 300
    keeping = asyncio.create_task(day_end(store, terminal, Watch("2026-11-24T09:00:00+01:00")).keep())
    await ends(store, PeriodResult.AGREES)
    keeping.cancel()
    store.close()


async def ends(store: KioskStore, result: PeriodResult) -> None:
    """Until the newest closing ended so."""
    for _ in range(400):
        [newest] = await store.recent_periods(1) or [None]
        if newest is not None and newest.result is result:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"the newest closing is {newest}")


@pytest.mark.parametrize(
    ("now", "at", "closes"),
    [
        ("2026-11-23T19:29:00+01:00", time(19, 30), False),
        ("2026-11-23T19:30:00+01:00", time(19, 30), True),
        ("2026-11-23T23:59:00+01:00", time(19, 30), True),
        ("2026-11-23T20:00:00+01:00", None, False),
    ],
)
async def test_it_closes_from_its_time_on_and_once_a_day(path: Path, now: str, at: time | None, closes: bool) -> None:
    store, terminal = open_at(path), Closing()
    for _ in range(2):
        watch = Watch(now)
        keeping = asyncio.create_task(day_end(store, terminal, watch, at).keep())
        await watch.paused.wait()
        keeping.cancel()
    store.close()
    assert terminal.closed == closes


def test_every_sum_that_is_possible_agrees_and_no_other() -> None:
    ours, carried = Takings(1, 100), [Takings(1, 20), Takings(2, 3)]
    for cents, result in ((100, "agrees"), (120, "agrees"), (123, "agrees"), (103, "differs"), (0, "differs")):
        assert judge(ours, carried, Takings(1, cents)).value == result
    assert judge(ours, [], None) is PeriodResult.NOT_TOLD
    assert judge(Takings(), [], Takings()) is PeriodResult.AGREES


async def test_a_refused_closing_counts_nothing(path: Path) -> None:
    store = open_at(path)
    await spent(store, 500)
    period = store.begin_period_now("terminal", {})
    store.end_period_now(period.id, PeriodResult.REFUSED, None, {}, "77")
    assert store.begin_period_now("terminal", {}).ours == Takings(1, 500)
    store.close()


async def test_money_that_staff_paid_back_stays_in_the_books_of_the_terminal(path: Path) -> None:
    store = open_at(path)
    payment_id = await store.intend_payment("household", 500, "terminal")
    for state in (PaymentState.SETTLED, PaymentState.UNDELIVERED):
        await store.move_payment(payment_id, state, "test")
    await store.decide_payment(payment_id, Verdict.PAID_BACK, "an")
    assert store.begin_period_now("terminal", {}).ours == Takings(1, 500)
    store.close()
