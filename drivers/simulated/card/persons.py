"""What is written on a simulated card, and days counted from any today, so that a demonstration stays true for ever.

Not for: the persons themselves (`people`), or bytes (`files`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from drivers.simulated.card.generation import Generation

MONTHS: dict[str, tuple[str, ...]] = {
    "nl": ("JAN", "FEB", "MAAR", "APR", "MEI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEC"),
    "fr": ("JAN", "FEV", "MARS", "AVR", "MAI", "JUIN", "JUIL", "AOUT", "SEPT", "OCT", "NOV", "DEC"),
    "de": ("JAN", "FEB", "MÄR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ"),
}
"""Months as dates of birth write them, by language of the card."""

WOMAN = {"nl": "V", "fr": "F", "de": "W"}


@dataclass(frozen=True)
class Home:
    """Address as on the card; every part may be empty."""

    street: str = "Grotesteenweg 150 bus 3"
    postal_code: str = "2600"
    municipality: str = "Berchem (Antwerpen)"


@dataclass(frozen=True)
class Specimen:
    """Everything that is written on one card, texts as they stand there.

    Attributes:
        name: of the card in the demonstration, kebab-case.
        sentence: what is special about it.
        birth: date of birth as the card writes it.
        document_type: digits of tag 15.
        issued, expires: first and last day of validity.
        certificates: how many of authentication and signature there are, 2, 1 or 0.
        more: further tags of the identity file.
        tries: left for the PIN.
    """

    name: str
    sentence: str
    generation: Generation
    surname: str
    given_names: str
    birth: str
    birth_place: str
    sex: str
    national_number: str
    card_number: str
    issued: date
    expires: date
    nationality: str = "Belg"
    third_initial: str = ""
    issuer: str = "Antwerpen"
    document_type: str = "01"
    home: Home = field(default_factory=Home)
    certificates: int = 2
    foreign: bool = False
    more: tuple[tuple[int, bytes], ...] = ()
    pin: str = field(default="1234", repr=False)
    tries: int = 3


def months_from(today: date, months: int) -> date:
    """The same day so many months later, or earlier when negative; the 28th at most."""
    count = today.year * 12 + today.month - 1 + months
    return date(count // 12, count % 12 + 1, min(today.day, 28))


def birth_text(born: date, language: str) -> str:
    """A date of birth in the shape cards of that language have: `12 AUG 1996`, `12 AOUT 1996`, `12.AUG. 1996`."""
    month = MONTHS[language][born.month - 1]
    if language == "de":
        return f"{born.day:02d}.{month}. {born.year}"
    gap = "  " if language == "fr" and len(month) == 3 else " "
    return f"{born.day:02d} {month}{gap}{born.year}"
