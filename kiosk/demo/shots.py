"""The book of pictures: every real screen, set-up too, the paper, and the web pages, with one index by kind.

`python -m kiosk.demo.shots --out DIR [--quick]`, which `make shots` calls. Screens come from the real journeys over
the demo site, paper from the real driver and the simulated printer, web pages from the real back office in headless
Chromium. Not for: comparing pictures, or a running column.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import logging
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.site import load_site
from config.texts import Catalog, load_texts
from drivers.contract import CannotOpen, PaperDocument, Printed
from drivers.printers.opening import open_printer
from drivers.simulated.printer import SimulatedPrinter
from kiosk.core.catalogue import Site
from kiosk.core.texts import LANGUAGES, Language
from kiosk.demo.collect import MORNING, Collector, Pages
from kiosk.demo.document_shots import DocumentShots
from kiosk.demo.setup_scenes import setup_pages
from kiosk.demo.web_shots import shoot_web
from kiosk.documents.notice import PICTURE, draw
from kiosk.documents.test_paper import test_paper
from kiosk.paths import DEMO_SITE, FONTS, TRANSLATIONS
from kiosk.setup.running import brand
from kiosk.ui import shots
from kiosk.ui.brand import Brand
from kiosk.ui.metrics import ScreenModel
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER

MODELS: tuple[ScreenModel, ...] = (DEMO_COLUMN, DEMO_COUNTER)
QUICK_LANGUAGES = ("nl", "de")
Kinds = dict[str, list[Path]]


@dataclass(frozen=True)
class Book:
    """Where pictures go and which are wanted.

    Attributes:
        quick: Dutch and German only.
    """

    site: Site
    texts: Catalog
    out: Path
    quick: bool = False

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages wanted."""
        return QUICK_LANGUAGES if self.quick else LANGUAGES


def screens(book: Book) -> Kinds:
    """Draw every real page; by name of the page."""
    kinds: Kinds = {}
    for language in book.languages:
        everything = asyncio.run(Collector(book.site, book.texts, language).everything())
        # A page of another day would stand under the clock of the pictures and say what is not true.
        collected = {name: real for name, real in everything.items() if real.at == shots.MOMENT}
        for here in {real.here for real in collected.values()}:
            there = {name: real for name, real in collected.items() if real.here == here}
            for path in _draw(book, there, here, language):
                kinds.setdefault(_page_of(path, list(there)), []).append(path)
    order = list(collected)
    return {f"Screen: {name}": sorted(kinds[name]) for name in order}


def set_up(book: Book) -> Kinds:
    """Every page of `zuil setup`, and what stands on the screen when the program does not run."""
    kinds: Kinds = {}
    for language in book.languages:
        pages = asyncio.run(setup_pages(book.texts, language, MORNING.at))
        shown = {name: (page, None) for name, page in pages.items()}
        for path in shots.shoot(book.texts, shown, book.out, MODELS, [language], brand()):
            kinds.setdefault(_page_of(path, list(pages)), []).append(path)
    notice = book.out / PICTURE
    draw(book.texts).save(notice)
    return {**{f"Set-up: {name}": sorted(found) for name, found in kinds.items()}, "Safe stop": [notice]}


def _draw(book: Book, pages: Pages, here: str, language: Language) -> list[Path]:
    shown = {name: (real.page, real.overlay) for name, real in pages.items()}
    return shots.shoot(book.texts, shown, book.out, MODELS, [language], brand_of(book.site, here))


def _page_of(picture: Path, names: Sequence[str]) -> str:
    """The longest name of a page that the file's name begins with."""
    return max((name for name in names if picture.name.startswith(f"{name}-")), key=len)


def brand_of(site: Site, here: str) -> Brand:
    """What stands in the header of a column at that contact point."""
    return Brand(site.name, site.mark, site.brand, site.contact_point(here).name, site.practice)


