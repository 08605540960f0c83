"""Named fault scripts: every lever there is, moved in its turn, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.demo.attest_world import REGISTER, SHEET_PRINTER, TERMINAL
from kiosk.demo.cards import CONDITION
from kiosk.demo.clock_lever import CLOCK
from kiosk.demo.day import VISITORS
from kiosk.demo.dock import COLUMN
from kiosk.demo.fault_scripts import FAULT_SCRIPTS, NONE, SCRIPT_LEVER, Script, ScriptRun, Timed
from kiosk.demo.world import NETWORK, PRINTER

LEVERS = {
    "printer": PRINTER,
    "sheet-printer": SHEET_PRINTER,
    "card-condition": CONDITION,
    "terminal": TERMINAL,
    "register": REGISTER,
    "network": NETWORK,
    "clock": CLOCK,
    "column": COLUMN,
}


@pytest.mark.parametrize("name", FAULT_SCRIPTS)
def test_every_step_moves_a_lever_that_there_is(name: str) -> None:
    script = FAULT_SCRIPTS[name]
    assert script.steps
    assert script.does.endswith(".")
    assert all(step.state in LEVERS[step.lever] for step in script.steps)


def test_the_lever_has_every_script_and_none() -> None:
    assert list(SCRIPT_LEVER) == [NONE, *FAULT_SCRIPTS]


@pytest.mark.parametrize("table", [{n: s.does for n, s in FAULT_SCRIPTS.items()}, CLOCK, VISITORS])
def test_the_page_about_the_dock_has_every_row(table: dict[str, str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "dock.md").read_text()
    rows = [f"| `{name}` | {does} |" for name, does in table.items()]
    assert "\n".join(rows) in page


def test_a_lever_moves_once_at_its_moment_or_some_seconds_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (Timed("a", "1"), Timed("b", "2", "pay"), Timed("c", "3", "pay", 10), Timed("d", "4", after=100))
    monkeypatch.setitem(FAULT_SCRIPTS, "test", Script("Tests.", steps))
    run = ScriptRun("test", now=1000)
    assert list(run.due(1000, "welcome")) == [("a", "1")]
    assert list(run.due(1050, "sheet")) == []
    assert list(run.due(1060, "pay pay.step.busy")) == [("b", "2")]
    assert list(run.due(1069, "welcome")) == []
    assert list(run.due(1070, "welcome")) == [("c", "3")], "its seconds count from the moment, whatever came since"
    assert not run.over
    assert list(run.due(1100, "")) == [("d", "4")]
    assert run.over
