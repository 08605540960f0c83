"""Power cut before and after every write of a payment: what the next start makes of it, judged by the ledger.

The disk is copied at that instant, as a cut leaves it; the terminal goes on by itself, as a terminal does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.journeys.ports import Paid
from kiosk.store.store import KioskStore
from tests.payments.till import (
    BRISK,
    FEE,
    HURRIED,
    CutStore,
    PowerCut,
    attempts,
    broken_promises,
    till,
    until,
)

pytestmark = [pytest.mark.expects_log("zuil.pay", "zuil.terminal", "zuil.store"), pytest.mark.timeout(90)]

WRITES = range(1, 8)
SCRIPTS = (Script.APPROVE, Script.DECLINE, Script.ANSWER_LOST, Script.CANCEL_BY_CITIZEN)


def cutting(path: Path, at: int, before: bool, skipping: Callable[[str], bool]) -> Callable[[KioskStore], CutStore]:
    return lambda store: CutStore(store, path, path.parent / "image", at, before, skipping=skipping)


async def cut_and_start_again(
    path: Path,
    machine: SimulatedZvtTerminal,
    at: int,
    *,
    before: bool,
    give_back: bool = False,
    skipping: Callable[[str], bool] = lambda kind: False,  # noqa: ARG005 - nothing is skipped
) -> tuple[list[str], list[PaymentState]]:
    """Pay, lose power at that write, start again from what the disk held; what the judge says, and the states.

    The terminal has booked before: one that has nothing in its memory cannot prove that nothing was added to it.
    """
    image, script, machine.script = path.parent / "image" / path.name, machine.script, Script.APPROVE
    async with till(path, machine, timing=HURRIED) as before_that:
        await before_that.ready()
        earlier = await before_that.pay()
        assert isinstance(earlier, Paid)
        await before_that.store.move_payment(earlier.payment_id, PaymentState.SPENT)
    machine.script = script
    async with till(path, machine, timing=HURRIED, cut=cutting(path, at, before, skipping)) as first:
        await first.ready()
        with contextlib.suppress(PowerCut):
            paid = await first.pay()
            if give_back and isinstance(paid, Paid):
                await first.desk._book.move_payment(paid.payment_id, PaymentState.UNDELIVERED, "noPaper")
                first.desk.give_back()
                await until(lambda: first.desk.ready or image.exists())
    machine.script = Script.APPROVE
    async with till(image if image.exists() else path, machine, timing=HURRIED) as again:
        await until(lambda: not any(state in UNDECIDED for _, state in attempts(again.store)))
        await again.ready()
        return broken_promises(again.store, machine), (await again.states())[1:]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("at", WRITES)
@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_cut_at_any_write_charges_nobody_for_nothing(
    tmp_path: Path, script: Script, at: int, before: bool
) -> None:
    with SimulatedZvtTerminal(script=script, habits=BRISK) as machine:
        broken, states = await cut_and_start_again(tmp_path / "kiosk.db", machine, at, before=before)
        assert broken == []
        assert len(machine.ledger.bookings) <= 2
        if machine.ledger.balance_cents > FEE.amount_cents:
            assert states == [PaymentState.REFUND_DUE]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("at", range(6, 12))
async def test_a_cut_while_money_goes_back_loses_none(tmp_path: Path, at: int, before: bool) -> None:
    with SimulatedZvtTerminal(habits=BRISK) as machine:
        broken, states = await cut_and_start_again(tmp_path / "kiosk.db", machine, at, before=before, give_back=True)
        assert broken == []
        assert states in ([PaymentState.REVERSED], [PaymentState.REFUND_DUE])


async def test_the_judge_sees_a_journal_that_is_written_after_sending(tmp_path: Path) -> None:
    """The control: without the note before the first byte, the next start believes that nothing was sent."""
    with SimulatedZvtTerminal(habits=replace(BRISK, books_at_once=True)) as machine:
        broken, states = await cut_and_start_again(
            tmp_path / "kiosk.db", machine, 2, before=True, skipping=lambda kind: kind in ("sending", "acknowledged")
        )
        assert (machine.ledger.balance_cents, states) == (2 * FEE.amount_cents, [PaymentState.FAILED])
        assert broken == ["charged 2500 cents, of which we know 1250: ['spent', 'failed']"]
