"""Codes read back from pictures, and pictures that are none."""

from __future__ import annotations

import contextlib
import random
import struct
import zlib

import pytest
from PIL import Image, ImageFilter

from kiosk.core.attests import Kind
from kiosk.documents.seal.picture import MAX_BYTES, MAX_PIXELS, NotAPicture, codes_in
from kiosk.documents.seal.text import seal_text
from tests.documents.seal_codes import as_file, drawn
from tests.documents.seal_rigs import make_authority, make_content, make_key

KEY = make_key(make_authority())
SEAL = seal_text(make_content(), KEY)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_code_of_every_attest_is_read_back(kind: Kind) -> None:
    text = seal_text(make_content(kind), KEY)
    assert codes_in(as_file(drawn(text))) == (text,)


def test_a_photograph_is_read() -> None:
    page = Image.new("L", (1240, 1754), 235)
    page.paste(drawn(SEAL), (600, 1100))
    tilted = page.rotate(7, fillcolor=200, resample=Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(0.8))
    assert codes_in(as_file(tilted.convert("RGB"), "JPEG", quality=70)) == (SEAL,)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_way_of_colouring_is_read(mode: str) -> None:
    assert codes_in(as_file(drawn(SEAL).convert(mode))) == (SEAL,)


def test_a_code_on_nothing_is_read_as_on_white() -> None:
    clear = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    black = drawn(SEAL).point(lambda grey: 255 - grey)
    clear.paste((0, 0, 0, 255), (50, 50), black)
    assert codes_in(as_file(clear)) == (SEAL,)


def test_all_codes_of_a_page_are_told() -> None:
    page = Image.new("L", (1300, 700), 255)
    page.paste(drawn(SEAL), (10, 10))
    page.paste(drawn("https://voorbeeld.example/echt"), (700, 10))
    assert set(codes_in(as_file(page))) == {SEAL, "https://voorbeeld.example/echt"}


def test_a_page_without_a_code_has_none() -> None:
    assert codes_in(as_file(Image.new("L", (300, 300), 255))) == ()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that claims to be huge."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("picture", "names"),
    [
        (b"", "no picture"),
        (b"BE1:ABC", "no picture"),
        (b"%PDF-1.7", "no picture"),
        (b"GIF89a" + bytes(40), "no picture"),
        (as_file(drawn("x"), "BMP"), "no picture"),
        (as_file(drawn(SEAL))[:900], "damaged"),
        (as_file(drawn(SEAL).convert("RGB"), "JPEG")[:3000], "damaged"),
        (bomb(8_000, 7_000), f"at most {MAX_PIXELS}"),
        (bomb(11_000, 11_000), r"at most|usable size"),
        (bomb(60_000, 60_000), "usable size"),
        (bytes(MAX_BYTES + 1), f"at most {MAX_BYTES}"),
    ],
)
def test_what_is_no_picture_of_a_page_is_refused(picture: bytes, names: str) -> None:
    with pytest.raises(NotAPicture, match=names):
        codes_in(picture)


def test_a_picture_as_large_as_a_page_is_read() -> None:
    page = Image.new("1", (4960, 7016), 1)
    page.paste(drawn(SEAL, dots=12).convert("1"), (500, 500))
    assert codes_in(as_file(page)) == (SEAL,)


def test_damaged_pictures_end_in_codes_or_in_a_refusal() -> None:
    whole = as_file(drawn(SEAL))
    chance = random.Random(7)
    for _ in range(150):
        spoiled = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        with contextlib.suppress(NotAPicture):
            assert all(isinstance(text, str) for text in codes_in(bytes(spoiled)))
