"""Texts of the municipality in a data file: one value a language, every language of the site present.

Not for: the product's own sentences (`config.texts`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, RootModel

from config.checked import name_of
from config.problems import Findings, choose_among
from config.toml_lines import KeyPath
from config.toml_source import TomlSource
from kiosk.core.texts import LANGUAGES, Language, Localized

SOFT_HYPHEN = "\u00ad"
TITLE_LIMIT = 32
"""Characters of a title; a longer one does not fit a tile in the larger text size."""


class Words(RootModel[dict[str, str]]):
    """One text: language code to words."""

    def localized(self) -> Localized:
        """The same as a value of the core."""
        return Localized(self.root)


class WordLists(RootModel[dict[str, list[str]]]):
    """Search words: language code to a list."""


def check_words(source: TomlSource, table: BaseModel, languages: tuple[Language, ...], findings: Findings) -> None:
    """Report every text of `table` that lacks a language of the site, is empty, or is too long for a title."""
    for path, text in _texts(table, ()):
        _check_languages(source, path, text, languages, findings)
        if isinstance(text, Words):
            _check_values(source, path, text, findings)


def _texts(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, Words | WordLists]]:
    if isinstance(value, Words | WordLists):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), (*path, name))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _texts(element, (*path, index))


def _check_languages(
    source: TomlSource, path: KeyPath, text: Words | WordLists, languages: tuple[Language, ...], findings: Findings
) -> None:
    for language in languages:
        if language not in text.root:
            found = f"'{name_of(path)}' has no translation in '{language}'"
            findings.add(source.path, source.line(path), found, f"add {language} = {_blank(text)} to it")
    for language in text.root:
        if language not in LANGUAGES:
            line = source.line((*path, language))
            found = f"'{name_of(path)}' has the unknown language '{language}'"
            findings.add(source.path, line, found, choose_among(language, LANGUAGES))


def _blank(text: Words | WordLists) -> str:
    return '"…"' if isinstance(text, Words) else '["…"]'


def _check_values(source: TomlSource, path: KeyPath, text: Words, findings: Findings) -> None:
    for language, words in text.root.items():
        length, place = len(words.replace(SOFT_HYPHEN, "")), (*path, language)
        if not words.strip():
            found = f"'{name_of(path)}' is empty in '{language}'"
            findings.add(source.path, source.line(place), found, "write the text")
        elif path[-1] == "title" and length > TITLE_LIMIT:
            found = f"'{name_of(path)}' has {length} characters in '{language}'"
            findings.add(source.path, source.line(place), found, f"write at most {TITLE_LIMIT}; a tile holds no more")
