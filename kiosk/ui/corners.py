"""The hidden gesture of staff: the two upper corners in turn, right, left, right, left, within four seconds.

There is nothing to touch in those corners, a bored hand drums on one place and not on two, and any touch between begins
anew; so nobody makes it by accident. It works on every page, also over a notice. Pure. Not for: what comes then
(`kiosk.journeys.staff_mode`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

SIDE = 0.16
"""Side of a corner as a share of the screen's shorter side: about five centimetres of nothing."""
ORDER = ("right", "left", "right", "left")
WITHIN_S = 4.0


@dataclass
class Corners:
    """Follows every press; the caller brings place and time."""

    _made: list[tuple[str, float]] = field(default_factory=list)

    def pressed(self, at: tuple[float, float], glass: tuple[float, float], now: float) -> bool:
        """Whether this press completes the gesture.

        Args:
            at: place from the left upper edge.
            glass: width and height, in the same unit.
            now: seconds that never run backwards.
        """
        corner = _corner(at, glass)
        made = [(name, since) for name, since in self._made if now - since <= WITHIN_S]
        fits = corner is not None and corner == ORDER[len(made)]
        if fits:
            made.append((corner or "", now))
        else:
            made = [(ORDER[0], now)] if corner == ORDER[0] else []
        complete = len(made) == len(ORDER)
        self._made = [] if complete else made
        return complete


def _corner(at: tuple[float, float], glass: tuple[float, float]) -> str | None:
    side = SIDE * min(glass)
    if at[1] > side:
        return None
    return "left" if at[0] < side else "right" if at[0] > glass[0] - side else None
