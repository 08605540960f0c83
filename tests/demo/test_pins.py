"""A recording says whether a PIN was right, never which it was, and plays with the digits of the card in the slot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.demo.pins import digits, pressed, right_pins
from kiosk.demo.play import play_file
from kiosk.demo.recording import Recorder
from kiosk.demo.world import STAFF, World
from kiosk.terminal.glimpse import Act, Glimpse

START = Glimpse(1, "welcome", "welcome", "Welkom", "nl")
ASKS = Glimpse(2, "pin", "pin", "Geef uw pincode", "nl", ("confirm",))
CHECKS = Glimpse(3, "pin.checked", "card", "Even geduld", "nl")


def recorded(*happens: Glimpse | Act) -> list[str]:
    recorder = Recorder(
        "districtshuis", lambda: datetime(2026, 11, 23, 10, tzinfo=UTC), lambda: (0, 0), lambda _: ["1234"], lambda: 0.0
    )
    recorder.start(START, {}, attests=False)
    for each in happens:
        recorder.saw(each) if isinstance(each, Glimpse) else recorder.did(each)
    return recorder.stop().splitlines()[3:]


def keys(*pressed: str) -> list[Act]:
    return [Act("key", (key,)) for key in pressed]


CONFIRM = Act("touch", ("confirm",))


@pytest.mark.parametrize(
    ("pressed", "word"),
    [("1234", "right"), ("9x1234", "right"), ("12<234", "right"), ("4321", "wrong"), ("12", "wrong")],
)
def test_digits_become_a_word(pressed: str, word: str) -> None:
    lines = recorded(ASKS, *keys(*pressed), CONFIRM, CHECKS)
    assert lines == ["see 'Geef uw pincode'", f"pin {word}", "touch confirm", "see 'Even geduld'"]


def test_keys_that_were_all_taken_back_are_no_step() -> None:
    assert recorded(ASKS, *keys("1", "<"), Act("back")) == ["see 'Geef uw pincode'", "back"]


@pytest.mark.parametrize("end", [CONFIRM, CHECKS, None])
def test_no_digit_is_written_down_however_it_ends(end: Glimpse | Act | None) -> None:
    lines = recorded(ASKS, *keys(*"1234"), *([end] if end else []))
    assert "pin right" in lines
    assert not [line for line in lines if any(sign.isdigit() for sign in line)]


def test_what_stands_in_the_field() -> None:
    assert pressed("12", "3<x45") == "45"


def test_the_digits_are_those_of_the_card_or_of_staff(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        assert right_pins(world, "pin") == []
        world.cards.put_in("adult")
        assert digits(world, "pin", "right") == "1234"
        assert digits(world, "pin", "wrong") == "2345"
        assert digits(world, "staff.entry", "right") == STAFF[0][3]
        assert digits(world, "staff.entry", "wrong") not in right_pins(world, "staff.entry")


@pytest.mark.expects_log("zuil.sync", "zuil.printer")
def test_the_words_play(tmp_path: Path) -> None:
    visit = tmp_path / "pin.visit"
    visit.write_text(
        "at districtshuis\nclock 2026-11-23 10:24\ntouch nl\ntouch all\ntouch service:pin-test\ntouch way:0\n"
        "card adult\ntouch confirm\npin wrong\ntouch confirm\nsee pincode\npin right\ntouch confirm\n"
        "see 'Uw pincode is juist'\ncard out\n"
    )
    asyncio.run(play_file(visit, tmp_path / "world"))
