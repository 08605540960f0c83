"""Dates on cards: the day of validity, and dates of birth in three languages and many shapes (belgian-eid.md §4).

Nothing is guessed: an unknown day or month stays unknown. Not for: showing dates.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

from drivers.card_contract import PartialDate
from drivers.cards.beid.malformed import Malformed

_NAMES: tuple[tuple[str, ...], ...] = (
    ("JAN",),
    ("FEB", "FEV"),
    ("MAAR", "MARS", "MAR"),
    ("APR", "AVR"),
    ("MEI", "MAI"),
    ("JUN", "JUIN"),
    ("JUL", "JUIL"),
    ("AUG", "AOUT"),
    ("SEP", "SEPT"),
    ("OKT", "OCT"),
    ("NOV",),
    ("DEC", "DEZ"),
)
MONTHS: dict[str, int] = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
"""Names of months without accents, in Dutch, French and German; no name means two months."""

_SEPARATORS = re.compile(r"[.\s]+")
_DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SHORT = re.compile(r"\d{1,2}", re.ASCII)
_SHAPE = "a date of birth has a year of four digits, and may have a day and the name of a month before it"


def day(text: str) -> date | None:
    """A day as `DD.MM.YYYY`, or None for an empty field.

    Raises:
        Malformed: when it is neither.
    """
    if not text.strip():
        return None
    found = _DAY.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else _no_day()
    except ValueError:
        return _no_day()


def birth_date(text: str) -> PartialDate | None:
    """A date of birth as far as it is known, or None for an empty field.

    Raises:
        Malformed: when there is no year, or something that is no part of a date.
    """
    tokens = [token for token in _SEPARATORS.split(text) if token]
    if not tokens:
        return None
    *before, year = tokens
    if not _YEAR.fullmatch(year) or int(year) == 0 or len(before) > 2:
        raise Malformed(_SHAPE)
    month = before.pop() if before and not _SHORT.fullmatch(before[-1]) else None
    known_month = _month(month) if month is not None else None
    known_day = _day_of_month(before.pop()) if before else None
    if before or (known_day is not None and known_month is None):
        raise Malformed(_SHAPE)
    if known_month is not None and known_day is not None and known_day > _days(int(year), known_month):
        raise Malformed("that month has fewer days")
    return PartialDate(int(year), known_month, known_day)


def _month(name: str) -> int:
    letters = unicodedata.normalize("NFKD", name.upper())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    if plain not in MONTHS:
        raise Malformed("this is no month in Dutch, French or German")
    return MONTHS[plain]


def _day_of_month(text: str) -> int:
    number = int(text) if _SHORT.fullmatch(text) else 0
    if not 1 <= number <= 31:
        raise Malformed("a day lies between 1 and 31")
    return number


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _no_day() -> date:
    raise Malformed("a day is written as DD.MM.YYYY")
