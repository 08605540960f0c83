"""How much room words take: the one question layout asks of the font.

`QtMeasure` answers with Qt's own line breaker, the one that will draw the text, so a plan and a picture agree.
Not for: deciding what to do with the answer (`planning`, `flow`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Protocol

from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

SOFT_HYPHEN = "\u00ad"
_AFTER_HYPHEN = re.compile(r"(?<=\w-)(?=[^\W\d_])")
"""A line may break after a written hyphen, save before a digit (Unicode line breaking, LB21 and LB25)."""


@dataclass(frozen=True)
class Style:
    """A way of writing: font size in pixels, weight 400 to 700, line height as a factor of the font's own."""

    px: int
    weight: int = 400
    leading: float = 1.0


class Measure(Protocol):
    """Measures words without drawing them."""

    def height(self, text: str, style: Style, width: float) -> int:
        """Pixels high when broken into lines of at most `width` pixels."""
        ...

    def widest(self, text: str, style: Style) -> int:
        """Pixels of the longest piece that cannot be broken, its hyphen included."""
        ...

    def forget(self) -> None:
        """Keep none of the words that were measured: names and numbers of somebody were among them."""
        ...


class QtMeasure:
    """Measures with the application's fonts; answers are remembered for a visit."""

    def __init__(self, family: str) -> None:
        self._family = family
        self.height = lru_cache(maxsize=4096)(self._height)
        self.widest = lru_cache(maxsize=4096)(self._widest)

    def forget(self) -> None:
        """See the protocol."""
        self.height.cache_clear()
        self.widest.cache_clear()

    def _height(self, text: str, style: Style, width: float) -> int:
        if not text:
            return 0
        layout = QTextLayout(text, self._font(style))
        layout.setTextOption(_wrapping())
        layout.beginLayout()
        lines, line = 0, layout.createLine()
        while line.isValid():
            line.setLineWidth(max(width, 1.0))
            lines, line = lines + 1, layout.createLine()
        layout.endLayout()
        return ceil(lines * ceil(self._metrics(style).height()) * style.leading) + 1

    def _widest(self, text: str, style: Style) -> int:
        metrics = self._metrics(style)
        return max((ceil(metrics.horizontalAdvance(piece)) for piece in pieces(text)), default=0)

    def _font(self, style: Style) -> QFont:
        font = QFont(self._family)
        font.setPixelSize(style.px)
        font.setWeight(QFont.Weight(style.weight))
        return font

    def _metrics(self, style: Style) -> QFontMetricsF:
        return QFontMetricsF(self._font(style))


def pieces(text: str) -> list[str]:
    """The parts of `text` a line cannot break, each with the hyphen it would show."""
    found: list[str] = []
    for word in _AFTER_HYPHEN.sub(" ", text).split():
        *heads, tail = word.split(SOFT_HYPHEN)
        found += [head + "-" for head in heads] + [tail]
    return found


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
