"""OpenSC, which we did not write, reads our simulated cards through the real pcscd.

What OpenSC 0.23 cannot do is asserted as well, so that we hear of it when a newer one can: `eidenv` always ends with
status 1, prints an empty street, writes F as E in the chip number, and gives up on a card that tells the version of its
file (tag 0); nothing signs with the signature key or with a key on a curve.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.faulty import FaultyCard
from drivers.simulated.card.files import Place
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.people import people
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from tests.drivers.card_rigs import EVERY_GENERATION, TODAY, certificate
from tests.peers.pcscd import Pcscd

WHO = people(TODAY)["adult"]
PIN = ("--pin", WHO.pin)
pytestmark = pytest.mark.xdist_group("pcscd")  # where no namespace may be made there is one place for a daemon


@pytest.fixture(scope="module")
def pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pcscd]:
    with Pcscd(tmp_path_factory.mktemp("pcscd")) as daemon:
        yield daemon


@pytest.fixture
def slot(pcscd: Pcscd) -> Iterator[VpcdCard]:
    with VpcdCard("127.0.0.1", pcscd.port) as slot:
        yield slot
    pcscd.wait_for_card(present=False)


@pytest.fixture
def card(pcscd: Pcscd, slot: VpcdCard, request: pytest.FixtureRequest) -> FaultyCard:
    """The grown-up's card, in the generation the test names."""
    return _insert(pcscd, slot, "adult", getattr(request, "param", None))


every_generation = pytest.mark.parametrize("card", EVERY_GENERATION, indirect=True)


def _insert(pcscd: Pcscd, slot: VpcdCard, name: str, generation: Generation | None = None) -> FaultyCard:
    card = card_named(name, TODAY, generation)
    slot.insert(card)
    pcscd.wait_for_card()
    return card


def _told(result: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """What `eidenv` printed."""
    pairs = (line.partition(": ") for line in result.stdout.splitlines() if line.startswith("BELPIC_"))
    return {name.removeprefix("BELPIC_"): value for name, _, value in pairs}


def _tries(card: FaultyCard) -> int:
    assert isinstance(card.card, BeidCard)
    return card.card.rights.tries


@every_generation
def test_eidenv_reads_identity_and_address(pcscd: Pcscd, card: FaultyCard) -> None:
    result = pcscd.run("eidenv")
    told = _told(result)
    assert told["NAME"] == WHO.surname
    assert told["FIRSTNAMES"] == WHO.given_names
    assert told["NATIONALNUMBER"] == WHO.national_number
    assert told["CARDNUMBER"] == WHO.card_number
    assert told["BIRTHDATE"] == WHO.birth
    assert told["VALIDTILL"] == f"{WHO.expires:%d.%m.%Y}"
    assert (told["ZIPCODE"], told["MUNICIPALITY"]) == (WHO.home.postal_code, WHO.home.municipality)
    assert (result.returncode, told["STREETANDNUMBER"]) == (1, "")
    assert isinstance(card.card, BeidCard)
    assert told["CHIPNUMBER"] == card.card.chip.serial.hex().upper().replace("F", "E")


@every_generation
def test_pkcs15_tool_lists_and_reads_certificates(pcscd: Pcscd, card: FaultyCard) -> None:
    listed = pcscd.run("pkcs15-tool", "--list-certificates")
    assert listed.returncode == 0
    labels = ["Authentication", "Signature", "CA", "Root"]
    assert [line for line in listed.stdout.splitlines() if line.startswith("X.509")] == [
        f"X.509 Certificate [{label}]" for label in labels
    ]
    for number, place in (("02", Place.CERT_AUTHENTICATION), ("06", Place.CERT_ROOT)):
        read = pcscd.run("pkcs15-tool", "--read-certificate", number)
        assert x509.load_pem_x509_certificate(read.stdout.encode()) == certificate(card, place)


@every_generation
def test_pkcs15_tool_verifies_the_pin(pcscd: Pcscd, card: FaultyCard) -> None:
    assert pcscd.run("pkcs15-tool", "--verify-pin", "--pin", "9999").returncode != 0
    assert _tries(card) == 2
    assert pcscd.run("pkcs15-tool", "--verify-pin", *PIN).returncode == 0
    assert _tries(card) == 3


@pytest.mark.parametrize("card", [Generation.V1_1, Generation.V1_7, Generation.V1_7_REKEYED], indirect=True)
def test_opensc_signs_with_rsa_keys(pcscd: Pcscd, card: FaultyCard, tmp_path: Path) -> None:
    digest, out = tmp_path / "digest", tmp_path / "signature"
    digest.write_bytes(b"\x5a" * 32)
    command = ("pkcs15-crypt", "--sign", "--sha-256", "--pkcs1", "--input", str(digest), "--output", str(out), *PIN)
    result = pcscd.run(*command, "--key", "02")
    assert result.returncode == 0, result.stderr
    public = certificate(card, Place.CERT_AUTHENTICATION).public_key()
    assert isinstance(public, RSAPublicKey)
    public.verify(out.read_bytes(), digest.read_bytes(), PKCS1v15(), Prehashed(SHA256()))
    assert "Not supported" in pcscd.run(*command, "--key", "03").stderr


def test_opensc_does_not_sign_on_a_curve(pcscd: Pcscd, card: FaultyCard, tmp_path: Path) -> None:
    digest = tmp_path / "digest"
    digest.write_bytes(b"\x5a" * 48)
    result = pcscd.run("pkcs15-crypt", "--sign", "--key", "02", "--input", str(digest), *PIN)
    assert result.returncode == 1
    assert "Not supported" in result.stderr
    assert _tries(card) == 3


def test_a_child_without_certificates_lists_only_authorities(pcscd: Pcscd, slot: VpcdCard) -> None:
    _insert(pcscd, slot, "small-child")
    listed = pcscd.run("pkcs15-tool", "--list-certificates")
    assert listed.stdout.count("X.509 Certificate") == 2
    assert "[Authentication]" not in listed.stdout


def test_eidenv_gives_up_on_a_file_that_tells_its_version(pcscd: Pcscd, slot: VpcdCard) -> None:
    _insert(pcscd, slot, "foreigner")
    assert "Failed to decode the ID file" in pcscd.run("eidenv").stderr


def test_a_changed_card_reads_as_another_one(pcscd: Pcscd, slot: VpcdCard) -> None:
    """The control: what is read comes from the card that is in."""
    _insert(pcscd, slot, "adult")
    assert _told(pcscd.run("eidenv"))["NAME"] == WHO.surname
    slot.pull()
    pcscd.wait_for_card(present=False)
    _insert(pcscd, slot, "adult-de")
    assert _told(pcscd.run("eidenv"))["NAME"] == "Müller-Beispiel"
