"""Badges: recognised by what their reader makes up for them, named by a number, and never taken for anything more."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_contract import BadgeRead, CardFailed, CardKind, CardProblem, NoNumber
from drivers.cards.badge import is_contactless, is_storage
from drivers.cards.recognise import APPLICATIONS
from drivers.simulated.card.badges import BADGES, Badge
from drivers.simulated.card.faults import CardFault
from drivers.simulated.card.faulty import FaultyCard
from drivers.simulated.card.registry import card_named
from tests.drivers.card_bench import TODAY, Bench, pin_of

CLASSIC_1K = bytes.fromhex("3B8F8001804F0CA0000003060300010000 00006A")
CLASSIC_4K = bytes.fromhex("3B8F8001804F0CA0000003060300020000 000069")
DESFIRE = bytes.fromhex("3B8180018080")
STAFF = ("badge", "badge-desfire")


@pytest.mark.parametrize(
    ("atr", "contactless", "storage"),
    [
        (CLASSIC_1K, True, True),
        (CLASSIC_4K, True, True),
        (DESFIRE, True, False),
        (bytes.fromhex("3B80800101"), True, False),
        (CLASSIC_1K[:-1] + b"\x00", False, False),
        (CLASSIC_1K + b"\x00", False, False),
        (DESFIRE[:-1], False, False),
        (b"\x3f" + DESFIRE[1:], False, False),
        (bytes.fromhex("3B600000"), False, False),
        (bytes.fromhex("3B9813400AA503010101AD1311"), False, False),
        (b"", False, False),
    ],
)
def test_what_a_reader_makes_up_is_told_from_a_real_answer_to_reset(
    atr: bytes, contactless: bool, storage: bool
) -> None:
    assert (is_contactless(atr), is_storage(atr)) == (contactless, storage)


@given(st.binary(max_size=40) | st.binary(max_size=16).map(lambda rest: b"\x3b\x8f\x80\x01" + rest))
def test_any_bytes_are_judged(atr: bytes) -> None:
    assert is_contactless(atr) or not is_storage(atr)


@pytest.mark.parametrize("name", STAFF)
def test_a_badge_is_one_of_its_own_kind_and_has_a_number(name: str) -> None:
    bench = Bench()
    bench.put_in(name)
    assert bench.driver.slot.card is CardKind.BADGE
    assert bench.driver.read_badge() == BadgeRead(BADGES[name].number.hex().upper())
    assert bench.driver.read_badge() == bench.driver.read_badge(), "it stays the same"


def test_a_storage_card_is_never_asked_what_it_cannot_understand() -> None:
    bench = Bench()
    bench.put_in("badge")
    assert bench.slot.apdus == 0
    bench.driver.read_badge()
    assert bench.slot.apdus == 1


def test_a_contactless_card_with_an_application_we_know_is_no_badge() -> None:
    bench = Bench()
    bench.put_in("dutch-eid")
    assert is_contactless(card_named("dutch-eid", TODAY).atr)
    assert bench.driver.slot.card is CardKind.DUTCH_EID
    assert bench.driver.read_badge() is NoNumber.NO_BADGE


@pytest.mark.parametrize("name", [*BADGES])
def test_nothing_a_citizen_does_with_a_card_goes_with_a_badge(name: str) -> None:
    bench = Bench()
    bench.put_in(name)
    refused = CardFailed(CardProblem.NOT_EID, "badge")
    assert bench.read() == refused
    assert bench.driver.pin_state() == refused
    pin = pin_of("1234")
    assert bench.driver.authenticate(pin, "nl") == refused
    assert len(pin) == 0
    assert bench.driver.sign(bytes(32), "sha256", pin_of("1234"), "nl") == refused
    bench.put_in("adult")
    assert bench.must_read().verdict.failed == ()


def test_a_number_made_anew_each_time_names_nobody() -> None:
    bench = Bench()
    card = card_named("badge-random", TODAY)
    seen = set()
    for _ in range(3):
        bench.put_in(card)
        assert bench.driver.slot.card is CardKind.BADGE
        assert bench.driver.read_badge() is NoNumber.RANDOM
        seen.add(card.transmit(bytes.fromhex("FFCA000000")))
        bench.pull()
    assert len(seen) == 3
    assert all(len(said) == 6 and said[0] == 0x08 for said in seen)


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("", NoNumber.NONE),
        ("08112233", NoNumber.RANDOM),
        ("18112233", BadgeRead("18112233")),
        ("08112233445566", BadgeRead("08112233445566")),
        ("E004010011223344", BadgeRead("E004010011223344")),
        ("04112233445566778899", BadgeRead("04112233445566778899")),
        ("00000000", NoNumber.NONE),
        ("112233", NoNumber.NONE),
        ("1122334455", NoNumber.NONE),
    ],
)
def test_which_numbers_name_somebody(number: str, read: BadgeRead | NoNumber) -> None:
    bench = Bench()
    bench.put_in(Badge(replace(BADGES["badge"], number=bytes.fromhex(number))))
    assert bench.driver.read_badge() == read


def test_the_reader_answers_by_the_length_that_is_asked_for() -> None:
    card = Badge(BADGES["badge-desfire"])
    number = card.design.number
    asked = {
        "FFCA000000": number + b"\x90\x00",
        "FFCA000007": number + b"\x90\x00",
        "FFCA000004": b"\x6c\x07",
        "FFCA00000A": number + b"\x62\x82",
        "FFCA010000": b"\x6a\x81",
        "FF00480000": b"\x6d\x00",
        "00A4040C02DF00": b"\x6a\x82",
        "0084000008": b"\x6d\x00",
        "FF": b"\x67\x00",
    }
    assert {command: card.transmit(bytes.fromhex(command)) for command in asked} == asked
    assert Badge(BADGES["badge-silent"]).transmit(bytes.fromhex("FFCA000000")) == b"\x6a\x81"


@pytest.mark.parametrize(("name", "before"), [("badge", 0), ("badge-desfire", len(APPLICATIONS))])
@pytest.mark.parametrize(
    ("fault", "problem"),
    [(CardFault.PULLED_MID_READ, CardProblem.REMOVED), (CardFault.MUTE_MID_READ, CardProblem.MUTE)],
)
def test_a_badge_that_is_torn_away_is_a_value_and_the_next_one_is_read(
    name: str, before: int, fault: CardFault, problem: CardProblem
) -> None:
    bench = Bench()
    card = card_named(name, TODAY)
    card.set_fault(fault.value, before)
    bench.put_in(card)
    assert bench.driver.slot.card is CardKind.BADGE
    torn = bench.driver.read_badge()
    assert isinstance(torn, CardFailed)
    assert torn.problem is problem
    bench.pull()
    assert bench.driver.read_badge() == CardFailed(CardProblem.REMOVED)
    bench.put_in(name)
    assert isinstance(bench.driver.read_badge(), BadgeRead)


@pytest.mark.parametrize("fault", list(CardFault))
@pytest.mark.parametrize("name", STAFF)
def test_every_fault_ends_in_a_value(name: str, fault: CardFault) -> None:
    bench = Bench()
    card = FaultyCard(Badge(BADGES[name]), TODAY, pause=lambda _: None)
    card.set_fault(fault.value)
    bench.put_in(card)
    read = bench.driver.read_badge()
    assert isinstance(read, BadgeRead | NoNumber | CardFailed)
    assert not isinstance(read, BadgeRead) or read.number == BADGES[name].number.hex().upper()
    bench.pull()
    bench.put_in(name)
    assert isinstance(bench.driver.read_badge(), BadgeRead)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("adult", NoNumber.NO_BADGE),
        ("bank", NoNumber.NO_BADGE),
        ("blank", NoNumber.NO_BADGE),
        ("upside-down", CardFailed(CardProblem.MUTE, "mute")),
    ],
)
def test_another_card_has_no_badge_number(name: str, said: NoNumber | CardFailed) -> None:
    bench = Bench()
    assert bench.driver.read_badge() == CardFailed(CardProblem.REMOVED)
    bench.put_in(name)
    assert bench.driver.read_badge() == said


def test_a_badge_another_program_holds() -> None:
    bench = Bench()
    bench.slot.in_use = True
    bench.put_in("badge")
    assert bench.driver.read_badge() == CardFailed(CardProblem.IN_USE, "in_use")
    bench.slot.in_use = False
    bench.driver.status()
    assert isinstance(bench.driver.read_badge(), BadgeRead)


def test_the_number_is_in_no_log_and_no_picture_of_the_value(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    with caplog.at_level(logging.DEBUG, logger="zuil.card"):
        bench.put_in("badge-desfire")
        read = bench.driver.read_badge()
    number = BADGES["badge-desfire"].number.hex().upper()
    assert read == BadgeRead(number)
    said = repr(read) + "".join(record.getMessage() for record in caplog.records)
    assert "FF CA 00 00" in said, "the command is told"
    assert number not in said.upper().replace(" ", "")
