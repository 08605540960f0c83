"""Every fault of the simulated card does what its sentence says, and nothing once it is cleared."""

from __future__ import annotations

import hashlib
import os

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.faults import CARD_FAULTS, CardFault
from drivers.simulated.card.faulty import MID_READ, FaultyCard
from drivers.simulated.card.files import Place
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.interface import CardGone
from drivers.simulated.card.registry import CARDS, card_named
from drivers.simulated.console import UnknownFault
from tests.drivers.card_rigs import (
    APPLET,
    EVERY_GENERATION,
    TODAY,
    VERIFY,
    VERIFY_WRONG,
    certificate,
    choose,
    fetched,
    issued_by,
    read_file,
    sign,
    tell,
    verify,
)

DIGEST = b"\x5a" * 48


@pytest.fixture
def card() -> FaultyCard:
    return card_named("adult", TODAY)


def _signed_by_register(card: FaultyCard, generation: Generation = Generation.V1_8) -> bool:
    """Whether identity and address are as the register signed them."""
    register = certificate(card, Place.CERT_REGISTER)
    hashed: HashAlgorithm = {Generation.V1_1: SHA1(), Generation.V1_7: SHA256()}.get(generation, SHA384())  # noqa: S303
    signature, address_signature = read_file(card, Place.IDENTITY_SIGNATURE), read_file(card, Place.ADDRESS_SIGNATURE)
    cut = slice(signature[1] + 2) if isinstance(hashed, SHA384) else slice(None)
    cut_address = slice(address_signature[1] + 2) if isinstance(hashed, SHA384) else slice(None)
    address = read_file(card, Place.ADDRESS).rstrip(b"\x00") + signature
    try:
        verify(register, signature[cut], read_file(card, Place.IDENTITY), hashed)
        verify(register, address_signature[cut_address], address, hashed)
        issued_by(register, certificate(card, Place.CERT_ROOT))
    except InvalidSignature:
        return False
    return True


def _photo_fits(card: FaultyCard) -> bool:
    photo = read_file(card, Place.PHOTO)
    return any(hashlib.new(name, photo).digest() in read_file(card, Place.IDENTITY) for name in ("sha384", "sha256"))


def _chip_proves_itself(card: FaultyCard) -> bool:
    challenge = os.urandom(48)
    answer, _ = fetched(card, "0088028132 9430" + challenge.hex())
    key = load_der_public_key(read_file(card, Place.CHIP_KEY))
    assert isinstance(key, EllipticCurvePublicKey)
    signature = encode_dss_signature(int.from_bytes(answer[:48], "big"), int.from_bytes(answer[48:], "big"))
    try:
        key.verify(signature, challenge, ECDSA(Prehashed(SHA384())))
    except InvalidSignature:
        return False
    return True


def _holder_proves_it(card: FaultyCard) -> bool:
    for command in (choose(0x02, 0x82), VERIFY):
        assert tell(card, command) == "9000"
    answer, _ = fetched(card, sign(DIGEST))
    key = certificate(card, Place.CERT_AUTHENTICATION).public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    signature = encode_dss_signature(int.from_bytes(answer[:48], "big"), int.from_bytes(answer[48:], "big"))
    try:
        key.verify(signature, DIGEST, ECDSA(Prehashed(SHA384())))
    except InvalidSignature:
        return False
    return True


def _proofs(card: FaultyCard) -> tuple[bool, bool, bool, bool]:
    return _signed_by_register(card), _photo_fits(card), _chip_proves_itself(card), _holder_proves_it(card)


GENUINE = (True, True, True, True)


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (CardFault.IDENTITY_CHANGED, (False, True, True, True)),
        (CardFault.ADDRESS_CHANGED, (False, True, True, True)),
        (CardFault.SIGNATURE_CHANGED, (False, True, True, True)),
        (CardFault.CERTIFICATE_CHANGED, (False, True, True, True)),
        (CardFault.FOREIGN_ADDRESS, (False, True, True, True)),
        (CardFault.PHOTO_CHANGED, (True, False, True, True)),
        (CardFault.WRONG_PHOTO, (True, False, True, True)),
        (CardFault.FOREIGN_KEY, (True, True, True, False)),
        (CardFault.COPIED_CHIP, (True, True, False, False)),
    ],
)
def test_a_forged_card_fails_just_the_proof_it_must(
    card: FaultyCard, fault: CardFault, found: tuple[bool, bool, bool, bool]
) -> None:
    assert _proofs(card) == GENUINE
    card.set_fault(fault.value)
    assert _proofs(card) == found
    card.clear()
    assert _proofs(card) == GENUINE


@pytest.mark.parametrize("generation", EVERY_GENERATION)
@pytest.mark.parametrize(
    "fault", [CardFault.IDENTITY_CHANGED, CardFault.CERTIFICATE_CHANGED, CardFault.FOREIGN_ADDRESS]
)
def test_forgeries_of_every_generation(generation: Generation, fault: CardFault) -> None:
    card = card_named("adult", TODAY, generation)
    assert _signed_by_register(card, generation)
    card.set_fault(fault.value)
    assert not _signed_by_register(card, generation)


