"""Every way a seal can be wrong, made now and kept from the first release, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.attests import Kind
from kiosk.documents.seal.check import verify_text
from kiosk.documents.seal.cose import sign
from kiosk.documents.seal.statement import encode
from kiosk.documents.seal.text import PREFIXES, content_of, cose_of, seal_text
from kiosk.documents.seal.trust import Trust, load_trust
from kiosk.documents.seal_contract import Finding
from tests.documents.seal_forgeries import KEPT, Vectors, as_text, vectors
from tests.documents.seal_rigs import NOW, TOWN, make_authority, make_content, make_key, trusting

SHOWN = {Finding.VALID, Finding.EXPIRED, Finding.REVOKED, Finding.OUT_OF_TIME}
_AUTHORITY = make_authority()
_KEY = make_key(_AUTHORITY)
_TRUST = trusting(_AUTHORITY, _KEY)


def kept() -> tuple[bytes, Vectors, datetime]:
    """The vectors of the first release."""
    members = json.loads(KEPT.read_text(encoding="utf-8"))
    seals = {one["name"]: (one["text"], Finding(one["finding"])) for one in members["seals"]}
    return json.dumps(members["trust"]).encode(), seals, datetime.fromisoformat(members["now"])


@pytest.fixture(scope="module")
def made() -> tuple[Trust, Vectors]:
    trust, found = vectors()
    return load_trust(trust), found


def test_every_made_vector_gets_its_verdict(made: tuple[Trust, Vectors]) -> None:
    trust, found = made
    said = {name: verify_text(text, trust, NOW).finding for name, (text, _) in found.items()}
    assert said == {name: finding for name, (_, finding) in found.items()}


def test_every_kept_vector_gets_its_verdict() -> None:
    trust, found, now = kept()
    said = {name: verify_text(text, load_trust(trust), now).finding for name, (text, _) in found.items()}
    assert said == {name: finding for name, (_, finding) in found.items()}


def test_the_kept_vectors_are_all_there(made: tuple[Trust, Vectors]) -> None:
    assert set(made[1]) <= set(kept()[1])
    assert {f"good {kind.value}" for kind in Kind} <= set(kept()[1])
    assert {finding for _, finding in kept()[1].values()} == set(Finding)


def test_content_is_shown_exactly_where_the_seal_can_be_believed(made: tuple[Trust, Vectors]) -> None:
    trust, found = made
    for name, (text, finding) in found.items():
        verdict = verify_text(text, trust, NOW)
        believed = finding in SHOWN
        assert (verdict.content is not None) is believed, name
        assert (verdict.sealed_at is not None) is believed, name
        assert bool(verdict.detail) is (finding is not Finding.VALID), name
        if verdict.content is not None:
            assert verdict.issuer == TOWN
            assert verdict.sealed_at == verdict.content.issued_at


def test_no_detail_repeats_what_the_seal_holds(made: tuple[Trust, Vectors]) -> None:
    trust, found = made
    details = [verify_text(text, trust, NOW).detail for text, _ in found.values()]
    assert not [detail for detail in details if "Voorbeeld" in detail or "Anneliese" in detail]


def test_a_verdict_shows_nothing_personal_in_a_log() -> None:
    verdict = verify_text(seal_text(make_content(), _KEY), _TRUST, NOW)
    assert verdict.content is not None
    assert "Anneliese" not in repr(verdict) + repr(verdict.content) + repr(verdict.content.facts)


@pytest.mark.parametrize("kind", [Kind.RESIDENCE, Kind.HOUSEHOLD])
def test_no_flipped_bit_of_a_seal_is_valid(kind: Kind) -> None:
    cose = sign(encode(make_content(kind)), _KEY)
    assert verify_text(as_text(cose), _TRUST, NOW).finding is Finding.VALID
    believed = []
    for bit in range(len(cose) * 8):
        flipped = bytearray(cose)
        flipped[bit // 8] ^= 1 << bit % 8
        verdict = verify_text(as_text(bytes(flipped)), _TRUST, NOW)
        if verdict.content is not None or verdict.finding not in {
            Finding.TAMPERED,
            Finding.NOT_A_SEAL,
            Finding.UNKNOWN_KEY,
        }:
            believed.append(bit)
    assert believed == []


def test_a_changed_text_is_believed_only_where_it_holds_the_same_seal() -> None:
    """Deflating has more than one way to say the same; what counts is what comes out of it."""
    for kind in (Kind.RESIDENCE, Kind.HOUSEHOLD):
        text = seal_text(make_content(kind), _KEY)
        cose = cose_of(text)
        for altered in _altered(text):
            believed = verify_text(altered, _TRUST, NOW).content
            assert believed is None or cose_of(altered) == cose


def _altered(text: str) -> Iterator[str]:
    for place in range(4, len(text)):
        before, letter, after = text[:place], text[place], text[place + 1 :]
        yield from (before + other + after for other in sorted({"0", "K", ":", "%"} - {letter}))
        yield from (before + after, before + letter + letter + after)


@given(st.one_of(st.text(), st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")))
def test_any_text_has_a_verdict(text: str) -> None:
    for given_text in (text, *(prefix + text for prefix in PREFIXES)):
        assert verify_text(given_text, _TRUST, NOW).finding is Finding.NOT_A_SEAL


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_have_a_verdict(cose: bytes, deflate: bool) -> None:
    assert verify_text(as_text(cose, deflate=deflate), _TRUST, NOW).finding is Finding.NOT_A_SEAL


@given(st.binary(max_size=300))
def test_any_signed_statement_has_a_verdict(statement: bytes) -> None:
    assert verify_text(as_text(sign(statement, _KEY)), _TRUST, NOW).finding is Finding.NOT_A_SEAL


def test_a_back_office_reads_a_seal_without_its_key() -> None:
    content = make_content(Kind.HOUSEHOLD)
    text = seal_text(content, make_key(make_authority()))
    assert content_of(text) == content
    assert content_of(as_text(cose_of(text))) == content
