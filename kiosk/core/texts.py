"""Words for people, as keys and data: what journeys say before a language is chosen.

A journey never holds a sentence. It holds a `Message` (key in the catalogue of texts, plus data) or a
`Localized` (one value a language, written by the municipality). Turning either into words is the task of
`Texts`, which the screen, the paper and the voice share. Not for: choosing the language of a visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Protocol

Language = str
"""A language code of ISO 639-1: `nl`, `fr`, `en` or `de`."""

LANGUAGES: tuple[Language, ...] = ("nl", "fr", "en", "de")
"""Every language the product speaks; a site permits some of them in an order of its own."""


@dataclass(frozen=True)
class Localized:
    """Text written by the municipality: one value a language.

    Attributes:
        values: language code to text; every language the site permits is present (checked at load).
    """

    values: Mapping[Language, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.values.items())))


@dataclass(frozen=True)
class Message:
    """A key of the catalogue of texts and the data its sentence needs.

    Attributes:
        key: dotted key, for example `ticket.people_ahead`.
        data: values by placeholder name; `count` chooses the plural form.
    """

    key: str
    data: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted(self.data))))


Text = Localized | Message
"""Anything that can be said to a person."""

Value = str | int | date | datetime | time | Localized | Message
"""What a placeholder may hold; texts inside texts are rendered in the same language."""


def message(key: str, **data: Value) -> Message:
    """Write a `Message` the short way: `message("ticket.people_ahead", count=4)`."""
    return Message(key, data)


class Texts(Protocol):
    """Turns texts into words of one language."""

    def words(self, text: Text, language: Language) -> str:
        """The words of `text` in `language`, soft hyphens included (U+00AD, for the screen)."""
        ...

    def spoken(self, text: Text, language: Language) -> str:
        """The same words without soft hyphens, for the voice, the paper and accessible names."""
        ...
