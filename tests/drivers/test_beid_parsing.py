"""What stands on cards, as values: golden values of the reference, odd shapes, and any bytes at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_contract import Address, DocumentKind, Field, PartialDate, Sex, grouped
from drivers.cards.beid.card_data import parse_card_data
from drivers.cards.beid.certificates import cut
from drivers.cards.beid.dates import MONTHS, birth_date, day
from drivers.cards.beid.files import File, der_length, known_length
from drivers.cards.beid.identity import document_kind, parse_address, parse_identity, to_person
from drivers.cards.beid.malformed import Malformed
from drivers.cards.beid.national_number import card_number_is_valid, check
from drivers.cards.beid.pinpad import parse_features, verify_structure
from drivers.cards.beid.signatures import algorithm_for, encode_for_card, to_der
from drivers.cards.beid.tlv import parse
from tests.drivers.beid_parsers import OF_BYTES, OF_TEXT, survives


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01 JAN 1971", PartialDate(1971, 1, 1)),
        ("26 AVR  1975", PartialDate(1975, 4, 26)),
        ("08 MAAR 1980", PartialDate(1980, 3, 8)),
        ("29 SEPT 1979", PartialDate(1979, 9, 29)),
        ("12.AUG. 1996", PartialDate(1996, 8, 12)),
        ("01.JAN.1980", PartialDate(1980, 1, 1)),
        ("05.MÄR.1988", PartialDate(1988, 3, 5)),
        ("1 JAN 1971", PartialDate(1971, 1, 1)),
        ("15 août 2001", PartialDate(2001, 8, 15)),
        ("03 FÉV 1999", PartialDate(1999, 2, 3)),
        ("24 dez 1950", PartialDate(1950, 12, 24)),
        ("JAN 1980", PartialDate(1980, 1)),
        ("   JAN 1980", PartialDate(1980, 1)),
        ("1980", PartialDate(1980)),
        ("        1980", PartialDate(1980)),
        ("", None),
        ("   ", None),
    ],
)
def test_dates_of_birth(text: str, expected: PartialDate | None) -> None:
    assert birth_date(text) == expected


@pytest.mark.parametrize(
    "text", ["01 JAN", "JAN", "32 JAN 1980", "00 JAN 1980", "01 ABC 1980", "01 01 1980", "17 1980"]
)
def test_what_is_no_date_of_birth(text: str) -> None:
    with pytest.raises(Malformed) as told:
        birth_date(text)
    assert "1980" not in str(told.value)


def test_no_month_has_two_meanings_in_three_languages() -> None:
    assert set(MONTHS.values()) == set(range(1, 13))
    for name, number in MONTHS.items():
        assert birth_date(f"07 {name} 1980") == PartialDate(1980, number, 7)


def test_days() -> None:
    assert day("17.05.2031") == date(2031, 5, 17)
    assert day("") is None
    for wrong in ("31.02.2031", "2031-05-17", "1.5.2031", "17.05.31"):
        with pytest.raises(Malformed):
            day(wrong)


@pytest.mark.parametrize(
    ("number", "century", "bis"),
    [("85010112387", 1900, False), ("05061542181", 2000, False)],
)
def test_national_numbers_of_the_reference(number: str, century: int, bis: bool) -> None:
    known = check(number)
    assert (known.century, known.is_bis) == (century, bis)
    assert number not in repr(known)


@given(st.integers(0, 999_999_999), st.sampled_from((0, 2_000_000_000)))
def test_the_check_of_a_national_number_finds_every_changed_digit(base: int, add: int) -> None:
    last = 97 - (base + add) % 97
    number = f"{base:09d}{last:02d}"
    assert check(number).digits == number
    for place in range(9):
        changed = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        other = 2_000_000_000 - add
        if 97 - (int(changed[:9]) + other) % 97 == last:
            continue  # right for the other century
        with pytest.raises(Malformed):
            check(changed)


def test_bis_numbers_and_specimens() -> None:
    for month, bis in ((21, True), (32, True), (41, True), (52, True), (13, False), (71, False), (0, False)):
        base = int(f"80{month:02d}01123")
        assert check(f"{base:09d}{97 - base % 97:02d}").is_bis is bis


def test_numbers_as_people_write_them() -> None:
    assert grouped("85010112387") == "85.01.01-123.87"
    assert grouped("none") == "none"
    assert card_number_is_valid("592000000081")
    assert not card_number_is_valid("592000000082")
    assert not card_number_is_valid("B000000080")


def tlv(*fields: tuple[int, bytes]) -> bytes:
    return b"".join(bytes((tag, len(value))) + value for tag, value in fields)


def test_fields_padding_and_unknown_tags() -> None:
    assert parse(tlv((0, b"\x00\x01"), (1, b"a"), (99, b"zz")) + bytes(10)) == {0: b"\x00\x01", 1: b"a", 99: b"zz"}
    assert parse(b"") == {}
    assert parse(bytes(117)) == {0: b""}, "a card without an address"


@pytest.mark.parametrize("data", [b"\x01", b"\x01\xff", b"\x01\x05ab", b"\x01\xff\x00" + bytes(255)])
def test_lengths_that_cannot_be(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse(data)


def test_a_field_that_cannot_be_understood_makes_no_card_unusable() -> None:
    identity = parse_identity(
        tlv((7, b"Test"), (12, b"no date"), (13, b"X"), (10, b"\xff\xfe"), (3, b"yesterday"), (40, b"new"))
    )
    assert identity.surname == "Test"
    assert (identity.birth_date, identity.sex, identity.nationality, identity.valid_from) == (
        None,
        Sex.UNKNOWN,
        "",
        None,
    )
    assert set(identity.faults) == {12, 10, 3}
    assert identity.rest == {40: b"new"}
    assert "Test" not in repr(identity)


def test_only_what_was_asked_for_becomes_a_person() -> None:
    identity = parse_identity(tlv((7, b"Surname"), (8, b"Given"), (6, b"85010112387"), (13, b"V")))
    person = to_person(identity, Address("s", "1000", "m"), b"jpeg", frozenset({Field.NAME}), specimen=False)
    assert (person.surname, person.given_names) == ("Surname", "Given")
    assert (person.national_number, person.address, person.photo, person.sex) == (None,) * 4


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", DocumentKind.CITIZEN),
        ("01", DocumentKind.CITIZEN),
        ("6", DocumentKind.KIDS),
        ("11", DocumentKind.FOREIGNER),
        ("36", DocumentKind.FOREIGNER),
        ("64", DocumentKind.FOREIGN_CHILD),
        ("7", DocumentKind.OTHER),
        ("99", DocumentKind.OTHER),
        ("", DocumentKind.OTHER),
        ("x", DocumentKind.OTHER),
    ],
)
def test_document_types(text: str, kind: DocumentKind) -> None:
    assert document_kind(text) is kind


def test_addresses() -> None:
    full = parse_address(tlv((1, "Straße 1".encode()), (2, b"2600"), (3, b" Berchem ")) + bytes(40))
    assert full == Address("Straße 1", "2600", "Berchem")
    assert parse_address(bytes(117)) == Address("", "", "")


def test_card_data() -> None:
    data = bytes(21) + b"\x18" + bytes(6)
    assert (parse_card_data(data).generation, parse_card_data(data).tries_left) == ("1.8", None)
    assert parse_card_data(data + b"\x02\x00\x00").tries_left == 2
    assert parse_card_data(data + b"\xff\x00\x00").tries_left is None
    with pytest.raises(Malformed):
        parse_card_data(bytes(20))


def test_lengths_of_files() -> None:
    certificate = bytes.fromhex("30820102") + bytes(258)
    assert der_length(certificate) == 262
    assert known_length(File.CERT_CA, certificate + bytes(1100)) == 262
    assert known_length(File.CERT_CA, bytes(256)) == 0, "zeros only: no certificate, and nothing more to read"
    assert known_length(File.IDENTITY, certificate) is None
    assert known_length(File.IDENTITY_SIGNATURE, b"\x30\x02ab") is None, "its padding is signed with the address"
    assert cut(bytes(1300)) is None
    assert cut(certificate + bytes(9)) == certificate
    with pytest.raises(Malformed):
        cut(certificate[:-1])


def test_algorithms_by_generation() -> None:
    assert [algorithm_for(applet).mse for applet in (0x11, 0x17, 0x18)] == [0x01, 0x08, 0x02]
    assert encode_for_card(bytes(32), algorithm_for(0x11)).hex().startswith("3031300d0609608648016503040201")
    assert encode_for_card(bytes(48), algorithm_for(0x18)) == bytes(48)
    with pytest.raises(Malformed):
        encode_for_card(bytes(31), algorithm_for(0x17))
    with pytest.raises(Malformed):
        algorithm_for(0x18, "md5")
    assert to_der(bytes.fromhex("80" + "01")) == bytes.fromhex("300702020080020101")


def test_pinpad_structures() -> None:
    expected = "1E1E8947040C04020113080000000 00D00000000200001 0820FFFFFFFFFFFFFF".replace(" ", "")
    assert verify_structure("nl").hex().upper() == expected
    assert verify_structure("xx") == verify_structure("en")
    assert parse_features(bytes.fromhex("0604423300060804423300 08".replace(" ", ""))) == {6: 0x42330006, 8: 0x42330008}
    assert parse_features(b"\x06\x03abcd") == {}


@pytest.mark.parametrize("name", OF_BYTES)
@given(data=st.binary(max_size=600))
def test_any_bytes_give_a_value_or_say_what_would_be_right(name: str, data: bytes) -> None:
    assert survives(OF_BYTES[name], data)


@pytest.mark.parametrize("name", OF_TEXT)
@given(text=st.text(max_size=40) | st.from_regex(r"[0-9]{1,2}[ .]+[A-ZÄ]{2,5}[ .]+[0-9]{3,5}"))
def test_any_text_gives_a_value_or_says_what_would_be_right(name: str, text: str) -> None:
    assert survives(OF_TEXT[name], text)


@given(st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=254)), unique_by=lambda field: field[0]))
def test_fields_written_are_fields_read(fields: list[tuple[int, bytes]]) -> None:
    assert parse(tlv(*fields)) == dict(fields)
