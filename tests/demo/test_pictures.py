"""The book of pictures: real tickets in every language, an index that names every picture by kind."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from config.site import load_site
from config.texts import load_texts
from kiosk.core.texts import LANGUAGES
from kiosk.demo.shots import Book, index, papers
from kiosk.paths import DEMO_SITE

FOLLOW = "https://voorbeeld.example/follow/"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(load_site(DEMO_SITE), load_texts(), tmp_path)


def test_papers_come_out_in_every_language_with_their_codes(book: Book) -> None:
    made = papers(replace(book, quick=True))
    tickets = [path for path in made["Paper"] if path.stem.startswith("ticket-")]
    attests = [path for path in made["Paper"] if path.stem.startswith("attest-confirmed-")]
    assert [path.stem for path in tickets] == [f"ticket-{language}" for language in LANGUAGES]
    assert [path.stem for path in attests] == ["attest-confirmed-nl", "attest-confirmed-de"]
    for path, start in (*((path, FOLLOW) for path in tickets), *((path, "BE1:") for path in attests)):
        with Image.open(path) as picture:
            assert picture.width >= 576
        read = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True, check=True)
        assert read.stdout.startswith(start)
    assert len({path.read_bytes() for path in made["Paper"]}) == len(made["Paper"])
    assert made["A4"]


def test_the_index_has_every_picture_under_its_kind(tmp_path: Path) -> None:
    kinds = {
        "Screen: home": [tmp_path / "portrait-27" / "home-nl.png"],
        "Paper": [tmp_path / "paper" / "ticket-nl.png"],
    }
    page = index(kinds, tmp_path)
    assert re.findall(r'<h2 id="([^"]+)">', page) == ["screen--home", "paper"]
    assert page.index("home-nl.png") < page.index("ticket-nl.png")
    assert re.findall(r'href="#([^"]+)"', page) == ["screen--home", "paper"]


def test_quick_is_dutch_and_german(book: Book) -> None:
    assert book.languages == LANGUAGES
    assert Book(book.site, book.texts, book.out, quick=True).languages == ("nl", "de")
