"""Staff end what no terminal can tell: by name, along the table, and the terminal is free again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from kiosk.core.payment_saga import NotTheirs, PaymentState, Verdict
from kiosk.journeys.ports import MaybePaid, Paid
from kiosk.paying import Patience
from kiosk.store.errors import UnknownPayment
from kiosk.store.journal_file import JournalFile
from tests.payments.till import BRISK, HURRIED, NEVER_S, Till, becomes, till, until

pytestmark = [pytest.mark.expects_log("zuil.pay", "zuil.terminal"), pytest.mark.timeout(90)]

FORGETFUL = replace(BRISK, empty_repeat=True)
IMPATIENT = Patience(citizen=1, reachable=60, away=60, spend=NEVER_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


async def a_case(at: Till, machine: SimulatedZvtTerminal) -> str:
    """A payment of which the terminal does not tell."""
    await at.ready()
    machine.script, machine.cut_at = Script.CUT, 2
    result = await at.pay()
    assert isinstance(result, MaybePaid)
    await becomes(at.store, PaymentState.CASE)
    machine.script = Script.APPROVE
    assert not at.desk.ready
    return result.payment_id


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.NOT_PAID, PaymentState.FAILED),
        (Verdict.GIVEN, PaymentState.GIVEN),
        (Verdict.PAID_BACK, PaymentState.REFUNDED),
    ],
)
async def test_a_decision_ends_the_case_and_frees_the_terminal(
    path: Path, verdict: Verdict, state: PaymentState
) -> None:
    with SimulatedZvtTerminal(habits=FORGETFUL) as machine:
        async with till(path, machine, timing=HURRIED, patience=IMPATIENT) as at:
            payment_id = await a_case(at, machine)
            assert await at.desk.decide(payment_id, verdict, "an.reception") is state
            await at.ready()
            assert isinstance(await at.pay(), Paid)
    with JournalFile(path) as file:
        text = str([event.event for event in file.events()])
    assert "an.reception" in text
    assert verdict.value in text


async def test_what_staff_found_to_be_paid_goes_back_at_the_terminal(path: Path) -> None:
    with SimulatedZvtTerminal(habits=FORGETFUL) as machine:
        async with till(path, machine, timing=HURRIED, patience=IMPATIENT) as at:
            payment_id = await a_case(at, machine)
            assert await at.desk.decide(payment_id, Verdict.PAID, "an.reception") is PaymentState.UNDELIVERED
            await until(lambda: at.desk.ready)
            [state] = await at.states()
            assert state in (PaymentState.REVERSED, PaymentState.REFUND_DUE)


async def test_what_is_not_theirs_is_refused_with_what_is(path: Path) -> None:
    with SimulatedZvtTerminal(habits=FORGETFUL) as machine:
        async with till(path, machine) as at:
            await at.ready()
            paid = await at.pay()
            assert isinstance(paid, Paid)
            with pytest.raises(NotTheirs, match="settled"):
                await at.desk.decide(paid.payment_id, Verdict.NOT_PAID, "an.reception")
            with pytest.raises(UnknownPayment):
                await at.desk.decide("nothing", Verdict.NOT_PAID, "an.reception")
            assert await at.states() == [PaymentState.SETTLED]


async def test_a_decision_outlives_a_restart(path: Path) -> None:
    with SimulatedZvtTerminal(habits=FORGETFUL) as machine:
        async with till(path, machine, timing=HURRIED, patience=IMPATIENT) as at:
            payment_id = await a_case(at, machine)
            await at.desk.decide(payment_id, Verdict.PAID_BACK, "an.reception")
        async with till(path, machine, timing=HURRIED) as at:
            await at.ready()
            assert await at.states() == [PaymentState.REFUNDED]
            assert await at.store.payments_for_staff() == []
