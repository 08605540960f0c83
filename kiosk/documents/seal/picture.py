"""Reads the codes in a picture of a paper: a photograph or a scan, PNG or JPEG.

Not for: PDF files, or deciding what a code is worth (`check`).
"""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image

MAX_BYTES = 24_000_000
MAX_PIXELS = 50_000_000
"""A page at 600 dpi has 35 million; a file that claims more is a bomb or no picture of one page."""

_SURPRISES = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What the library says of a file that is none, is damaged, or claims to be huge."""


class NotAPicture(ValueError):
    """Bytes that are no picture of a usable size; the text says what would be."""


def codes_in(picture: bytes) -> tuple[str, ...]:
    """The text of every two-dimensional code in a picture, ours or not; empty when none can be read.

    Raises:
        NotAPicture: when it is no PNG or JPEG, is damaged, or is too large.
    """
    if len(picture) > MAX_BYTES:
        raise NotAPicture(f"the picture has {len(picture)} bytes; at most {MAX_BYTES} are read")
    formats = zxingcpp.barcode_formats_from_str("QRCode,DataMatrix,Aztec")
    found = zxingcpp.read_barcodes(_grey(picture), formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return tuple(code.text for code in found)


def _grey(picture: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(picture), formats=("PNG", "JPEG"))
    except _SURPRISES as error:
        raise NotAPicture("this is no picture in PNG or JPEG of a usable size") from error
    with image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise NotAPicture(f"the picture has {width} x {height} points; at most {MAX_PIXELS} in all are read")
        try:
            return _on_white(image).convert("L")
        except _SURPRISES as error:
            raise NotAPicture("the picture is damaged") from error


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    solid = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", solid.size, "white"), solid)
