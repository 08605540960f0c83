"""Design tokens as they stand in `assets/theme/*.json`, read once.

Not for: turning them into pixels (`metrics`) or checking contrast (`colour`, tests).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

ASSETS = Path(__file__).resolve().parents[2] / "assets"
"""The folder with fonts, icons and theme."""

Numbers = dict[str, float]


@dataclass(frozen=True)
class FormDesign:
    """Sizes of one form factor in design pixels, on a canvas of so many of them, by text size."""

    canvas: tuple[int, int]
    sizes: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Design:
    """All tokens.

    Attributes:
        palette: colours by scheme (`normal`, `high`) and role.
        text: type scale by text size.
        cap_height: height of a capital in em, of our font.
        leading: line height as a factor, for titles and for body text.
        motion: durations in milliseconds.
        keyboards: rows of letters by layout.
        keyboard_by_language: which layout a language gets.
    """

    palette: dict[str, dict[str, str]]
    family: str
    text: dict[str, Numbers]
    cap_height: float
    leading: Numbers
    forms: dict[str, FormDesign]
    shared: dict[str, int]
    motion: Numbers
    target_mm: float
    primary_mm: float
    gap_mm: float
    reach_fraction: float
    reach_from_height_mm: float
    keyboards: dict[str, list[str]]
    keyboard_by_language: dict[str, str]

    def form(self, name: str) -> FormDesign:
        """The design of form factor `portrait` or `landscape`."""
        return self.forms[name]


@cache
def load_design() -> Design:
    """Read the token files of the product (they are ours, so a defect in them is a bug and raises)."""
    typography, geometry, keyboard = _read("typography"), _read("geometry"), _read("keyboard")
    millimetres = cast(Numbers, geometry["millimetres"])
    return Design(
        palette=cast(dict[str, dict[str, str]], _read("palette")),
        family=cast(str, typography["family"]),
        text=cast(dict[str, Numbers], typography["sizes"]),
        cap_height=cast(float, typography["cap_height"]),
        leading=cast(Numbers, typography["leading"]),
        forms={name: _form(geometry, name) for name in ("portrait", "landscape")},
        shared=cast(dict[str, int], geometry["shared"]),
        motion=cast(Numbers, _read("motion")),
        target_mm=millimetres["target"],
        primary_mm=millimetres["primary"],
        gap_mm=millimetres["gap"],
        reach_fraction=cast(float, geometry["reach_fraction"]),
        reach_from_height_mm=cast(float, geometry["reach_from_height_mm"]),
        keyboards=cast(dict[str, list[str]], keyboard["layouts"]),
        keyboard_by_language=cast(dict[str, str], keyboard["by_language"]),
    )


def _form(geometry: dict[str, object], name: str) -> FormDesign:
    values = cast(dict[str, object], geometry[name])
    width, height = cast(list[int], values["canvas"])
    sizes = {size: cast(dict[str, int], values[size]) for size in ("normal", "large")}
    return FormDesign((width, height), sizes)


def _read(name: str) -> dict[str, object]:
    return cast(dict[str, object], json.loads((ASSETS / "theme" / f"{name}.json").read_text(encoding="utf-8")))