def test_the_foreign_address_is_foreign_to_its_owner_too() -> None:
    card = card_named("other-municipality", TODAY)
    genuine = read_file(card, Place.ADDRESS)
    card.set_fault("foreign-address")
    assert read_file(card, Place.ADDRESS) != genuine


def test_pulled_in_the_middle_and_again_when_put_back(card: FaultyCard) -> None:
    card.set_fault("pulled-mid-read", after=2)
    for _ in range(2):
        assert [tell(card, APPLET) for _ in range(2)] == ["9000"] * 2
        with pytest.raises(CardGone):
            tell(card, APPLET)
        card.reset()


def test_pulled_at_the_pin(card: FaultyCard) -> None:
    card.set_fault("pulled-at-pin")
    assert tell(card, "0020000100") == "63C3"
    with pytest.raises(CardGone):
        tell(card, VERIFY)


def test_mute(card: FaultyCard) -> None:
    card.set_fault("mute")
    assert (card.atr, tell(card, APPLET)) == (b"", "")
    card.clear()
    assert card.atr
    assert tell(card, APPLET) == "9000"


def test_mute_in_the_middle_until_it_is_powered_anew(card: FaultyCard) -> None:
    card.set_fault("mute-mid-read")
    assert [tell(card, APPLET) for _ in range(MID_READ + 2)] == ["9000"] * MID_READ + ["", ""]
    assert card.atr
    card.reset()
    assert tell(card, APPLET) == "9000"


def test_slow() -> None:
    waited: list[float] = []
    card = FaultyCard(card_named("adult", TODAY).card, TODAY, waited.append)
    tell(card, APPLET)
    assert waited == []
    card.set_fault("slow")
    assert tell(card, APPLET) == "9000"
    assert waited == [0.33]


def test_garbage_is_always_the_same_garbage() -> None:
    cards = [card_named("adult", TODAY) for _ in range(2)]
    for card in cards:
        card.set_fault("garbage")
    said = [[tell(card, APPLET) for _ in range(20)] for card in cards]
    assert said[0] == said[1]
    assert len(set(said[0])) == 20


def test_a_length_is_named_before_every_block(card: FaultyCard) -> None:
    card.set_fault("extra-6c")
    tell(card, "00A4080C063F00DF014035")
    assert tell(card, "00B0000000") == "6C00"
    assert tell(card, "00B0000000").endswith("9000")
    assert tell(card, "00B0010010") == "6C10"
    assert tell(card, "00B0010010").endswith("9000")
    tell(card, "00A4080C063F00DF014033")
    assert tell(card, "00B0000000") == "6C75"
    assert tell(card, "00B0000075").endswith("9000")


def test_answers_in_pieces(card: FaultyCard) -> None:
    genuine = read_file(card, Place.IDENTITY)
    card.set_fault("extra-61")
    tell(card, "00A4080C063F00DF014031")
    data, status = fetched(card, f"00B00000{len(genuine):02X}")
    assert (data, status) == (genuine, 0x9000)
    assert tell(card, "00B0000040") == "6140"
    assert tell(card, "80E60000") == "9000"
    assert tell(card, "00C0000040") == "6985"


def test_always_more_to_fetch(card: FaultyCard) -> None:
    card.set_fault("endless-61")
    assert tell(card, APPLET) == "9000"
    assert tell(card, "80E400001C") == "6100"
    assert all(tell(card, "00C0000000").endswith("6100") for _ in range(100))


def test_files_without_an_end(card: FaultyCard) -> None:
    card.set_fault("endless-file")
    assert tell(card, "00B0000000") == "6986"
    tell(card, "00A4080C063F00DF014031")
    assert all(len(tell(card, f"00B0{page:02X}0000")) == 516 for page in range(0x7F))


def test_a_blocked_pin_has_its_tries_again_when_cleared(card: FaultyCard) -> None:
    tell(card, VERIFY_WRONG)
    card.set_fault("pin-blocked")
    assert tell(card, VERIFY) == "6983"
    card.clear()
    assert tell(card, "0020000100") == "63C2"


def test_one_fault_takes_the_place_of_another(card: FaultyCard) -> None:
    card.set_fault("wrong-photo")
    card.set_fault("pin-blocked")
    card.set_fault("pulled-at-pin")
    assert _photo_fits(card)
    assert isinstance(card.card, BeidCard)
    assert card.card.rights.tries == 3


def test_a_fault_nobody_knows_changes_nothing(card: FaultyCard) -> None:
    card.set_fault("wrong-photo")
    with pytest.raises(UnknownFault, match="there are pulled-mid-read, "):
        card.set_fault("fire")
    assert card.fault is CardFault.WRONG_PHOTO


def test_every_fault_has_a_sentence_and_can_be_set_on_every_card() -> None:
    assert set(CARD_FAULTS) == {fault.value for fault in CardFault}
    assert all(sentence.endswith(".") for sentence in CARD_FAULTS.values())
    for name in CARDS:
        card = card_named(name, TODAY)
        for fault in CARD_FAULTS:
            card.set_fault(fault)
