"""Who is on the simulated cards: right by every rule, and nobody."""

from __future__ import annotations

import hashlib
from datetime import date
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, HashAlgorithm
from cryptography.x509.oid import NameOID
from PIL import Image

from drivers.simulated.card.chip import without_padding
from drivers.simulated.card.files import Place, tlv
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.people import people
from drivers.simulated.card.personalise import personalise
from drivers.simulated.card.persons import MONTHS, birth_text, months_from
from drivers.simulated.card.pki import revocations, trust_pem, world
from drivers.simulated.card.registry import CARDS, UnknownCard, card_named
from tests.drivers.card_rigs import EVERY_GENERATION, TODAY, beid, certificate, issued_by, read_file, verify

EVERYBODY = tuple(people(TODAY))
REGISTER_HASH: dict[Generation, HashAlgorithm] = {
    Generation.V1_1: SHA1(),  # noqa: S303 - as first-generation cards are signed
    Generation.V1_7: SHA256(),
    Generation.V1_7_REKEYED: SHA384(),
    Generation.V1_8: SHA384(),
}


def _fields(content: bytes) -> dict[int, bytes]:
    fields: dict[int, bytes] = {}
    at = 0
    while at < len(content):
        tag, length = content[at], content[at + 1]
        fields[tag] = content[at + 2 : at + 2 + length]
        at += 2 + length
    return fields


@pytest.mark.parametrize("today", [date(2024, 2, 29), TODAY, date(2061, 1, 31)])
def test_numbers_are_right_and_belong_to_nobody(today: date) -> None:
    everybody = people(today).values()
    for who in everybody:
        nine, check = who.national_number[:9], int(who.national_number[9:])
        assert check in {97 - int(nine) % 97, 97 - int("2" + nine) % 97}
        assert who.national_number[2:4] == "71"
        assert who.sex == "M" or int(nine) % 2 == 0
    assert len({who.national_number for who in everybody}) == len(everybody)
    assert len({who.card_number for who in everybody}) == len(everybody)


@pytest.mark.parametrize("today", [date(2024, 2, 29), TODAY, date(2061, 1, 31)])
def test_days_are_counted_from_today(today: date) -> None:
    everybody = people(today)
    for name, who in everybody.items():
        assert who.issued < today
        assert (who.expires < today) == (name == "expired")
    soon = everybody["expires-soon"].expires
    assert (soon.year * 12 + soon.month) - (today.year * 12 + today.month) == 5
    assert int(everybody["kids-id"].birth[-4:]) >= today.year - 10


def test_months_do_not_end_at_the_year() -> None:
    assert months_from(date(2026, 1, 31), -2) == date(2025, 11, 28)
    assert months_from(date(2026, 12, 1), 1) == date(2027, 1, 1)


def test_dates_of_birth_as_cards_write_them() -> None:
    born = date(1996, 8, 12)
    assert birth_text(born, "nl") == "12 AUG 1996"
    assert birth_text(born, "fr") == "12 AOUT 1996"
    assert birth_text(born, "de") == "12.AUG. 1996"
    assert birth_text(date(1975, 4, 26), "fr") == "26 AVR  1975"
    assert all(len(months) == 12 for months in MONTHS.values())


@pytest.mark.parametrize("name", EVERYBODY)
def test_identity_and_address_say_what_was_written(name: str) -> None:
    who, card = people(TODAY)[name], beid(name)
    identity = _fields(read_file(card, Place.IDENTITY))
    assert identity[1].decode() == who.card_number
    assert identity[2] == card.chip.serial
    assert identity[6].decode() == who.national_number
    assert identity[7].decode() == who.surname
    assert identity[12].decode() == who.birth
    assert identity[17] == hashlib.new(card.chip.traits.photo_hash, read_file(card, Place.PHOTO)).digest()
    address = read_file(card, Place.ADDRESS)
    assert len(address) == 117
    assert _fields(address[: 6 + sum(len(p.encode()) for p in vars(who.home).values())]) == {
        1: who.home.street.encode(),
        2: who.home.postal_code.encode(),
        3: who.home.municipality.encode(),
    }


def test_texts_stay_within_what_a_card_holds() -> None:
    most = {5: 47, 7: 90, 8: 75, 9: 3, 10: 65, 11: 60, 12: 12, 13: 1, 15: 2, 21: 13, 23: 13, 25: 18}
    for name in EVERYBODY:
        fields = _fields(read_file(beid(name), Place.IDENTITY))
        assert all(len(fields.get(tag, b"")) <= length for tag, length in most.items())
    assert len(_fields(read_file(beid("long-names"), Place.IDENTITY))[7]) == 90


def test_the_residence_card_has_every_mention() -> None:
    fields = _fields(read_file(beid("foreigner"), Place.IDENTITY))
    assert set(range(1, 32)) | {0} == set(fields)
    assert fields[20] == b""


def test_one_field_has_one_length_byte() -> None:
    with pytest.raises(ValueError, match="at most 254"):
        tlv(1, bytes(255))


