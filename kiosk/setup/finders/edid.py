"""EDID: what a screen says of itself, 128 bytes and extensions. Bytes to values, pure.

Source: VESA E-EDID standard, release A; only what setup needs. A screen may say nonsense; what cannot be believed is
None and is asked. Not for: reading the bytes (`screens`).
"""

from __future__ import annotations

from dataclasses import dataclass

HEADER = b"\x00\xff\xff\xff\xff\xff\xff\x00"
BLOCK = 128
LEAST_MM, MOST_MM = 80, 2500
"""Of a side of a screen a kiosk may have."""
_DETAILED = range(54, 126, 18)
_NAME = 0xFC
_RATIOS = {(16 * by, side * by) for by in (10, 100) for side in (9, 10)}
"""Sizes that are really an aspect ratio in another unit, which many televisions send."""
_SKEW = 0.10
"""How far a pixel may be from square before the millimetres are not believed."""


@dataclass(frozen=True)
class Edid:
    """A screen's own words.

    Attributes:
        name: model, or "" when it tells none.
        width_px, height_px: its preferred size, or None.
        width_mm, height_mm: size of the glass, or None when it tells none that can be.
    """

    name: str
    width_px: int | None
    height_px: int | None
    width_mm: int | None
    height_mm: int | None


def read_edid(content: bytes) -> Edid | None:
    """What the bytes say; None when they are no EDID. Never raises."""
    block = content[:BLOCK]
    if len(block) < BLOCK or block[:8] != HEADER or sum(block) % 256:
        return None
    described = [block[at : at + 18] for at in _DETAILED]
    timing = next((each for each in described if each[0] or each[1]), None)
    width_px, height_px, width_mm, height_mm = _timing(timing) if timing else (0, 0, 0, 0)
    if not width_mm or not height_mm:
        # Bytes 21 and 22 in centimetres; both zero for a projector, one zero for an aspect ratio.
        width_mm, height_mm = (block[21] * 10, block[22] * 10) if block[21] and block[22] else (0, 0)
    glass = _believable(width_px, height_px, width_mm, height_mm)
    return Edid(_name(described), width_px or None, height_px or None, *glass)


def _timing(timing: bytes) -> tuple[int, int, int, int]:
    """Pixels across and down, millimetres across and down, of a detailed timing descriptor."""
    return (
        timing[2] | (timing[4] & 0xF0) << 4,
        timing[5] | (timing[7] & 0xF0) << 4,
        timing[12] | (timing[14] & 0xF0) << 4,
        timing[13] | (timing[14] & 0x0F) << 8,
    )


def _believable(width_px: int, height_px: int, width_mm: int, height_mm: int) -> tuple[int | None, int | None]:
    if not all(LEAST_MM <= side <= MOST_MM for side in (width_mm, height_mm)):
        return None, None
    if (width_mm, height_mm) in _RATIOS:
        return None, None
    if width_px and height_px and abs(width_px * height_mm / (height_px * width_mm) - 1) > _SKEW:
        return None, None
    return width_mm, height_mm


def _name(described: list[bytes]) -> str:
    for each in described:
        if each[:3] == b"\x00\x00\x00" and each[3] == _NAME:
            text = each[5:18].split(b"\n")[0].decode("ascii", "replace")
            return "".join(letter for letter in text if letter.isprintable()).strip()
    return ""
