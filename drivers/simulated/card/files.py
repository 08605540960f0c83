"""Identity and address files as the card holds them, and where every file is.

Not for: certificates and signatures over them (`personalise`), or PKCS#15 (`pkcs15`).
"""

from __future__ import annotations

from enum import Enum

from drivers.simulated.card.persons import Home, Specimen

ADDRESS_BYTES = 117


class Place(Enum):
    """A file by its whole path from the master file."""

    DIRECTORY = bytes.fromhex("3F002F00")
    OBJECTS = bytes.fromhex("3F00DF005031")
    TOKEN_INFO = bytes.fromhex("3F00DF005032")
    PINS = bytes.fromhex("3F00DF005034")
    PRIVATE_KEYS = bytes.fromhex("3F00DF005035")
    CERTIFICATES = bytes.fromhex("3F00DF005037")
    CERT_AUTHENTICATION = bytes.fromhex("3F00DF005038")
    CERT_SIGNATURE = bytes.fromhex("3F00DF005039")
    CERT_ISSUER = bytes.fromhex("3F00DF00503A")
    CERT_ROOT = bytes.fromhex("3F00DF00503B")
    CERT_REGISTER = bytes.fromhex("3F00DF00503C")
    IDENTITY = bytes.fromhex("3F00DF014031")
    IDENTITY_SIGNATURE = bytes.fromhex("3F00DF014032")
    ADDRESS = bytes.fromhex("3F00DF014033")
    ADDRESS_SIGNATURE = bytes.fromhex("3F00DF014034")
    PHOTO = bytes.fromhex("3F00DF014035")
    CHIP_KEY = bytes.fromhex("3F00DF014040")


def tlv(tag: int, value: bytes) -> bytes:
    """One field.

    Raises:
        ValueError: when the value is longer than one length byte can say.
    """
    if len(value) > 0xFE:
        raise ValueError(f"{len(value)} bytes in one field, at most 254")
    return bytes((tag, len(value))) + value


def identity_file(who: Specimen, chip_number: bytes, photo_hash: bytes, chip_key_hash: bytes | None) -> bytes:
    """The identity file; `chip_key_hash` only on the generation that has such a key."""
    texts = {
        1: who.card_number,
        3: f"{who.issued:%d.%m.%Y}",
        4: f"{who.expires:%d.%m.%Y}",
        5: who.issuer,
        6: who.national_number,
        7: who.surname,
        8: who.given_names,
        9: who.third_initial,
        10: who.nationality,
        11: who.birth_place,
        12: who.birth,
        13: who.sex,
        14: "",
        15: who.document_type,
        16: "0",
    }
    fields = {tag: text.encode() for tag, text in texts.items()} | {2: chip_number, 17: photo_hash} | dict(who.more)
    if chip_key_hash is not None:
        fields[26] = chip_key_hash
    return b"".join(tlv(tag, fields[tag]) for tag in sorted(fields))


def address_file(home: Home) -> bytes:
    """The address file with its zeros at the end."""
    parts = (home.street, home.postal_code, home.municipality)
    fields = b"".join(tlv(tag, part.encode()) for tag, part in enumerate(parts, 1))
    return fields.ljust(ADDRESS_BYTES, b"\x00")
