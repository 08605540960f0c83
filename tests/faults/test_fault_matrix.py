"""A fair part of the matrix with every run, the page that shows all of it, and controls that a lie is seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drivers.contract import PrintResult
from kiosk.core.tickets import PrintState
from kiosk.journeys.printing import PaperNews
from tests.faults.cells import Cell, played, walked
from tests.faults.faults import FAULTS, Fault
from tests.faults.matrix import all_played, planned, sample
from tests.faults.stand import stand
from tests.faults.steps import JOURNEYS

ROOT = Path(__file__).resolve().parents[2]
LOUD = ("zuil.sync", "zuil.printer", "zuil.card", "zuil.terminal", "zuil.pay", "zuil.print", "zuil.visit", "zuil.store")
"""What breaks says so in the log."""
MOMENTARY = (".printing", "pay.step.", "reading", ".making")
"""Steps that last a moment: not every walk sees each."""
pytestmark = [pytest.mark.expects_log(*LOUD), pytest.mark.timeout(300)]


SEED = 2026
"""The same sample in every run, so that a failure is one of the change that it came with; soak plays every cell."""


@pytest.mark.parametrize("half", [0, 1])
async def test_every_fault_and_every_step_ends_in_truth_in_a_sample(half: int) -> None:
    plan = await planned()
    cells = sample(plan, SEED)
    assert {cell.fault for cell in cells} == set(FAULTS)
    assert {cell.step for cell in cells} == set(plan.steps)
    lasting = {step for step in plan.steps if not any(part in step for part in MOMENTARY)}
    assert lasting <= steps_of(page()), "run `python -m tests.faults --out docs/fault-matrix.md`"
    wrong = [f"{found.cell}: {found.wrong}" async for found in all_played(plan, cells[half::2]) if found.wrong]
    assert not wrong, "\n".join(wrong)


def page() -> str:
    return (ROOT / "docs" / "fault-matrix.md").read_text()


def steps_of(text: str) -> set[str]:
    return set(re.findall(r"^\| \d+ \| `([^`]+)` \|", text, re.MULTILINE))


def test_the_page_has_every_fault_and_no_cell_is_wrong() -> None:
    text = page()
    levers = re.split(r"^## ", text, flags=re.MULTILINE)[2:]
    shown = {
        Fault(part.split("\n", 1)[0], state)
        for part in levers
        for state in re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)
    }
    assert shown == set(FAULTS)
    assert "✗" not in text
    cells = re.findall(r" [DTUSR] (?=\|)", "".join(levers))
    assert len(cells) > 20 * len(FAULTS) / 2


async def test_a_screen_that_lies_about_paper_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def lie(_: PrintResult) -> PaperNews:
        return PaperNews(PrintState.CONFIRMED)

    monkeypatch.setattr("kiosk.journeys.printing.outcome", lie)
    async with stand(tmp_path) as column:
        walk = await walked(column, JOURNEYS[0])
        found = await played(column, Cell(Fault("printer", "cutter-jam"), "sheet", JOURNEYS[0]), walk)
    assert any("the screen said 'confirmed' and 0 papers came out" in wrong for wrong in found.wrong), found


async def test_a_column_that_forgets_what_was_paid_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kiosk.paying._order_of", lambda attempt: _raise(attempt))
    fee = next(journey for journey in JOURNEYS if journey.name == "fee")
    async with stand(tmp_path) as column:
        walk = await walked(column, fee)
        found = await played(column, Cell(Fault("terminal", "answer-lost"), "pay pay.method.terminal", fee), walk)
    assert found.spoilt, "nobody asked the terminal, so staff must"


def _raise(attempt: object) -> object:
    raise RuntimeError(f"nobody asks after {attempt}")
