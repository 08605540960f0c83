"""Serial lines, sound devices and touch panels, as the kernel shows them. Not for: opening them."""

from __future__ import annotations

import re
from pathlib import Path

from kiosk.setup.found import Sound

_TOUCH_BIT = 0x35
"""ABS_MT_POSITION_X of the kernel's input events: only panels have it that are touched at a place."""
_INPUTS = "proc/bus/input/devices"


def serial_lines(root: Path = Path("/")) -> tuple[str, ...]:
    """Paths of serial lines: those with a name that stays, then others on USB."""
    lasting = sorted(root.glob("dev/serial/by-id/*"))
    behind = {path.resolve() for path in lasting}
    others = [path for kind in ("ttyUSB", "ttyACM") for path in sorted(root.glob(f"dev/{kind}*"))]
    kept = [*lasting, *(path for path in others if path.resolve() not in behind)]
    return tuple("/" + str(path.relative_to(root)) for path in kept)


def sound_devices(root: Path = Path("/")) -> Sound:
    """Sound cards by name, and whether one tells that headphones are plugged in."""
    cards = re.findall(r"^\s*\d+ \[[^\]]*\]: .* - (.*)$", _text(root / "proc/asound/cards"), re.MULTILINE)
    jack = any("headphone" in name.lower() or "headset" in name.lower() for name in _names(root))
    return Sound(tuple(card.strip() for card in cards), jack)


def touch_panels(root: Path = Path("/")) -> tuple[str, ...]:
    """Names of the panels that are touched."""
    blocks = _text(root / _INPUTS).split("\n\n")
    return tuple(name for block in blocks if (name := _name(block)) and _touches(block))


def _names(root: Path) -> list[str]:
    return [name for block in _text(root / _INPUTS).split("\n\n") if (name := _name(block))]


def _name(block: str) -> str:
    found = re.search(r'^N: Name="(.*)"$', block, re.MULTILINE)
    return "".join(letter for letter in found[1] if letter.isprintable()) if found else ""


def _touches(block: str) -> bool:
    found = re.search(r"^B: ABS=([0-9a-f ]+)$", block, re.MULTILINE)
    if not found:
        return False
    # Words of the kernel's own size, the highest first; only the lowest word of 64 bits matters here.
    words = found[1].split()
    bits = int(words[-1], 16) if len(words[-1]) > 8 or len(words) == 1 else int("".join(w.zfill(8) for w in words), 16)
    return bool(bits >> _TOUCH_BIT & 1)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
