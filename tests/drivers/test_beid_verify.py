"""Offline verification: a genuine card passes, and no byte of it can be changed without a named check that fails."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_contract import CheckName, Finding, Verdict
from drivers.cards.beid.session import BeidSession
from drivers.cards.beid.signatures import algorithm_for, encode_for_card
from drivers.cards.beid.trust import TEST_MARK, Trust, TrustFileWrong, load_trust
from drivers.cards.beid.verify import CardFiles, verify_challenge, verify_chip, verify_files
from drivers.cards.exchange import Exchange
from drivers.cards.reading import Reading
from drivers.cards.recognise import recognise
from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.pki import revocations, trust_pem
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.slot import SimulatedSlot
from tests.drivers.card_bench import EVERYTHING, GENERATIONS, NOW, TODAY, Bench, roots_of_the_simulation

SIGNED = [field.name for field in fields(CardFiles) if field.name != "chip_key"]
"""Every file; the key of the chip is compared with its hash when the chip proves itself."""


@cache
def read(name: str) -> CardFiles:
    """Everything on a card, as its bytes."""
    slot = SimulatedSlot()
    slot.insert(card_named(name, TODAY))
    exchange = Exchange(slot.connect(), lambda _: None)
    recognise(exchange)
    return Reading(BeidSession(exchange), EVERYTHING, lambda _: None).read().files


def verdict_of(files: CardFiles, trust: Trust | None = None, now: datetime = NOW) -> Verdict:
    return verify_files(files, trust or roots_of_the_simulation(), now)


@pytest.mark.parametrize("name", [*GENERATIONS.values(), "kids-id", "small-child", "foreigner", "long-names"])
def test_a_genuine_card_fails_nothing(name: str) -> None:
    assert verdict_of(read(name)).failed == ()


@pytest.mark.parametrize("name", GENERATIONS.values(), ids=GENERATIONS)
@given(file=st.sampled_from(SIGNED), share=st.floats(0, 1), bit=st.integers(0, 7))
def test_no_bit_of_any_file_can_be_changed_unnoticed(name: str, file: str, share: float, bit: int) -> None:
    content = getattr(read(name), file)
    if not content:
        return
    at = min(int(share * len(content)), len(content) - 1)
    changed = bytearray(content)
    changed[at] ^= 1 << bit
    assert verdict_of(replace(read(name), **{file: bytes(changed)})).failed, f"byte {at} of {file}"


@pytest.mark.parametrize("file", SIGNED)
def test_no_file_can_be_cut_or_exchanged_for_another_persons(file: str) -> None:
    mine, other = read("adult"), read("other-municipality")
    content = getattr(mine, file)
    assert verdict_of(replace(mine, **{file: content[: len(content.rstrip(bytes(1))) // 2]})).failed
    if file not in ("register", "root", "issuer"):
        assert verdict_of(replace(mine, **{file: getattr(other, file)})).failed


def test_what_was_not_read_is_not_possible_and_never_passed() -> None:
    verdict = verdict_of(CardFiles())
    assert verdict.failed == ()
    assert all(check.finding is Finding.NOT_POSSIBLE and check.detail for check in verdict.checks)


def test_roots_of_somebody_else_are_no_roots() -> None:
    files = read("adult")
    strangers = Trust(roots_of_the_simulation().roots[:1])
    verdict = verdict_of(files, strangers)
    for name in (CheckName.REGISTER_CERTIFICATE, CheckName.ROOT_CERTIFICATE, CheckName.AUTHENTICATION_CERTIFICATE):
        assert verdict.finding(name) is Finding.FAILED
    assert verdict.finding(CheckName.IDENTITY_SIGNATURE) is Finding.PASSED, "the control: only the chain tells"


def test_a_holders_or_an_authoritys_certificate_cannot_speak_for_the_register() -> None:
    files = read("adult")
    for forged in (files.authentication, files.issuer, files.root):
        verdict = verdict_of(replace(files, register=forged))
        assert verdict.finding(CheckName.REGISTER_CERTIFICATE) is Finding.FAILED


def test_certificates_exchanged_for_each_other_do_not_fit_their_use() -> None:
    files = read("adult")
    verdict = verdict_of(replace(files, authentication=files.signature, signature=files.authentication))
    assert verdict.finding(CheckName.AUTHENTICATION_CERTIFICATE) is Finding.FAILED
    assert verdict.finding(CheckName.SIGNATURE_CERTIFICATE) is Finding.FAILED


def test_dates() -> None:
    files = read("adult")
    for moved in (timedelta(days=-366 * 5), timedelta(days=366 * 9)):
        verdict = verdict_of(files, now=NOW + moved)
        assert verdict.finding(CheckName.VALIDITY) is Finding.FAILED
        assert verdict.finding(CheckName.IDENTITY_SIGNATURE) is Finding.PASSED


def chip_of(name: str) -> BeidCard:
    card = card_named(name, TODAY).card
    assert isinstance(card, BeidCard)
    return card


def revoked(*names: str, days_old: int = 0) -> Trust:
    chips = [chip_of(name).chip for name in names]
    issuer = chip_of("adult").chip.issuer
    certificates = tuple(certificate for chip in chips for certificate in chip.holder_certificates)
    made = revocations(issuer, certificates, TODAY - timedelta(days=days_old))
    return replace(roots_of_the_simulation(), revocations=(x509.load_der_x509_crl(made),))


def test_a_revoked_certificate_is_found_and_the_age_of_the_list_is_told() -> None:
    verdict = verdict_of(read("adult"), revoked("adult", days_old=3))
    assert verdict.finding(CheckName.REVOCATION) is Finding.FAILED
    verdict = verdict_of(read("adult"), revoked("expires-soon", days_old=3))
    (check,) = [check for check in verdict.checks if check.name is CheckName.REVOCATION]
    assert check.finding is Finding.PASSED
    assert "3 days old" in check.detail


def test_a_list_that_its_authority_did_not_sign_counts_for_nothing() -> None:
    (genuine,) = revoked("adult").revocations
    der = bytearray(genuine.public_bytes(Encoding.DER))
    der[-1] ^= 1
    forged = replace(roots_of_the_simulation(), revocations=(x509.load_der_x509_crl(bytes(der)),))
    assert verdict_of(read("adult"), forged).finding(CheckName.REVOCATION) is Finding.NOT_POSSIBLE


def test_the_newest_list_counts() -> None:
    old, new = revoked("adult", days_old=9).revocations[0], revoked("expires-soon").revocations[0]
    trust = replace(roots_of_the_simulation(), revocations=(old, new))
    assert verdict_of(read("adult"), trust).finding(CheckName.REVOCATION) is Finding.PASSED


def test_challenges() -> None:
    files, algorithm = read("adult"), algorithm_for(0x18)
    assert files.authentication
    assert verify_challenge(files.authentication, b"message", b"\x30\x00", algorithm).finding is Finding.FAILED
    assert verify_challenge(bytes(100), b"message", b"", algorithm).finding is Finding.FAILED
    assert encode_for_card(algorithm.digest(b"message"), algorithm)


def test_no_bit_of_the_chips_key_can_be_changed_unnoticed() -> None:
    bench = Bench()
    bench.put_in("adult")
    key = read("adult").chip_key
    assert key
    assert bench.must_read().verdict.finding(CheckName.CHIP) is Finding.PASSED
    expected = hashlib.sha384(key).digest()
    for at in range(len(key)):
        changed = key[:at] + bytes((key[at] ^ 1,)) + key[at + 1 :]
        assert verify_chip(changed, expected, bytes(48), bytes(96)).detail.startswith("the key of the chip is not")


@pytest.mark.parametrize("answer", [b"", b"\x00", bytes(96), bytes(95)])
def test_answers_no_chip_gives(answer: bytes) -> None:
    files = read("adult")
    assert files.chip_key
    assert verify_chip(files.chip_key, bytes(48), bytes(48), answer).finding is Finding.FAILED
    assert verify_chip(files.chip_key, b"", bytes(48), answer).finding is Finding.FAILED


def test_trust_files(tmp_path: Path) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(trust_pem())
    trust = load_trust(roots, specimens=True)
    assert trust.specimen
    assert len(trust.roots) == 2
    with pytest.raises(TrustFileWrong, match="for tests"):
        load_trust(roots, specimens=False)
    roots.write_bytes(trust_pem().replace(TEST_MARK.encode(), b""))
    with pytest.raises(TrustFileWrong, match="no root of Belgium"):
        load_trust(roots, specimens=True)
    roots.write_text("nothing")
    with pytest.raises(TrustFileWrong, match=r"roots\.pem: no PEM file"):
        load_trust(roots, specimens=True)
    with pytest.raises(TrustFileWrong, match="No such file"):
        load_trust(tmp_path / "none.pem", specimens=True)
    assert load_trust(None, specimens=False) == Trust()


def test_revocation_files(tmp_path: Path) -> None:
    (genuine,) = revoked("adult").revocations
    file = tmp_path / "lists"
    file.write_bytes(genuine.public_bytes(Encoding.DER))
    assert len(load_trust(None, file, specimens=True).revocations) == 1
    file.write_bytes(genuine.public_bytes(Encoding.PEM) * 2)
    assert len(load_trust(None, file, specimens=True).revocations) == 2
    file.write_bytes(b"junk")
    with pytest.raises(TrustFileWrong, match="no revocation list"):
        load_trust(None, file, specimens=True)
