"""Power cut before and after every write of a payment, over every protocol, judged by the terminal's ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulated.terminal.scripts import Script
from kiosk.core.payment_saga import PaymentState
from tests.payments.cuts import PROTOCOLS, Cut, cut_and_start_again
from tests.payments.till import BRISK, FEE

pytestmark = [pytest.mark.expects_log("zuil.pay", "zuil.terminal", "zuil.store"), pytest.mark.timeout(90)]

BEFORE = pytest.mark.parametrize("before", [True, False], ids=["before", "after"])


@BEFORE
@pytest.mark.parametrize("at", range(1, 8))
@pytest.mark.parametrize("script", [Script.APPROVE, Script.DECLINE, Script.ANSWER_LOST, Script.CANCEL_BY_CITIZEN])
async def test_a_cut_at_any_write_charges_nobody_for_nothing(
    tmp_path: Path, script: Script, at: int, before: bool
) -> None:
    after = await cut_and_start_again(tmp_path, Cut("zvt", script, at, before))
    assert after.broken == []
    assert len(after.ledger.bookings) <= 2
    if after.ledger.balance_cents > FEE.amount_cents:
        assert after.states == [PaymentState.REFUND_DUE]


@BEFORE
@pytest.mark.parametrize("at", range(2, 9))
@pytest.mark.parametrize("protocol", sorted(set(PROTOCOLS) - {"zvt"}))
async def test_the_same_with_other_protocols(tmp_path: Path, protocol: str, at: int, before: bool) -> None:
    after = await cut_and_start_again(tmp_path, Cut(protocol, Script.APPROVE, at, before))
    assert after.broken == []
    assert len(after.ledger.bookings) <= 2


@BEFORE
@pytest.mark.parametrize("at", range(6, 12))
async def test_a_cut_while_money_goes_back_loses_none(tmp_path: Path, at: int, before: bool) -> None:
    after = await cut_and_start_again(tmp_path, Cut("zvt", Script.APPROVE, at, before, give_back=True))
    assert after.broken == []
    assert after.states in ([PaymentState.REVERSED], [PaymentState.REFUND_DUE])


async def test_the_judge_sees_a_journal_that_is_written_after_sending(tmp_path: Path) -> None:
    """The control: without the note before the first byte, the next start believes that nothing was sent."""
    cut = Cut("zvt", Script.APPROVE, 2, before=True, habits=replace(BRISK, books_at_once=True))
    after = await cut_and_start_again(tmp_path, cut, lambda kind: kind in ("sending", "acknowledged"))
    assert (after.ledger.balance_cents, after.states) == (2 * FEE.amount_cents, [PaymentState.FAILED])
    assert after.broken == ["charged 2500 cents, of which we know 1250: ['spent', 'failed']"]
