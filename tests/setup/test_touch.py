"""What touches on the marks say about a panel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from config.texts import load_texts
from kiosk.doctor.finding import Severity
from kiosk.setup.draft import Draft
from kiosk.setup.found import Found
from kiosk.setup.machine_bench import MachineBench
from kiosk.setup.talk import Talk
from kiosk.setup.touch import HIT_MM, MARKS, Glass, judge
from kiosk.setup.trials import Panel, Trials
from kiosk.terminal.script_screen import ScriptScreen

UPRIGHT = Glass(300, 530)
Turn = Callable[[float, float], tuple[float, float]]


def offsets(turn: Turn, slip: float = 0.0) -> list[tuple[float, float]]:
    """Of touches on a panel that is turned so, each a little beside."""
    landed = [(turn(*mark), mark) for mark in MARKS]
    return [
        ((x - mark[0]) / 1000 * UPRIGHT.width + slip, (y - mark[1]) / 1000 * UPRIGHT.height) for (x, y), mark in landed
    ]


def test_marks_that_are_hit_are_right_and_far_ones_are_not() -> None:
    assert judge(offsets(lambda x, y: (x, y), HIT_MM - 1), UPRIGHT).severity is Severity.OK
    off = judge(offsets(lambda x, y: (x, y), HIT_MM + 3), UPRIGHT)
    assert (off.severity, off.found) == (Severity.BROKEN, "a touch landed 13 mm off its mark")


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (lambda x, y: (1000 - x, 1000 - y), "turned by 180°"),
        (lambda x, y: (1000 - y, x), "turned by 90°"),
        (lambda x, y: (y, 1000 - x), "turned by 270°"),
        (lambda x, y: (1000 - x, y), "mirrored across"),
        (lambda x, y: (x, 1000 - y), "mirrored down"),
        (lambda x, y: (y, x), "with its axes exchanged"),
    ],
)
def test_a_panel_that_is_turned_is_told_how(turn: Turn, said: str) -> None:
    found = judge(offsets(turn, 2.0), UPRIGHT)
    assert found.found == f"the touch panel is {said}"
    assert "transform" in found.next_step


async def shown(screen: ScriptScreen, subtitle: str | None) -> None:
    """Wait for a page with that subtitle."""
    while True:
        await asyncio.sleep(0)
        if screen.view is not None and getattr(screen.page.subtitle, "key", None) == subtitle:
            return


async def test_a_panel_that_never_answers_is_told_and_holds_nobody_up(tmp_path: Path) -> None:
    screen = ScriptScreen(load_texts())
    draft = Draft(tmp_path / "zuil.toml", None, {}, Found())
    trials = Trials(Talk(screen), MachineBench(tmp_path), load_texts(), Panel(1080, 1920, 24.0), patience=0.01)
    trying = asyncio.create_task(trials.run("touch", draft))
    for wanted in ("setup.trial_why.touch", None):
        async with asyncio.timeout(20):
            await shown(screen, wanted)
        screen.touch("go")
    _, found = await trying  # type: ignore[misc]
    assert (found.severity, found.found) == (Severity.BROKEN, "no touch came within 0.01 seconds")
