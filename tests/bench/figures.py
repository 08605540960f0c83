"""What a figure is: a name, a goal, samples, and whether the goal was met. Not for: measuring or drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` of all samples do not exceed (nearest rank).

    Args:
        share: above 0, at most 1.

    Raises:
        ValueError: when there are no samples or `share` is out of range.
    """
    if not samples:
        raise ValueError("no samples")
    if not 0 < share <= 1:
        raise ValueError(f"a share is above 0 and at most 1, not {share}")
    return sorted(samples)[math.ceil(share * len(samples)) - 1]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Least-squares slope through (x, y) points; 0 when there are fewer than two or all x are the same."""
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


class Judged(Enum):
    """Which number of a figure the goal is about."""

    MEDIAN = "median"
    P95 = "p95"


@dataclass(frozen=True)
class Goal:
    """A bound.

    Attributes:
        at_least: whether more is better.
    """

    bound: float
    judged: Judged = Judged.P95
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Whether `value` keeps the bound."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True)
class Figure:
    """One row of the table.

    Attributes:
        unit: of samples and bound: "ms", "s", "MB", "×", "/s" or "MB/100".
        samples: as measured; one sample for what is measured once.
        goal: None for a row that only explains another.
        how: how it is measured, in a sentence or two.
        parts: where the time goes, as measured in the same run: what, and its median with unit.
    """

    name: str
    unit: str
    samples: tuple[float, ...]
    how: str
    goal: Goal | None = None
    parts: tuple[tuple[str, str], ...] = field(default=())

    @property
    def median(self) -> float:
        """The middle sample."""
        return percentile(self.samples, 0.5)

    @property
    def p95(self) -> float:
        """The sample that one in twenty is worse than: above it for a cost, below it for a rate."""
        if self.goal and self.goal.at_least:
            return percentile([-sample for sample in self.samples], 0.95) * -1
        return percentile(self.samples, 0.95)

    @property
    def judged(self) -> float:
        """The number the goal is about."""
        return self.p95 if self.goal and self.goal.judged is Judged.P95 else self.median

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        return self.goal.met(self.judged) if self.goal else None


def shown(value: float, unit: str) -> str:
    """A value with its unit, as many digits as mean something."""
    if unit == "/s":
        return f"{value:,.0f} /s"
    if unit == "MB/100":
        return f"{value:+.2f} MB"
    digits = {"ms": 1, "s": 2, "×": 2}.get(unit, 0)
    return f"{value:.{digits}f} {unit}" if unit != "×" else f"{value:.{digits}f}×"


def goal_words(figure: Figure) -> str:
    """The goal in words, or a dash."""
    goal = figure.goal
    if goal is None:
        return "–"
    sign = "≥" if goal.at_least else "≤"
    return f"{sign} {shown(goal.bound, figure.unit).lstrip('+')} ({goal.judged.value})"


def met_words(figure: Figure) -> str:
    """Yes, no or a dash."""
    return {True: "yes", False: "**no**", None: "–"}[figure.met]


def cells(figure: Figure) -> tuple[str, str, str, str, str, str]:
    """Name, goal, median, p95, n, met."""
    once = len(figure.samples) == 1
    p95 = "–" if once else shown(figure.p95, figure.unit)
    median = shown(figure.median, figure.unit)
    return figure.name, goal_words(figure), median, p95, str(len(figure.samples)), met_words(figure)


COLUMNS = ("figure", "goal (judged by)", "median", "p95", "n", "met")
