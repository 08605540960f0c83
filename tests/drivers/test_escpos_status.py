"""What printers say, from recorded bytes and from hostile ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import DeviceStatus, Health, PaperSeen, Reason
from drivers.printers.escpos.status import (
    LONGEST_BLOCK,
    Automatic,
    Block,
    Cleared,
    FlowControl,
    Junk,
    OneByte,
    ProcessId,
    RealTime,
    Said,
    StatusParser,
    decode,
    is_offline,
    is_recoverable_jam,
)


def said(data: bytes) -> list[Said]:
    return StatusParser().feed(data)


@pytest.mark.parametrize(
    ("answers", "health", "reason"),
    [
        ("12 12 12 12", Health.READY, None),
        ("1a 32 12 7e", Health.UNAVAILABLE, Reason.PAPER_OUT),
        ("1a 16 12 12", Health.UNAVAILABLE, Reason.COVER_OPEN),
        ("12 12 12 1e", Health.ATTENTION, Reason.PAPER_LOW),
        ("1a 52 1a 12", Health.UNAVAILABLE, Reason.CUTTER_JAM),
        ("1a 52 32 12", Health.UNAVAILABLE, Reason.MECHANICAL),
        ("1a 52 52 12", Health.UNAVAILABLE, Reason.OVERHEATED),
        ("1a 52 16 12", Health.UNAVAILABLE, Reason.MECHANICAL),
        ("1a 12 12 12", Health.UNAVAILABLE, Reason.OFFLINE),
        ("1a 36 12 7e", Health.UNAVAILABLE, Reason.COVER_OPEN),
        ("12 1a 12 12", Health.BUSY, None),
        ("52 12 12 12", Health.BUSY, None),
        ("16 12 12 12", Health.READY, None),
    ],
)
def test_recorded_answers_mean_what_the_manual_says(answers: str, health: Health, reason: Reason | None) -> None:
    assert decode(bytes.fromhex(answers)) == DeviceStatus(health, reason, answers)


def test_near_end_bits_mean_nothing_without_the_sensor() -> None:
    assert decode(bytes.fromhex("1212121e"), near_end_sensor=False).health is Health.READY


def test_only_a_recoverable_cutter_error_may_be_recovered() -> None:
    assert is_recoverable_jam(bytes.fromhex("1a521a12"))
    assert not is_recoverable_jam(bytes.fromhex("1a523a12"))
    assert not is_recoverable_jam(bytes.fromhex("12121212"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x12", [RealTime(0x12)]),
        (b"\x7e", [RealTime(0x7E)]),
        (b"\x18\x00\x0f\x00", [Automatic(b"\x18\x00\x0f\x00")]),
        (b"\x14\x00\x13\x00\x11\x00", [Automatic(b"\x14\x00\x00\x00")]),
        (b"\x37\x220001\x00", [ProcessId(b"0001")]),
        (b"\x37\x25\x00", [Cleared()]),
        (b"\x37\x26ab\x00", [Block(0x37, b"&ab")]),
        (b"\x5fTM-T20\x00", [Block(0x5F, b"TM-T20")]),
        (b"\x0c", [OneByte(0x0C)]),
        (b"\x11\x13", [FlowControl(True), FlowControl(False)]),
        (b"\xff\x80", [Junk(0xFF), Junk(0x80)]),
        (b"\x37\x12", [Junk(0x37), RealTime(0x12)]),
        (b"\x10\x12", [Junk(0x10), RealTime(0x12)]),
        (b"\x37" + b"x" * 80, [Junk(0x37)]),
        (b"\x37\x22\x01\x02\x03\x04\x00", [Junk(0x37)]),
    ],
)
def test_every_kind_of_answer_is_told_apart(data: bytes, expected: list[Said]) -> None:
    assert said(data)[: len(expected)] == expected


def test_four_stale_automatic_bytes_do_not_hide_an_offline_answer() -> None:
    heard = said(b"\x10\x00\x00\x00\x1a")
    assert heard == [Automatic(b"\x10\x00\x00\x00"), RealTime(0x1A)]
    assert is_offline(heard[1])
    assert not is_offline(heard[0])


def test_an_answer_may_come_in_two_packets() -> None:
    parser = StatusParser()
    assert parser.feed(b"\x37\x2200") == []
    assert parser.feed(b"42\x00\x12") == [ProcessId(b"0042"), RealTime(0x12)]


def test_forgetting_drops_half_an_answer() -> None:
    parser = StatusParser()
    assert parser.feed(b"\x10\x00") == []
    parser.reset()
    assert parser.feed(b"\x00\x00\x12") == [OneByte(0), OneByte(0), RealTime(0x12)]


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_hostile_bytes_never_raise_and_are_never_held_for_long(packets: list[bytes]) -> None:
    parser = StatusParser()
    for packet in packets:
        parser.feed(packet)
    assert len(parser._held) < LONGEST_BLOCK


def test_flow_control_without_end_is_not_held() -> None:
    parser = StatusParser()
    for _ in range(100):
        parser.feed(b"\x10" + b"\x11" * 40)
    assert len(parser._held) < LONGEST_BLOCK


@given(st.binary(max_size=60), st.integers(min_value=0, max_value=60))
def test_packets_may_be_cut_anywhere(data: bytes, cut: int) -> None:
    parser = StatusParser()
    assert parser.feed(data[:cut]) + parser.feed(data[cut:]) == said(data)


@given(st.binary(min_size=4, max_size=4))
def test_any_four_bytes_have_a_meaning(answers: bytes) -> None:
    status = decode(answers)
    assert (status.reason is None) == (status.health in (Health.READY, Health.BUSY))


@pytest.mark.parametrize(
    ("answers", "sensor", "reason", "paper"),
    [
        ("12 12 12 12", True, None, PaperSeen.PRESENT),
        ("12 12 12 1e", True, Reason.PAPER_LOW, PaperSeen.LOW),
        ("12 12 12 1e", False, None, PaperSeen.PRESENT),
        ("1a 32 12 7e", True, Reason.PAPER_OUT, PaperSeen.OUT),
        ("1a 16 12 12", True, Reason.COVER_OPEN, PaperSeen.PRESENT),
        ("1a 36 12 7e", True, Reason.COVER_OPEN, PaperSeen.OUT),
    ],
)
def test_paper_is_seen_apart_from_the_cover(
    answers: str, sensor: bool, reason: Reason | None, paper: PaperSeen
) -> None:
    status = decode(bytes.fromhex(answers), sensor)
    assert (status.reason, status.paper) == (reason, paper)
