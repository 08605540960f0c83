"""Why a column asks for a card, and what it may hint at afterwards: the tables `purposes` and `hints` of `site.toml`.

Not for: whether the services and purposes they name exist (`config.site_checks`).
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from config.catalogue import Id
from config.checked import Table, refusal
from config.problems import choose_among
from config.words import Words
from drivers.card_contract import RESTRICTED
from drivers.card_contract import Field as CardField
from kiosk.core.hints import HintRule, HintWhen
from kiosk.core.purposes import WIPED, Level, Purpose

_DAY = re.compile(r"(\d\d)-(\d\d)")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_RESTRICTED = frozenset(field.value for field in RESTRICTED)
_POSTAL_CODE = re.compile(r"[1-9][0-9]{3}( ?[A-Z]{2})?")


def _check_field(name: str) -> str:
    known = [field.value for field in CardField]
    if name not in known:
        raise refusal(f"a card has no field '{name}'", choose_among(name, known))
    return name


def _check_level(name: str) -> str:
    known = [level.value for level in Level]
    if name not in known:
        raise refusal(f"unknown level '{name}'", 'write "card" (card only) or "pin" (card and PIN)')
    return name


def _check_when(name: str) -> str:
    known = [when.value for when in HintWhen]
    if name not in known:
        raise refusal(f"a hint cannot look at '{name}'", choose_among(name, known))
    return name


def _check_day(text: str) -> str:
    found = _DAY.fullmatch(text)
    month, day = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (1 <= month <= 12 and 1 <= day <= _LONGEST[month - 1]):
        raise refusal(f"'{text}' is no day of the year", "write month and day, like '05-01'")
    return text


def _check_postal_code(text: str) -> str:
    if not _POSTAL_CODE.fullmatch(text):
        raise refusal(f"'{text}' is no postal code", "write it like '2600' or '1234 AB'")
    return text


PostalCode = Annotated[str, AfterValidator(_check_postal_code)]
DayOfYear = Annotated[str, AfterValidator(_check_day)]


class PurposeTable(Table):
    """One reason to ask for an identity card."""

    id: Id
    title: Words
    fields: list[Annotated[str, AfterValidator(_check_field)]] = Field(
        min_length=1, json_schema_extra={"write": 'at least one field between [square brackets], like ["name"]'}
    )
    level: Annotated[str, AfterValidator(_check_level)]
    why: Words
    keep: Words | None = None
    basis: Words | None = None
    proof: bool = True

    @model_validator(mode="after")
    def _lawful(self) -> PurposeTable:
        """The law of 8 August 1983 (national number) and of 19 July 1991 (photo) want a basis for each procedure."""
        restricted = [name for name in self.fields if name in _RESTRICTED]
        if restricted and self.basis is None:
            found = f"purpose '{self.id}' reads '{restricted[0]}' and names no legal basis"
            raise refusal(found, "add a table [purposes.basis] with the law that permits it, or take the field out")
        return self

    def purpose(self) -> Purpose:
        """The same as a value of the core."""
        return Purpose(
            id=self.id,
            title=self.title.localized(),
            fields=tuple(dict.fromkeys(self.fields)),
            level=Level(self.level),
            why=self.why.localized(),
            keep=self.keep.localized() if self.keep else WIPED,
            basis=self.basis.localized() if self.basis else None,
            proof=self.proof,
        )


_MEMBERS: dict[str, tuple[str, ...]] = {
    HintWhen.EXPIRES_WITHIN.value: ("months",),
    HintWhen.AGE_BETWEEN.value: ("from_age", "to_age"),
    HintWhen.SEASON.value: ("from_day", "until_day"),
}
"""What a rule must tell besides, by what it looks at."""


class HintTable(Table):
    """One rule for a hint."""

    id: Id
    when: Annotated[str, AfterValidator(_check_when)]
    service: str
    says: Words
    months: int | None = Field(default=None, ge=1, le=120)
    from_age: int | None = Field(default=None, ge=0, le=150)
    to_age: int | None = Field(default=None, ge=0, le=150)
    from_day: DayOfYear | None = None
    until_day: DayOfYear | None = None

    @model_validator(mode="after")
    def _members_fit(self) -> HintTable:
        wanted = _MEMBERS.get(self.when, ())
        every = [name for names in _MEMBERS.values() for name in names]
        given = [name for name in every if getattr(self, name) is not None]
        for name in wanted:
            if name not in given:
                raise refusal(f"hint '{self.id}' looks at '{self.when}' and has no '{name}'", f"add {name}")
        for name in given:
            if name not in wanted:
                right = f"it tells {' and '.join(wanted)} only" if wanted else f"take {name} out"
                raise refusal(f"hint '{self.id}' looks at '{self.when}' and has a '{name}'", right)
        if self.from_age is not None and self.to_age is not None and self.from_age > self.to_age:
            found = f"hint '{self.id}' goes from {self.from_age} to {self.to_age} years"
            raise refusal(found, "write the lower age first")
        return self

    def rule(self) -> HintRule:
        """The same as a value of the core."""
        told = {name: getattr(self, name) for names in _MEMBERS.values() for name in names}
        days = {name: _day(value) for name, value in told.items() if name.endswith("_day") and value is not None}
        given = {name: value for name, value in told.items() if value is not None}
        return HintRule(self.id, HintWhen(self.when), self.says.localized(), self.service, **(given | days))


def _day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
