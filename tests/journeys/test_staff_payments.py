"""Payments in staff mode, told as it happens at the column."""

from __future__ import annotations

import pytest

from kiosk.core.payment_period import PeriodResult
from kiosk.core.payment_saga import PaymentState, Verdict, verdicts_on
from kiosk.core.staff import Role
from kiosk.demo.told_payments import told_payment
from kiosk.demo.told_staff import somebody
from tests.journeys.test_staff import acts, column, enter
from tests.journeys.world import World

CASE = told_payment(1, PaymentState.CASE)
DUE = told_payment(2, PaymentState.AT_COUNTER)
PAID = told_payment(3, PaymentState.SPENT)
OTHER = told_payment(4, PaymentState.UNKNOWN)


def charging(*waiting: object, **changes: object) -> World:
    """A column that takes fees, with payments that wait for somebody."""
    world = column(charges=True, **changes)
    world.till.waiting = list(waiting)  # type: ignore[arg-type]
    return world


async def test_a_case_is_decided_by_name_after_being_asked_twice() -> None:
    async with charging(CASE, DUE) as world:
        await enter(world)
        await world.touch("money", f"payment:{CASE.id}")
        assert {option.id for option in world.screen.page.options} == {each.value for each in verdicts_on(CASE.state)}
        await world.touch("paidBack")
        assert world.till.decided == [], "not before it was asked once more"
        assert "staff.money.sure.paid_back" in world.shown
        await world.touch("sure")
        assert world.till.decided == [(CASE.id, Verdict.PAID_BACK, "an")]
        assert acts(world)[-1] == ("decidedPayment", CASE.code)
        assert "count=1" in world.shown, "the next one waits"


async def test_going_back_decides_nothing() -> None:
    async with charging(CASE) as world:
        await enter(world)
        await world.touch("money", f"payment:{CASE.id}", "notPaid")
        await world.do(world.screen.back)
        assert "staff.money.state.case" in world.shown, "one step back is the payment"
        await world.do(world.screen.back)
        assert "staff.money.open" in world.shown
        assert world.till.decided == []


async def test_a_terminal_that_told_meanwhile_is_believed() -> None:
    async with charging(CASE) as world:
        world.till.moved = True
        await enter(world)
        await world.touch("money", f"payment:{CASE.id}", "notPaid", "sure")
        assert "staff.money.told.moved" in world.shown


async def test_an_unclear_payment_is_decided_in_three_touches() -> None:
    async with charging(DUE, CASE, unclear_payments=1) as world:
        await enter(world)
        await world.touch("trouble:payments", "notPaid", "sure")
        assert world.till.decided == [(CASE.id, Verdict.NOT_PAID, "an")]
        assert world.screen.page.option("leave") is not None, "nothing else is in doubt: this column again"


async def test_unclear_payments_come_one_after_the_other_until_staff_go_back() -> None:
    async with charging(CASE, OTHER, unclear_payments=2) as world:
        await enter(world)
        await world.touch("trouble:payments", "paid", "sure", "notPaid")
        await world.do(world.screen.back)
        await world.do(world.screen.back)
        assert world.till.decided == [(CASE.id, Verdict.PAID, "an")]
        assert world.screen.page.option("leave") is not None


async def test_of_a_payment_under_way_there_is_nothing_to_decide_yet() -> None:
    async with charging(DUE, unclear_payments=1) as world:
        await enter(world)
        await world.touch("trouble:payments")
        assert "staff.next.payments" in world.shown


async def test_who_has_no_right_to_money_sees_none_of_it() -> None:
    world = charging(CASE, unclear_payments=1)
    world.staff.door.member = somebody(role=Role.HOST)
    async with world:
        await enter(world)
        assert world.screen.page.option("money") is None
        await world.touch("trouble:payments")
        assert world.screen.page.option("money") is None
        assert world.screen.page.option("technician") is not None


async def test_where_no_fees_are_taken_there_is_no_such_page() -> None:
    async with column() as world:
        await enter(world)
        assert world.screen.page.option("money") is None


async def test_a_receipt_is_printed_again() -> None:
    async with charging() as world:
        world.till.receipts = [PAID]
        await enter(world)
        await world.touch("money", "receipts", f"payment:{PAID.id}")
        assert world.till.reprinted == [PAID.id]
        assert "staff.money.told.printed" in world.shown
        assert acts(world)[-1] == ("reprintedReceipt", PAID.code)


async def test_without_receipts_it_says_so() -> None:
    async with charging() as world:
        await enter(world)
        await world.touch("money", "receipts")
        assert "staff.money.told.no_receipts" in world.shown


@pytest.mark.parametrize("result", [*PeriodResult, None])
async def test_the_period_is_closed_and_the_result_said(result: PeriodResult | None) -> None:
    async with charging() as world:
        world.till.closing = result
        await enter(world)
        await world.touch("money", "close_day")
        assert f"staff.money.told.day.{result.name.lower() if result else 'busy'}" in world.shown
        assert acts(world)[-1] == ("closedTerminal", "")


async def test_a_column_without_a_terminal_closes_nothing() -> None:
    async with charging(DUE) as world:
        world.till.closes = False
        await enter(world)
        await world.touch("money")
        assert world.screen.page.option("close_day") is None
        assert world.screen.page.option("receipts") is None
