"""The screens that are connected, as the kernel shows them, with the size each says it has.

Not for: which way round it is mounted; only somebody who stands before it knows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from kiosk.setup.finders.edid import read_edid

DRM = Path("/sys/class/drm")
_MM_PER_INCH = 25.4


@dataclass(frozen=True)
class FoundScreen:
    """A connected screen, as its electronics lie: a column usually turns it.

    Attributes:
        connector: where it is plugged in, like "HDMI-A-1".
        width_mm, height_mm: None when it does not tell, or nothing that can be.
    """

    connector: str
    name: str
    width_px: int
    height_px: int
    width_mm: int | None
    height_mm: int | None

    @property
    def diagonal_inch(self) -> float | None:
        """Of the glass, or None."""
        if self.width_mm is None or self.height_mm is None:
            return None
        return round(math.hypot(self.width_mm, self.height_mm) / _MM_PER_INCH, 1)

    def __str__(self) -> str:
        size = f", {self.diagonal_inch} inch" if self.diagonal_inch else ""
        return f"{self.name or self.connector}: {self.width_px} × {self.height_px}{size}"


def screens_of(drm: Path = DRM) -> tuple[FoundScreen, ...]:
    """Every connected screen, in the order of their connectors; those whose pixels nobody tells are left out."""
    found = (_screen(folder) for folder in sorted(drm.glob("card*-*")))
    return tuple(screen for screen in found if screen)


def _screen(folder: Path) -> FoundScreen | None:
    try:
        if (folder / "status").read_text().strip() != "connected":
            return None
        said = read_edid((folder / "edid").read_bytes())
        modes = (folder / "modes").read_text().split()
    except (OSError, UnicodeDecodeError):
        return None
    pixels = _mode(modes[0]) if modes else None
    if pixels is None:
        pixels = (said.width_px, said.height_px) if said and said.width_px and said.height_px else None
    if pixels is None:
        return None
    glass = (said.width_mm, said.height_mm) if said else (None, None)
    return FoundScreen(folder.name.partition("-")[2], said.name if said else "", *pixels, *glass)


def _mode(text: str) -> tuple[int, int] | None:
    """A mode like `1920x1080` or `1920x1080i`."""
    width, _, height = text.rstrip("i").partition("x")
    return (int(width), int(height)) if width.isdecimal() and height.isdecimal() else None
