"""The invented households of the register, read from `households.toml` and from the simulated identity cards.

Who has a simulated card is in here with the same national number, names, birth and address, so that a demonstration
with cards works. Not for: bytes (`answers`).
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from drivers.cards.beid.dates import birth_date
from drivers.simulated.card.numbers import national_number
from drivers.simulated.card.people import people
from drivers.simulated.card.persons import Specimen
from sync.backoffice.registers.simulated.people import Home, Household, Marriage, Registered

_FILE = Path(__file__).with_name("households.toml")
_RELATIONS = {
    "reference": "1",
    "spouse": "2",
    "child": "3",
    "stepchild": "4",
    "parent": "5",
    "sibling": "6",
    "grandchild": "7",
    "grandparent": "8",
    "relative": "9",
    "other": "10",
    "partner": "11",
}
_STATUSES = {"single": "1", "married": "2", "widowed": "3", "divorced": "4", "cohabiting": "5"}
_SEX = {"M": "M", "V": "V", "F": "V", "W": "V"}
_CARD_FAMILY = ("adult", "kids-id", "small-child")
_FIRST_SERIAL = 201
"""Persons of the file are numbered from here, far above the serials of the cards."""


def households(today: date) -> tuple[Household, ...]:
    """Every household, those of the cards first, as of today."""
    told = tomllib.loads(_FILE.read_text("utf-8"))["household"]
    serials: Counter[int] = Counter()
    return (*_of_cards(today), *(_of_file(entry, index, serials) for index, entry in enumerate(told)))


def registry(today: date) -> dict[str, tuple[Registered, Household]]:
    """Everybody by national number."""
    return {member.national_number: (member, home) for home in households(today) for member in home.members}


def _of_cards(today: date) -> list[Household]:
    cards = people(today)
    family = [_from_card(cards[name], index) for index, name in enumerate(_CARD_FAMILY)]
    alone = [[_from_card(card, 0)] for name, card in cards.items() if name not in _CARD_FAMILY]
    return [_family_of_cards(family), *(Household(tuple(members)) for members in alone)]


def _family_of_cards(members: list[Registered]) -> Household:
    """The first card's holder, a wife without a card, and the two children who have one: parents of the same sex."""
    first, *children = members
    wife = _wife_of(first)
    wed = ("2014-06-21", "Berchem (Antwerpen)", "2014-0117")
    married = replace(first, civil_status="2", marriage=Marriage(wife.surname, wife.given_names, *wed))
    spouse = replace(wife, civil_status="2", marriage=Marriage(first.surname, first.given_names, *wed))
    parents = ((first.given_names, first.surname), (wife.given_names, wife.surname))
    return Household((married, spouse, *(replace(child, relation="3", parents=parents) for child in children)))


def _wife_of(first: Registered) -> Registered:
    return Registered(
        national_number=national_number(1986, 2),
        surname="Fictief",
        given_names="Łucja Ionela",
        birth="1986-10-05",
        birth_place="Kraków",
        sex="V",
        nationality="Belg",
        civil_status="1",
        relation="2",
        parents=(("Zofia", "Fictief"),),
        homes=first.homes,
    )


def _from_card(card: Specimen, serial: int) -> Registered:
    born = birth_date(card.birth)
    parts = [f"{born.year:04d}", *(f"{part:02d}" for part in (born.month, born.day) if part)] if born else []
    home = card.home
    since = f"{max((born.year if born else 1990) + 1, 2012)}-04-01"
    return Registered(
        national_number=card.national_number,
        surname=card.surname,
        given_names=card.given_names,
        birth="-".join(parts),
        birth_place=card.birth_place,
        sex=_SEX[card.sex],
        nationality=card.nationality,
        civil_status="1",
        relation="1",
        parents=((f"Voorbeeldvader {serial + 1}", card.surname), ("Voorbeeldmoeder", "Testaert")),
        birth_record=f"{parts[0]}-{int(card.card_number[-4:]):04d}" if parts else "",
        homes=_homes(Home(home.street, home.postal_code, home.municipality, since)) if home.street else (),
    )


def _homes(now: Home) -> tuple[Home, ...]:
    """Where somebody lives, and the invented place before it."""
    return (now, Home("Vroegerstraat 7", "2018", "Antwerpen", "2009-02-16", now.since))


def _of_file(entry: dict[str, object], index: int, serials: Counter[int]) -> Household:
    members = [_read(line, serials) for line in _lines(entry, "members")]
    homes = tuple(_home(line) for line in _lines(entry, "homes"))
    wed = next(iter(_lines(entry, "married")), None)
    return Household(tuple(_completed(member, members, homes, wed, index) for member in members))


def _lines(entry: dict[str, object], name: str) -> list[str]:
    value = entry.get(name, [])
    if not isinstance(value, list):
        raise TypeError(f"'{name}' of a household is a list of lines")
    return [str(line) for line in value]


def _read(line: str, serials: Counter[int]) -> Registered:
    """`relation | surname | given names | sex | birth | place | status | mark`, nationality behind `mark` if any."""
    relation, surname, given, sex, birth, place, status, *more = (part.strip() for part in line.split("|"))
    year = int(birth[:4])
    serials[year] += 1
    serial = _FIRST_SERIAL + 2 * serials[year] - (0 if sex == "M" else 1)
    marks = more[0] if more else ""
    return Registered(
        national_number=national_number(year, serial),
        surname=surname,
        given_names=given,
        birth=birth,
        birth_place=place,
        sex=sex,
        nationality=more[1] if len(more) > 1 else "Belg",
        civil_status=_STATUSES[status],
        relation=_RELATIONS[relation],
        birth_record="" if "abroad" in marks else f"{year}-{serial:04d}",
        parents=() if "foundling" in marks else _invented_parents(surname, one="one-parent" in marks),
    )


def _invented_parents(surname: str, *, one: bool) -> tuple[tuple[str, str], ...]:
    both = (("Voorbeeldmoeder", "Testaert"), ("Voorbeeldvader", surname))
    return both[:1] if one else both


def _completed(
    member: Registered, members: list[Registered], homes: tuple[Home, ...], wed: str | None, index: int
) -> Registered:
    first = members[0]
    couple = [one for one in members if one.relation in ("1", "2")]
    marriage = None
    if wed is not None and member in couple and len(couple) == 2:
        other = next(one for one in couple if one is not member)
        day, place = (part.strip() for part in wed.split("|"))
        marriage = Marriage(other.surname, other.given_names, day, place, f"{day[:4]}-{index + 1:04d}")
    parents = member.parents
    if member.relation == "3":
        pair = [first, *(one for one in members if one.relation in ("2", "11"))]
        parents = tuple((one.given_names, one.surname) for one in (pair[:1] if len(parents) == 1 else pair))
    return replace(member, marriage=marriage, homes=homes, parents=parents)


def _home(line: str) -> Home:
    """`street | postal code | municipality | since | until`, the last part only of an earlier address."""
    street, postal_code, municipality, since, *until = (part.strip() for part in line.split("|"))
    return Home(street, postal_code, municipality, since, until[0] if until else "")
