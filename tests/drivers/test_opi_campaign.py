"""Every script with any oddities, cut anywhere, with or without a power cut: evidence and ledger never disagree."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.payment_contract import Approved, Step
from drivers.simulated.terminal.opi.knobs import Oddity
from drivers.simulated.terminal.scripts import Script
from tests.drivers.opi_bench import BEFORE, ORDER, QUICK, Ears, Notes, both_ends, charged, driver_for, honest

QUICKEST = replace(QUICK, idle=0.4, after_abort=0.4, quick=5.0, linger=0.0)
DEAF = {Oddity.NO_CALLBACK, Oddity.BOMB_ON_CALLBACK, Oddity.OVERSIZE_CALLBACK}
"""Where no callback is understood, a lie in the answer cannot be noticed."""
WAITING = (Script.WAITS_FOR_CANCEL, Script.IGNORES_CANCEL)


def provable(script: Script, oddities: frozenset[Oddity]) -> bool:
    """Whether the truth reaches the till at all."""
    lies = Oddity.LIES_AFTER_BOOKING in oddities and bool(DEAF & oddities)
    unsaid = script is Script.WRONG_AMOUNT and Oddity.NO_AMOUNT in oddities
    return not lies and not unsaid


CAMPAIGN = st.tuples(
    st.sampled_from([each for each in Script if each is not Script.SILENT]),
    st.frozensets(st.sampled_from(Oddity), max_size=3),
    st.integers(1, 14),
    st.booleans(),
).filter(lambda drawn: provable(drawn[0], drawn[1]))


@settings(deadline=None, max_examples=60)
@given(CAMPAIGN)
def test_whatever_happens_nobody_is_told_a_lie(drawn: tuple[Script, frozenset[Oddity], int, bool]) -> None:
    script, oddities, cut_at, power_cut = drawn
    with tempfile.TemporaryDirectory() as name, both_ends(Path(name), QUICKEST) as (simulated, driver):
        assert isinstance(driver.pay(BEFORE, Notes(), Ears()), Approved)
        simulated.script, simulated.oddities, simulated.cut_at = script, set(oddities), cut_at
        ears = Ears(Step.WAITING_FOR_CARD, driver.ask_to_cancel) if script in WAITING else Ears()
        notes = Notes(simulated)
        evidence = driver.pay(ORDER, notes, ears)
        used = driver
        if power_cut:
            driver.close()
            used = driver_for(simulated, Path(name), QUICKEST)
        simulated.script = Script.APPROVE
        try:
            later = [used.enquire(notes.remembered(), Notes()) for _ in range(2)]
        finally:
            used.close()
        cents = charged(simulated, notes)
        assert all(honest(each, cents) for each in (evidence, *later)), (evidence, later, cents)
        assert notes.late == []
        assert len(simulated.money_commands) <= 2
        assert simulated.ledger.balance_cents == BEFORE.amount_cents + cents
