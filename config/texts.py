"""The catalogue of texts: every sentence of the product, read from `assets/translations`, put into words.

One table a key, one value a language; a value is a text or `{ one = "…", other = "…" }` chosen by `count`. Words in
{braces} are filled in. Not for: texts of the municipality, which arrive as `Localized` (`config.site`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from config.formats import plural_form, shown
from config.problems import ConfigError, Findings
from config.text_entries import PLACEHOLDER, Entry, read_entries
from config.toml_source import TomlSource
from config.words import SOFT_HYPHEN
from kiosk.core.texts import Language, Localized, Message, Text, Value

TRANSLATIONS = Path(__file__).resolve().parent.parent / "assets" / "translations"


class Catalog:
    """Every text of the product in every language; the `Texts` of screen, paper and voice.

    A key or a value that is missing at run time is a mistake in our code and raises `KeyError`.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries

    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._entries)

    def placeholders(self, key: str) -> frozenset[str]:
        """The names a message with this key must give."""
        return self._entry(key).placeholders

    def words(self, text: Text, language: Language) -> str:
        """The words of `text` in `language`, soft hyphens included.

        Raises:
            KeyError: naming the key, language or placeholder that is missing.
        """
        if isinstance(text, Localized):
            return text.values[language]
        template = self._template(text, language)
        if "{" not in template:
            return template
        return PLACEHOLDER.sub(lambda match: self._fill(text, match[1], language), template)

    def spoken(self, text: Text, language: Language) -> str:
        """The same words without soft hyphens."""
        return self.words(text, language).replace(SOFT_HYPHEN, "")

    def _entry(self, key: str) -> Entry:
        if key not in self._entries:
            raise KeyError(f"no text has the key '{key}'")
        return self._entries[key]

    def _template(self, text: Message, language: Language) -> str:
        forms = self._entry(text.key).by_language[language]
        if isinstance(forms, str):
            return forms
        count = self._value(text, "count")
        if not isinstance(count, int):
            raise TypeError(f"'count' of the text '{text.key}' is {count!r}, not a number")
        return forms.get(plural_form(count, language), forms["other"])

    def _fill(self, text: Message, name: str, language: Language) -> str:
        value = self._value(text, name)
        if isinstance(value, Localized | Message):
            return self.words(value, language)
        return shown(name, value, language)

    def _value(self, text: Message, name: str) -> Value:
        if name not in text.data:
            raise KeyError(f"the text '{text.key}' needs a value for '{name}'")
        return text.data[name]


def load_texts(folder: Path = TRANSLATIONS) -> Catalog:
    """Read every `*.toml` of the folder.

    Raises:
        ConfigError: with every key that lacks a language, differs between languages, or stands twice.
    """
    findings = Findings()
    entries: dict[str, Entry] = {}
    files = sorted(folder.glob("*.toml"))
    if not files:
        findings.add(folder, 1, "there are no texts", "name the folder that holds journeys.toml")
    for file in files:
        try:
            source = TomlSource(file)
        except ConfigError as error:
            findings.take(error)
            continue
        _merge(entries, read_entries(source, findings), source, findings)
    findings.stop_if_any()
    return Catalog(entries)


def _merge(entries: dict[str, Entry], new: Mapping[str, Entry], source: TomlSource, findings: Findings) -> None:
    for key, entry in new.items():
        first = entries.setdefault(key, entry)
        if first is not entry:
            line = source.line(tuple(key.split(".")))
            findings.add(source.path, line, f"the key '{key}' is also in {first.file.name}", "keep one of the two")
