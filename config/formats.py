"""Numbers, money, days and times in the four languages, by the rules of CLDR.

English is British: the neighbours' way of writing days and times. Babel is loaded at the first use, and not while the
column starts. Not for: choosing a sentence (`config.texts`).
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from kiosk.core.texts import LANGUAGES, Language

if TYPE_CHECKING:
    from babel import Locale

CENTS = "_cents"
"""Ending of a placeholder whose number is an amount in euro cents."""

_REGION = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB", "de": "de_BE"}
_DAY = {"nl": "EEEE d MMMM", "fr": "EEEE d MMMM", "en": "EEEE d MMMM", "de": "EEEE, d. MMMM"}
_FIRST_DAY = {"fr": "EEEE d'er' MMMM"}
_AT = {"nl": "{day} om {time}", "fr": "{day} à {time}", "en": "{day} at {time}", "de": "{day} um {time}"}
_MONEY = {"nl": "¤\u00a0#,##0.00", "fr": "#,##0.00\u00a0¤", "en": "¤#,##0.00", "de": "#,##0.00\u00a0¤"}


def shown(name: str, value: str | int | date | time, language: Language) -> str:
    """A value as people read it.

    Args:
        name: the placeholder; a number under a name ending in `_cents` is money.
        value: `datetime` is given with day and time, in the zone it carries.
    """
    match value:
        case str():
            return value
        case datetime():
            return _AT[language].format(day=_day(value, language), time=clock_time(value.time()))
        case date():
            return _day(value, language)
        case time():
            return clock_time(value)
        case _:
            return money(value, language) if name.endswith(CENTS) else str(value)


def clock_time(value: time) -> str:
    """Hours and minutes, "14:05", the same in the four languages."""
    return f"{value:%H:%M}"


def money(cents: int, language: Language) -> str:
    """An amount in euro; currency sign and number never part at the end of a line."""
    from babel.numbers import format_currency

    amount = Decimal(cents) / 100
    return format_currency(amount, "EUR", format=_MONEY[language], locale=_locale(language)).replace("\u202f", "\u00a0")


def plural_form(count: int, language: Language) -> str:
    """The plural category of CLDR: `one`, `other`, in French also `many`."""
    return str(_locale(language).plural_form(count))


def warm_up() -> None:
    """Load the data of every language, so that no visit waits for it; meant for the time after the first screen."""
    for language in LANGUAGES:
        plural_form(1, language)
        money(0, language)
        shown("day", date(2026, 1, 1), language)


def _day(value: date, language: Language) -> str:
    from babel.dates import format_date

    pattern = _FIRST_DAY.get(language, _DAY[language]) if value.day == 1 else _DAY[language]
    return format_date(value, format=pattern, locale=_locale(language))


@cache
def _locale(language: Language) -> Locale:
    from babel import Locale

    return Locale.parse(_REGION[language])
