"""Pictures from anybody are read in a process of their own, which ends whatever the picture does to it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from PIL import Image

from kiosk.documents.seal import picture_apart
from kiosk.documents.seal.picture_apart import Unreadable, codes_apart
from tests.documents.seal_codes import as_file, drawn

SEAL = "BE1:INVENTED"


def test_codes_are_read_as_they_are_here() -> None:
    assert codes_apart(as_file(drawn(SEAL))) == (SEAL,)
    with pytest.raises(Unreadable, match="PNG or JPEG"):
        codes_apart(b"no picture")


def finders(width: int) -> bytes:
    """A picture of nothing but corners of codes: small, and no reader comes to an end with it."""
    tile = Image.new("L", (9, 9), 255)
    for x in range(1, 8):
        for y in range(1, 8):
            if x in (1, 7) or y in (1, 7) or (3 <= x <= 5 and 3 <= y <= 5):
                tile.putpixel((x, y), 0)
    row = Image.new("L", (width, 9), 255)
    for x in range(0, width, 9):
        row.paste(tile, (x, 0))
    whole = Image.new("L", (width, width), 255)
    for y in range(0, width, 9):
        whole.paste(row, (0, y))
    return as_file(whole)


def test_picture_that_keeps_a_reader_busy_is_given_up() -> None:
    """The process is ended; a thread that reads it would run for hours (the control: it is still at it)."""
    picture = finders(5400)
    assert len(picture) < 100_000
    with pytest.raises(Unreadable, match="too long"):
        codes_apart(picture, seconds=1)
    with pytest.raises(Unreadable, match="too much time or memory"):
        codes_apart(picture, seconds=60)


def test_the_reading_process_is_bound() -> None:
    """What the process may do, seen from inside; without `bound` there are no limits."""
    program = (
        "import json, resource, sys; from kiosk.documents.seal.picture_apart import bound; "
        "sys.argv[1:] == ['bound'] and bound(); "
        "print(json.dumps([resource.getrlimit(k)[0] for k in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]))"
    )

    def limits(*arguments: str) -> list[int]:
        done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=True)
        found: list[int] = json.loads(done.stdout)
        return found

    assert limits("bound") == [picture_apart.CPU_SECONDS, 0]
    assert limits() != [picture_apart.CPU_SECONDS, 0]


def test_nonsense_of_the_reading_process_is_not_believed() -> None:
    for output in (b"", b"[]", b'{"problem": ""}', b'{"problem": "", "codes": 5}', b"{" * 100_000):
        with pytest.raises(Unreadable):
            picture_apart._told(output)
    assert picture_apart._told(b'{"problem": "", "codes": ["A", 5]}') == ("A",)
