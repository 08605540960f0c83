"""Days in words of one language, "26 augustus 1954", as far as they are known.

Not for: days on screens, which have the day of the week and no year (`config.formats`).
"""

from __future__ import annotations

import re
from datetime import date

from drivers.card_contract import PartialDate
from kiosk.core.texts import Language

_REGION = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB", "de": "de_BE"}
_DAY = {"nl": "d MMMM y", "fr": "d MMMM y", "en": "d MMMM y", "de": "d. MMMM y"}
_FIRST_DAY = {"fr": "d'er' MMMM y"}
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def day_words(day: date, language: Language) -> str:
    """The whole day: "26 augustus 1954", "1er mars 2026", "26. August 1954"."""
    pattern = _FIRST_DAY.get(language, _DAY[language]) if day.day == 1 else _DAY[language]
    return _written(day, pattern, language)


def partial_words(day: PartialDate, language: Language) -> str:
    """As far as it is known: "26 augustus 1954", "augustus 1954", "1954".

    Raises:
        ValueError: when there is no such day.
    """
    if day.month is None:
        return f"{day.year:04d}"
    if day.day is None:
        return _written(date(day.year, day.month, 1), "MMMM y", language)
    return day_words(date(day.year, day.month, day.day), language)


def iso_words(text: str, language: Language) -> str:
    """`YYYY-MM-DD` in words; month and day may be missing or 00.

    Raises:
        ValueError: when it is no such date.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError("a date is written YYYY-MM-DD")
    year, month, day = (int(part or 0) for part in found.groups())
    if day and not month:
        raise ValueError("a date with a day has a month")
    return partial_words(PartialDate(year, month or None, day or None), language)


def _written(day: date, pattern: str, language: Language) -> str:
    from babel.dates import format_date

    return format_date(day, format=pattern, locale=_REGION[language])
