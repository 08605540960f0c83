"""Makes a chip for a person: keys, certificates, files, and the register's signatures over them.

Not for: who there is (`people`).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from drivers.simulated.card import pkcs15
from drivers.simulated.card.certificates import Authority, Wanted, country_and, issue
from drivers.simulated.card.chip import AUTHENTICATION_KEY, BASIC_KEY, SIGNATURE_KEY, Chip
from drivers.simulated.card.files import Place, address_file, identity_file
from drivers.simulated.card.generation import TRAITS, Generation
from drivers.simulated.card.keys import PrivateKey, curve_key, rsa_key
from drivers.simulated.card.persons import Specimen
from drivers.simulated.card.photo import portrait
from drivers.simulated.card.pki import World, world

SIGNATURE_FILE = 112
"""Elliptic signatures are of 102 to 104 bytes and stand in a file with zeros at the end."""

_MAKERS = bytes.fromhex("534C494E")
_HOLDER = (
    (AUTHENTICATION_KEY, "Authentication", "digital_signature", Place.CERT_AUTHENTICATION),
    (SIGNATURE_KEY, "Signature", "content_commitment", Place.CERT_SIGNATURE),
)


def personalise(who: Specimen) -> Chip:
    """The chip of that person's card, in the generation the specimen names."""
    traits, authorities = TRAITS[who.generation], world(who.generation)
    issuer = authorities.foreigners if who.foreign else authorities.citizens
    serial = _MAKERS + hashlib.sha256(f"{who.name} {who.generation.value}".encode()).digest()[:12]
    keys = _keys(who)
    files = _civil_files(who, serial, keys, authorities) | _certificate_files(who, keys, issuer, authorities)
    ids = tuple(key & 0x0F for key, _, _, _ in _HOLDER[: who.certificates])
    files |= {
        Place.DIRECTORY: pkcs15.directory(),
        Place.OBJECTS: pkcs15.objects(),
        Place.TOKEN_INFO: pkcs15.token_info(serial),
        Place.PINS: pkcs15.pins(),
        Place.PRIVATE_KEYS: pkcs15.private_keys(ids, traits.rsa_bits),
        Place.CERTIFICATES: pkcs15.certificates((*ids, pkcs15.ISSUER, pkcs15.ROOT)),
    }
    return Chip(who.generation, serial, files, keys, issuer, who.pin, who.tries)


def _keys(who: Specimen) -> dict[int, PrivateKey]:
    traits = TRAITS[who.generation]
    keys: dict[int, PrivateKey] = {}
    for reference, label, _, _ in _HOLDER[: who.certificates]:
        name = f"{who.name} {label}"
        keys[reference] = rsa_key(name, traits.rsa_bits) if traits.rsa_bits else curve_key(name)
    if not traits.rsa_bits:
        keys[BASIC_KEY] = curve_key(f"{who.name} basic")
    return keys


def _civil_files(who: Specimen, serial: bytes, keys: dict[int, PrivateKey], by: World) -> dict[Place, bytes]:
    traits = TRAITS[who.generation]
    photo = portrait(who.name, traits.photo_size)
    files = {Place.PHOTO: photo}
    chip_key_hash = None
    if BASIC_KEY in keys:
        public = keys[BASIC_KEY].public_key()
        files[Place.CHIP_KEY] = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        chip_key_hash = hashlib.sha384(files[Place.CHIP_KEY]).digest()
    photo_hash = hashlib.new(traits.photo_hash, photo).digest()
    identity = identity_file(who, serial, photo_hash, chip_key_hash)
    address = address_file(who.home)
    signature = _register_signature(identity, who.generation, by.register.key)
    signed = address.rstrip(b"\x00") + signature
    return files | {
        Place.IDENTITY: identity,
        Place.IDENTITY_SIGNATURE: signature,
        Place.ADDRESS: address,
        Place.ADDRESS_SIGNATURE: _register_signature(signed, who.generation, by.register.key),
    }


def _register_signature(data: bytes, generation: Generation, key: PrivateKey) -> bytes:
    """What the register's signature file holds."""
    if isinstance(key, EllipticCurvePrivateKey):
        return key.sign(data, ECDSA(SHA384())).ljust(SIGNATURE_FILE, b"\x00")
    # First-generation cards are signed with SHA-1; a reader must cope with them.
    return key.sign(data, PKCS1v15(), SHA1() if generation is Generation.V1_1 else SHA256())  # noqa: S303


def _certificate_files(who: Specimen, keys: dict[int, PrivateKey], issuer: Authority, by: World) -> dict[Place, bytes]:
    traits = TRAITS[who.generation]
    padding = bytes(traits.certificate_padding)
    files = {
        Place.CERT_ISSUER: issuer.certificate + padding,
        Place.CERT_ROOT: by.root.certificate + padding,
        Place.CERT_REGISTER: by.register.certificate + padding,
    }
    for reference, label, usage, place in _HOLDER:
        if reference in keys:
            files[place] = _holder_certificate(who, keys[reference], label, usage, issuer) + padding
        else:
            files[place] = bytes(traits.empty_certificate)
    return files


def _holder_certificate(who: Specimen, key: PrivateKey, label: str, usage: str, issuer: Authority) -> bytes:
    subject = country_and(
        f"{who.given_names.split()[0]} {who.surname} ({label})",
        surname=who.surname,
        given_name=who.given_names,
        serial_number=who.national_number,
    )
    serial = int.from_bytes(hashlib.sha256(f"{who.name} {who.generation.value} {label}".encode()).digest()[:16], "big")
    wanted = Wanted(subject, usage, _midnight(who.issued), _midnight(who.expires, last=True))
    return issue(wanted, key, serial >> 1, issuer, sha1=who.generation is Generation.V1_1).certificate


def _midnight(day: date, *, last: bool = False) -> datetime:
    return datetime.combine(day, time(23, 59, 59) if last else time(), UTC)
