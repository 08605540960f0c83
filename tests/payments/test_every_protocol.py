"""The same desk over every protocol: paid once, not paid, stopped, lost, undone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from drivers.simulated.terminal.scripts import Script
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.journeys.ports import MaybePaid, NotPaid, Paid, Progress
from tests.payments.cuts import PROTOCOLS, machine
from tests.payments.till import FEE, becomes, broken_promises, till, until

pytestmark = [pytest.mark.expects_log("zuil.pay", "zuil.terminal", "zuil.store"), pytest.mark.timeout(120)]


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_paid_refused_and_undone(tmp_path: Path, protocol: str) -> None:
    with machine(protocol, tmp_path) as (terminal, opening):
        async with till(tmp_path / "kiosk.db", terminal, opening=opening) as at:
            await at.ready()
            paid = await at.pay()
            assert isinstance(paid, Paid)
            assert terminal.ledger.balance_cents == FEE.amount_cents
            terminal.script = Script.DECLINE
            assert await at.pay() == NotPaid("declined")
            assert terminal.ledger.balance_cents == FEE.amount_cents
            terminal.script = Script.APPROVE
            again = await at.pay()
            assert isinstance(again, Paid)
            await at.store.move_payment(again.payment_id, PaymentState.UNDELIVERED, "noPaper")
            at.desk.give_back()
            await becomes(at.store, PaymentState.SETTLED, PaymentState.FAILED, PaymentState.REVERSED)
            assert terminal.ledger.balance_cents == FEE.amount_cents


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_wish_to_stop_reaches_the_terminal(tmp_path: Path, protocol: str) -> None:
    with machine(protocol, tmp_path) as (terminal, opening):
        terminal.script = Script.WAITS_FOR_CANCEL
        async with till(tmp_path / "kiosk.db", terminal, opening=opening) as at:
            await at.ready()
            paying = asyncio.ensure_future(at.pay())
            await until(lambda: Progress.WAITING_FOR_CARD in at.told)
            at.desk.cancel()
            assert await paying == NotPaid("cancelled")
            assert terminal.ledger.balance_cents == 0


@pytest.mark.parametrize("script", [Script.ANSWER_LOST, Script.RESTARTS, Script.WRONG_AMOUNT, Script.GARBAGE])
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_whatever_it_answers_the_truth_is_told(tmp_path: Path, protocol: str, script: Script) -> None:
    with machine(protocol, tmp_path) as (terminal, opening):
        async with till(tmp_path / "kiosk.db", terminal, opening=opening) as at:
            await at.ready()
            warm = await at.pay()
            assert isinstance(warm, Paid)
            await at.store.move_payment(warm.payment_id, PaymentState.SPENT)
            terminal.script = script
            result = await at.pay()
            charged = terminal.ledger.balance_cents - FEE.amount_cents
            state = (await at.states())[-1]
            match result:
                case Paid():
                    assert (charged, state) == (FEE.amount_cents, PaymentState.SETTLED)
                case NotPaid():
                    assert (charged, state) == (0, PaymentState.FAILED)
                case MaybePaid():
                    assert state in UNDECIDED
            assert broken_promises(at.store, terminal) == []
