"""Who is in the simulated register, as plain values: persons, their households, where they lived, whom they married.

Not for: where they come from (`households.toml`, `registry`) or bytes (`answers`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Home:
    """An address and since when; every part of the address may be empty.

    Attributes:
        since, until: `YYYY-MM-DD`; `until` is empty for where somebody lives now.
    """

    street: str
    postal_code: str
    municipality: str
    since: str
    until: str = ""


@dataclass(frozen=True, repr=False)
class Marriage:
    """With whom, when and where; `record` is the number of the record."""

    surname: str
    given_names: str
    day: str
    place: str
    record: str


@dataclass(frozen=True, repr=False)
class Registered:
    """Everything the register knows of one person.

    Attributes:
        birth: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as far as it is known.
        sex: M, V or X.
        civil_status: code of the platform.
        relation: to the reference person of the household, code of the platform.
        parents: given names and surname of each known parent, none to two.
        birth_record: number of the record of birth; empty where it is kept elsewhere.
        homes: newest first; none for somebody without an address.
    """

    national_number: str
    surname: str
    given_names: str
    birth: str
    birth_place: str
    sex: str
    nationality: str
    civil_status: str
    relation: str
    parents: tuple[tuple[str, str], ...] = ()
    birth_record: str = ""
    marriage: Marriage | None = None
    homes: tuple[Home, ...] = ()


@dataclass(frozen=True, repr=False)
class Household:
    """People of one address; the first is the reference person."""

    members: tuple[Registered, ...]
