"""The simulated identity card answers as belgian-eid.md §3 and §6 say."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import (
    MD5,
    SHA1,
    SHA3_256,
    SHA3_384,
    SHA3_512,
    SHA224,
    SHA256,
    SHA384,
    SHA512,
    HashAlgorithm,
)
from cryptography.hazmat.primitives.serialization import load_der_public_key

from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.files import Place
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.interface import Card
from drivers.simulated.card.rights import is_pin_block, pin_block
from tests.drivers.card_rigs import (
    APPLET,
    EVERY_GENERATION,
    SELECT_BELPIC,
    VERIFY,
    VERIFY_WRONG,
    beid,
    certificate,
    choose,
    fetched,
    read_file,
    sign,
    tell,
)

OLD_HASHES: tuple[HashAlgorithm, ...] = (SHA1(), MD5())  # noqa: S303 - what the card still signs
HASH = b"\x5a" * 48


@pytest.mark.parametrize("generation", EVERY_GENERATION)
def test_applet_and_card_data(generation: Generation) -> None:
    card = beid(generation=generation)
    assert tell(card, APPLET) == "9000"
    assert tell(card, "80E4000000") == "6C1C"
    data = card.transmit(bytes.fromhex("80E400001C"))
    assert len(data) == 30
    assert data[21] == card.chip.traits.applet
    assert data[27] == 0x0F
    assert data[:16] == card.chip.serial


def test_card_data_with_tries_only_on_the_present_generation() -> None:
    new, old = beid(), beid(generation=Generation.V1_7)
    assert tell(new, VERIFY_WRONG) == "63C2"
    assert tell(new, "80E400011F").endswith("0200009000")
    assert tell(new, "80E4000100") == "6C1F"
    assert tell(old, "80E400011F") == "6A86"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("00A4080C063F00DF014031", "9000"),
        ("00A4080C04DF014031", "9000"),
        ("00A4080C063F00DF014099", "6A82"),
        ("00A4020C023F00", "9000"),
        ("00A4020C02DF01", "9000"),
        ("00A4020C024031", "6A82"),
        ("00A4020C03403100", "6700"),
        ("00A4040C0CA000000177504B43532D3135", "9000"),
        ("00A4040C0CA000000177496446696C6573", "6A82"),
        ("00A4040C0B3150415920444446303100", "6A82"),
        ("00A4090C02DF01", "6A86"),
        ("00A4080406 3F00DF014031", "6A86"),
        ("00", "6700"),
        ("00A4080C06 3F00", "6700"),
        ("00A4080C00 00063F00DF014031", "6700"),
        ("00FF0000", "6D00"),
        ("A0A4000002 3F00", "6E00"),
        ("80A4080C063F00DF014031", "6E00"),
        ("01A4080C063F00DF014031", "6881"),
        ("00C0000010", "6985"),
        ("00B0000010", "6986"),
        ("00200002", "6A86"),
        ("0020000104 24123400", "6700"),
    ],
)
def test_status_words(command: str, status: str) -> None:
    assert tell(beid(), command) == status


def test_the_identity_application_was_there_on_the_first_cards() -> None:
    card = beid("old-card")
    assert tell(card, "00A4040C0CA000000177496446696C6573") == "9000"
    assert tell(card, "00A4020C024031") == "9000"


def test_walking_to_a_file_and_to_the_directory_beside() -> None:
    card = beid()
    for step in ("3F00", "DF01", "4031", "DF00", "5038"):
        assert tell(card, f"00A4020C02{step}") == "9000"


@pytest.mark.parametrize("generation", EVERY_GENERATION)
@pytest.mark.parametrize("block", [248, 252, 255, 256])
def test_every_file_reads_whole_with_any_block(generation: Generation, block: int) -> None:
    card = beid(generation=generation)
    for place, content in card.chip.files.items():
        assert read_file(card, place, block) == content


def test_the_end_of_a_file() -> None:
    card = beid()
    size = len(card.chip.files[Place.ADDRESS])
    tell(card, "00A4080C063F00DF014033")
    assert tell(card, "00B0000000") == f"6C{size:02X}"
    assert tell(card, f"00B00000{size:02X}").endswith("9000")
    assert tell(card, f"00B000{size - 1:02X}02") == "6C01"
    assert tell(card, f"00B000{size:02X}01") == "6B00"
    assert tell(card, "00B0800001") == "6B00"


def test_single_fields() -> None:
    card = beid()
    assert tell(card, "80B2070700") == "6986"
    tell(card, "00A4080C063F00DF005031")
    assert tell(card, "80B2070700") == "6981"
    tell(card, "00A4080C063F00DF014031")
    surname = b"\x07\x0dVan Voorbeeld"
    assert card.transmit(bytes.fromhex("80B2070700")) == surname + b"\x90\x00"
    assert card.transmit(bytes.fromhex("80B2070800")) == surname + b"\x08\x0bLotte Marie\x90\x00"
    assert tell(card, "80B2070701") == "6C0F"
    assert tell(card, "80B2630063") == "6A83"
    assert tell(beid(generation=Generation.V1_7), "80B2070700") == "6D00"


def test_fields_longer_than_one_answer_are_fetched() -> None:
    card = beid("long-names")
    tell(card, "00A4080C063F00DF014031")
    data, status = fetched(card, "80B2050B00")
    assert status == 0x9000
    assert len(data) > 256
    assert data in card.chip.files[Place.IDENTITY]


def test_fields_before_padding_only() -> None:
    card = beid("no-address")
    tell(card, "00A4080C063F00DF014033")
    assert tell(card, "80B2010300") == "0100020003009000"
    assert tell(card, "80B2000000") == "6A83"


@pytest.mark.parametrize("generation", [Generation.V1_7, Generation.V1_8])
@pytest.mark.parametrize("empty", ["00200001", "0020000100"])
def test_an_empty_verify_tells_the_state_for_free(generation: Generation, empty: str) -> None:
    card = beid(generation=generation)
    assert [tell(card, empty) for _ in range(5)] == ["63C3"] * 5
    assert tell(card, VERIFY_WRONG) == "63C2"
    assert tell(card, empty) == "63C2"
    assert tell(card, VERIFY) == "9000"
    assert tell(card, empty) == "9000"
    assert tell(card, "80E60000") == "9000"
    assert tell(card, empty) == "63C3"


def test_an_empty_verify_burns_a_try_on_the_first_generation() -> None:
    card = beid("old-card")
    assert [tell(card, "0020000100") for _ in range(4)] == ["63C2", "63C1", "63C0", "6983"]
    assert tell(card, VERIFY) == "6983"


def test_three_wrong_pins_block_and_a_reset_does_not_help() -> None:
    card = beid()
    assert [tell(card, VERIFY_WRONG) for _ in range(4)] == ["63C2", "63C1", "63C0", "6983"]
    card.reset()
    assert tell(card, VERIFY) == "6983"


def test_a_right_pin_gives_all_tries_back() -> None:
    card = beid()
    assert tell(card, VERIFY_WRONG) == "63C2"
    assert tell(card, VERIFY) == "9000"
    assert tell(card, VERIFY_WRONG) == "63C2"


def test_a_card_that_was_blocked_before() -> None:
    assert tell(beid("pin-blocked"), VERIFY) == "6983"


def test_another_pin() -> None:
    card = beid()
    old, new, bad = "241234FFFFFFFFFF", "26123456FFFFFFFF", "2312FFFFFFFFFFFF"
    assert tell(card, f"0024000110 {old}{bad}") == "6A80"
    assert tell(card, f"0024000110 {new}{old}") == "63C2"
    assert tell(card, f"0024000110 {old}{new}") == "9000"
    assert tell(card, VERIFY) == "63C2"
    assert tell(card, f"0020000108 {new}") == "9000"
    assert tell(card, f"0024000108 {new}") == "6700"
    assert tell(card, f"0024000210 {old}{new}") == "6A86"


def test_pin_blocks() -> None:
    assert pin_block("12345").hex().upper() == "2512345FFFFFFFFF"
    assert is_pin_block(pin_block("123456789012"))
    bad = ("241234FFFFFFFF", "14 1234FFFFFFFFFF", "24123AFFFFFFFFFF", "241234FFFFFFFFFE", "2D12345678901234")
    assert not any(is_pin_block(bytes.fromhex(block)) for block in bad)


def _signed(card: Card, algorithm: int, data: bytes, key: int = 0x82) -> bytes:
    assert tell(card, SELECT_BELPIC) == "9000"
    assert tell(card, choose(algorithm, key)) == "9000"
    assert tell(card, VERIFY) == "9000"
    signature, status = fetched(card, sign(data))
    assert status == 0x9000
    return signature


@pytest.mark.parametrize(
    ("algorithm", "hashed"),
    [
        (0x01, SHA256()),
        (0x02, SHA384()),
        (0x04, SHA512()),
        (0x08, SHA3_256()),
        (0x10, SHA3_384()),
        (0x20, SHA3_512()),
        *((0x40, hashed) for hashed in (OLD_HASHES[0], SHA224(), SHA256(), SHA384(), SHA512())),
    ],
)
def test_elliptic_signatures(algorithm: int, hashed: HashAlgorithm) -> None:
    card = beid()
    digest = os.urandom(hashed.digest_size)
    signature = _signed(card, algorithm, digest)
    assert len(signature) == 96
    key = certificate(card, Place.CERT_AUTHENTICATION).public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    r, s = int.from_bytes(signature[:48], "big"), int.from_bytes(signature[48:], "big")
    key.verify(encode_dss_signature(r, s), digest, ECDSA(Prehashed(hashed)))


@pytest.mark.parametrize("generation", [Generation.V1_1, Generation.V1_7, Generation.V1_7_REKEYED])
@pytest.mark.parametrize(("algorithm", "hashed"), [(0x02, OLD_HASHES[0]), (0x04, OLD_HASHES[1]), (0x08, SHA256())])
def test_rsa_signatures(generation: Generation, algorithm: int, hashed: HashAlgorithm) -> None:
    card = beid(generation=generation)
    if generation is Generation.V1_1 and algorithm == 0x08:
        assert tell(card, choose(algorithm, 0x82)) == "9484"
        return
    digest = os.urandom(hashed.digest_size)
    signature = _signed(card, algorithm, digest)
    key = certificate(card, Place.CERT_AUTHENTICATION).public_key()
    assert isinstance(key, RSAPublicKey)
    assert len(signature) == key.key_size // 8
    key.verify(signature, digest, PKCS1v15(), Prehashed(hashed))


def test_rsa_with_a_digest_info_of_the_caller() -> None:
    card = beid(generation=Generation.V1_7)
    digest = os.urandom(32)
    signature = _signed(card, 0x01, bytes.fromhex("3031300D060960864801650304020105000420") + digest)
    key = certificate(card, Place.CERT_AUTHENTICATION).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
    assert tell(card, sign(b"\x01" * 246)) == "6700"


@pytest.mark.parametrize(("algorithm", "hashed"), [(0x10, OLD_HASHES[0]), (0x20, SHA256())])
def test_rsa_pss(algorithm: int, hashed: HashAlgorithm) -> None:
    card = beid(generation=Generation.V1_7)
    digest = os.urandom(hashed.digest_size)
    key = certificate(card, Place.CERT_AUTHENTICATION).public_key()
    assert isinstance(key, RSAPublicKey)
    padding = PSS(MGF1(hashed), hashed.digest_size)
    key.verify(_signed(card, algorithm, digest), digest, padding, Prehashed(hashed))


def test_choosing_keys() -> None:
    card = beid("kids-id")
    assert tell(card, choose(0x02, 0x82)) == "9000"
    assert tell(card, choose(0x02, 0x83)) == "6A88"
    assert tell(card, choose(0x02, 0x81)) == "6A88"
    assert tell(card, choose(0x03, 0x82)) == "6A80"
    assert tell(card, "002241B605 0481028482") == "6A80"
    assert tell(card, "002241B805 0480028482") == "6A86"
    assert tell(beid("small-child"), choose(0x02, 0x82)) == "6A88"


def test_signing_needs_a_key_a_pin_and_the_right_length() -> None:
    card = beid()
    assert tell(card, sign(HASH)) == "6985"
    tell(card, choose(0x02, 0x82))
    assert tell(card, sign(HASH)) == "6982"
    tell(card, VERIFY)
    assert tell(card, sign(HASH[:-1])) == "6700"
    assert tell(card, "002A9E9B30" + HASH.hex()) == "6A86"
    assert tell(card, sign(HASH)) == "6160"


def test_one_pin_serves_the_authentication_key_until_it_is_dropped() -> None:
    card = beid()
    tell(card, choose(0x02, 0x82))
    tell(card, VERIFY)
    assert [tell(card, sign(HASH)) for _ in range(3)] == ["6160"] * 3
    assert tell(card, VERIFY_WRONG) == "63C2"
    assert tell(card, sign(HASH)) == "6982"
    tell(card, VERIFY)
    assert tell(card, "80E6000000") == "9000"
    assert tell(card, sign(HASH)) == "6982"
    tell(card, VERIFY)
    card.reset()
    assert tell(card, sign(HASH)) == "6985"


@pytest.mark.parametrize(
    ("generation", "between", "status"),
    [
        (Generation.V1_1, 0, "6180"),
        (Generation.V1_1, 1, "6982"),
        (Generation.V1_7, 0, "6100"),
        (Generation.V1_7, 1, "6982"),
        (Generation.V1_8, 0, "6160"),
        (Generation.V1_8, 1, "6160"),
        (Generation.V1_8, 2, "6982"),
    ],
)
def test_the_window_of_the_signature_key(generation: Generation, between: int, status: str) -> None:
    card = beid(generation=generation)
    data = HASH if generation is Generation.V1_8 else HASH[:20]
    tell(card, choose(0x02, 0x83))
    tell(card, VERIFY)
    for _ in range(between):
        tell(card, SELECT_BELPIC)
    assert tell(card, sign(data)) == status
    assert tell(card, sign(data)) == "6982"


def test_a_pin_for_a_signature_opens_nothing_else() -> None:
    card = beid()
    tell(card, choose(0x02, 0x83))
    tell(card, VERIFY)
    tell(card, choose(0x02, 0x82))
    assert tell(card, sign(HASH)) == "6982"


def test_the_chip_proves_itself() -> None:
    card = beid()
    challenge = os.urandom(48)
    answer, status = fetched(card, "0088028132 9430" + challenge.hex())
    assert status == 0x9000
    key = load_der_public_key(card.chip.files[Place.CHIP_KEY])
    assert isinstance(key, EllipticCurvePublicKey)
    r, s = int.from_bytes(answer[:48], "big"), int.from_bytes(answer[48:], "big")
    key.verify(encode_dss_signature(r, s), challenge, ECDSA(Prehashed(SHA384())))
    assert tell(card, "0088028131 9430" + challenge[1:].hex()) == "6A80"
    assert tell(card, "0088028232 9430" + challenge.hex()) == "6A86"
    assert tell(beid(generation=Generation.V1_7), "0088028132 9430" + challenge.hex()) == "6D00"


def test_answers_held_ready_can_be_fetched_in_pieces_and_are_lost_by_any_other_command() -> None:
    card = beid()
    tell(card, choose(0x02, 0x82))
    tell(card, VERIFY)
    assert tell(card, sign(HASH)) == "6160"
    assert tell(card, "00C0000061") == "6C60"
    assert tell(card, "00C0000140") == "6A86"
    first = tell(card, "00C0000040")
    assert first.endswith("6120")
    assert tell(card, "00C0000020").endswith("9000")
    assert tell(card, sign(HASH)) == "6160"
    tell(card, SELECT_BELPIC)
    assert tell(card, "00C0000060") == "6985"


def test_a_reset_forgets_the_selection() -> None:
    card = beid()
    tell(card, "00A4080C063F00DF014031")
    assert tell(card, "00B0000001").endswith("9000")
    card.reset()
    assert tell(card, "00B0000001") == "6986"


def test_a_card_is_as_it_was_made_whatever_was_done_to_another_of_the_same_name() -> None:
    first = beid()
    tell(first, VERIFY_WRONG)
    second = beid()
    assert isinstance(second, BeidCard)
    assert tell(second, "0020000100") == "63C3"
    assert second.chip.serial == first.chip.serial
