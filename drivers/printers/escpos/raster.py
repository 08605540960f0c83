"""Pictures as GS v 0: small fragments, and never a byte sequence that a printer obeys in real time.

Not for: what is in the picture (`letters`, `codes`).
"""

from __future__ import annotations

import re

from PIL import Image

FRAGMENT_ROWS = 256
"""Cheap printers lose what does not fit their buffer; 256 rows of 72 bytes do."""
REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")
"""Obeyed wherever it stands, also inside a picture (Epson: dle_eot, dle_enq, dle_dc4)."""


def raster(picture: Image.Image) -> bytes:
    """Commands that print `picture` (mode "1", ink is 255) at the place of the alignment in force."""
    parts = []
    for top in range(0, picture.height, FRAGMENT_ROWS):
        box = (0, top, picture.width, min(top + FRAGMENT_ROWS, picture.height))
        parts.append(_harmless(picture.crop(box)))
    return b"".join(parts)


def _harmless(fragment: Image.Image) -> bytes:
    """The fragment as one command; moved one dot to the right, or with a dot turned, until nothing in it is obeyed."""
    command = _command(fragment)
    if not REAL_TIME.search(command):
        return command
    for shift in range(1, 8):
        moved = Image.new("1", (fragment.width + shift, fragment.height))
        moved.paste(fragment, (shift, 0))
        if moved.width <= -(-fragment.width // 8) * 8 and not REAL_TIME.search(_command(moved)):
            return _command(moved)
    return _turn_dots(command)


def _command(fragment: Image.Image) -> bytes:
    row_bytes = -(-fragment.width // 8)
    size = row_bytes.to_bytes(2, "little") + fragment.height.to_bytes(2, "little")
    return b"\x1dv0\x00" + size + fragment.tobytes()


def _turn_dots(command: bytes) -> bytes:
    """One dot changed in the second byte of each sequence: invisible on paper, meaningless to the printer."""
    data = bytearray(command)
    while found := REAL_TIME.search(data, 8):
        data[found.start() + 1] ^= 0x40
    return bytes(data)
