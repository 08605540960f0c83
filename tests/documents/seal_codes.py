"""Codes as pictures, drawn by the library the paper uses, for tests that read them back.

Not for: the page around them.
"""

from __future__ import annotations

import io

import qrcode
from PIL import Image


def drawn(text: str, *, dots: int = 5, quiet: int = 4) -> Image.Image:
    """A QR code, error correction M, alphanumeric where the text allows, `dots` a module."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, box_size=dots, border=quiet)
    code.add_data(text, optimize=0)
    code.make()
    return code.make_image().get_image().convert("L")


def modules(text: str) -> int:
    """Modules on a side, without the quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text, optimize=0)
    code.make()
    return int(code.modules_count)


def as_file(image: Image.Image, form: str = "PNG", **options: int) -> bytes:
    """The bytes of a picture."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
