"""Lines with letters the printer does not have, drawn with a shipped font.

A name is never respelled: Łucja stays Łucja. Not for: writing from right to left and joined scripts, which need a
shaping library.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_FAMILY = "AtkinsonHyperlegibleNext"
_REGULAR = ("Regular", "Medium")
_BOLD = ("Bold", "SemiBold")


def draw_lines(
    text: str, fonts: Path | None, *, height: int, width: int, bold: bool = False, inverse: bool = False
) -> list[Image.Image]:
    """Pictures of the lines of `text`, wrapped at `width` dots, each `height` dots high (mode "1", ink is 255)."""
    font = _font_for(text, fonts, height, bold)
    return [_draw(line, font, height, inverse) for line in _wrap(text, font, width)]


def _draw(line: str, font: Font, height: int, inverse: bool) -> Image.Image:
    length = max(1, round(font.getlength(line)))
    picture = Image.new("L", (length, height), 255 if inverse else 0)
    pen = ImageDraw.Draw(picture)
    ink = 0 if inverse else 255
    if isinstance(font, ImageFont.FreeTypeFont):
        pen.text((0, height * 0.8), line, fill=ink, font=font, anchor="ls")
    else:
        pen.text((0, 0), line, fill=ink, font=font)
    return picture.point(lambda value: 255 if value >= 128 else 0, mode="1")


def _wrap(text: str, font: Font, width: int) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split(" "):
            together = f"{current} {word}" if current else word
            if not current or font.getlength(together) <= width:
                current = together
            else:
                lines.append(current)
                current = word
            *full, current = _cut_word(current, font, width)
            lines += full
        lines.append(current)
    return lines


def _cut_word(word: str, font: Font, width: int) -> list[str]:
    if font.getlength(word) <= width:
        return [word]
    pieces: list[str] = []
    start = 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and font.getlength(word[start:end]) > width:
            pieces.append(word[start : end - 1])
            start = end - 1
    return [*pieces, word[start:]]


def _font_for(text: str, fonts: Path | None, height: int, bold: bool) -> Font:
    """The first font that has every letter, else the one that has most."""
    size = round(height * 0.88)
    wanted = {letter for letter in text if not letter.isspace()}
    files = _font_files(fonts, bold)
    if not files:
        return _built_in(size)
    return _open(min(files, key=lambda path: sum(_lacks(path, letter) for letter in wanted)), size)


@lru_cache(maxsize=8)
def _font_files(fonts: Path | None, bold: bool) -> tuple[Path, ...]:
    if fonts is None or not fonts.is_dir():
        return ()
    weights = _BOLD if bold else _REGULAR
    found = sorted(path for path in fonts.iterdir() if path.suffix.lower() in (".ttf", ".otf"))
    return tuple(sorted(found, key=lambda path: (_FAMILY not in path.stem, not path.stem.endswith(weights))))


@lru_cache(maxsize=32)
def _open(path: Path, size: int) -> Font:
    try:
        return ImageFont.truetype(str(path), size)
    except OSError:
        return _built_in(size)


@lru_cache(maxsize=8)
def _built_in(size: int) -> Font:
    return ImageFont.load_default(size)


@lru_cache(maxsize=4096)
def _lacks(path: Path, letter: str) -> bool:
    """Whether the font draws the same box for it as for a character that no font has."""
    font = _open(path, 16)
    return bytes(font.getmask(letter)) == bytes(font.getmask("\U0010ffff"))
