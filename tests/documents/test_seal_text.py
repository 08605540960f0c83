"""The text of a code: its two forms, what it refuses to make, and what it says of other texts."""

from __future__ import annotations

import random
import zlib

import base45
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.attests import Group, GroupKind, Kind
from kiosk.documents.seal.cose import NotSealed, open_sealed, sign
from kiosk.documents.seal.keys import FileAttestKey
from kiosk.documents.seal.statement import encode
from kiosk.documents.seal.text import MAX_INFLATED, NotASeal, content_of, cose_of, seal_text
from kiosk.documents.seal_contract import CannotMake
from tests.documents.seal_forgeries import as_text, raw_seal
from tests.documents.seal_rigs import NOW, make_authority, make_content, make_key, row

KEY = make_key(make_authority())
SHORT = make_content(purpose="", number="1", kiosk="k", place="x", product="q", facts=row(surname="Ab"))


def test_a_text_that_deflating_does_not_shrink_stays_as_it_is() -> None:
    assert seal_text(SHORT, KEY).startswith("BE0:")
    assert seal_text(make_content(Kind.HOUSEHOLD), KEY).startswith("BE1:")
    assert content_of(seal_text(SHORT, KEY)) == SHORT


def test_a_text_is_what_the_alphanumeric_mode_of_a_code_can_say() -> None:
    for kind in Kind:
        assert set(seal_text(make_content(kind), KEY)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@given(st.binary(min_size=1))
def test_no_text_ends_in_a_space_that_copying_could_lose(data: bytes) -> None:
    text = as_text(data)
    assert text == text.strip()
    assert cose_of(f" \t{text}\r\n ") == data


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("HC1:NCFOXN%TS3DH", "European health certificate"),
        ("hc1:ncfoxn", "European health certificate"),
        ("DC04FR000001", "2D-Doc"),
        ("https://voorbeeld.example/BE1:ABC", "address of a page"),
        ("HTTP://X", "address of a page"),
        ("be1:abc", "small letters"),
        (" HC1:NCFOXN", "European health certificate"),
        ("BE1:abc", "small letters"),
        ("BE1:ABCÉ", "characters that no seal has"),
        ("BE7:ABC", "newer"),
        ("hello", "begins with BE0: or BE1:"),
        ("", "begins with BE0: or BE1:"),
        ("BE0:", "characters that no seal has"),
        ("BE0:ABCD", "damaged"),
        ("BE0::::", "damaged"),
        ("BE1:ABC", "damaged"),
        ("BE0:" + "A" * 5000, "longer than a QR code"),
    ],
)
def test_other_texts_are_refused_with_a_clear_word(text: str, names: str) -> None:
    with pytest.raises(NotASeal, match=names) as said:
        cose_of(text)
    assert "voorbeeld.example" not in str(said.value)


def _deflated(data: bytes) -> str:
    return "BE1:" + base45.b45encode(data).decode()


def test_a_bomb_is_not_inflated() -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)[:2000]
    with pytest.raises(NotASeal, match=f"more than {MAX_INFLATED}"):
        cose_of(_deflated(bomb))
    with pytest.raises(NotASeal, match=f"more than {MAX_INFLATED}"):
        cose_of(as_text(bytes(MAX_INFLATED + 500), deflate=True))
    assert cose_of(as_text(bytes(MAX_INFLATED), deflate=True)) == bytes(MAX_INFLATED)


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(zlib.compress(b"seal")[:-1], id="cut short"),
        pytest.param(zlib.compress(b"seal") + b"x", id="something after it"),
        pytest.param(zlib.compress(b"seal") + zlib.compress(b"seal"), id="twice"),
        pytest.param(zlib.compress(b"seal", wbits=-15), id="without a head"),
        pytest.param(zlib.compress(b"seal", wbits=31), id="gzip"),
        pytest.param(zlib.compress(b"seal")[:-4] + b"\0\0\0\0", id="wrong sum"),
    ],
)
def test_what_was_deflated_must_be_whole_and_alone(packed: bytes) -> None:
    with pytest.raises(NotASeal):
        cose_of(_deflated(packed))


def test_a_dictionary_is_refused() -> None:
    packer = zlib.compressobj(zdict=b"seal")
    with pytest.raises(NotASeal, match="damaged"):
        cose_of(_deflated(packer.compress(b"seal") + packer.flush()))


def test_a_paper_nobody_would_believe_is_not_made() -> None:
    authority = make_authority()
    key = make_key(authority)
    for late in (key.valid_from.replace(year=2025), key.valid_to.replace(year=2028)):
        with pytest.raises(CannotMake, match="does not count now"):
            seal_text(make_content(issued_at=late), key)
    for edge in (key.valid_from, key.valid_to):
        assert seal_text(make_content(issued_at=edge), key)
    with pytest.raises(CannotMake, match="another enterprise number"):
        seal_text(make_content(issuer="BE:0000000098"), key)
    with pytest.raises(CannotMake, match="time zone"):
        seal_text(make_content(issued_at=NOW.replace(tzinfo=None)), key)


def test_a_seal_too_long_for_a_code_is_not_made() -> None:
    chance = random.Random(97)
    rows = tuple(row(surname=chance.randbytes(24).hex()) for _ in range(55))
    rows += tuple(row(surname=chance.randbytes(100).hex()) for _ in range(5))
    with pytest.raises(CannotMake, match="3391"):
        seal_text(make_content(groups=(Group(GroupKind.MEMBERS, rows),)), KEY)


def test_the_key_of_another_curve_seals_nothing() -> None:
    class Large:
        certificate, chain, kid = KEY.certificate, KEY.chain, KEY.kid

        def sign(self, message: bytes) -> bytes:
            return bytes.fromhex("3026022101") + b"\xff" * 32 + bytes.fromhex("020101")

    with pytest.raises(CannotMake, match="P-256"):
        sign(b"", Large())


@pytest.mark.parametrize(
    ("cose", "names"),
    [
        (raw_seal(b"", KEY, alg=0, signature=b""), "algorithm"),
        (raw_seal(b"", KEY, alg=-37), "algorithm"),
        (raw_seal(b"", KEY, unprotected={4: KEY.kid}), "outside its signature"),
        (raw_seal(b"", KEY, kid="text"), "named by 8 bytes"),
        (raw_seal(b"", KEY, signature=bytes(63)), "63 bytes; right are 64"),
        (raw_seal(b"", KEY, tag=98), "tag 18"),
        (b"\xd2\x83\x40\xa0\x40", "four parts"),
        (b"\xd2\x84\x40\xa0\x40\x40", "headers of the seal cannot be read"),
        (b"\xd2\x84\x41\xa0\xa0\x40\x40", "exactly algorithm and key"),
        (b"\xd2\x84\x60\xa0\x40\x40", "of bytes"),
        (b"\xd2\xa0", "tag 18"),
        (b"\xd8\x12\x84\x40\xa0\x40\x40", "canonical"),
        (b"\xff", "cannot be read"),
    ],
    ids=range(13),
)
def test_a_seal_in_another_form_is_refused_with_what_is_different(cose: bytes, names: str) -> None:
    with pytest.raises(NotSealed, match=names):
        open_sealed(cose)


def test_a_seal_opens_into_its_parts() -> None:
    statement = encode(make_content())
    opened = open_sealed(sign(statement, KEY))
    assert (opened.kid, opened.alg, opened.statement) == (KEY.kid, -7, statement)
    assert opened.signed_bytes.endswith(statement)
    assert isinstance(KEY, FileAttestKey)
