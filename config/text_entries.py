"""Entries of a file of translations, read and checked: all languages, the same placeholders, the plural forms.

Not for: filling in values (`config.texts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.problems import Findings, choose_among
from config.toml_lines import KeyPath
from config.toml_source import TomlSource
from kiosk.core.texts import LANGUAGES, Language

Forms = str | Mapping[str, str]
"""A sentence, or its plural forms by the category of CLDR."""

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
NEEDED_FORMS = ("one", "other")
"""Plural forms every entry gives; the four languages need these two for the numbers a column says."""

_FORMS = ("zero", "one", "two", "few", "many", "other")


@dataclass(frozen=True)
class Entry:
    """One key of the catalogue.

    Attributes:
        file: where it stands.
        by_language: language code to sentence or plural forms.
        placeholders: names a message must give a value for.
    """

    file: Path
    by_language: Mapping[Language, Forms]
    placeholders: frozenset[str]


def read_entries(source: TomlSource, findings: Findings) -> dict[str, Entry]:
    """Every entry of a file by its dotted key; broken ones are reported and left out."""
    found: dict[str, Entry] = {}
    for path, table in _tables(source, source.data, (), findings):
        entry = _entry(source, path, table, findings)
        if entry is not None:
            found[".".join(map(str, path))] = entry
    return found


def _tables(
    source: TomlSource, table: Mapping[str, object], path: KeyPath, findings: Findings
) -> Iterator[tuple[KeyPath, Mapping[str, object]]]:
    """The tables that are entries: those with a sentence in some language; the others only group keys."""
    if path and (not table or any(_is_sentence(value) for value in table.values())):
        yield path, table
        return
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _tables(source, value, (*path, name), findings)
        else:
            line = source.line((*path, name))
            findings.add(source.path, line, f"'{name}' stands outside a text", "write a table a key: [ticket.title]")


def _is_sentence(value: object) -> bool:
    if not isinstance(value, dict):
        return True
    return bool(value) and all(form in _FORMS and isinstance(words, str) for form, words in value.items())


def _entry(source: TomlSource, path: KeyPath, table: Mapping[str, object], findings: Findings) -> Entry | None:
    key = ".".join(map(str, path))
    before = len(findings.problems)
    for language in LANGUAGES:
        if language not in table:
            found = f"'{key}' has no translation in '{language}'"
            findings.add(source.path, source.line(path), found, f'add {language} = "…" to it')
    forms: dict[Language, Forms] = {}
    for language, value in table.items():
        checked = _forms(source, (*path, language), value, findings)
        if checked is not None:
            forms[language] = checked
    if len(findings.problems) > before:
        return None
    names = {language: _placeholders(value) for language, value in forms.items()}
    _same_everywhere(source, path, names, findings)
    return Entry(source.path, forms, names[LANGUAGES[0]])


def _forms(source: TomlSource, path: KeyPath, value: object, findings: Findings) -> Forms | None:
    key, language = ".".join(map(str, path[:-1])), str(path[-1])
    if language not in LANGUAGES:
        found = f"'{key}' has the unknown language '{language}'"
        findings.add(source.path, source.line(path), found, choose_among(language, LANGUAGES))
    elif isinstance(value, str):
        return value if _braces_fit(source, path, value, findings) else None
    elif isinstance(value, dict) and value and all(isinstance(words, str) for words in value.values()):
        return value if _plural_fits(source, path, value, findings) else None
    else:
        right = 'write a text between "quotes", or { one = "…", other = "…" }'
        findings.add(source.path, source.line(path), f"'{key}' has no text in '{language}'", right)
    return None


def _plural_fits(source: TomlSource, path: KeyPath, forms: Mapping[str, str], findings: Findings) -> bool:
    key = ".".join(map(str, path[:-1]))
    before = len(findings.problems)
    for form in NEEDED_FORMS:
        if form not in forms:
            found = f"'{key}' has no form '{form}' in '{path[-1]}'"
            findings.add(source.path, source.line(path), found, f'add {form} = "…" to it')
    for form, words in forms.items():
        if form not in _FORMS:
            line = source.line((*path, form))
            findings.add(source.path, line, f"'{key}' has the unknown form '{form}'", choose_among(form, _FORMS))
        _braces_fit(source, (*path, form), words, findings)
    return len(findings.problems) == before


def _braces_fit(source: TomlSource, path: KeyPath, words: str, findings: Findings) -> bool:
    rest = PLACEHOLDER.sub("", words)
    if not words.strip():
        findings.add(source.path, source.line(path), f"'{'.'.join(map(str, path))}' is empty", "write the text")
    elif "{" in rest or "}" in rest:
        found = f"a brace without a name in '{'.'.join(map(str, path))}'"
        findings.add(source.path, source.line(path), found, "write placeholders as {small_letters}")
    else:
        return True
    return False


def _placeholders(forms: Forms) -> frozenset[str]:
    if isinstance(forms, str):
        return frozenset(PLACEHOLDER.findall(forms))
    names = {name for words in forms.values() for name in PLACEHOLDER.findall(words)}
    return frozenset(names | {"count"})  # a form may leave the number out: "one person before you"


def _same_everywhere(
    source: TomlSource, path: KeyPath, names: Mapping[Language, frozenset[str]], findings: Findings
) -> None:
    key, wanted = ".".join(map(str, path)), names[LANGUAGES[0]]
    for language in LANGUAGES[1:]:
        missing, extra = sorted(wanted - names[language]), sorted(names[language] - wanted)
        right = f"use the placeholders of '{LANGUAGES[0]}'"
        if missing:
            found = f"'{key}' lacks {{{missing[0]}}} in '{language}'"
            findings.add(source.path, source.line((*path, language)), found, right)
        if extra:
            found = f"'{key}' has {{{extra[0]}}} in '{language}' only"
            findings.add(source.path, source.line((*path, language)), found, right)
