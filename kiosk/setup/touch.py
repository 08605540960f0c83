"""Whether touches land where they are meant, and what is wrong with the panel when they do not. Pure.

Not for: showing marks (`trials`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.doctor.finding import Finding, Row

TOUCH = Row("trial.touch", "touch", "five marks in the corners and the middle are hit within 10 mm")

MARKS: tuple[tuple[int, int], ...] = ((40, 40), (960, 40), (500, 500), (40, 960), (960, 960))
"""Places in thousandths of the screen, across and down."""
HIT_MM = 10.0

_TURNS: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "turned by 180°": lambda x, y: (1000 - x, 1000 - y),
    "turned by 90°": lambda x, y: (1000 - y, x),
    "turned by 270°": lambda x, y: (y, 1000 - x),
    "mirrored across": lambda x, y: (1000 - x, y),
    "mirrored down": lambda x, y: (x, 1000 - y),
    "with its axes exchanged": lambda x, y: (y, x),
}


@dataclass(frozen=True)
class Glass:
    """Size of the screen in millimetres, as it is mounted."""

    width: float
    height: float


def judge(offsets: Sequence[tuple[float, float]], glass: Glass) -> Finding:
    """What the touches on `MARKS`, in their order, say.

    Args:
        offsets: of each touch from its mark, millimetres across and down.
    """
    far = max(math.hypot(*offset) for offset in offsets)
    if far <= HIT_MM:
        return TOUCH.ok(f"each mark was hit, at most {far:.0f} mm off")
    turn = _turn(offsets, glass)
    if turn:
        return TOUCH.broken(
            f"the touch panel is {turn}",
            "turn it in the compositor: transform below [output] in weston.ini, and calibration in the udev rule",
        )
    return TOUCH.broken(
        f"a touch landed {far:.0f} mm off its mark", "calibrate the panel (LIBINPUT_CALIBRATION_MATRIX)"
    )


def _turn(offsets: Sequence[tuple[float, float]], glass: Glass) -> str | None:
    """The way the panel would have to be turned for every touch to be where it was."""
    landed = [
        (mark[0] + across / glass.width * 1000, mark[1] + down / glass.height * 1000)
        for mark, (across, down) in zip(MARKS, offsets, strict=True)
    ]
    for name, turn in _TURNS.items():
        if all(_near(at, turn(*mark), glass) for at, mark in zip(landed, MARKS, strict=True)):
            return name
    return None


def _near(one: tuple[float, float], other: tuple[float, float], glass: Glass) -> bool:
    across, down = (one[0] - other[0]) / 1000 * glass.width, (one[1] - other[1]) / 1000 * glass.height
    return math.hypot(across, down) <= HIT_MM
