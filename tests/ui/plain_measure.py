"""A measure without fonts: every letter half an em wide, every line 1.25 em high, words wrapped greedily."""

from __future__ import annotations

from math import ceil

from kiosk.ui.measure import Style, pieces


class PlainMeasure:
    """Arithmetic instead of glyphs."""

    def height(self, text: str, style: Style, width: float) -> int:
        """Lines of whole pieces times line height."""
        if not text:
            return 0
        lines, used = 1, 0.0
        for piece in pieces(text):
            need = len(piece) * style.px / 2
            if used and used + need > width:
                lines, used = lines + 1, 0.0
            used += need + style.px / 2
        return ceil(lines * style.px * 1.25 * style.leading)

    def widest(self, text: str, style: Style) -> int:
        """The longest piece."""
        return max((len(piece) * style.px // 2 for piece in pieces(text)), default=0)

    def forget(self) -> None:
        """Nothing is kept."""
