"""From the content of an answer to `RegisterData`: person, parents, marriage, addresses, household. Pure.

What an attest of a kind cannot do without and the answer lacks is a refusal, not an empty line on paper. Not for:
words of any language (`kiosk.documents.attest`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from xml.etree.ElementTree import Element

from kiosk.core.attests import AttestField, GroupKind, Kind, RegisterData, RegisterProblem
from sync.backoffice.registers.contract import RegisterAnswer, RegisterDown, RegisterRefused
from sync.backoffice.registers.magda.xml import child, children, text

SEXES = {"M": "m", "V": "f", "X": "x"}
CIVIL_STATUSES = {"1": "single", "2": "married", "3": "widowed", "4": "divorced", "5": "cohabiting"}
RELATIONS = {
    "1": "reference",
    "2": "spouse",
    "3": "child",
    "4": "stepchild",
    "5": "parent",
    "6": "sibling",
    "7": "grandchild",
    "8": "grandparent",
    "9": "relative",
    "10": "other",
    "11": "partner",
}
"""Codes of the platform to ours (`kiosk.documents.attest.words`); one that is not here leaves the request open."""

Facts = dict[str, str]


class UnknownCode(ValueError):
    """A code that is not in a table; the text names the table, not the person."""


def read_person(content: Element | None, kind: Kind, national_number: str) -> RegisterAnswer:
    """What an answer says, for one kind of attest."""
    person = child(content, "Persoon")
    if text(person, "INSZ") != national_number:
        return RegisterDown("the answer is about nobody or about another person than was asked")
    try:
        as_of = date.fromisoformat(text(content, "StandOp"))
        facts = _facts(person)
        groups = _groups(content, person, kind)
    except UnknownCode as error:
        return RegisterDown(str(error))
    except ValueError:
        return RegisterDown("StandOp of the answer is no date")
    if kind in _NEEDED and not all(facts.get(name) for name in _NEEDED[kind]):
        return RegisterRefused(RegisterProblem.NO_RECORD)
    if kind is Kind.HOUSEHOLD and not any(row.get(_RELATION) == "reference" for row in groups[GroupKind.MEMBERS.name]):
        return RegisterRefused(RegisterProblem.NO_RECORD)
    if kind is Kind.RESIDENCE_HISTORY and not groups[GroupKind.ADDRESSES.name]:
        return RegisterRefused(RegisterProblem.NO_RECORD)
    if kind is Kind.MARRIAGE:
        facts[AttestField.RECORD_NUMBER.name] = text(person, "Huwelijk", "Akte", "Nummer")
    return RegisterData(as_of, {name: value for name, value in facts.items() if value}, groups)


_RELATION = AttestField.RELATION.name
_NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.BIRTH: (AttestField.BIRTH_DATE.name, AttestField.RECORD_NUMBER.name),
    Kind.MARRIAGE: (AttestField.SPOUSE.name, AttestField.MARRIED_ON.name),
    Kind.RESIDENCE_HISTORY: (AttestField.ADDRESS.name,),
    Kind.RESIDENCE: (AttestField.ADDRESS.name,),
}


def _facts(person: Element | None) -> Facts:
    parents = [_name(parent) for parent in children(child(person, "Afstamming"), "Ouder")]
    values = {
        **_identity(person),
        AttestField.NATIONAL_NUMBER: text(person, "INSZ"),
        AttestField.RECORD_NUMBER: text(person, "Geboorte", "Akte", "Nummer"),
        AttestField.PARENT_1: parents[0] if parents else "",
        AttestField.PARENT_2: parents[1] if len(parents) > 1 else "",
        AttestField.SPOUSE: _name(child(person, "Huwelijk", "Partner")),
        AttestField.MARRIED_ON: text(person, "Huwelijk", "Datum"),
        AttestField.MARRIED_IN: text(person, "Huwelijk", "Plaats"),
    }
    current = next((home for home in _homes(person) if not text(home, "Tot")), None)
    if current is not None:
        values[AttestField.ADDRESS] = _address(child(current, "Adres"))
        values[AttestField.SINCE] = text(current, "Van")
    return {field.name: value for field, value in values.items()}


def _identity(person: Element | None) -> dict[AttestField, str]:
    return {
        AttestField.SURNAME: text(person, "Naam", "Achternaam"),
        AttestField.GIVEN_NAMES: text(person, "Naam", "Voornamen"),
        AttestField.BIRTH_DATE: text(person, "Geboorte", "Datum"),
        AttestField.BIRTH_PLACE: text(person, "Geboorte", "Plaats"),
        AttestField.SEX: _code(SEXES, text(person, "Geslacht", "Code"), "Geslacht"),
        AttestField.NATIONALITY: text(person, "Nationaliteit", "Omschrijving"),
        AttestField.CIVIL_STATUS: _code(CIVIL_STATUSES, text(person, "BurgerlijkeStaat", "Code"), "BurgerlijkeStaat"),
    }


def _groups(content: Element | None, person: Element | None, kind: Kind) -> dict[str, tuple[Facts, ...]]:
    groups: dict[str, tuple[Facts, ...]] = {}
    if kind is Kind.HOUSEHOLD:
        groups[GroupKind.MEMBERS.name] = tuple(_member(one) for one in children(child(content, "Gezin"), "Gezinslid"))
    if kind is Kind.RESIDENCE_HISTORY:
        groups[GroupKind.ADDRESSES.name] = tuple(_past(home) for home in _homes(person))
    return groups


def _member(member: Element) -> Facts:
    relation = _code(RELATIONS, text(member, "Relatie", "Code"), "Relatie")
    values = {**_identity(member), AttestField.RELATION: relation}
    return {field.name: value for field, value in values.items() if value}


def _past(home: Element) -> Facts:
    values = {
        AttestField.ADDRESS: _address(child(home, "Adres")),
        AttestField.FROM: text(home, "Van"),
        AttestField.UNTIL: text(home, "Tot"),
    }
    return {field.name: value for field, value in values.items() if value}


def _homes(person: Element | None) -> list[Element]:
    """Newest first."""
    found = children(child(person, "Verblijfplaatsen"), "Verblijfplaats")
    return sorted(found, key=lambda home: text(home, "Van"), reverse=True)


def _address(address: Element | None) -> str:
    town = " ".join(filter(None, (text(address, "Postcode"), text(address, "Gemeente"))))
    return ", ".join(filter(None, (text(address, "Straat"), town)))


def _name(who: Element | None) -> str:
    return " ".join(filter(None, (text(who, "Voornamen"), text(who, "Achternaam"))))


def _code(table: Mapping[str, str], code: str, what: str) -> str:
    if not code:
        return ""
    if code not in table:
        raise UnknownCode(f"the register gave a code of {what} that is not in our table")
    return table[code]
