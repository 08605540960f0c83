"""What a municipality issues and who signs for it: the tables `attests` and `signing` of `site.toml`.

Not for: what an attest needs from elsewhere in the file, a purpose or a language (`config.attest_checks`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from config.catalogue import Id
from config.checked import Table, refusal
from config.problems import choose_among
from config.words import Words
from drivers.card_contract import DocumentKind
from kiosk.core.attests import FROM_CARD, AttestField, AttestProduct, DeliveryWay, Kind, Signing, Use
from kiosk.core.language import LanguageProfile, attest_languages

_ENTERPRISE = re.compile(r"[01][0-9]{3}\.[0-9]{3}\.[0-9]{3}")
_OFFICER_LIMIT = 60
_PERSON = (
    AttestField.SURNAME,
    AttestField.GIVEN_NAMES,
    AttestField.BIRTH_DATE,
    AttestField.BIRTH_PLACE,
    AttestField.SEX,
    AttestField.NATIONALITY,
    AttestField.NATIONAL_NUMBER,
)
_CARD = (*_PERSON, AttestField.ADDRESS, AttestField.CARD_NUMBER, AttestField.CARD_VALID_UNTIL)
_REGISTERED = (*_PERSON, AttestField.CIVIL_STATUS, AttestField.ADDRESS, AttestField.SINCE)

FACTS: dict[Kind, tuple[AttestField, ...]] = {
    Kind.RESIDENCE: _CARD,
    Kind.NATIONALITY: _CARD,
    Kind.LIFE: (*_CARD, AttestField.SEEN_ON),
    Kind.IDENTITY: _CARD,
    Kind.HOUSEHOLD: _REGISTERED,
    Kind.BIRTH: (*_PERSON, AttestField.PARENT_1, AttestField.PARENT_2, AttestField.RECORD_NUMBER),
    Kind.MARRIAGE: (
        *_PERSON,
        AttestField.SPOUSE,
        AttestField.MARRIED_ON,
        AttestField.MARRIED_IN,
        AttestField.RECORD_NUMBER,
    ),
    Kind.RESIDENCE_HISTORY: _REGISTERED,
    Kind.CRIMINAL_RECORD: (),
}
"""The facts a kind can print; those of members and earlier addresses stand in rows and are not named in a file."""

_NAMES = (AttestField.SURNAME, AttestField.GIVEN_NAMES)
ESSENTIAL: dict[Kind, tuple[AttestField, ...]] = {
    Kind.RESIDENCE: (*_NAMES, AttestField.ADDRESS),
    Kind.NATIONALITY: (*_NAMES, AttestField.NATIONALITY),
    Kind.LIFE: (*_NAMES, AttestField.SEEN_ON),
    Kind.IDENTITY: _NAMES,
    Kind.HOUSEHOLD: _NAMES,
    Kind.BIRTH: (*_NAMES, AttestField.BIRTH_DATE),
    Kind.MARRIAGE: (*_NAMES, AttestField.SPOUSE, AttestField.MARRIED_ON),
    Kind.RESIDENCE_HISTORY: _NAMES,
    Kind.CRIMINAL_RECORD: (),
}
"""The facts without which an attest of the kind would state nothing."""


def written(fact: AttestField) -> str:
    """A fact as it is named in a file."""
    return fact.name.lower()


def check_digits(first_eight: str) -> str:
    """The last two digits of the enterprise number that begins with these eight."""
    return f"{97 - int(first_eight) % 97:02d}"


def _check_enterprise(text: str) -> str:
    if not _ENTERPRISE.fullmatch(text):
        raise refusal(f"'{text}' is no enterprise number", "write its ten digits like '0000.000.097'")
    right = check_digits(text.replace(".", "")[:8])
    if text[-2:] != right:
        found = f"'{text}' is no enterprise number, its last two digits would be {right}"
        raise refusal(found, "copy it again from the register of enterprises")
    return text


def _check_officer(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > _OFFICER_LIMIT:
        right = f"write the name as it is printed, one line of at most {_OFFICER_LIMIT} characters"
        raise refusal("'signing.officer' is no name", right)
    return text


def _check_kind(name: str) -> str:
    known = [kind.value for kind in Kind]
    if name not in known:
        raise refusal(f"unknown kind of attest '{name}'", choose_among(name, known))
    return name


def _check_fact(name: str) -> str:
    known = [written(fact) for fact in AttestField]
    if name not in known:
        raise refusal(f"an attest has no fact '{name}'", choose_among(name, known))
    return name


def _check_document(name: str) -> str:
    known = [kind.value for kind in DocumentKind]
    if name not in known:
        raise refusal(f"unknown kind of document '{name}'", choose_among(name, known))
    return name


class SigningTable(Table):
    """Who answers for the attests."""

    enterprise_number: Annotated[str, AfterValidator(_check_enterprise)]
    officer: Annotated[str, AfterValidator(_check_officer)]
    capacity: Words

    def signing(self) -> Signing:
        """The same as a value of the core."""
        return Signing(self.enterprise_number.replace(".", ""), self.officer, self.capacity.localized())


class UseTable(Table):
    """What an attest may be asked for, and its price."""

    id: Id
    title: Words
    price_cents: int = Field(default=0, ge=0, le=1_000_000)


class AttestTable(Table):
    """One attest as the municipality offers it."""

    id: Id
    title: Words
    kind: Annotated[str, AfterValidator(_check_kind)]
    purpose: str
    uses: list[UseTable] = Field(min_length=1, json_schema_extra={"write": "at least one table [[attests.uses]]"})
    languages: list[str] | None = Field(
        default=None, min_length=1, json_schema_extra={"write": "at least one language, or leave it out for all"}
    )
    validity_days: int = Field(ge=1, le=3650)
    who: Words
    legal: Words
    facts: list[Annotated[str, AfterValidator(_check_fact)]] = Field(default_factory=list)
    documents: list[Annotated[str, AfterValidator(_check_document)]] = Field(default_factory=list)
    min_age: int = Field(default=0, ge=0, le=150)
    resident: bool = False
    max_age_days: int | None = Field(default=None, ge=0, le=365)

    @property
    def from_card(self) -> bool:
        """Whether the card alone is enough."""
        return Kind(self.kind) in FROM_CARD

    @model_validator(mode="after")
    def _consistent(self) -> AttestTable:
        for name, values in (("languages", self.languages or ()), ("facts", self.facts), ("documents", self.documents)):
            twice = _first_twice(values)
            if twice is not None:
                raise refusal(f"attest '{self.id}' names '{twice}' twice in {name}", "name each once")
        used = _first_twice([use.id for use in self.uses])
        if used is not None:
            raise refusal(f"attest '{self.id}' has the use '{used}' twice", "give each use its own id")
        missing = [written(fact) for fact in ESSENTIAL[Kind(self.kind)] if written(fact) not in self.facts]
        if missing:
            found = f"attest '{self.id}' is of kind '{self.kind}' and does not print '{missing[0]}'"
            raise refusal(found, f'add "{missing[0]}" to facts')
        return self

    def product(self, profile: LanguageProfile) -> AttestProduct:
        """The same as a value of the core, in the languages the site may use for attests where it names none."""
        return AttestProduct(
            id=self.id,
            title=self.title.localized(),
            kind=Kind(self.kind),
            purpose=self.purpose,
            uses=tuple(Use(use.id, use.title.localized(), use.price_cents) for use in self.uses),
            languages=attest_languages(profile) if self.languages is None else tuple(self.languages),
            validity_days=self.validity_days,
            who=self.who.localized(),
            legal=self.legal.localized(),
            facts=tuple(AttestField[name.upper()] for name in self.facts),
            documents=tuple(self.documents),
            min_age=self.min_age,
            resident=self.resident,
            max_age_days=self.max_age_days or 0,
        )


def _first_twice(names: Sequence[str]) -> str | None:
    return next((name for index, name in enumerate(names) if name in names[:index]), None)


def check_delivery(name: str) -> str:
    """Another way to have an attest than at a column."""
    known = [way.value for way in DeliveryWay if way is not DeliveryWay.COLUMN]
    if name not in known:
        raise refusal(f"an attest cannot be had by '{name}'", choose_among(name, known))
    return name
