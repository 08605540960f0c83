"""A drawn face as identity cards hold one: grey baseline JPEG of 2 to 4 kB. No real person.

Not for: pictures anybody should recognise.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

LEAST_BYTES = 2048
GRAIN = 5
"""Grain of the background in levels of grey; a plain one packs into less than any card holds."""


@lru_cache(maxsize=64)
def portrait(who: str, size: tuple[int, int]) -> bytes:
    """JPEG of `size` pixels; another `who` has another face."""
    marks = hashlib.sha256(who.encode()).digest()
    picture = _background(marks, size)
    _draw_face(ImageDraw.Draw(picture), marks, size)
    for quality in range(40, 100, 5):
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality, progressive=False)
        if out.tell() >= LEAST_BYTES:
            break
    return out.getvalue()


def _background(marks: bytes, size: tuple[int, int]) -> Image.Image:
    width, height = size
    grain = hashlib.shake_128(marks).digest(width * height)
    return Image.frombytes("L", size, bytes(215 + byte % GRAIN for byte in grain))


def _draw_face(draw: ImageDraw.ImageDraw, marks: bytes, size: tuple[int, int]) -> None:
    width, height = size
    middle, top = width // 2, height // 5
    half, tall = width // 5 + marks[0] % 8, height // 2
    skin, hair, cloth = 140 + marks[1] % 70, 20 + marks[2] % 110, 60 + marks[3] % 90
    draw.ellipse((middle - half * 2, top + tall - 10, middle + half * 2, height * 2), fill=cloth)
    draw.rectangle((middle - half // 2, top + tall - 25, middle + half // 2, top + tall + 10), fill=skin - 15)
    draw.ellipse((middle - half - 6, top - 12, middle + half + 6, top + tall * (2 + marks[4] % 2) // 4), fill=hair)
    draw.ellipse((middle - half, top + 4 + marks[5] % 10, middle + half, top + tall), fill=skin)
    eyes, apart = top + tall // 2 - marks[6] % 6, half // 2 + marks[7] % 4
    for side in (-1, 1):
        eye = middle + side * apart
        draw.ellipse((eye - 7, eyes - 4, eye + 7, eyes + 4), fill=245)
        draw.ellipse((eye - 3, eyes - 3, eye + 3, eyes + 3), fill=30)
        draw.line((eye - 8, eyes - 9, eye + 8, eyes - 9 - side * (marks[8] % 3)), fill=hair, width=2)
    draw.line((middle, eyes + 4, middle - 4, eyes + 20, middle + 3, eyes + 21), fill=skin - 45, width=2)
    draw.arc((middle - 13, eyes + 22, middle + 13, eyes + 36 + marks[9] % 6), 15, 165, fill=60, width=2)
