"""Files a technician gives: damaged ones are refused when they are loaded, and never break the reading of a card."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.card_contract import CheckName, Finding, PartialDate
from drivers.cards.beid import chain
from drivers.cards.beid.dates import birth_date
from drivers.cards.beid.malformed import Malformed
from drivers.cards.beid.national_number import check
from drivers.cards.beid.trust import Trust, TrustFileWrong, load_trust
from drivers.cards.beid.verify import CardFiles, verify_files
from drivers.simulated.card.files import Place
from drivers.simulated.card.people import people
from drivers.simulated.card.personalise import personalise
from drivers.simulated.card.pki import revocations, trust_pem
from tests.drivers.card_bench import NOW, TODAY, roots_of_the_simulation

CHIP = personalise(people(TODAY)["adult"])
LIST = revocations(CHIP.issuer, CHIP.holder_certificates, TODAY)
FILES = CardFiles(
    identity=CHIP.files[Place.IDENTITY],
    identity_signature=CHIP.files[Place.IDENTITY_SIGNATURE],
    register=CHIP.files[Place.CERT_REGISTER],
    chip_key=CHIP.files[Place.CHIP_KEY],
    authentication=CHIP.files[Place.CERT_AUTHENTICATION],
    issuer=CHIP.files[Place.CERT_ISSUER],
)


def changed(content: bytes, share: float, value: int) -> bytes:
    at = min(int(share * len(content)), len(content) - 1)
    return content[:at] + bytes((value,)) + content[at + 1 :]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@given(share=st.floats(0, 1), value=st.integers(0, 255))
def test_a_damaged_revocation_list_is_refused_or_harmless(tmp_path: Path, share: float, value: int) -> None:
    file = tmp_path / "list.crl"
    file.write_bytes(changed(LIST, share, value))
    try:
        lists = load_trust(None, file, specimens=True).revocations
    except TrustFileWrong:
        return
    trust = replace(roots_of_the_simulation(), revocations=lists)
    finding = verify_files(FILES, trust, NOW).finding(CheckName.REVOCATION)
    intact = file.read_bytes() == LIST
    assert finding is (Finding.FAILED if intact else Finding.NOT_POSSIBLE), "a changed list counts for nothing"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@given(share=st.floats(0, 1), value=st.integers(0, 255))
def test_a_damaged_trust_file_is_refused_or_harmless(tmp_path: Path, share: float, value: int) -> None:
    file = tmp_path / "roots.pem"
    file.write_bytes(changed(trust_pem(), share, value))
    try:
        trust = load_trust(file, specimens=True)
    except TrustFileWrong:
        return
    verify_files(FILES, trust, NOW)


def test_a_list_is_proven_once_and_a_strangers_key_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list has megabytes: 40 ms for 100,000 entries."""
    trust = replace(roots_of_the_simulation(), revocations=(x509.load_der_x509_crl(LIST),))
    asked: list[object] = []
    genuine = chain.issued_by

    def counted(signed: x509.Certificate | x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
        if isinstance(signed, x509.CertificateRevocationList):
            asked.append(signed)
        return genuine(signed, issuer)

    monkeypatch.setattr(chain, "issued_by", counted)
    for _ in range(3):
        assert verify_files(FILES, trust, NOW).finding(CheckName.REVOCATION) is Finding.FAILED
    assert len(asked) == 1
    other = replace(FILES, issuer=personalise(people(TODAY)["foreigner"]).files[Place.CERT_ISSUER])
    assert verify_files(other, trust, NOW).finding(CheckName.REVOCATION) is Finding.NOT_POSSIBLE
    assert len(trust.proven) == 1


def test_the_roots_of_belgium_are_the_only_ones_without_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "roots.pem"
    root = roots_of_the_simulation().roots[0].public_bytes(Encoding.PEM)
    file.write_bytes(root)
    with pytest.raises(TrustFileWrong, match="is no root of Belgium"):
        load_trust(file, specimens=True)
    file.write_bytes(b"#  test roots \n" + root)
    with pytest.raises(TrustFileWrong):
        load_trust(file, specimens=True)
    file.write_bytes(root + b"  # test roots  \n")
    assert load_trust(file, specimens=True).specimen, "the mark is a line of its own, anywhere"


def test_trust_without_files_knows_nobody() -> None:
    assert Trust().revocation_list(roots_of_the_simulation().roots[0].subject) is None


@pytest.mark.parametrize("text", ["30 FEB 1980", "29 FEB 1981", "31 APR 1980", "31 JUIN 1980"])
def test_days_that_no_month_has(text: str) -> None:
    with pytest.raises(Malformed):
        birth_date(text)


def test_the_last_days_of_months() -> None:
    assert birth_date("29 FEB 1980") == PartialDate(1980, 2, 29)
    assert birth_date("31 DEZ 1980") == PartialDate(1980, 12, 31)


@pytest.mark.parametrize(("month", "bis"), [(19, False), (20, True), (33, False), (40, True), (53, False)])
def test_bis_numbers_of_an_unknown_month(month: int, bis: bool) -> None:
    base = int(f"80{month:02d}01123")
    assert check(f"{base:09d}{97 - base % 97:02d}").is_bis is bis
