"""The platform's side of its messages: reads a question, writes the answer. Pure.

Not for: our side (`registers.magda`), from which it takes the reader of XML and nothing of its tables; so a mistake in
those shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, SubElement

from sync.backoffice.registers.magda.protocol import SOAP, leaf, write_moment, written
from sync.backoffice.registers.magda.xml import NotOurXml, child, parse, text
from sync.backoffice.registers.simulated.people import Home, Household, Registered

NAMESPACE = "urn:zuil:simulated-register:persoon-02.02"
UNKNOWN, FAULT, WARNING = "30101", "99999", "30901"
OLD = timedelta(days=400)
Registry = dict[str, tuple[Registered, Household]]


@dataclass(frozen=True, repr=False)
class Asked:
    """A question as it arrived."""

    operation: str
    sender: str
    capacity: str
    reference: str
    national_number: str


def read_asked(data: bytes) -> Asked | None:
    """The question, or None for bytes that are none of ours."""
    try:
        body = child(parse(data), "Body")
    except NotOurXml:
        return None
    operation = next(iter(body if body is not None else ()), None)
    request = child(operation, "Verzoek")
    sender = child(request, "Context", "Bericht", "Afzender")
    question = child(request, "Vragen", "Vraag")
    reference = text(sender, "Referte")
    if operation is None or not reference or text(question, "Referte") != reference:
        return None
    return Asked(
        operation.tag,
        text(sender, "Identificatie"),
        text(sender, "Hoedanigheid"),
        reference,
        text(question, "Inhoud", "Criteria", "INSZ"),
    )


def answer(asked: Asked, registry: Registry, now: datetime, *, old: bool = False) -> bytes:
    """What the register says: the person, with their household where that is asked, or that it knows nobody."""
    found = registry.get(asked.national_number)
    if found is None:
        return refusal(asked, UNKNOWN, now)
    person, household = found
    envelope, content = _reply(asked, now)
    leaf(content, "StandOp", (now.date() - (OLD if old else timedelta())).isoformat())
    _person(SubElement(content, "Persoon"), person)
    if asked.operation == "GeefGezinssamenstelling":
        family = SubElement(content, "Gezin")
        for member in household.members:
            one = SubElement(family, "Gezinslid")
            _identity(one, member)
            leaf(SubElement(one, "Relatie"), "Code", member.relation)
    return written(envelope)


def refusal(asked: Asked, code: str, now: datetime) -> bytes:
    """An answer of status 200 that is a failure."""
    envelope, answered = _answered(asked, now)
    wrong = SubElement(SubElement(answered, "Uitzonderingen"), "Uitzondering")
    for name, value in (("Identificatie", code), ("Oorsprong", "SIMULATIE"), ("Type", "FOUT"), ("Diagnose", "Fout")):
        leaf(wrong, name, value)
    return written(envelope)


def soap_fault() -> bytes:
    """What comes with a status of 500."""
    envelope = Element(f"{{{SOAP}}}Envelope")
    fault = SubElement(SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    leaf(fault, "faultcode", "Server")
    leaf(fault, "faultstring", "Simulated fault")
    return written(envelope)


GARBAGE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "many"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
"""A document type with entities that grow."""


def _reply(asked: Asked, now: datetime) -> tuple[Element, Element]:
    envelope, answered = _answered(asked, now)
    content = SubElement(answered, "Inhoud")
    remark = SubElement(SubElement(answered, "Uitzonderingen"), "Uitzondering")
    for name, value in (("Identificatie", WARNING), ("Type", "WAARSCHUWING"), ("Diagnose", "Simulatie")):
        leaf(remark, name, value)
    return envelope, content


def _answered(asked: Asked, now: datetime) -> tuple[Element, Element]:
    envelope = Element(f"{{{SOAP}}}Envelope")
    operation = SubElement(SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{NAMESPACE}}}{asked.operation}Response")
    reply = SubElement(operation, "Repliek")
    message = SubElement(SubElement(reply, "Context"), "Bericht")
    leaf(message, "Type", "ANTWOORD")
    write_moment(message, now)
    receiver = SubElement(message, "Ontvanger")
    leaf(receiver, "Identificatie", asked.sender)
    leaf(receiver, "Referte", asked.reference)
    leaf(receiver, "Hoedanigheid", asked.capacity)
    answered = SubElement(SubElement(reply, "Antwoorden"), "Antwoord")
    leaf(answered, "Referte", asked.reference)
    return envelope, answered


def _person(parent: Element, who: Registered) -> None:
    leaf(parent, "INSZ", who.national_number)
    _identity(parent, who)
    if who.birth_record:
        birth = child(parent, "Geboorte")
        if birth is not None:
            leaf(SubElement(birth, "Akte"), "Nummer", who.birth_record)
    descent = SubElement(parent, "Afstamming")
    for given, surname in who.parents:
        _named(SubElement(descent, "Ouder"), given, surname)
    if who.marriage is not None:
        marriage = SubElement(parent, "Huwelijk")
        _named(SubElement(marriage, "Partner"), who.marriage.given_names, who.marriage.surname)
        leaf(marriage, "Datum", who.marriage.day)
        leaf(marriage, "Plaats", who.marriage.place)
        leaf(SubElement(marriage, "Akte"), "Nummer", who.marriage.record)
    homes = SubElement(parent, "Verblijfplaatsen")
    for home in reversed(who.homes):
        _home(SubElement(homes, "Verblijfplaats"), home)


def _identity(parent: Element, who: Registered) -> None:
    _named(SubElement(parent, "Naam"), who.given_names, who.surname)
    birth = SubElement(parent, "Geboorte")
    leaf(birth, "Datum", who.birth)
    leaf(birth, "Plaats", who.birth_place)
    leaf(SubElement(parent, "Geslacht"), "Code", who.sex)
    leaf(SubElement(parent, "Nationaliteit"), "Omschrijving", who.nationality)
    leaf(SubElement(parent, "BurgerlijkeStaat"), "Code", who.civil_status)


def _named(parent: Element, given: str, surname: str) -> None:
    leaf(parent, "Voornamen", given)
    leaf(parent, "Achternaam", surname)


def _home(parent: Element, home: Home) -> None:
    address = SubElement(parent, "Adres")
    leaf(address, "Straat", home.street)
    leaf(address, "Postcode", home.postal_code)
    leaf(address, "Gemeente", home.municipality)
    leaf(parent, "Van", home.since)
    if home.until:
        leaf(parent, "Tot", home.until)
