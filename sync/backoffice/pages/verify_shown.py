"""A verdict in words of one language: labels in the viewer's, values exactly as they stand on the paper.

Not for: how it looks (`templates/verify_result.html`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kiosk.core.attests import AttestContent, Printed
from kiosk.core.texts import Language, message
from sync.backoffice.pages.verify_check import Checked
from sync.backoffice.site import SiteInfo

if TYPE_CHECKING:
    from config.texts import Catalog


@dataclass(frozen=True, repr=False)
class Line:
    """A label in the viewer's language and a value in that of the paper."""

    label: str
    value: str


@dataclass(frozen=True, repr=False)
class Rows:
    """A heading and its rows."""

    heading: str
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, repr=False)
class Shown:
    """Everything the page says of a check; of a person, so in no log (no repr).

    Attributes:
        finding: value of `Finding`; names colour and icon.
        word: the verdict.
        sentence: what it means and what to do.
        practice: a sentence that it is worth nothing, or empty; stronger than the verdict.
        hint: key of `texts.toml`, or empty.
        detail: for technicians, English.
        language: of the paper; empty when there are no sealed facts.
        head: issuer, number, days.
        facts, groups: of the person.
    """

    finding: str
    word: str
    sentence: str
    practice: str = ""
    hint: str = ""
    detail: str = ""
    language: str = ""
    head: tuple[Line, ...] = ()
    facts: tuple[Line, ...] = ()
    groups: tuple[Rows, ...] = ()


def shown(checked: Checked, site: SiteInfo, language: Language) -> Shown:
    """The words of a check."""
    said, verdict = _Said(language), checked.verdict
    finding = verdict.finding.value
    content = verdict.content
    hint = f"verify.hint.{checked.hint.value}" if checked.hint else ""
    word, sentence = said(f"verify.word.{finding}"), said(f"verify.{finding}")
    if content is None:
        return Shown(finding, word, sentence, hint=hint, detail=verdict.detail)
    return Shown(
        finding,
        word,
        sentence,
        practice=said("verify.practice") if content.practice else "",
        hint=hint,
        detail=verdict.detail,
        language=content.language,
        head=tuple(Line(said(f"verify.{key}"), value) for key, value in _head(content, verdict.issuer, site) if value),
        facts=said.lines(content.facts),
        groups=tuple(
            Rows(said(group.kind.key), tuple(said.lines(row) for row in group.rows)) for group in content.groups
        ),
    )


class _Said:
    """Words of the product's own catalogue, which the paper uses too."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __call__(self, key: str) -> str:
        return _catalogue().spoken(message(key), self._language)

    def lines(self, row: tuple[Printed, ...]) -> tuple[Line, ...]:
        return tuple(Line(self(printed.field.key), printed.value) for printed in row)


def _head(content: AttestContent, issuer: str, site: SiteInfo) -> Iterator[tuple[str, str]]:
    """As the paper writes it: its language, its way of writing days."""
    from kiosk.documents.attest.dates import day_words

    yield "product", site.service_title(content.product, content.language)
    yield "number", content.number
    yield "issuer", issuer
    yield "sealed_at", day_words(content.issued_at.astimezone(site.zone).date(), content.language)
    yield "valid_until", day_words(content.valid_until, content.language)
    yield "as_of", day_words(content.as_of, content.language)
    yield "place", content.place
    yield "purpose", content.purpose


@cache
def _catalogue() -> Catalog:
    from config.texts import load_texts

    return load_texts()
