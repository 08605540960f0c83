"""Which service of the platform answers which kind of attest, and what its errors mean to the person who asked.

Defaults have the platform's form and are a municipality's to set: an authorisation names services and versions.
Not for: the bytes (`protocol`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.core.attests import Kind, RegisterProblem


@dataclass(frozen=True)
class Service:
    """A service and its version, as the envelope names them."""

    name: str
    version: str


PERSON = Service("Persoon.GeefPersoon", "02.02.0000")
HOUSEHOLD = Service("Persoon.GeefGezinssamenstelling", "02.00.0000")

_OF_A_PERSON = (
    Kind.BIRTH,
    Kind.MARRIAGE,
    Kind.RESIDENCE_HISTORY,
    Kind.RESIDENCE,
    Kind.NATIONALITY,
    Kind.LIFE,
    Kind.IDENTITY,
)
SERVICES: Mapping[Kind, Service] = {Kind.HOUSEHOLD: HOUSEHOLD, **dict.fromkeys(_OF_A_PERSON, PERSON)}

PROBLEMS: Mapping[str, RegisterProblem] = {
    "30101": RegisterProblem.UNKNOWN_PERSON,
    "30102": RegisterProblem.UNKNOWN_PERSON,
    "30201": RegisterProblem.NO_RECORD,
    "30301": RegisterProblem.REFERRED,
}
"""Identification of an error to what it means; every other error leaves the request open for staff to see."""


@dataclass(frozen=True)
class Sender:
    """Who asks, as the platform knows the municipality.

    Attributes:
        identification: URI of the application that was registered.
    """

    identification: str = "urn:zuil:attests"


@dataclass(frozen=True)
class Platform:
    """Everything that differs between two municipalities.

    Attributes:
        purposes: purpose of a product to the code of the authorisation (`Hoedanigheid`); the purpose itself where it
            is not named.
    """

    sender: Sender = field(default_factory=Sender)
    services: Mapping[Kind, Service] = field(default_factory=lambda: SERVICES)
    problems: Mapping[str, RegisterProblem] = field(default_factory=lambda: PROBLEMS)
    purposes: Mapping[str, str] = field(default_factory=dict)
