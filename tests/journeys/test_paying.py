"""Paying, told as it happens at the column: a terminal that is told what to do, a scripted screen, a driven clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from drivers.payment_contract import Step
from kiosk.clock import settle
from kiosk.core.codes import code_of
from kiosk.core.pages import Tool
from kiosk.journeys.ports import ChargeResult, Fee, MaybePaid, NotPaid, Paid, Progress, Tell
from tests.journeys.test_attests import PRICED, asking, identified
from tests.journeys.test_identifying import take_out
from tests.journeys.world import World


class Machine:
    """A terminal that waits until the test says how it went on."""

    method = "terminal"

    def __init__(self) -> None:
        self.ready = True
        self.asked_to_stop = 0
        self.given_back = 0
        self._tell: Tell | None = None
        self._end: asyncio.Future[ChargeResult] | None = None

    async def charge(self, fee: Fee, tell: Tell) -> ChargeResult:
        self._tell, self._end = tell, asyncio.get_running_loop().create_future()
        return await self._end

    def cancel(self) -> None:
        self.asked_to_stop += 1

    def give_back(self) -> None:
        self.given_back += 1

    async def step(self, progress: Progress) -> None:
        """The terminal tells how far it is."""
        assert self._tell is not None
        self._tell(progress)
        await settle()

    async def ends(self, result: ChargeResult) -> None:
        """The terminal is done."""
        assert self._end is not None
        if not self._end.done():
            self._end.set_result(result)
        await settle()


@asynccontextmanager
async def at_the_terminal() -> AsyncIterator[tuple[World, Machine]]:
    """Somebody who has just touched "Pay"."""
    machine = Machine()
    async with asking(PRICED, payments=machine) as world:
        await world.touch("other")
        await identified(world)
        await world.touch("make")
        await take_out(world)
        assert "pay.method.terminal" in world.shown
        await world.touch("pay")
        try:
            yield world, machine
        finally:
            await machine.ends(NotPaid("cancelled"))


def test_every_step_of_a_terminal_has_a_sentence() -> None:
    assert {step.name for step in Step} <= {progress.name for progress in Progress}


async def test_the_steps_stand_on_the_screen_and_the_attest_follows() -> None:
    async with at_the_terminal() as (world, machine):
        assert "pay.step.connecting" in world.shown
        for progress in (Progress.WAITING_FOR_CARD, Progress.ENTER_PIN, Progress.PIN_WRONG, Progress.ASKING_BANK):
            await machine.step(progress)
            assert f"pay.step.{progress.value}" in world.shown
        assert world.attests.issued == []
        await machine.ends(Paid("payment-9", (("EUR 2,00", "DANK U"),)))
        [(order, _)] = world.attests.issued
        assert order.fee == "payment-9"
        assert any("EUR 2,00" in str(paper) for paper in world.printer.documents), "the receipt of the terminal"


@pytest.mark.parametrize("progress", [Progress.CONNECTING, Progress.ASKING_BANK, Progress.TAKE_CARD, Progress.CHECKING])
async def test_stopping_is_offered_only_while_it_is_possible(progress: Progress) -> None:
    async with at_the_terminal() as (world, machine):
        await machine.step(Progress.WAITING_FOR_CARD)
        assert world.screen.page.option("stop")
        await machine.step(progress)
        assert not world.screen.page.option("stop")


async def test_stopping_asks_the_terminal_and_waits_for_its_word() -> None:
    async with at_the_terminal() as (world, machine):
        await machine.step(Progress.WAITING_FOR_CARD)
        await world.touch("stop")
        assert machine.asked_to_stop == 1
        assert "pay.step.stopping" in world.shown
        assert world.screen.page.options == ()
        await machine.ends(NotPaid("cancelled"))
        assert "pay.not_paid.cancelled" in world.shown
        assert world.attests.issued == []


async def test_paid_beats_the_wish_to_stop() -> None:
    async with at_the_terminal() as (world, machine):
        await machine.step(Progress.WAITING_FOR_CARD)
        await world.touch("stop")
        await machine.ends(Paid("payment-9"))
        assert len(world.attests.issued) == 1


async def test_no_time_out_of_ours_ends_a_payment() -> None:
    async with at_the_terminal() as (world, machine):
        await machine.step(Progress.ASKING_BANK)
        await world.pass_time(3600)
        assert "pay.step.asking_bank" in world.shown
        assert (world.outcomes, machine.asked_to_stop) == ([], 0)
        await machine.ends(Paid("payment-9"))
        assert len(world.attests.issued) == 1


async def test_starting_over_asks_to_stop_and_a_paid_attest_is_still_made() -> None:
    async with at_the_terminal() as (world, machine):
        await machine.step(Progress.WAITING_FOR_CARD)
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        assert machine.asked_to_stop == 1
        assert "pay.step.stopping" in world.shown
        assert world.outcomes == []
        await machine.ends(Paid("payment-9"))
        assert len(world.attests.issued) == 1


async def test_starting_over_without_paying_ends_the_visit() -> None:
    async with at_the_terminal() as (world, machine):
        await machine.step(Progress.WAITING_FOR_CARD)
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        await machine.ends(NotPaid("cancelled"))
        assert world.attests.issued == []
        assert len(world.outcomes) == 1


async def test_nobody_is_told_not_paid_while_nobody_knows() -> None:
    async with at_the_terminal() as (world, machine):
        await machine.step(Progress.CHECKING)
        assert "pay.step.checking" in world.shown
        await machine.ends(MaybePaid("payment-12345678"))
        assert "pay.unknown.title" in world.shown
        assert "not_paid" not in world.shown
        [paper] = world.printer.documents
        assert code_of("payment-12345678") in str(paper)
        assert "pay.slip.again" in str(paper)


async def test_a_terminal_that_is_not_free_sends_to_the_counter_before_the_card_is_read() -> None:
    machine = Machine()
    machine.ready = False
    async with asking(PRICED, payments=machine) as world:
        await world.touch("other")
        assert "attest.pay_at_counter.title" in world.shown
