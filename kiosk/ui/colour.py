"""Colours as numbers: contrast by the WCAG formula, and a municipality's brand made readable.

Pure. Not for: the palette itself, which is data in `assets/theme/palette.json`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ENOUGH = 7.0
"""The contrast every text of ours reaches (WCAG 2.2, 1.4.6)."""

EDGE = 3.0
"""The contrast the edge of a control needs (WCAG 2.2, 1.4.11)."""

PAPER, SURFACE, INK, MUTED = "#F6F4EF", "#FFFFFF", "#15222E", "#3D4B58"
_STEP = 0.04
_TINT = 0.11


class ColourError(ValueError):
    """A colour is not written as `#RRGGBB`."""


@dataclass(frozen=True)
class BrandColours:
    """A brand colour in the roles it plays, every pair of text and ground at 7:1 or better.

    Attributes:
        fill: ground of the next action.
        pressed: the same while a finger is on it.
        ink: text on `fill` and on `pressed`.
        text: the brand as text or icon on paper, card and tint.
        edge: line around `fill`, 3:1 against the paper.
        tint: light ground of discs and facts.
    """

    fill: str
    pressed: str
    ink: str
    text: str
    edge: str
    tint: str


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#RRGGBB` colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` (0 to 1) of `one` mixed into `other`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def brand_colours(colour: str) -> BrandColours:
    """Accept a municipality's colour where white or ink reads on it at 7:1, else darken it until white does.

    Raises:
        ColourError: when it is not `#RRGGBB`.
    """
    fill, ink = _readable_fill(colour)
    toward = "#000000" if ink == SURFACE else "#FFFFFF"
    tint = _light_tint(colour)
    text = _darken_until(fill, (PAPER, SURFACE, tint), ENOUGH)
    edge = fill if contrast(fill, PAPER) >= EDGE else text
    return BrandColours(fill, mix(toward, fill, 0.25), ink, text, edge, tint)


def _readable_fill(colour: str) -> tuple[str, str]:
    for ink in (SURFACE, INK):
        if contrast(colour, ink) >= ENOUGH:
            return mix(colour, colour, 1.0), ink
    return _darken_until(colour, (SURFACE,), ENOUGH), SURFACE


def _light_tint(colour: str) -> str:
    shares = (_TINT * step / 10 for step in range(10, -1, -1))
    tints = (mix(colour, "#FFFFFF", share) for share in shares)
    return next(tint for tint in tints if contrast(tint, MUTED) >= ENOUGH)


def _darken_until(colour: str, grounds: tuple[str, ...], wanted: float) -> str:
    share = 0.0
    while True:
        darker = mix("#000000", colour, min(share, 1.0))
        if share >= 1.0 or all(contrast(darker, ground) >= wanted for ground in grounds):
            return darker
        share += _STEP


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        raise ColourError(f"a colour is written #RRGGBB, for example #0B4F6C, not {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
