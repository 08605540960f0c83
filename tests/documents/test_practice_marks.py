"""Nothing that comes out of a practice column can be taken for real: every paper says so, in its own language."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.site import load_site
from config.texts import Catalog, load_texts
from drivers.contract import Line, PaperDocument
from kiosk.core.attests import number_label
from kiosk.core.catalogue import Site
from kiosk.core.texts import LANGUAGES, Language, message
from kiosk.core.tickets import PRACTICE_MARK, Ticket, label
from kiosk.demo.collect import MORNING
from kiosk.demo.document_shots import DocumentShots
from kiosk.documents.payment_slip import receipt
from kiosk.documents.ticket import TicketFacts, ticket_paper
from kiosk.journeys.staff_tickets import list_paper
from kiosk.paths import DEMO_SITE

MARKS = ("practice.paper", "attest.paper.practice")


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(DEMO_SITE)


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return load_texts()


def papers(site: Site, texts: Catalog, language: Language, folder: Path) -> Iterator[tuple[str, PaperDocument]]:
    """Every kind of paper the receipt printer may print: ticket, attests, request, slips and receipt of payments,
    and what staff print."""
    here = site.contact_point("districtshuis")
    queue = site.queue(here.queues[0])
    service = site.services[0]
    mark = label(queue.letter, 42, practice=site.practice)
    ticket = Ticket("t", "j", queue.id, service.id, date(2026, 11, 23), 42, mark, None, language, MORNING.at)
    yield "ticket", ticket_paper(ticket, TicketFacts(site, here, queue, service, None, None), texts)
    yield "receipt", receipt(("Bancontact", "EUR 2,00"), site, texts, language)
    yield "waiting", list_paper(site, texts, language, (ticket,))
    yield from DocumentShots(site, texts, folder).papers(language)


def is_marked(paper: PaperDocument, texts: Catalog, language: Language) -> bool:
    """Whether one of its first lines says that it is practice, white on black."""
    words = {texts.spoken(message(key), language).strip() for key in MARKS}
    first = [item for item in paper.items if isinstance(item, Line)][:2]
    return any(line.text.strip() in words and line.inverse for line in first)


def language_of(name: str, language: Language) -> Language:
    """An attest is in a language of its own where the visit's is not permitted."""
    return next((each for each in LANGUAGES if name.endswith(f"-{each}")), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_says_so_in_its_language(site: Site, texts: Catalog, language: Language, tmp_path: Path) -> None:
    seen = list(papers(site, texts, language, tmp_path))
    assert len(seen) == 11
    unmarked = [
        name
        for name, paper in seen
        if not any(is_marked(paper, texts, each) for each in {language_of(name, language), "nl", "fr", "de", language})
    ]
    assert not unmarked


def test_control_a_real_site_prints_no_such_mark(site: Site, texts: Catalog, tmp_path: Path) -> None:
    real = replace(site, practice=False)
    marked = [name for name, paper in papers(real, texts, "nl", tmp_path) if is_marked(paper, texts, "nl")]
    assert marked == []


def test_every_sheet_says_so_in_words_and_not_only_in_colour(site: Site, texts: Catalog, tmp_path: Path) -> None:
    shots = DocumentShots(site, texts, tmp_path)
    for issued in shots._issued("nl"):
        said = subprocess.run(
            ["pdftotext", "-", "-"], input=shots._pdf(issued, duplicate=False), capture_output=True, check=True
        ).stdout.decode()
        words = texts.spoken(message("attest.paper.practice"), issued.content.language)
        pages = said.rstrip("\f").split("\f")
        assert all(words in page for page in pages), issued.name
        assert issued.content.number.startswith(PRACTICE_MARK)


def test_numbers_of_practice_look_like_no_real_ones() -> None:
    assert label("A", 42, practice=True) == "DEMO-A042"
    assert label("A", 7, "K3", practice=True) == "DEMO-A007-K3"
    assert label("A", 42) == "A042"
    assert number_label("hall", "K1", 2026, 42, practice=True) == "DEMO-hall-K1-2026-00042"
    assert number_label("hall", "K1", 2026, 42, practice=False) == "hall-K1-2026-00042"
