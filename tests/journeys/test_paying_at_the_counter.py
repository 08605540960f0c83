"""Paying at the counter, told as it happens: the slip, the counter's word, and the attest on coming back."""

from __future__ import annotations

import pytest

from drivers.contract import Refused
from kiosk.core.codes import code_of
from kiosk.core.payment_saga import PaymentState
from kiosk.fees import NoFees
from kiosk.journeys.ports import NotPaid, Paid
from tests.journeys.test_attests import BROKEN, PRICED, Till, asking, identified, paper_page
from tests.journeys.test_identifying import take_out
from tests.journeys.world import World

SLIP = code_of("payment-1")


async def to_the_fee(world: World) -> None:
    """A citizen who has said yes to what will be printed."""
    await world.touch("other")
    await identified(world)
    await world.touch("make")
    await take_out(world)


async def again(world: World) -> None:
    """The same citizen, back for the same attest."""
    await world.touch("way:0")
    await to_the_fee(world)


async def with_code(world: World, code: str) -> None:
    await world.touch("paid_there")
    await world.do(lambda: world.screen.type(code))
    await world.touch("go_on")


async def test_a_column_without_a_terminal_sends_to_the_counter_with_a_slip() -> None:
    async with asking(PRICED, payments=NoFees(), counter=True) as world:
        await to_the_fee(world)
        assert "pay.method.counter" in world.shown
        assert not [option for option in world.screen.page.options if option.id == "pay"]
        await world.touch("counter")
        assert SLIP in world.shown
        [paper] = world.printer.documents
        assert SLIP in str(paper)
        assert "pay.due.words" in str(paper)
        assert world.store.payments == {"payment-1": PaymentState.AT_COUNTER}
        assert world.attests.issued == []


async def test_who_has_paid_there_gets_it_here_and_pays_nothing_again() -> None:
    async with asking(PRICED, payments=NoFees(), counter=True) as world:
        await to_the_fee(world)
        await world.touch("counter", "done")
        await world.store.move_payment("payment-1", PaymentState.PAID_AT_COUNTER)
        await again(world)
        await with_code(world, SLIP)
        [(order, _)] = world.attests.issued
        assert order.fee == "payment-1"
        assert list(world.store.payments) == ["payment-1"]


@pytest.mark.parametrize(
    ("code", "state", "said"),
    [
        (SLIP, PaymentState.AT_COUNTER, "not_yet"),
        ("7K3M-9QXA-B", PaymentState.PAID_AT_COUNTER, "no_such_code"),
        (SLIP, PaymentState.FAILED, "over"),
    ],
)
async def test_a_code_that_does_not_count_is_answered_with_what_to_do(
    code: str, state: PaymentState, said: str
) -> None:
    async with asking(PRICED, payments=NoFees(), counter=True) as world:
        await to_the_fee(world)
        await world.touch("counter", "done")
        if state is not PaymentState.AT_COUNTER:
            await world.store.move_payment("payment-1", state)
        await again(world)
        await with_code(world, code)
        assert f"pay.not_there.{said}" in world.shown
        assert world.attests.issued == []
        await world.touch("done")
        assert "pay.method.counter" in world.shown


async def test_what_was_paid_for_something_else_is_not_taken() -> None:
    async with asking(PRICED, payments=NoFees(), counter=True) as world:
        payment = await world.store.intend_payment("another", 1, "counter")
        await world.store.move_payment(payment, PaymentState.AT_COUNTER)
        await world.store.move_payment(payment, PaymentState.PAID_AT_COUNTER)
        await to_the_fee(world)
        await with_code(world, code_of(payment))
        assert "pay.not_there.other_product" in world.shown


async def test_with_a_terminal_the_counter_is_the_other_way() -> None:
    async with asking(PRICED, payments=Till(NotPaid("declined")), counter=True) as world:
        await to_the_fee(world)
        assert [option.id for option in world.screen.page.options] == ["pay", "counter", "paid_there", "cancel"]
        await world.touch("pay", "done")
        await world.touch("counter")
        assert "pay.owed.title" in world.shown


async def test_a_terminal_that_fails_meanwhile_leaves_the_counter() -> None:
    till = Till(NotPaid("not_ready"))
    async with asking(PRICED, payments=till, counter=True) as world:
        await to_the_fee(world)
        till.ready = False  # type: ignore[misc]
        await world.touch("pay", "done")
        assert "pay.method.counter" in world.shown


async def test_paid_and_no_paper_may_be_got_at_the_counter() -> None:
    async with asking(PRICED, payments=Till(Paid("payment-7"))) as world:
        world.printer.status = BROKEN
        world.printer.result = world.sheets.result = Refused(BROKEN.reason)  # type: ignore[arg-type]
        await to_the_fee(world)
        await world.touch("pay")
        assert "at_counter" in {option.id for option in paper_page(world).options}
        await world.touch("at_counter")
        assert code_of("payment-7") in world.shown
        await world.touch("done")
        assert len(world.store.promised) == 1


async def test_a_free_one_has_no_such_way() -> None:
    async with asking(PRICED) as world:
        world.printer.status = BROKEN
        world.printer.result = world.sheets.result = Refused(BROKEN.reason)  # type: ignore[arg-type]
        await world.touch("bank")
        await identified(world)
        await world.touch("make")
        await take_out(world)
        assert "at_counter" not in {option.id for option in paper_page(world).options}
