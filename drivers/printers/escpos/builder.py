"""A paper document as bytes for one printer model.

Pure: the same document and profile give the same bytes. Not for: sending them, or knowing whether they were printed
(`job`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from PIL import Image

from drivers.contract import Align, Feed, Line, PaperDocument, PaperItem, QrCode, Rule
from drivers.printers.escpos import codes, commands, letters, text
from drivers.printers.escpos.library import Sheet
from drivers.printers.escpos.profiles import Cutter, Profile
from drivers.printers.escpos.raster import raster

LINE_DOTS = 30
"""Height of one line of the normal font with its spacing, as printers start."""
LETTER_DOTS = 24
RULE_DOTS = 3
RULE_SPACE_DOTS = 12
BOTTOM_DOTS = 40
"""White under the last line, so that no letter is cut."""
TEAR_DOTS = 160
"""Fed instead of a cut, so that the paper can be torn off."""
KNIFE_MM = 14.0
"""From head to knife: the white top of every ticket, 12 to 15 mm on most models."""
LARGEST_SCALE = 8

_MARGIN = " "
"""Black at both ends of white letters."""
_ALIGN = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}


@dataclass(frozen=True)
class Content:
    """What to send between the start of a job and its cut.

    Attributes:
        dots: about how long the paper becomes.
    """

    data: bytes
    dots: int


@dataclass(frozen=True)
class Unprintable:
    """This paper is too narrow for the document; `why` says what does not fit."""

    why: str


def build(document: PaperDocument, profile: Profile, fonts: Path | None) -> Content | Unprintable:
    """Bytes of all items.

    Args:
        fonts: folder with the shipped fonts, for letters outside the printer's code page.
    """
    writer = _Writer(profile, fonts)
    for item in document.items:
        problem = writer.add(item)
        if problem is not None:
            return problem
    return Content(writer.sheet.data, writer.dots)


def start(profile: Profile) -> bytes:
    """Modes of a fresh printer, then ours."""
    page = commands.select_code_page(profile.code_page.number)
    smoothing = commands.SMOOTHING if profile.smoothing else b""
    return commands.INITIALISE + commands.US_CHARACTERS + page + smoothing


def cut(profile: Profile) -> bytes:
    """Feed to the knife and cut, or feed to the tear bar."""
    match profile.cutter:
        case Cutter.FULL:
            return commands.feed_and_cut(65, BOTTOM_DOTS)
        case Cutter.PARTIAL:
            return commands.feed_and_cut(66, BOTTOM_DOTS)
        case Cutter.NONE:
            return commands.feed_dots(TEAR_DOTS)
        case _:
            assert_never(profile.cutter)


def millimetres(content: Content, profile: Profile) -> float:
    """About how much of the roll a document takes with its feed to the knife or the tear bar."""
    if profile.cutter is Cutter.NONE:
        return profile.millimetres_of(content.dots + TEAR_DOTS)
    return profile.millimetres_of(content.dots + BOTTOM_DOTS) + KNIFE_MM


def void(profile: Profile) -> bytes:
    """A line of crosses, then a cut: takes away the beginning of a ticket that was given up."""
    return commands.INITIALISE + b"X " * (profile.columns // 2) + b"\n" + cut(profile)


class _Writer:
    """Collects the bytes of one document."""

    def __init__(self, profile: Profile, fonts: Path | None) -> None:
        self.sheet = Sheet()
        self.dots = 0
        self._profile = profile
        self._fonts = fonts

    def add(self, item: PaperItem) -> Unprintable | None:
        match item:
            case Line():
                self._line(item)
            case Rule():
                self._rule()
            case Feed(lines):
                self._feed(max(0, lines) * LINE_DOTS)
            case QrCode():
                return self._qr(item)
            case _:
                assert_never(item)
        return None

    def _line(self, line: Line) -> None:
        scale = min(max(1, line.scale), LARGEST_SCALE)
        for part in text.clean(line.text).split("\n"):
            encoded = text.encode(part, self._profile.code_page)
            if encoded is None:
                self._drawn(line, part, scale)
            else:
                margin = len(_MARGIN) * 2 if line.inverse else 0
                self._typed(line, text.wrap(part, self._profile.columns // scale - margin), scale)

    def _typed(self, line: Line, rows: list[str], scale: int) -> None:
        self.sheet.style(align=_ALIGN[line.align], scale=scale, bold=line.bold, inverse=line.inverse)
        for row in rows:
            shown = f"{_MARGIN}{row.strip()}{_MARGIN}" if line.inverse else row
            self.sheet.raw((text.encode(shown, self._profile.code_page) or b"") + b"\n")
            self.dots += max(LINE_DOTS, LETTER_DOTS * scale)

    def _drawn(self, line: Line, part: str, scale: int) -> None:
        height = LETTER_DOTS * scale
        pictures = letters.draw_lines(
            f"{_MARGIN}{part.strip()}{_MARGIN}" if line.inverse else part,
            self._fonts,
            height=height,
            width=self._profile.dots,
            bold=line.bold,
            inverse=line.inverse,
        )
        for picture in pictures:
            self._picture(picture, line.align)
            self._feed(max(0, LINE_DOTS - height))

    def _rule(self) -> None:
        self._feed(RULE_SPACE_DOTS)
        self._picture(Image.new("1", (self._profile.dots, RULE_DOTS), 255), Align.LEFT)
        self._feed(RULE_SPACE_DOTS)

    def _qr(self, code: QrCode) -> Unprintable | None:
        if code.exact:
            return self._exact_qr(code)
        modules = codes.qr_modules(code.text)
        dots = codes.module_dots(modules, code.module_mm, self._profile) if modules else None
        if modules is None or dots is None:
            return Unprintable(f"a QR code of {len(code.text)} characters is too large for {self._profile.dots} dots")
        if self._profile.native_qr and code.text.isascii() and code.text.isprintable():
            self.sheet.style(align=_ALIGN[Align.CENTRE], scale=1, bold=False, inverse=False)
            self._feed(codes.QUIET_MODULES * dots)
            self.sheet.native_qr(code.text, dots)
            self.dots += modules * dots
            self._feed(codes.QUIET_MODULES * dots)
        else:
            self._picture(codes.qr_picture(code.text, dots), Align.CENTRE)
        return None

    def _exact_qr(self, code: QrCode) -> Unprintable | None:
        modules = codes.qr_modules(code.text)
        dots = codes.exact_dots(code.module_mm, self._profile)
        width = (modules + 2 * codes.QUIET_MODULES) * dots if modules else None
        if width is None or width > self._profile.dots:
            size = "more than any code holds" if width is None else f"{width} dots wide at {dots} dots a module"
            return Unprintable(
                f"a QR code of {len(code.text)} characters is {size}; the paper has {self._profile.dots}"
            )
        self._picture(codes.qr_picture(code.text, dots), Align.CENTRE)
        return None

    def _picture(self, picture: Image.Image, align: Align) -> None:
        self.sheet.style(align=_ALIGN[align], scale=1, bold=False, inverse=False)
        self.sheet.raw(raster(picture))
        self.dots += picture.height

    def _feed(self, dots: int) -> None:
        self.sheet.raw(commands.feed_dots(dots))
        self.dots += dots
