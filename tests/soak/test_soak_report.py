"""The reliability table: what adds up, what fails a run, and that a blind control does."""

from __future__ import annotations

import pytest

from tests.soak import cards, payment_parsers
from tests.soak.report import Ledger, Row, drawn
from tests.soak.weather import memory_words


def test_rounds_of_one_fault_add_up_to_one_row() -> None:
    ledger = Ledger()
    ledger.add([Row("cut", 1, 3, recovery=2.0), Row("slow", 1, 1)])
    ledger.add([Row("cut", 1, 4, lost=1, recovery=0.5, notes=("lost A001",))])
    cut = ledger.rows[0]
    assert (cut.injections, cut.facts, cut.lost, cut.recovery, cut.notes) == (2, 7, 1, 2.0, ("lost A001",))
    assert [row.fault for row in ledger.rows] == ["cut", "slow"]
    assert ledger.rows[1].recovery is None


def test_any_debt_fails_the_run() -> None:
    for row in (Row("x", lost=1), Row("x", doubled=1), Row("x", gaps=1)):
        assert row.bad
    assert not Row("x", injections=5, facts=9).bad


def test_a_control_that_loses_nothing_fails_the_run() -> None:
    ledger = Ledger()
    ledger.add([Row("control", 10, control=True)])
    assert ledger.bad
    ledger.add([Row("control", 10, lost=1, control=True)])
    assert not ledger.bad


def test_the_table_has_a_row_for_each_fault() -> None:
    table = drawn([Row("cut", 1, 3), Row("control", 1, lost=1, control=True)])
    assert table.row_count == 2


def test_memory_is_told_in_a_sentence() -> None:
    assert memory_words([]) == "memory was not watched"
    assert memory_words([(0, 80), (100, 81)]) == "memory of the column 80 MB, then 81 MB; +1.00 MB per 100 tickets"


def test_an_error_that_is_not_the_typed_one_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not cards.row(2_000, seed=1).bad
    monkeypatch.setitem(cards.OF_BYTES, "card data", lambda data: data[40])
    broken = cards.row(2_000, seed=1)
    assert broken.bad
    assert broken.notes[0].startswith("card data: IndexError")


@pytest.mark.parametrize("family", payment_parsers.FAMILIES)
def test_so_does_one_of_a_payment_parser(monkeypatch: pytest.MonkeyPatch, family: str) -> None:
    assert not any(row.bad for row in payment_parsers.rows(1_000, seed=1))
    monkeypatch.setitem(payment_parsers.OF_BYTES[family], "broken", lambda data: data[40])
    bad = [row for row in payment_parsers.rows(1_000, seed=1) if row.bad]
    assert [row.fault for row in bad] == [f"any bytes for the parsers of {family}"]
    assert bad[0].notes[0].startswith("broken: IndexError")
