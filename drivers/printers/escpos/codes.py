"""QR codes: how large they may be on this paper, and the picture of one for printers that draw none.

Not for: what stands in the code.
"""

from __future__ import annotations

import math
import re

import qrcode
import qrcode.exceptions
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pure import PyPNGImage

from drivers.printers.escpos.profiles import Profile

QUIET_MODULES = 4
LARGEST_NATIVE_MODULE = 16
SMALLEST_MODULE_DOTS = 3
"""Finer modules run together on thermal paper and no telephone reads them."""
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
_SHORTEST_CHUNK = 20
"""What the library takes as worth a change of mode in a mixed text."""


def qr_modules(text: str) -> int | None:
    """Modules along one side, without the quiet zone; None when the text is too long for any code."""
    code = _code(text)
    try:
        return 17 + 4 * code.best_fit()
    except (qrcode.exceptions.DataOverflowError, ValueError):
        return None


def qr_picture(text: str, dots: int) -> Image.Image:
    """The code with its quiet zone, `dots` a module (mode "1", ink is 255); the text must fit (`qr_modules`)."""
    code = _code(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    side = len(matrix) + 2 * QUIET_MODULES
    small = Image.new("1", (side, side))
    for row, line in enumerate(matrix):
        for column, module in enumerate(line):
            if module:
                small.putpixel((column + QUIET_MODULES, row + QUIET_MODULES), 255)
    return small.resize((side * dots, side * dots), Image.Resampling.NEAREST)


def module_dots(modules: int, millimetres: float, profile: Profile) -> int | None:
    """Dots a side of one module, smaller than asked when the paper is too narrow; None when it cannot be read then."""
    fitting = profile.dots // (modules + 2 * QUIET_MODULES)
    dots = min(max(SMALLEST_MODULE_DOTS, profile.dots_of(millimetres)), fitting, LARGEST_NATIVE_MODULE)
    return dots if dots >= SMALLEST_MODULE_DOTS else None


def exact_dots(millimetres: float, profile: Profile) -> int:
    """The fewest whole dots a side of one module that are not smaller than asked: 5 for 0.625 mm at 203 dpi."""
    return max(SMALLEST_MODULE_DOTS, math.ceil(millimetres * profile.dpi / 25.4 - 1e-6))


def _code(text: str) -> qrcode.QRCode[PyPNGImage]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, image_factory=PyPNGImage)
    # A text of capitals and digits must stay in one piece: it then costs 5.5 bits a character.
    code.add_data(text.encode(), optimize=0 if _ALPHANUMERIC.fullmatch(text) else _SHORTEST_CHUNK)
    return code