def papers(book: Book) -> Kinds:
    """Tickets, attests and receipts of requests as the printers give them."""
    folder = book.out / "paper"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zuil-pictures-") as scratch:
        documents = DocumentShots(book.site, book.texts, Path(scratch))
        wanted = [
            *((f"ticket-{language}", _ticket(book, language)) for language in LANGUAGES),
            *((f"duplicate-ticket-{language}", _again(book, language)) for language in book.languages),
            ("test-page", test_paper("usb://04b8:0e28/X7QK004512", "epson-tm-t20iii")),
            *(paper for language in book.languages for paper in documents.papers(language)),
        ]
        sheets = [picture for language in book.languages for picture in documents.sheets(language, folder)]
    return {"Paper": _printed(wanted, folder), "A4": sheets}


def _ticket(book: Book, language: Language) -> PaperDocument:
    return asyncio.run(Collector(book.site, book.texts, language).ticket_paper()).printer.documents[0]


def _again(book: Book, language: Language) -> PaperDocument:
    """The last ticket as staff have it printed again."""
    return asyncio.run(Collector(book.site, book.texts, language).ticket_again()).printer.documents[-1]


def _printed(wanted: Sequence[tuple[str, PaperDocument]], folder: Path) -> list[Path]:
    """What comes out of the simulated printer for each."""
    made: list[Path] = []
    with SimulatedPrinter() as printer:
        driver = open_printer(printer.uri, fonts=FONTS)()
        if isinstance(driver, CannotOpen):
            raise RuntimeError(f"the simulated printer cannot be opened: {driver.detail}")
        for number, (name, document) in enumerate(wanted, start=1):
            result = driver.print(f"picture-{name}", document)
            if not isinstance(result, Printed) or not printer.wait_for_papers(number):
                raise RuntimeError(f"{name} did not come out: {result}")
            made.append(folder / f"{name}.png")
            made[-1].write_bytes(printer.papers[-1].png)
        driver.close()
    return made


def index(kinds: Kinds, out: Path) -> str:
    """A page with every picture by kind, small, named, and linked to the whole one."""
    style = (
        "body{font:14px sans-serif;background:#ddd;margin:1em} figure{display:inline-block;margin:6px;vertical-align:"
        "top} img{height:360px;border:1px solid #999;display:block} figcaption{font-size:11px} nav a{margin-right:1em}"
    )
    links = " ".join(f'<a href="#{_anchor(kind)}">{html.escape(kind)}</a>' for kind in kinds)
    parts = [
        f'<h2 id="{_anchor(kind)}">{html.escape(kind)}</h2>{_figures(found, out)}' for kind, found in kinds.items()
    ]
    head = f'<!doctype html><meta charset="utf-8"><title>Zuil: pictures</title><style>{style}</style>'
    return f"{head}\n<h1>Zuil: pictures</h1><nav>{links}</nav>\n" + "\n".join(parts) + "\n"


def _anchor(kind: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in kind.lower())


def _figures(pictures: Sequence[Path], out: Path) -> str:
    names = [html.escape(path.relative_to(out).as_posix()) for path in pictures]
    return "\n".join(
        f'<figure><a href="{name}"><img loading="lazy" src="{name}" alt=""></a><figcaption>{name}</figcaption></figure>'
        for name in names
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw everything; see `--help`."""
    parser = argparse.ArgumentParser(prog="kiosk.demo.shots", description="Pictures of screens, paper and web pages.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--quick", action="store_true", help="Dutch and German only")
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The page after a defect is among the pictures; its defect is asked for and needs no report.
    logging.getLogger("zuil").addHandler(logging.NullHandler())
    book = Book(load_site(DEMO_SITE), load_texts(TRANSLATIONS), given.out, given.quick)
    kinds = {**screens(book), **set_up(book), **papers(book), "Web pages": shoot_web(book.out / "web", book.languages)}
    (book.out / "index.html").write_text(index(kinds, book.out), encoding="utf-8")
    print(f"{sum(map(len, kinds.values()))} pictures, index in {book.out / 'index.html'}")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
