"""Words of the back office's own pages: one table of four languages, checked when it is read.

Not for: texts of the municipality (`SiteInfo`) or of the column.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from config.formats import clock_time, money
from kiosk.core.texts import LANGUAGES

_FILE = Path(__file__).with_name("texts.toml")
Entries = Mapping[str, Mapping[str, str]]


class IncompleteTexts(ValueError):
    """A key of the table of words lacks a language."""


def read_entries(text: str) -> Entries:
    """The table of words from TOML.

    Raises:
        IncompleteTexts: naming the key and the language.
    """
    entries: dict[str, dict[str, str]] = tomllib.loads(text)
    for key, words in entries.items():
        for language in LANGUAGES:
            if not words.get(language):
                raise IncompleteTexts(f"{key!r} has no words in {language!r}")
    return entries


@cache
def entries() -> Entries:
    """The table of words of these pages."""
    return read_entries(_FILE.read_text("utf-8"))


class Words:
    """Words in one language; callable from templates.

    Args:
        language: `nl`, `fr`, `en` or `de`.
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **data: str | int) -> str:
        """The words of a key, filled in; KeyError when there is no such key."""
        return entries()[key][self.language].format(**data)

    def count(self, key: str, count: int, **data: str) -> str:
        """The words of a key for a number of things."""
        one = count == 1 or (count == 0 and self.language == "fr")
        return self(f"{key}.{'one' if one else 'many'}", count=count, **data)

    def day(self, day: date) -> str:
        """A day as this language writes it in figures."""
        return day.strftime("%d.%m.%Y" if self.language == "de" else "%d/%m/%Y")

    def moment(self, at: datetime) -> str:
        """A day and time as this language writes them in figures."""
        return f"{self.day(at)} {clock_time(at.time())}"

    def money(self, cents: int) -> str:
        """An amount as this language writes it."""
        return money(cents, self.language)

    def age(self, minutes: int) -> str:
        """How long ago, in the unit people would use."""
        if minutes < 1:
            return self("age.now")
        if minutes < 120:
            return self("attests.age.minutes", count=minutes)
        hours = minutes // 60
        return self("attests.age.hours", count=hours) if hours < 48 else self("attests.age.days", count=hours // 24)

    def either(self, key: str, fallback: str) -> str:
        """The words of a key, or `fallback` when we have none (a device of a newer column)."""
        found = entries().get(key)
        return found[self.language] if found else fallback


def in_every(languages: tuple[str, ...], key: str) -> tuple[str, ...]:
    """The words of a key in several languages, in order, each word once."""
    return tuple(dict.fromkeys(entries()[key][language] for language in languages))
