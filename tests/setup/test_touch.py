"""What touches on the marks say about a panel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.doctor.finding import Severity
from kiosk.setup.touch import HIT_MM, MARKS, Glass, judge

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
