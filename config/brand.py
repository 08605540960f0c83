"""Whether a municipality's own colour can be read.

Text on the brand colour is white or ink and must reach 7:1 by the formula of WCAG 2.2; a colour between the two is
refused with a darker one in its place. Not for: the other colours of the screen (`kiosk.ui`).
"""

from __future__ import annotations

import re

WHITE = "#FFFFFF"
INK = "#15222E"
NEEDED = 7.0
"""Contrast of text, WCAG 2.2 success criterion 1.4.6."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def is_colour(text: str) -> bool:
    """Whether `text` is written `#RRGGBB`."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(brand: str) -> bool:
    """Whether white or ink can be read on `brand`."""
    return max(contrast(brand, WHITE), contrast(brand, INK)) >= NEEDED


def darkened(brand: str) -> str:
    """The nearest darker colour of the same hue on which white can be read."""
    channels = _channels(brand)
    for percent in range(100, -1, -1):
        colour = "#" + "".join(f"{round(channel * percent / 100):02X}" for channel in channels)
        if contrast(colour, WHITE) >= NEEDED:
            return colour
    raise AssertionError("white on black is 21:1")


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
