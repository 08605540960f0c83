"""The identity and address files as values (belgian-eid.md §4), and the person a purpose may see of them.

A field that cannot be understood is unknown and noted; it never makes a card unusable. Not for: proofs (`verify`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from drivers.card_contract import (
    Address,
    Document,
    DocumentKind,
    Field,
    PartialDate,
    Person,
    Sex,
)
from drivers.cards.beid.dates import birth_date, day
from drivers.cards.beid.malformed import Malformed
from drivers.cards.beid.tlv import parse

T = TypeVar("T")

CARD_NUMBER, VALID_FROM, VALID_UNTIL, NATIONAL_NUMBER, SURNAME, GIVEN_NAMES, THIRD_INITIAL = 1, 3, 4, 6, 7, 8, 9
NATIONALITY, BIRTH_PLACE, BIRTH_DATE, SEX, DOCUMENT_TYPE, PHOTO_HASH, CHIP_KEY_HASH = 10, 11, 12, 13, 15, 17, 26
STREET, POSTAL_CODE, MUNICIPALITY = 1, 2, 3

_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE, "V": Sex.FEMALE, "W": Sex.FEMALE}
_KINDS: dict[int, DocumentKind] = {
    1: DocumentKind.CITIZEN,
    6: DocumentKind.KIDS,
    **dict.fromkeys((*range(11, 24), 27, 28, *range(31, 37)), DocumentKind.FOREIGNER),
    **dict.fromkeys(range(61, 70), DocumentKind.FOREIGN_CHILD),
}


@dataclass(frozen=True, repr=False)
class Identity:
    """What the identity file says, as far as it can be understood; texts without surrounding spaces.

    Attributes:
        faults: tags that could not be understood, without what stood there.
        rest: values of tags that have no member here, raw.
    """

    surname: str = ""
    given_names: str = ""
    third_initial: str = ""
    national_number: str = ""
    card_number: str = ""
    nationality: str = ""
    birth_place: str = ""
    birth_date: PartialDate | None = None
    sex: Sex = Sex.UNKNOWN
    document: DocumentKind = DocumentKind.OTHER
    valid_from: date | None = None
    valid_until: date | None = None
    photo_hash: bytes = b""
    chip_key_hash: bytes = b""
    faults: tuple[int, ...] = ()
    rest: dict[int, bytes] = field(default_factory=dict)


class _Reader:
    """Takes fields out of a parsed file, and notes those it cannot understand."""

    def __init__(self, fields: dict[int, bytes]) -> None:
        self.left = dict(fields)
        self.faults: list[int] = []

    def raw(self, tag: int) -> bytes:
        return self.left.pop(tag, b"")

    def text(self, tag: int) -> str:
        return self.understood(tag, lambda text: text) or ""

    def understood(self, tag: int, meaning: Callable[[str], T]) -> T | None:
        try:
            return meaning(self.raw(tag).decode().strip())
        except (UnicodeDecodeError, Malformed):
            self.faults.append(tag)
            return None


def parse_identity(file: bytes) -> Identity:
    """The identity file, or single fields of it, one after the other, as READ RECORD gives them.

    Raises:
        Malformed: when it is no file of fields.
    """
    fields = _Reader(parse(file))
    known = {
        "surname": fields.text(SURNAME),
        "given_names": fields.text(GIVEN_NAMES),
        "third_initial": fields.text(THIRD_INITIAL),
        "national_number": fields.text(NATIONAL_NUMBER),
        "card_number": fields.text(CARD_NUMBER),
        "nationality": fields.text(NATIONALITY),
        "birth_place": fields.text(BIRTH_PLACE),
    }
    return Identity(
        **known,
        birth_date=fields.understood(BIRTH_DATE, birth_date),
        sex=_SEXES.get(fields.text(SEX).upper(), Sex.UNKNOWN),
        document=document_kind(fields.text(DOCUMENT_TYPE)),
        valid_from=fields.understood(VALID_FROM, day),
        valid_until=fields.understood(VALID_UNTIL, day),
        photo_hash=fields.raw(PHOTO_HASH),
        chip_key_hash=fields.raw(CHIP_KEY_HASH),
        faults=tuple(fields.faults),
        rest=fields.left,
    )


def parse_address(file: bytes) -> Address:
    """The address file; every part may be empty.

    Raises:
        Malformed: when it is no file of fields.
    """
    fields = _Reader(parse(file))
    return Address(fields.text(STREET), fields.text(POSTAL_CODE), fields.text(MUNICIPALITY))


def document_kind(document_type: str) -> DocumentKind:
    """The group of a document type, "1" and "01" alike; numbers that are not known yet are another document."""
    return _KINDS.get(int(document_type), DocumentKind.OTHER) if document_type.isdecimal() else DocumentKind.OTHER


def to_person(
    identity: Identity, address: Address | None, photo: bytes | None, fields: frozenset[Field], *, specimen: bool
) -> Person:
    """Only what was asked for; the rest is dropped here.

    Args:
        specimen: whether the roots in use are for tests only.
    """

    def asked(wanted: Field, value: T) -> T | None:
        return value if wanted in fields else None

    return Person(
        document=Document(identity.document, identity.valid_from, identity.valid_until, specimen),
        surname=asked(Field.NAME, identity.surname),
        given_names=asked(Field.NAME, identity.given_names),
        birth_date=asked(Field.BIRTH_DATE, identity.birth_date),
        birth_place=asked(Field.BIRTH_PLACE, identity.birth_place),
        sex=asked(Field.SEX, identity.sex),
        nationality=asked(Field.NATIONALITY, identity.nationality),
        address=asked(Field.ADDRESS, address),
        national_number=asked(Field.NATIONAL_NUMBER, identity.national_number),
        card_number=asked(Field.CARD_NUMBER, identity.card_number),
        photo=asked(Field.PHOTO, photo),
    )
