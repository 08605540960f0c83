"""Physical sizes first: a screen model and a look become pixels.

Pure: millimetres and design pixels from `assets/theme` go in, a `Metrics` comes out. Not for: colours (`colour`),
where things stand (`planning`, `flow`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from kiosk.core.pages import Look, TextSize
from kiosk.ui.tokens import Design

BASE_DISTANCE_MM = 600.0
"""The viewing distance for which `cap_mm` in typography.json is written (EN 301 549, 5.1.4)."""


class Form(Enum):
    """The two screens we lay out for; neither is the other one stretched."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True)
class ScreenModel:
    """The panel of this column, as its data sheet says.

    Attributes:
        width_px: horizontal pixels as mounted.
        height_px: vertical pixels as mounted.
        diagonal_inch: visible diagonal.
        viewing_distance_mm: where the eyes are, usually 600.

    Raises:
        ValueError: when a number is not above zero.
    """

    width_px: int
    height_px: int
    diagonal_inch: float
    viewing_distance_mm: float = BASE_DISTANCE_MM

    def __post_init__(self) -> None:
        if min(self.width_px, self.height_px, self.diagonal_inch, self.viewing_distance_mm) <= 0:
            raise ValueError("a screen model needs width, height, diagonal and viewing distance above zero")

    @property
    def px_per_mm(self) -> float:
        """Pixels in one millimetre of glass."""
        return math.hypot(self.width_px, self.height_px) / self.diagonal_inch / 25.4

    @property
    def form(self) -> Form:
        """Portrait where it is higher than wide."""
        return Form.PORTRAIT if self.height_px > self.width_px else Form.LANDSCAPE

    def px(self, millimetres: float) -> int:
        """The pixels that cover at least `millimetres`."""
        return math.ceil(millimetres * self.px_per_mm)


@dataclass(frozen=True)
class Metrics:
    """Every size a screen needs, in pixels of the canvas. Names are those of `Theme` in QML.

    Attributes:
        portrait: which of the two layouts.
        body: text size; `label`, `title`, `h2`, `h1`, `display` likewise.
        gap: between any two targets; at least 2.5 mm.
        target: least size of anything touchable (15 mm); `primaryTarget` 20 mm.
        reachTop: nothing touchable above this line (0 where the look does not ask for it).
        titleLeading: line height as a factor of the font's own; `bodyLeading` likewise.
        millimetre: on the glass.
        inset: above and below a tile's words; `step` between icon and words.
    """

    portrait: bool
    width: int
    height: int
    unit: float
    body: int
    label: int
    title: int
    h2: int
    h1: int
    display: int
    margin: int
    gap: int
    pad: int
    header: int
    headGap: int  # noqa: N815 - these names are QML's
    disc: int
    icon: int
    primaryDisc: int  # noqa: N815
    primaryIcon: int  # noqa: N815
    tileMin: int  # noqa: N815
    tileMax: int  # noqa: N815
    primaryMin: int  # noqa: N815
    primaryMax: int  # noqa: N815
    button: int
    mark: int
    toolbarPad: int  # noqa: N815
    toolbarGap: int  # noqa: N815
    language: int
    toolIcon: int  # noqa: N815
    toolPad: int  # noqa: N815
    key: int
    field: int
    rail: int
    target: int
    primaryTarget: int  # noqa: N815
    reachTop: int  # noqa: N815
    primaryTitle: int  # noqa: N815
    compactIcon: int  # noqa: N815
    actionIcon: int  # noqa: N815
    inset: int
    step: int
    millimetre: float
    titleLeading: float  # noqa: N815
    bodyLeading: float  # noqa: N815


_TARGETS = ("language", "key")
_PRIMARY_TARGETS = ("tileMin", "primaryMin", "button", "field")
_GAPS = ("gap", "toolbarGap")


def offers_reach(model: ScreenModel, design: Design) -> bool:
    """Whether this panel is high enough for low reach to mean something."""
    tall = model.height_px / model.px_per_mm > design.reach_from_height_mm
    return tall and model.form is Form.PORTRAIT


def metrics_for(model: ScreenModel, look: Look, design: Design) -> Metrics:
    """All sizes for `look` on `model`: design pixels scaled to the panel, millimetre minimums kept."""
    large = look.size is TextSize.LARGE
    form = design.form(model.form.value)
    unit = min(model.width_px / form.canvas[0], model.height_px / form.canvas[1])
    sizes = {name: round(value * unit) for name, value in form.sizes[look.size.value].items()}
    _keep(sizes, _TARGETS, model.px(design.target_mm))
    _keep(sizes, _PRIMARY_TARGETS, model.px(design.primary_mm))
    _keep(sizes, _GAPS, model.px(design.gap_mm))
    text = _text_sizes(model, design, unit, large)
    reach = round(model.height_px * design.reach_fraction) if look.reach and offers_reach(model, design) else 0
    return Metrics(
        portrait=model.form is Form.PORTRAIT,
        width=model.width_px,
        height=model.height_px,
        unit=unit,
        target=model.px(design.target_mm),
        primaryTarget=model.px(design.primary_mm),
        reachTop=reach,
        primaryTitle=round(text["title"] * 1.15),
        compactIcon=round(sizes["icon"] * 0.75),
        actionIcon=round(sizes["icon"] * 0.8),
        inset=sizes["pad"] * 2 // 3,
        step=sizes["pad"] * 3 // 4,
        millimetre=model.px_per_mm,
        titleLeading=design.leading["title"],
        bodyLeading=design.leading["body"],
        **text,
        **sizes,
    )


def cap_px(model: ScreenModel, design: Design, size: TextSize) -> int:
    """Least font size whose capitals are high enough at this viewing distance."""
    cap_mm = design.text[size.value]["cap_mm"] * model.viewing_distance_mm / BASE_DISTANCE_MM
    return math.ceil(cap_mm * model.px_per_mm / design.cap_height)


def _text_sizes(model: ScreenModel, design: Design, unit: float, large: bool) -> dict[str, int]:
    size = TextSize.LARGE if large else TextSize.NORMAL
    scale, least = design.text[size.value], cap_px(model, design, size)
    body = max(least, round(scale["body"] * unit))
    names = ("label", "title", "h2", "h1", "display")
    return {"body": body} | {name: max(least, round(body * scale[name])) for name in names}


def _keep(sizes: dict[str, int], names: tuple[str, ...], least: int) -> None:
    for name in names:
        sizes[name] = max(sizes[name], least)
