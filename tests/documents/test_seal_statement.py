"""The statement: what goes in, what never does, and that nothing else is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.attests import AttestContent, AttestField, Group, GroupKind, Kind, Printed
from kiosk.documents.seal.limits import MAX_STATEMENT, MAX_TEXT
from kiosk.documents.seal.statement import NotAStatement, decode, encode, expiry, sealed_part
from kiosk.documents.seal_contract import CannotMake
from tests.documents.seal_rigs import NOW, make_content, row

OURS = -65537
Tree = dict[int, object]

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_visible = (
    st.text(max_size=60)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: not any(unicodedata.category(letter) in _INVISIBLE for letter in text))
)
_rows = st.lists(
    st.builds(Printed, st.sampled_from(sorted(AttestField, key=lambda field: field.value)), _visible), max_size=6
).map(tuple)
_contents = st.builds(
    AttestContent,
    id=st.binary(min_size=16, max_size=16),
    product=st.just("woonst"),
    kind=st.sampled_from(list(Kind)),
    language=st.sampled_from(["nl", "fr", "en", "de"]),
    number=st.just("K1-2026-00001"),
    issued_at=st.integers(1_600_000_000, 6_900_000_000).map(
        lambda moment: datetime.fromtimestamp(moment, ZoneInfo("Europe/Brussels"))
    ),
    valid_until=st.dates(date(2020, 1, 1), date(2199, 12, 31)),
    as_of=st.dates(date(1990, 1, 1), date(2199, 12, 31)),
    place=_visible,
    purpose=_visible,
    issuer=st.just("BE:0000000097"),
    kiosk=st.just("kiosk-1"),
    facts=_rows,
    groups=st.lists(
        st.builds(Group, st.sampled_from(list(GroupKind)), st.lists(_rows, max_size=3).map(tuple)), max_size=2
    ).map(tuple),
    practice=st.booleans(),
)


@given(_contents)
def test_what_is_read_is_what_was_sealed(content: AttestContent) -> None:
    raw = encode(content)
    assert decode(raw) == sealed_part(content)
    assert encode(decode(raw)) == raw


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_with_a_reason(raw: bytes) -> None:
    with pytest.raises(NotAStatement, match=r"[a-z]"):
        decode(raw)


def test_the_claims_stand_where_the_page_of_the_format_says() -> None:
    tree = cbor2.loads(encode(make_content()))
    ours = tree.pop(OURS)
    assert tree == {
        1: "BE:0000000097",
        6: int(NOW.timestamp()),
        4: int(datetime(2027, 2, 26, tzinfo=NOW.tzinfo).timestamp()),
        7: bytes(range(16)),
    }
    assert ours.pop(10)[0] == [1, "Voorbeeld"]
    assert ours == {
        1: "residence",
        2: "residence",
        3: "nl",
        4: "districtshuis-K1-2026-00042",
        5: "2027-02-25",
        6: "2026-11-25",
        7: "Voorbeeld",
        8: "voor een sociale woning",
        9: "00000000-0000-4000-8000-000000000097",
        11: [],
        12: 60,
    }
    assert cbor2.loads(encode(make_content(practice=True)))[OURS][13] is True


def test_the_numbers_of_fields_groups_and_kinds_never_change() -> None:
    assert [(field.name.lower(), field.value) for field in AttestField][:3] == [
        ("surname", 1),
        ("given_names", 2),
        ("birth_date", 3),
    ]
    assert AttestField.NATIONAL_NUMBER.value == 22
    assert {kind.value for kind in GroupKind} == {1, 2}


def test_the_national_number_is_never_sealed() -> None:
    number = "88.63.29-997.57"
    facts = (*row(surname="Voorbeeld"), *row(national_number=number))
    members = (row(given_names="Bram", national_number=number), row(national_number=number))
    content = make_content(facts=facts, groups=(Group(GroupKind.MEMBERS, members),))
    raw = encode(content)
    assert number.encode() not in raw
    said = decode(raw)
    assert said.facts == row(surname="Voorbeeld")
    assert said.groups == (Group(GroupKind.MEMBERS, (row(given_names="Bram"),)),)
    only = make_content(groups=(Group(GroupKind.MEMBERS, (row(national_number=number),)),))
    assert decode(encode(only)).groups == ()


def test_a_seal_that_has_a_national_number_is_refused() -> None:
    raw = altered(lambda tree: _ours(tree).update({10: [[22, "88.63.29-997.57"]]}))
    with pytest.raises(NotAStatement, match="only one form counts"):
        decode(raw)


@pytest.mark.parametrize(
    ("bad", "names"),
    [
        ("Jose\u0301", "NFC"),
        ("Voor\u202ebeeld", r"U\+202E"),
        ("Voor\u200fbeeld", r"U\+200F"),
        ("\u2066Voorbeeld\u2069", r"U\+2066"),
        ("Voor\nbeeld", r"U\+000A"),
        ("Voor\u2028beeld", r"U\+2028"),
        ("Voor\x1b[31mbeeld", r"U\+001B"),
        ("Voor\x00beeld", r"U\+0000"),
        ("Voor\u00adbeeld", r"U\+00AD"),
        ("Voor\u200bbeeld", r"U\+200B"),
        ("Voor\ue000beeld", r"U\+E000"),
        ("Voor\ud800beeld", r"U\+D800"),
        ("x" * (MAX_TEXT + 1), f"{MAX_TEXT + 1} characters"),
    ],
)
def test_what_cannot_be_compared_with_paper_is_neither_sealed_nor_read(bad: str, names: str) -> None:
    for content in (
        make_content(facts=row(surname=bad)),
        make_content(place=bad),
        make_content(purpose=bad),
        make_content(groups=(Group(GroupKind.MEMBERS, (row(surname=bad),)),)),
    ):
        with pytest.raises(CannotMake, match=names) as said:
            encode(content)
        assert "beeld" not in str(said.value)
    if "\ud800" not in bad:
        with pytest.raises(NotAStatement, match=names):
            decode(altered(lambda tree: _ours(tree).update({10: [[1, bad]]})))


@pytest.mark.parametrize("text", ["Ÿ Ł Ñ ẞ", "<b>&amp;</b>", "#panic()", "Ωmega 漢字", "x" * MAX_TEXT, "1\u00a0mei"])
def test_what_is_unusual_but_visible_is_sealed(text: str) -> None:
    assert decode(encode(make_content(facts=row(surname=text)))).facts == row(surname=text)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"id": bytes(15)}, "16 bytes"),
        ({"issuer": "BE:97"}, "ten digits"),
        ({"issuer": "NL:0000000097"}, "ten digits"),
        ({"language": "xx"}, "language"),
        ({"number": ""}, "number"),
        ({"product": "x" * 121}, "product"),
        ({"kiosk": ""}, "column"),
        ({"issued_at": NOW.replace(tzinfo=None)}, "time zone"),
        ({"issued_at": NOW.replace(microsecond=1)}, "whole seconds"),
        ({"issued_at": NOW.astimezone(timezone(timedelta(minutes=17, seconds=30)))}, "whole minutes"),
        ({"valid_until": date(2200, 1, 1)}, "years"),
        ({"as_of": date(1899, 12, 31)}, "years"),
        ({"facts": row(surname="x") * 41}, "40 facts"),
        ({"groups": (Group(GroupKind.MEMBERS, (row(surname="x"),) * 61),)}, "60 rows"),
        ({"groups": (Group(GroupKind.MEMBERS, (row(surname="x"),)),) * 5}, "4 groups"),
        ({"groups": (Group(GroupKind.MEMBERS, (row(surname="x" * 240),) * 40),)}, f"{MAX_STATEMENT}"),
    ],
)
def test_a_content_that_breaks_a_limit_is_not_sealed(changes: dict[str, object], names: str) -> None:
    with pytest.raises(CannotMake, match=names):
        encode(make_content(Kind.RESIDENCE, **changes))


def _ours(tree: Tree) -> dict[int, object]:
    ours = tree[OURS]
    assert isinstance(ours, dict)
    return ours


def altered(change: Callable[[Tree], object]) -> bytes:
    """A statement with something changed, canonical again."""
    tree: Tree = cbor2.loads(encode(make_content()))
    change(tree)
    return cbor2.dumps(tree, canonical=True)


def test_the_altering_itself_changes_nothing() -> None:
    assert decode(altered(lambda _: None)) == make_content()


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda tree: tree.update({5: 1}), "newer"),
        (lambda tree: tree.pop(6), "lacks the claim 6"),
        (lambda tree: _ours(tree).update({14: 1}), "newer"),
        (lambda tree: _ours(tree).pop(9), "lacks the claim 9"),
        (lambda tree: _ours(tree).update({10: [[23, "x"]]}), "unknown field 23: a newer"),
        (lambda tree: _ours(tree).update({11: [[3, []]]}), "unknown group 3: a newer"),
        (lambda tree: _ours(tree).update({2: "parking"}), "unknown kind"),
        (lambda tree: _ours(tree).update({13: False}), "only one form"),
        (lambda tree: _ours(tree).update({13: 1}), "only one form"),
        (lambda tree: _ours(tree).update({10: [[1, "x", "y"]]}), "at most 2"),
        (lambda tree: _ours(tree).update({10: [[1]]}), "code and a value"),
        (lambda tree: _ours(tree).update({10: [[True, "x"]]}), "only one form"),
        (lambda tree: _ours(tree).update({10: {1: "x"}}), "something else"),
        (lambda tree: _ours(tree).update({10: [[1, b"x"]]}), "something else"),
        (lambda tree: _ours(tree).update({11: [[1, []]]}), "only one form"),
        (lambda tree: _ours(tree).update({11: [[1, [[]]]]}), "only one form"),
        (lambda tree: _ours(tree).update({5: "20270225"}), "only one form"),
        (lambda tree: _ours(tree).update({5: "25/02/2027"}), "YYYY-MM-DD"),
        (lambda tree: _ours(tree).update({5: "2027-02-24"}), "only one form"),
        (lambda tree: _ours(tree).update({12: 900}), "-840 to 840"),
        (lambda tree: _ours(tree).update({3: "xx"}), "language"),
        (lambda tree: tree.update({4: 1}), "only one form"),
        (lambda tree: tree.update({6: -5}), "not from"),
        (lambda tree: tree.update({6: 2**63}), "not from"),
        (lambda tree: tree.update({6: 1764077400.0}), "something else"),
        (lambda tree: tree.update({6: cbor2.CBORTag(1, 1764077400)}), "cannot be read"),
        (lambda tree: tree.update({7: "0123456789abcdef"}), "not of bytes"),
        (lambda tree: tree.update({7: bytes(17)}), "16 bytes"),
        (lambda tree: tree.update({1: 97}), "something else"),
        (lambda tree: tree.update({OURS: [1]}), "not a map"),
    ],
)
def test_a_statement_that_says_something_else_is_refused(change: Callable[[Tree], object], names: str) -> None:
    with pytest.raises(NotAStatement, match=names):
        decode(altered(change))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(cbor2.dumps(cbor2.loads(encode(make_content()))) + b"\x00", id="a byte after it"),
        pytest.param(b"\xbf" + encode(make_content())[1:] + b"\xff", id="map without a length"),
        pytest.param(b"\xb8\x05" + encode(make_content())[1:], id="length in two bytes"),
        pytest.param(b"\xa6\x01\x00" + encode(make_content())[1:], id="a claim twice"),
        pytest.param(b"\xd9\xd9\xf7" + encode(make_content()), id="the tag of CBOR itself"),
        pytest.param(b"\x81" * 5000, id="lists in lists"),
        pytest.param(b"\xd8\x1c" * 500 + b"\x00", id="references in references"),
        pytest.param(b"\x9b\x00\x00\x00\xff\xff\xff\xff\xff", id="a list said to be huge"),
        pytest.param(b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff", id="bytes said to be huge"),
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(MAX_STATEMENT + 1), id="too long"),
    ],
)
def test_bytes_in_another_form_are_refused(raw: bytes) -> None:
    with pytest.raises(NotAStatement):
        decode(raw)


def test_an_attest_counts_until_the_midnight_after_its_last_day_where_it_was_sealed() -> None:
    content = make_content(valid_until=date(2027, 2, 25))
    assert expiry(content).astimezone(UTC) == datetime(2027, 2, 25, 23, tzinfo=UTC)
    summer = replace(content, issued_at=datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Brussels")))
    assert expiry(summer).astimezone(UTC) == datetime(2027, 2, 25, 22, tzinfo=UTC)
    assert decode(encode(summer)) == summer
    assert decode(encode(summer)).issued_at.utcoffset() == timedelta(hours=2)