@pytest.mark.parametrize("generation", EVERY_GENERATION)
def test_the_register_signed_identity_and_address(generation: Generation) -> None:
    card = beid(generation=generation)
    register = certificate(card, Place.CERT_REGISTER)
    identity, signature = read_file(card, Place.IDENTITY), read_file(card, Place.IDENTITY_SIGNATURE)
    address, address_signature = read_file(card, Place.ADDRESS), read_file(card, Place.ADDRESS_SIGNATURE)
    hashed = REGISTER_HASH[generation]

    def cut(data: bytes) -> bytes:
        return data[: data[1] + 2] if card.chip.traits.curve_root else data

    verify(register, cut(signature), identity, hashed)
    verify(register, cut(address_signature), address.rstrip(b"\x00") + signature, hashed)
    with pytest.raises(InvalidSignature):
        verify(register, cut(signature), identity[:-1], hashed)


@pytest.mark.parametrize("generation", EVERY_GENERATION)
def test_certificates_lead_to_a_root_that_can_be_had(generation: Generation) -> None:
    card = beid(generation=generation)
    root, issuer = certificate(card, Place.CERT_ROOT), certificate(card, Place.CERT_ISSUER)
    register = certificate(card, Place.CERT_REGISTER)
    holder = [certificate(card, place) for place in (Place.CERT_AUTHENTICATION, Place.CERT_SIGNATURE)]
    assert root in x509.load_pem_x509_certificates(trust_pem())
    for child, parent in ((root, root), (issuer, root), (register, root), *((one, issuer) for one in holder)):
        issued_by(child, parent)
    first = generation is Generation.V1_1
    assert isinstance(register.signature_hash_algorithm, SHA1) is first
    assert isinstance(holder[0].signature_hash_algorithm, SHA1) is first
    assert register.subject.rfc4514_string() == "O=RRN,CN=RRN,C=BE"
    usages = [one.extensions.get_extension_for_class(x509.KeyUsage).value for one in (*holder, register)]
    assert [usage.digital_signature for usage in usages] == [True, False, True]
    assert [usage.content_commitment for usage in usages] == [False, True, False]
    numbers = [one.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value for one in holder]
    assert numbers == [people(TODAY)["adult"].national_number] * 2


def test_foreigners_have_an_issuer_of_their_own() -> None:
    names = [certificate(beid(name), Place.CERT_ISSUER).subject.rfc4514_string() for name in ("adult", "foreigner")]
    assert "CN=Citizen CA" in names[0]
    assert "CN=Foreigner CA" in names[1]


@pytest.mark.parametrize(("name", "count"), [("adult", 2), ("kids-id", 1), ("small-child", 0)])
def test_certificates_that_are_not_there_are_zeros(name: str, count: int) -> None:
    card = beid(name)
    files = [read_file(card, place) for place in (Place.CERT_AUTHENTICATION, Place.CERT_SIGNATURE)]
    assert [any(file) for file in files] == [True] * count + [False] * (2 - count)
    assert all(len(file) == 2500 for file in files[count:])
    assert len(card.chip.holder_certificates) == count


@pytest.mark.parametrize("generation", [Generation.V1_7, Generation.V1_8])
def test_a_revoked_card_stands_on_the_list_of_its_issuer(generation: Generation) -> None:
    revoked, other = beid("adult", generation).chip, beid("expires-soon", generation).chip
    listed = x509.load_der_x509_crl(revocations(revoked.issuer, revoked.holder_certificates, TODAY))
    issuer = x509.load_der_x509_certificate(without_padding(revoked.files[Place.CERT_ISSUER]))
    public = issuer.public_key()
    assert listed.is_signature_valid(public)  # type: ignore[arg-type]
    serials = [
        [x509.load_der_x509_certificate(one).serial_number for one in chip.holder_certificates]
        for chip in (revoked, other)
    ]
    assert all(listed.get_revoked_certificate_by_serial_number(serial) for serial in serials[0])
    assert not any(listed.get_revoked_certificate_by_serial_number(serial) for serial in serials[1])


@pytest.mark.parametrize(("generation", "size"), [(Generation.V1_7, (140, 200)), (Generation.V1_8, (150, 195))])
def test_photos_are_small_grey_baseline_pictures(generation: Generation, size: tuple[int, int]) -> None:
    photos = {personalise(who).files[Place.PHOTO] for who in people(TODAY).values() if who.generation is generation}
    for photo in photos:
        with Image.open(BytesIO(photo)) as picture:
            assert (picture.size, picture.mode, picture.format) == (size, "L", "JPEG")
            assert not picture.info.get("progressive")
        assert 2000 <= len(photo) <= 4096
    assert len(photos) == sum(who.generation is generation for who in people(TODAY).values())


def test_authorities_are_the_same_throughout() -> None:
    assert trust_pem() == trust_pem()
    assert world(Generation.V1_1).root == world(Generation.V1_7).root
    assert world(Generation.V1_7_REKEYED) == world(Generation.V1_8)


def test_every_name_has_a_card_and_a_sentence() -> None:
    for name, sentence in CARDS.items():
        assert sentence.endswith(".")
        assert card_named(name, TODAY).fault is None
    with pytest.raises(UnknownCard, match="no card 'nobody'; there are adult, "):
        card_named("nobody", TODAY)
