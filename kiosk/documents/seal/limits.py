"""What a value must be to be sealed: visible, on one line, in one Unicode form, and short.

A check compares the sealed words with the printed ones by eye, so nothing invisible may stand in them: no control
characters, no marks that turn the direction of writing. Not for: whether the fonts can print it (`documents.attest`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from kiosk.core.attests import AttestContent
from kiosk.core.texts import LANGUAGES

MAX_STATEMENT = 7_000
"""Bytes of a statement; with its signature it stays below what a check is willing to inflate."""
MAX_TEXT = 250
"""Characters of a printed value."""
MAX_NAME = 120
"""Characters of an id or a number."""
MAX_FACTS = 40
MAX_GROUPS = 4
MAX_ROWS = 60

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_ISSUER = re.compile(r"BE:[0-9]{10}")
_YEARS = range(1900, 2200)


def unfit(text: str) -> str | None:
    """Why a text cannot be sealed, or None; the reason names code points and never the text."""
    for letter in text:
        if unicodedata.category(letter) in _INVISIBLE:
            return f"a text holds the invisible character U+{ord(letter):04X}"
    if not unicodedata.is_normalized("NFC", text):
        return "a text is not in Unicode form NFC"
    return None if len(text) <= MAX_TEXT else f"a text has {len(text)} characters, at most {MAX_TEXT} fit"


def flaws(content: AttestContent) -> Iterator[str]:
    """Everything that keeps a content from being sealed; texts are for technicians and never personal."""
    if len(content.id) != 16:
        yield "the id of the document does not have 16 bytes"
    if not _ISSUER.fullmatch(content.issuer):
        yield "the issuer is not BE: and ten digits"
    if content.language not in LANGUAGES:
        yield f"the language is none of {', '.join(LANGUAGES)}"
    names = (("product", content.product), ("number", content.number), ("column", content.kiosk))
    yield from (f"the {name} has not 1 to {MAX_NAME} characters" for name, text in names if not _is_name(text))
    yield from _flaws_of_time(content)
    yield from (why for text in (content.product, content.kiosk, *content.words()) if (why := unfit(text)))
    yield from _too_many(content)


def _is_name(text: str) -> bool:
    return 1 <= len(text) <= MAX_NAME


def _flaws_of_time(content: AttestContent) -> Iterator[str]:
    offset = content.issued_at.utcoffset()
    if offset is None or offset % timedelta(minutes=1) or content.issued_at.microsecond:
        yield "the moment of sealing is not in whole seconds with a time zone of whole minutes"
    days: tuple[date, ...] = (content.issued_at, content.valid_until, content.as_of)
    if any(day.year not in _YEARS for day in days):
        yield f"a day is not of the years {_YEARS.start} to {_YEARS.stop - 1}"


def _too_many(content: AttestContent) -> Iterator[str]:
    rows = [row for group in content.groups for row in group.rows]
    if max(map(len, (content.facts, *rows))) > MAX_FACTS:
        yield f"there are more than {MAX_FACTS} facts in a row"
    if len(content.groups) > MAX_GROUPS or any(len(group.rows) > MAX_ROWS for group in content.groups):
        yield f"there are more than {MAX_GROUPS} groups or more than {MAX_ROWS} rows in one"
