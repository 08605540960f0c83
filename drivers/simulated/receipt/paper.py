"""The paper: a strip that grows out of the head, is cut some millimetres further, and can be looked at.

Not for: what is printed on it (`typewriter`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

HEAD_TO_KNIFE = 110
"""Rows between the head and the knife: white at the top of every ticket, as on real ones."""
MARGIN = 32
"""Dots of paper left and right that the head does not reach: 80 mm paper, 72 mm head."""
PAPER = (251, 249, 244)
INK = (33, 32, 36)


@dataclass(frozen=True)
class Paper:
    """One piece of paper that left the printer.

    Attributes:
        number: from 1, in the order they came out.
        printed: the dots (mode "1", ink is 255).
        text: what can be read on it; pictures and codes in square brackets.
        raw: the bytes that were obeyed for it.
        whole: cut off by the knife; otherwise torn off by somebody who changed the roll.
    """

    number: int
    printed: Image.Image
    text: str
    raw: bytes
    whole: bool = True

    @cached_property
    def png(self) -> bytes:
        """What it looks like, one pixel a dot."""
        return photograph(self.printed)

    @property
    def name(self) -> str:
        """Name of its files."""
        return f"{'ticket' if self.whole else 'scrap'}-{self.number:04d}"


class Strip:
    """Paper between the roll and the last cut."""

    def __init__(self, dots: int) -> None:
        self._dots = dots
        self._blocks: list[Image.Image] = []
        self._words: list[tuple[int, str]] = []
        self._rows = 0
        self.new_roll()

    def new_roll(self) -> None:
        """A fresh end reaches to the knife."""
        self._blocks = []
        self._words = []
        self._rows = 0
        self.feed(HEAD_TO_KNIFE)

    @property
    def printed(self) -> bool:
        """Whether anything hangs out that is not white."""
        return any(block.getbbox() for block in self._blocks)

    def add(self, block: Image.Image) -> None:
        """Rows under the head, as wide as the strip (mode "1", ink is 255)."""
        self._blocks.append(block)
        self._rows += block.height

    def feed(self, rows: int) -> None:
        """White rows."""
        if rows > 0:
            self.add(Image.new("1", (self._dots, rows)))

    def note(self, words: str) -> None:
        """What can be read at this place."""
        self._words.append((self._rows, words))

    def cut(self) -> tuple[Image.Image, str]:
        """Everything beyond the knife, and what can be read on it; the rest stays."""
        whole = self._joined()
        knife = self._rows - HEAD_TO_KNIFE
        off = "\n".join(words for row, words in self._words if row <= knife)
        kept = [(row - knife, words) for row, words in self._words if row > knife]
        self._blocks = [whole.crop((0, knife, self._dots, self._rows))]
        self._rows = HEAD_TO_KNIFE
        self._words = kept
        return whole.crop((0, 0, self._dots, knife)), off

    def tear(self) -> tuple[Image.Image, str]:
        """Everything that hangs out, head to end."""
        torn, words = self._joined(), "\n".join(words for _, words in self._words)
        self.new_roll()
        return torn, words

    def _joined(self) -> Image.Image:
        whole = Image.new("1", (self._dots, self._rows))
        row = 0
        for block in self._blocks:
            whole.paste(block, (0, row))
            row += block.height
        return whole


def photograph(printed: Image.Image) -> bytes:
    """A piece of paper as PNG: off-white, with the margins the head does not reach."""
    size = (printed.width + 2 * MARGIN, max(1, printed.height))
    picture = Image.new("RGB", size, PAPER)
    picture.paste(INK, (MARGIN, 0), printed)
    out = io.BytesIO()
    picture.quantize(4, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
