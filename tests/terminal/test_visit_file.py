"""Reading visit files: good ones, and every way to write one wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from kiosk.demo.play import Player, start_of
from kiosk.demo.world import World
from kiosk.terminal.visit_file import VERBS, VisitFileError, read_visit_file
from tests.journeys.world import KeyTexts


def written(folder: Path, text: str) -> Path:
    path = folder / "some.visit"
    path.write_text(text)
    return path


def test_steps_in_order_with_their_lines(tmp_path: Path) -> None:
    file = read_visit_file(written(tmp_path, '# why\nat library\n\ntouch "Een twee"\nwait 3  # seconds\n'))
    assert file.contact_point == "library"
    assert file.clock is None
    assert [(step.line, step.verb, step.words) for step in file.steps] == [
        (4, "touch", ("Een twee",)),
        (5, "wait", ("3",)),
    ]


def test_clock_is_date_and_time(tmp_path: Path) -> None:
    assert read_visit_file(written(tmp_path, "at x\nclock 2026-11-23 10:24\n")).clock == datetime(2026, 11, 23, 10, 24)  # noqa: DTZ001 - a file holds local time


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("touch a\n", "some.visit:1: no line 'at <contact point>'"),
        ("at x\ntuoch a\n", "some.visit:2: no step 'tuoch'; there are at, clock, touch"),
        ("at x\ntouch\n", "some.visit:2: 'touch' takes 1 words, here are 0"),
        ("at x\nbackoffice A\n", "some.visit:2: 'backoffice' takes 2 to 3 words, here are 1"),
        ("at x\nclock monday noon\n", "some.visit:2: no date and time; write it like clock 2026-11-23 10:24"),
        ('at x\nsee "open\n', "some.visit:2: No closing quotation; put words in double quotes"),
    ],
)
def test_what_is_no_step_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(VisitFileError) as wrong:
        read_visit_file(written(tmp_path, text))
    assert problem in str(wrong.value)


def test_keys_of_the_keypad_are_a_step_that_can_be_played(tmp_path: Path) -> None:
    file = read_visit_file(written(tmp_path, 'at x\nkey 1234\nkey "12<x"\n'))
    assert [(step.verb, step.words) for step in file.steps] == [("key", ("1234",)), ("key", ("12<x",))]
    player = Player(file, cast(World, SimpleNamespace(texts=KeyTexts())), start_of(file, "Europe/Brussels"))
    assert set(player._does) == set(VERBS) - {"at", "clock", "attests"}
