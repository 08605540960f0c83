"""The trust list: what it must prove before it is believed, and what is remembered of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.documents.seal.check import verify_text
from kiosk.documents.seal.text import seal_text
from kiosk.documents.seal.trust import BadTrustList, OtherKey, RolledBack, load_trust
from kiosk.documents.seal_contract import Finding
from sync.protocol.attests import TRUST
from sync.protocol.canonical import b64url, canonical
from sync.protocol.signing import SigningKey
from tests.documents.seal_rigs import (
    ISSUER,
    NOW,
    SIGNING,
    TOWN,
    listed,
    make_authority,
    make_content,
    make_key,
    make_trust,
    stamp,
    trusting,
)

AUTHORITY = make_authority()
KEY = make_key(AUTHORITY)
OTHER = SigningKey(bytes(range(1, 33)))


def test_a_list_says_whose_seals_count() -> None:
    gone = bytes(16)
    trust = load_trust(make_trust(AUTHORITY, [KEY], version=3, revoked=[gone]))
    issuer = trust.issuer(KEY.kid)
    assert issuer is not None
    assert (issuer.certificate, issuer.organisation, issuer.issuer) == (KEY.certificate, TOWN, ISSUER)
    assert (issuer.valid_from, issuer.valid_to, issuer.revoked_from) == (KEY.valid_from, KEY.valid_to, None)
    assert trust.issuer(bytes(8)) is None
    assert (trust.revoked(gone), trust.revoked(bytes(range(16)))) == (True, False)
    assert (trust.organisation, trust.version, trust.authorities) == ("voorbeeld", 3, (AUTHORITY.der,))
    assert trust.age(NOW + timedelta(hours=5)) == timedelta(hours=5)


def test_a_list_may_narrow_the_time_of_a_key_and_never_widen_it() -> None:
    early, late = NOW - timedelta(days=999), NOW + timedelta(days=999)
    wide = trusting(AUTHORITY, listed(KEY.certificate, validFrom=stamp(early), validTo=stamp(late))).issuer(KEY.kid)
    assert wide is not None
    assert (wide.valid_from, wide.valid_to) == (KEY.valid_from, KEY.valid_to)
    narrow = trusting(AUTHORITY, listed(KEY.certificate, validTo=stamp(NOW))).issuer(KEY.kid)
    assert narrow is not None
    assert narrow.valid_to == NOW


def test_an_empty_list_and_two_authorities_are_lists() -> None:
    assert load_trust(make_trust(AUTHORITY, [])).issuers == {}
    newer = make_authority()
    both = [b64url(one.der) for one in (AUTHORITY, newer)]
    trust = load_trust(make_trust(AUTHORITY, [KEY, make_key(newer)], authorities=both))
    assert len(trust.issuers) == 2


def _signed_again(change: Callable[[dict[str, object]], object]) -> bytes:
    members = json.loads(make_trust(AUTHORITY, [KEY]))
    change(members)
    return canonical(SIGNING.sign_object(TRUST, members))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe", id="bytes"),
        pytest.param(b"[]", id="another shape"),
        pytest.param(b"[" * 100_000, id="lists in lists"),
        pytest.param(b'{"version": 1}', id="members missing"),
        pytest.param(make_trust(AUTHORITY, [KEY], version=0), id="version nought"),
    ],
)
def test_what_is_no_list_is_refused_with_what_is_right(data: bytes) -> None:
    with pytest.raises(BadTrustList, match=r"no trust list; right is the file a back office serves as /trust\.json"):
        load_trust(data)


def test_a_changed_list_is_refused() -> None:
    good = make_trust(AUTHORITY, [KEY])
    load_trust(good)
    for name, value in (("version", 8), ("issuers", []), ("organisation", "elders"), ("revoked", []), ("new", 1)):
        members = json.loads(good)
        if members.get(name) == value:
            members[name] = [{"id": b64url(bytes(16)), "revokedAt": stamp(NOW)}]
        else:
            members[name] = value
        with pytest.raises(BadTrustList, match="signature of the list is wrong"):
            load_trust(json.dumps(members).encode())


def test_a_signature_of_another_kind_or_key_is_refused() -> None:
    members = json.loads(make_trust(AUTHORITY, [KEY]))
    for signed in (SIGNING.sign_object("kiosk-updates-v1", members), OTHER.sign_object(TRUST, members)):
        with pytest.raises(BadTrustList, match="signature"):
            load_trust(canonical(signed))
    with pytest.raises(BadTrustList, match="public key"):
        load_trust(_signed_again(lambda members: members.update(publicKey="AAAA")))


def test_a_pinned_key_must_have_signed() -> None:
    data = make_trust(AUTHORITY, [KEY])
    assert load_trust(data, pinned=SIGNING.public).version == 7
    with pytest.raises(OtherKey, match=f"right is {OTHER.public.id}"):
        load_trust(data, pinned=OTHER.public)


def _public(key: object) -> ec.EllipticCurvePublicKey:
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def test_a_key_the_authority_did_not_certify_is_refused() -> None:
    stranger, same_name = make_authority("0000000098"), make_authority()
    public = _public(KEY.private.public_key())
    elsewhere = AUTHORITY.certify(public, number="0000000098")
    nobody = AUTHORITY.certify(public, number="97")
    no_seal = AUTHORITY.certify(public, usage=False)
    both = AUTHORITY.certify(public, authority=True)
    large = AUTHORITY.certify(ec.generate_private_key(ec.SECP384R1()).public_key())
    for entry, names in (
        (listed(make_key(stranger).certificate), "not certified"),
        (listed(make_key(same_name).certificate), "not certified"),
        (listed(elsewhere), "not certified"),
        (listed(nobody), "not certified"),
        (listed(no_seal), "not one for seals"),
        (listed(both), "not one for seals"),
        (listed(large), "not one for seals"),
        (listed(AUTHORITY.der), "not one for seals"),
        (listed(KEY.certificate, kid=b64url(bytes(8))), "not named after"),
        (listed(KEY.certificate, kid="!"), "base64url"),
        (listed(KEY.certificate, certificate="AAAA"), "no certificate"),
        (listed(KEY.certificate, validFrom="yesterday"), "RFC 3339"),
        (listed(KEY.certificate, validTo="2027-01-01T00:00:00"), "RFC 3339"),
        (listed(KEY.certificate, revokedFrom="2027"), "RFC 3339"),
    ):
        with pytest.raises(BadTrustList, match=names):
            load_trust(make_trust(AUTHORITY, [entry]))


def test_a_column_cannot_certify_another() -> None:
    """Its certificate is of no authority, though it could sign one."""
    request = ec.generate_private_key(ec.SECP256R1()).public_key()
    column = type(AUTHORITY)(KEY.private, x509.load_der_x509_certificate(KEY.certificate))
    forged = column.certify(request)
    authorities = [b64url(der) for der in (AUTHORITY.der, KEY.certificate)]
    with pytest.raises(BadTrustList, match="not certified"):
        load_trust(make_trust(AUTHORITY, [listed(forged)], authorities=authorities))


def test_one_list_is_of_one_enterprise() -> None:
    second = make_authority("0000000098")
    authorities = [b64url(one.der) for one in (AUTHORITY, second)]
    with pytest.raises(BadTrustList, match="more than one enterprise"):
        load_trust(make_trust(AUTHORITY, [KEY, make_key(second)], authorities=authorities))


def test_an_older_list_is_refused_once_a_newer_one_was_seen(tmp_path: Path) -> None:
    memory = tmp_path / "seen.json"
    data = {version: make_trust(AUTHORITY, [KEY], version=version) for version in (6, 7, 8)}
    for version in (7, 7, 8, 8):
        assert load_trust(data[version], memory).version == version
    before = memory.read_bytes()
    for version in (6, 7):
        with pytest.raises(RolledBack, match=f"version {version}, but 8 was seen"):
            load_trust(data[version], memory)
        assert load_trust(data[version]).version == version
    assert memory.read_bytes() == before
    assert load_trust(make_trust(AUTHORITY, [KEY], version=1, organisation="elders"), memory).version == 1
    with pytest.raises(RolledBack):
        load_trust(data[7], memory)


def test_an_organisation_keeps_its_key(tmp_path: Path) -> None:
    memory = tmp_path / "seen.json"
    load_trust(make_trust(AUTHORITY, [KEY]), memory)
    taken_over = make_trust(AUTHORITY, [KEY], version=9, signing=OTHER)
    with pytest.raises(OtherKey, match="another key until now"):
        load_trust(taken_over, memory)
    assert load_trust(taken_over).version == 9
    assert load_trust(make_trust(AUTHORITY, [KEY], version=8), memory).version == 8


def test_a_list_that_is_refused_is_not_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "seen.json"
    forged = json.loads(make_trust(AUTHORITY, [KEY], version=99))
    forged["version"] = 100
    for data in (json.dumps(forged).encode(), make_trust(AUTHORITY, [make_key(make_authority())], version=99)):
        with pytest.raises(BadTrustList):
            load_trust(data, memory)
    assert not memory.exists()


@pytest.mark.parametrize(
    "held",
    [
        "",
        "[]",
        "{}",
        '{"organisations": 1}',
        '{"organisations": {"voorbeeld": {"version": 1}}}',
        '{"organisations": {"voorbeeld": {"version": "1", "publicKey": "x"}}}',
        '{"organisations": {"voorbeeld": 7}}',
    ],
)
def test_a_damaged_memory_is_not_taken_for_an_empty_one(held: str, tmp_path: Path) -> None:
    memory = tmp_path / "seen.json"
    memory.write_text(held)
    with pytest.raises(BadTrustList, match="cannot be read; put it right, or remove it"):
        load_trust(make_trust(AUTHORITY, [KEY]), memory)
    assert memory.read_text() == held


def test_a_memory_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadTrustList, match="cannot be written"):
        load_trust(make_trust(AUTHORITY, [KEY]), tmp_path / "missing" / "seen.json")


def test_a_key_revoked_counts_for_what_it_sealed_before() -> None:
    text = seal_text(make_content(), KEY)
    for revoked_from, finding in (
        (NOW - timedelta(days=1), Finding.REVOKED),
        (NOW, Finding.REVOKED),
        (NOW + timedelta(seconds=1), Finding.VALID),
    ):
        trust = trusting(AUTHORITY, listed(KEY.certificate, revoked_from=revoked_from))
        verdict = verify_text(text, trust, NOW)
        assert verdict.finding is finding
        assert verdict.content == make_content()


def test_the_order_of_what_is_said() -> None:
    """What is worse is said first: who may not have sealed it at all, then what was taken back, then what is over."""
    later = NOW + timedelta(days=400)
    text = seal_text(make_content(), KEY)
    gone = [make_content().id]
    all_wrong = trusting(AUTHORITY, listed(KEY.certificate, revoked_from=NOW, validTo=stamp(NOW - timedelta(1))))
    assert verify_text(text, all_wrong, later).finding is Finding.OUT_OF_TIME
    assert verify_text(text, trusting(AUTHORITY, KEY, revoked=gone), later).finding is Finding.REVOKED
    assert verify_text(text, trusting(AUTHORITY, KEY), later).finding is Finding.EXPIRED
    assert verify_text(text, trusting(AUTHORITY, KEY), NOW - timedelta(hours=23)).finding is Finding.VALID
    assert verify_text(text, trusting(AUTHORITY, KEY), NOW - timedelta(hours=25)).finding is Finding.OUT_OF_TIME
