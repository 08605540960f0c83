"""Who the screen speaks for: the municipality and the contact point it stands in.

Not for: opening hours, services (`kiosk.core.catalogue`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.texts import Localized


@dataclass(frozen=True)
class Brand:
    """What stands in the header of every screen.

    Attributes:
        name: the municipality.
        mark: one or two capitals drawn where there is no logo.
        colour: brand colour `#RRGGBB`; darkened where no text reads on it at 7:1.
        place: the contact point.
        practice: true keeps the practice mark on every screen.
    """

    name: Localized
    mark: str
    colour: str
    place: Localized
    practice: bool = False
