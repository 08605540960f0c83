"""What a column shows when its program does not run: one sentence in every language, as a picture and as plain text.

Made when the package is built (`python -m kiosk.documents.notice FOLDER`), so that showing it needs nothing of ours.
Not for: anything a running program shows.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from config.texts import Catalog, load_texts
from kiosk.core.texts import LANGUAGES, message
from kiosk.paths import FONTS, TRANSLATIONS

PICTURE, TEXT = "notice.png", "notice.txt"
SIDE = 1000
"""Pixels of the square picture; it stands in the middle of any screen, upright or not."""
_PAPER, _INK, _MUTED = "#F6F4EF", "#15222E", "#3D4B58"
_FAMILY = "AtkinsonHyperlegibleNext"
_TITLE, _BODY, _GAP = 52, 34, 74


def sentences(texts: Catalog) -> list[tuple[str, str]]:
    """Title and what to do, in every language."""
    both = message("notice.title"), message("notice.body")
    return [(texts.spoken(both[0], each), texts.spoken(both[1], each)) for each in LANGUAGES]


def draw(texts: Catalog) -> Image.Image:
    """The picture."""
    picture = Image.new("RGB", (SIDE, SIDE), _PAPER)
    pen = ImageDraw.Draw(picture)
    title = ImageFont.truetype(str(FONTS / f"{_FAMILY}-Bold.ttf"), _TITLE)
    body = ImageFont.truetype(str(FONTS / f"{_FAMILY}-Regular.ttf"), _BODY)
    said = sentences(texts)
    step = SIDE / len(said)
    for number, (head, rest) in enumerate(said):
        middle = step * (number + 0.5)
        pen.text((SIDE / 2, middle - _GAP / 2), head, fill=_INK, font=title, anchor="mm")
        pen.text((SIDE / 2, middle + _GAP / 2), rest, fill=_MUTED, font=body, anchor="mm")
    return picture


def main(folder: Path) -> None:
    """Write both files into `folder`."""
    texts = load_texts(TRANSLATIONS)
    draw(texts).save(folder / PICTURE, optimize=True)
    (folder / TEXT).write_text("".join(f"\n\n  {head}\n  {rest}\n" for head, rest in sentences(texts)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
