"""Modes and the current line: turns text, pictures and codes into rows for the head.

Not for: paper that ends, covers and cutters (`mechanism`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import qrcode
import qrcode.exceptions
from PIL import Image, ImageChops

from drivers.simulated.receipt import glyphs
from drivers.simulated.receipt.parser import Command

DEFAULT_SPACING = 30
MOST_PICTURE_ROWS = 4096


@dataclass
class Modes:
    """What ESC @ sets back."""

    align: int = 0
    bold: bool = False
    underline: bool = False
    inverse: bool = False
    small: bool = False
    smooth: bool = False
    size: tuple[int, int] = (1, 1)
    page: int = 0
    country: int = 0
    spacing: int = DEFAULT_SPACING


@dataclass
class CodeSettings:
    """Settings of native QR codes; they outlive ESC @ only until the next code."""

    dots: int = 3
    level: int = 48
    data: bytes = b""


@dataclass
class Rows:
    """Something for the head: rows, and what can be read there."""

    picture: Image.Image
    words: str | None = None


@dataclass
class Typewriter:
    """The printing half of the printer.

    Attributes:
        emit: takes the next rows.
    """

    dots: int
    emit: Callable[[Rows], None]
    modes: Modes = field(default_factory=Modes)
    code: CodeSettings = field(default_factory=CodeSettings)
    graphics: Image.Image | None = None
    _line: list[tuple[str, Image.Image]] = field(default_factory=list)

    def initialise(self) -> None:
        """ESC @: the line that was not printed yet is gone too."""
        self.modes = Modes()
        self._line.clear()

    def forget(self) -> None:
        """Clear the print buffer, keep the modes."""
        self._line.clear()

    def obey(self, command: Command) -> bool:
        """Carry out a printing command; False when it is not one."""
        handler = _HANDLERS.get(command.name)
        if handler is None:
            return False
        handler(self, command.data)
        return True

    def text(self, data: bytes) -> None:
        """Characters into the line; a full line is printed at once, in the middle of a word if need be."""
        modes = self.modes
        for character in glyphs.decode(data, modes.page, modes.country):
            cell = glyphs.letter(character, modes.small, modes.bold, modes.size, modes.smooth)
            if modes.inverse:
                cell = ImageChops.invert(cell)
            if modes.underline:
                cell = cell.copy()
                cell.paste(255, (0, cell.height - 2, cell.width, cell.height))
            if sum(one.width for _, one in self._line) + cell.width > self.dots:
                self.line_feed()
            self._line.append((character, cell))

    def line_feed(self) -> None:
        """Print the line, or feed one."""
        if not self._line:
            self._blank(self.modes.spacing, "")
            return
        words = "".join(character for character, _ in self._line).rstrip()
        tallest = max(cell.height for _, cell in self._line)
        line = Image.new("1", (sum(cell.width for _, cell in self._line), max(tallest, self.modes.spacing)))
        x = 0
        for _, cell in self._line:
            line.paste(cell, (x, tallest - cell.height))
            x += cell.width
        self._line.clear()
        self._place(line, words)

    def feed(self, rows: int) -> None:
        """ESC J: print the line, feed so many rows."""
        if self._line:
            self.line_feed()
            rows -= self.modes.spacing
        self._blank(rows, None)

    def feed_lines(self, lines: int) -> None:
        """ESC d: print the line, feed so many lines."""
        if self._line:
            self.line_feed()
            lines -= 1
        for _ in range(lines):
            self.line_feed()

    def raster(self, data: bytes) -> None:
        """GS v 0."""
        mode, width, height = data[0] & 3, int.from_bytes(data[1:3], "little"), int.from_bytes(data[3:5], "little")
        if width == 0 or height == 0 or height > MOST_PICTURE_ROWS:
            return
        picture = Image.frombytes("1", (width * 8, height), data[5:])
        self._picture(picture, 2 if mode & 1 else 1, 2 if mode & 2 else 1)

    def graphics_data(self, data: bytes) -> None:
        """GS ( L and GS 8 L: fn 112 stores a picture, fn 50 prints it."""
        function = data[1] if len(data) > 1 else 0
        if function in (2, 50) and self.graphics is not None:
            self._picture(self.graphics, 1, 1)
            self.graphics = None
        if function != 112 or len(data) < 10:
            return
        wide, high = data[3] or 1, data[4] or 1
        width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        bits = data[10:]
        if 0 < height <= MOST_PICTURE_ROWS and width > 0 and len(bits) >= (width + 7) // 8 * height:
            picture = Image.frombytes("1", (width, height), bits)
            self.graphics = picture.resize((width * min(wide, 2), height * min(high, 2)), Image.Resampling.NEAREST)

    def symbol(self, data: bytes) -> None:
        """GS ( k: settings, data and printing of a QR code."""
        if len(data) < 3 or data[0] != 49:
            return
        function, value = data[1], data[2]
        if function == 67 and 1 <= value <= 16:
            self.code.dots = value
        elif function == 69:
            self.code.level = value
        elif function == 80:
            self.code.data = data[3:]
        elif function == 81 and self.code.data:
            self._draw_code()

    def column_picture(self, data: bytes) -> None:
        """ESC *: its place is kept, its dots are not drawn."""
        width = int.from_bytes(data[1:3], "little")
        self._line.append(("", Image.new("1", (max(1, min(width, self.dots)), 24))))

    def _draw_code(self) -> None:
        levels = {48: 1, 49: 0, 50: 3, 51: 2}  # L, M, Q, H as the library numbers them
        code = qrcode.QRCode(error_correction=levels.get(self.code.level, 1), border=0)
        code.add_data(self.code.data)
        try:
            code.make(fit=True)
        except (qrcode.exceptions.DataOverflowError, ValueError):
            return
        matrix = code.get_matrix()
        small = Image.new("1", (len(matrix), len(matrix)))
        small.putdata([255 if module else 0 for row in matrix for module in row])
        side = len(matrix) * self.code.dots
        if side <= self.dots:  # a real printer prints nothing when the code is wider than the paper
            words = f"[QR: {self.code.data.decode('utf-8', 'replace')}]"
            self._place(small.resize((side, side), Image.Resampling.NEAREST), words)

    def _picture(self, picture: Image.Image, wide: int, high: int) -> None:
        if (wide, high) != (1, 1):
            picture = picture.resize((picture.width * wide, picture.height * high), Image.Resampling.NEAREST)
        self._place(picture, f"[picture {picture.width} x {picture.height}]")

    def _place(self, picture: Image.Image, words: str) -> None:
        room = max(0, self.dots - picture.width)
        rows = Image.new("1", (self.dots, picture.height))
        rows.paste(picture, ((0, room // 2, room)[self.modes.align], 0))
        self.emit(Rows(rows, words))

    def _blank(self, rows: int, words: str | None) -> None:
        if rows > 0:
            self.emit(Rows(Image.new("1", (self.dots, rows)), words))

    def choose_size(self, value: int) -> None:
        """GS !: times the normal width and height."""
        self.modes.size = ((value >> 4 & 7) + 1, (value & 7) + 1)

    def choose_modes(self, value: int) -> None:
        """ESC !: font, bold, double height, double width, underline in one."""
        self.modes.small = bool(value & 1)
        self.modes.bold = bool(value & 8)
        self.modes.size = (2 if value & 32 else 1, 2 if value & 16 else 1)
        self.modes.underline = bool(value & 128)


def _set(name: str, convert: Callable[[int], object]) -> Callable[[Typewriter, bytes], None]:
    return lambda machine, data: setattr(machine.modes, name, convert(data[0]))


def _alignment(value: int) -> int:
    return value % 48 if value % 48 in (0, 1, 2) else 0


def _low_bit(value: int) -> bool:
    return bool(value & 1)


_HANDLERS: dict[str, Callable[[Typewriter, bytes], None]] = {
    "text": Typewriter.text,
    "LF": lambda machine, _: machine.line_feed(),
    "ESC @": lambda machine, _: machine.initialise(),
    "ESC 2": lambda machine, _: setattr(machine.modes, "spacing", DEFAULT_SPACING),
    "ESC 3": _set("spacing", int),
    "ESC a": _set("align", _alignment),
    "ESC E": _set("bold", _low_bit),
    "ESC G": _set("bold", _low_bit),
    "ESC -": _set("underline", lambda value: value % 48 > 0),
    "ESC M": _set("small", _low_bit),
    "ESC R": _set("country", int),
    "ESC t": _set("page", int),
    "ESC !": lambda machine, data: machine.choose_modes(data[0]),
    "ESC J": lambda machine, data: machine.feed(data[0]),
    "ESC d": lambda machine, data: machine.feed_lines(data[0]),
    "ESC *": Typewriter.column_picture,
    "GS !": lambda machine, data: machine.choose_size(data[0]),
    "GS B": _set("inverse", _low_bit),
    "GS b": _set("smooth", _low_bit),
    "GS v 0": Typewriter.raster,
    "GS ( L": Typewriter.graphics_data,
    "GS 8 L": Typewriter.graphics_data,
    "GS ( k": Typewriter.symbol,
}
