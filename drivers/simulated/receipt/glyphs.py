"""The characters in the simulated printer's memory, dot by dot.

Not for: the driver, which never draws what the printer can type.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from PIL import Image, ImageChops

SMOOTHED_FROM = 3
COLUMNS = 32
CODE_PAGES: dict[int, str] = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859_7", 16: "cp1252",
    17: "cp866", 18: "cp852", 19: "cp858", 40: "iso8859_15", 45: "cp1250", 47: "cp1253", 48: "cp1254", 51: "cp1257",
}  # fmt: skip
"""Numbers after ESC t, as Epson counts them."""
INTERNATIONAL: dict[int, str] = {0: "#$@[\\]^`{|}~", 1: "#$à°ç§^`éùè¨", 2: "#$§ÄÖÜ^`äöüß", 3: "£$@[\\]^`{|}~"}
"""Places ESC R takes over: U.S.A., France, Germany, U.K."""


class Face:
    """One built-in font: fixed cells."""

    def __init__(self, name: str, cell: tuple[int, int], glyph: tuple[int, int]) -> None:
        folder = files("drivers.simulated") / "glyphs"
        with (folder / f"{name}.png").open("rb") as sheet:
            self._sheet = Image.open(sheet).convert("1")
        characters = (folder / f"{name}.txt").read_text(encoding="utf-8").replace("\n", "")
        self._places = {character: place for place, character in enumerate(characters)}
        self._glyph = glyph
        self.cell = cell

    def letter(self, character: str) -> Image.Image:
        """The cell of `character`; an empty box for what the font lacks."""
        width, height = self._glyph
        cell = Image.new("1", self.cell)
        place = self._places.get(character)
        if place is None:
            cell.paste(255, (1, 2, width - 1, height - 3))
            cell.paste(0, (3, 4, width - 3, height - 5))
            return cell
        x, y = place % COLUMNS * width, place // COLUMNS * height
        cell.paste(self._sheet.crop((x, y, x + width, y + height)))
        return cell


@cache
def font_a() -> Face:
    """The normal font, 12 by 24 dots."""
    return Face("paper-12x24", (12, 24), (12, 24))


@cache
def font_b() -> Face:
    """The small font, 9 by 17 dots."""
    return Face("paper-8x16", (9, 17), (8, 16))


@lru_cache(maxsize=1024)
def letter(character: str, small: bool, bold: bool, size: tuple[int, int], smooth: bool) -> Image.Image:
    """A character as it comes under the head (mode "1", ink is 255).

    Args:
        size: times the normal width and height.
    """
    cell = (font_b() if small else font_a()).letter(character)
    if bold:
        cell = ImageChops.logical_or(cell, _moved(cell, 1, 0))
    wanted = (cell.width * size[0], cell.height * size[1])
    if smooth and min(size) >= SMOOTHED_FROM:
        while cell.width < wanted[0] or cell.height < wanted[1]:
            cell = _twice(cell)
        grey = cell.convert("L").resize(wanted, Image.Resampling.LANCZOS)
        return grey.point(lambda value: 255 if value >= 128 else 0, mode="1")
    return cell.resize(wanted, Image.Resampling.NEAREST)


def decode(data: bytes, page: int, country: int) -> str:
    """Bytes as the printer reads them: its code page, and the places the country has taken over."""
    text = data.decode(CODE_PAGES.get(page, "cp437"), errors="replace")
    taken = INTERNATIONAL.get(country, INTERNATIONAL[0])
    return text.translate({ord(place): new for place, new in zip(INTERNATIONAL[0], taken, strict=True)})


def _moved(picture: Image.Image, x: int, y: int) -> Image.Image:
    moved = Image.new("1", picture.size)
    moved.paste(picture, (x, y))
    return moved


def _twice(picture: Image.Image) -> Image.Image:
    """Double size with the steps of slanted strokes filled (the rule known as Scale2x)."""
    up, down = _moved(picture, 0, 1), _moved(picture, 0, -1)
    left, right = _moved(picture, 1, 0), _moved(picture, -1, 0)
    corners = (
        (0, 0, left, up, down, right),
        (1, 0, up, right, left, down),
        (0, 1, down, left, right, up),
        (1, 1, right, down, up, left),
    )
    double = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.NEAREST)
    for x, y, one, other, against_one, against_other in corners:
        same = ImageChops.invert(ImageChops.logical_xor(one, other))
        differs = ImageChops.logical_and(
            ImageChops.logical_xor(one, against_one), ImageChops.logical_xor(other, against_other)
        )
        quarter = Image.composite(one, picture, ImageChops.logical_and(same, differs))
        _interleave(double, quarter, x, y)
    return double


def _interleave(double: Image.Image, quarter: Image.Image, x: int, y: int) -> None:
    source, target = quarter.load(), double.load()
    if source is None or target is None:  # an empty picture
        return
    for row in range(quarter.height):
        for column in range(quarter.width):
            target[column * 2 + x, row * 2 + y] = source[column, row]
