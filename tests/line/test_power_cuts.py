"""Fifty power cuts of the real kiosk process: nothing promised is lost, nothing is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.line.power_cuts import Ledger, cut_power

KILLS = 50


@pytest.mark.timeout(420)
@pytest.mark.expects_log("zuil.sync", "zuil.printer")
def test_fifty_power_cuts(tmp_path: Path) -> None:
    ledger = cut_power(tmp_path, KILLS, seed=20261123)
    assert not any(ledger.debts().values()), ledger.debts()
    assert len(ledger.shown) > KILLS, "the cuts came before anything happened, so they prove nothing"


def test_the_ledger_sees_what_it_is_there_to_see() -> None:
    """The control: each kind of debt, made by hand, is found."""
    ledger = Ledger(shown={"A001"}, papers=["A002", "A002"], held=["A003", "A003"], unbroken=False)
    assert ledger.debts() == {
        "shown but not held": ["A001"],
        "printed but not held": ["A002", "A002"][:1],
        "two papers with one number": ["A002"],
        "held twice": ["A003"],
        "broken chain": ["journal"],
    }
