"""Fills the `Theme` singleton of QML from tokens, screen model, brand and look; writes its file with the defaults.

Not for: the numbers themselves (`metrics`, `colour`, `assets/theme`).
"""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from kiosk.core.pages import Contrast, Look
from kiosk.ui.colour import brand_colours
from kiosk.ui.metrics import Metrics, ScreenModel, metrics_for
from kiosk.ui.tokens import Design, load_design

Values = dict[str, str | int | float | bool]

QML = Path(__file__).parent / "qml"
"""The import path of the QML module `Kiosk`."""

DEMO_COLUMN = ScreenModel(1080, 1920, 27.0)
"""The panel whose sizes stand in Theme.qml as defaults."""

DEMO_COUNTER = ScreenModel(1920, 1080, 23.8)
"""The panel of the demonstration counter."""


class ThemeValues:
    """All values of `Theme` for a panel, a brand and a look; each look is computed once."""

    def __init__(self, model: ScreenModel, colour: str, motion_scale: float, design: Design | None = None) -> None:
        self._model, self._motion = model, motion_scale
        self._design = design or load_design()
        self._brand = brand_colours(colour)
        self.metrics = lru_cache(maxsize=8)(self._metrics)
        self.values = lru_cache(maxsize=8)(self._values)

    def _metrics(self, look: Look) -> Metrics:
        return metrics_for(self._model, look, self._design)

    def _values(self, look: Look) -> Values:
        return {
            **self.colours(look.contrast),
            **asdict(self._metrics(look)),
            **self._design.shared,
            "family": self._design.family,
            "highContrast": look.contrast is Contrast.HIGH,
            "pressMs": round(self._design.motion["press"] * self._motion),
            "pageMs": round(self._design.motion["page"] * self._motion),
            "tickMs": round(self._design.motion["tick"] * self._motion),
            "slide": round(self._design.motion["slide"] * min(self._motion, 1)),
            "pressScale": self._design.motion["pressScale"] if self._motion else 1.0,
        }

    def colours(self, contrast: Contrast) -> dict[str, str]:
        """The palette of a scheme, the brand's roles included; high contrast has a brand of its own."""
        roles = {"": "fill", "Pressed": "pressed", "Ink": "ink", "Text": "text", "Edge": "edge", "Tint": "tint"}
        brand = {f"brand{suffix}": getattr(self._brand, role) for suffix, role in roles.items()}
        return brand | self._design.palette[contrast.value]


def theme_source() -> str:
    """The text of Theme.qml: every token with its type and its value on the demonstration column."""
    values = ThemeValues(DEMO_COLUMN, "#0B4F6C", 1.0).values(Look())
    lines = [
        "// Design tokens of the screens. Written by `python -m kiosk.ui.theme` from assets/theme; do not edit.",
        "// The values are those of the demonstration column; kiosk/ui/theme.py sets the real ones at start.",
        "pragma Singleton",
        "import QtQuick",
        "",
        "QtObject {",
        *(f"    property {_qml_type(value)} {name}: {_qml_value(value)}" for name, value in values.items()),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _qml_type(value: str | float | bool) -> str:
    if isinstance(value, str):
        return "color" if value.startswith("#") else "string"
    return {bool: "bool", int: "int", float: "real"}[type(value)]


def _qml_value(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


if __name__ == "__main__":
    (QML / "Kiosk" / "Theme.qml").write_text(theme_source(), encoding="utf-8")
