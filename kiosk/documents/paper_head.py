"""The head of a small paper: the mark of practice and whose paper it is.

Not for: tickets and attests, whose head says more (`ticket`, `attest.receipt`).
"""

from __future__ import annotations

from drivers.contract import Align, Line, PaperItem, Rule
from kiosk.core.catalogue import Site
from kiosk.core.texts import Language, Texts, message


def paper_head(site: Site, texts: Texts, language: Language) -> tuple[PaperItem, ...]:
    """Whose paper it is, under the mark of practice where nothing on it is real."""
    practice = texts.spoken(message("attest.paper.practice"), language)
    mark = (Line(practice, Align.CENTRE, bold=True, inverse=True),) if site.practice else ()
    return (*mark, Line(texts.spoken(site.name, language), Align.CENTRE, bold=True), Rule())
