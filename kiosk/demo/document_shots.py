"""Pictures of attests: A4 pages as a printer gets them, the same on receipt paper, and the receipt of a request.

Real journeys, real pages and seals; the key is made for the pictures and thrown away. Needs `pdftoppm`, which only
developers have. Not for: checking a document (`tests/peers`).
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.texts import Catalog
from drivers.contract import PaperDocument
from drivers.simulated.terminal.wording import wording
from kiosk.core.attests import AttestContent, AttestProduct
from kiosk.core.catalogue import Site
from kiosk.core.readiness import Report
from kiosk.core.texts import Language, message
from kiosk.demo.attest_scenes import ATTEST_SCENES
from kiosk.demo.collect import MORNING
from kiosk.demo.rehearsal import Rehearsal
from kiosk.documents.attest.page import AttestPages
from kiosk.documents.attest.pdf_seal import seal_pdf
from kiosk.documents.attest.receipt import RequestSlip, attest_receipt, request_receipt
from kiosk.documents.payment_slip import due_slip, receipt
from kiosk.documents.payment_slip import slip as payment_slip
from kiosk.documents.seal.text import seal_text
from kiosk.documents.seal_contract import AttestKey
from kiosk.journeys.staff_report import report_paper
from kiosk.paths import DOCUMENTS, FONTS
from sync.backoffice.app import create_app
from sync.backoffice.authority import make_office_key
from sync.backoffice.site import site_info

DPI = 90
VERIFY = "https://voorbeeld.example/verify"
MADE = ("attest-confirmed", "attest-household", "attest-household-of-ten")
"""Scenes whose attest is pictured."""


@dataclass(frozen=True, repr=False)
class Issued:
    """An attest of a rehearsal."""

    name: str
    content: AttestContent
    product: AttestProduct


class DocumentShots:
    """Makes the documents of one municipality.

    Args:
        folder: where the throw-away key may lie.
    """

    def __init__(self, site: Site, texts: Catalog, folder: Path) -> None:
        self._site, self._texts = site, texts
        self._key = _throw_away_key(site, folder)
        self._pages = AttestPages(site, texts, FONTS, DOCUMENTS, VERIFY)

    def sheets(self, language: Language, out: Path) -> list[Path]:
        """A4 pages: ordinary, and one marked as a duplicate."""
        made = []
        for issued in self._issued(language):
            made += _pictures(self._pdf(issued, duplicate=False), out / f"{issued.name}-{language}")
        first = next(self._issued(language))
        return [*made, *_pictures(self._pdf(first, duplicate=True), out / f"attest-duplicate-{language}")]

    def papers(self, language: Language) -> Iterator[tuple[str, PaperDocument]]:
        """The same on receipt paper, the receipt of a request, the slip of a payment in doubt, each with its name."""
        for issued in self._issued(language):
            seal = seal_text(issued.content, self._key)
            paper = attest_receipt(issued.content, issued.product, seal, self._site, self._texts, verify_url=VERIFY)
            yield f"{issued.name}-{language}", paper
        here = self._site.contact_point(MORNING.here)
        collect = (message("attest.asked.by.column"),)
        title = self._site.attest("household").title
        slip = RequestSlip(title, MORNING.at, "7K3M-9QXA-B", collect, here.phone, self._site.practice, language)
        yield f"attest-request-{language}", request_receipt(slip, self._site, self._texts)
        checked = payment_slip("5EED1234", 200, MORNING.at, self._site, here.phone, self._texts, language)
        yield f"payment-slip-{language}", checked
        what = self._texts.spoken(title, language)
        due = due_slip("7K3M-9QXA-B", what, 200, MORNING.at, self._site, self._texts, language)
        yield f"payment-due-{language}", due
        paid = receipt(_receipt_lines(language), self._site, self._texts, language, duplicate=True)
        yield f"duplicate-receipt-{language}", paid
        morning = Report(MORNING.at, ("terminal", "network"), ("printer", "payments"), 40)
        yield f"morning-report-{language}", report_paper(morning, self._site, self._texts, language)

    def _pdf(self, issued: Issued, *, duplicate: bool) -> bytes:
        content = issued.content
        page = self._pages.pdf(content, issued.product, seal_text(content, self._key), duplicate=duplicate)
        title = self._texts.spoken(issued.product.title, content.language)
        return seal_pdf(page, self._key, location=content.place, reason=title, signed_at=content.issued_at)

    def _issued(self, language: Language) -> Iterator[Issued]:
        for name in MADE:
            yield Issued(name, *asyncio.run(self._play(name, language)))

    async def _play(self, name: str, language: Language) -> tuple[AttestContent, AttestProduct]:
        scene = ATTEST_SCENES[name]
        async with Rehearsal(self._site, self._texts, scene.facts(MORNING)) as rehearsal:
            await scene.play(rehearsal, language)
            if rehearsal.screen.page.option("make"):
                await rehearsal.touch("make")
            _, content = rehearsal.attests.issued[-1]
            return content, self._site.attest(content.product)


def _receipt_lines(language: Language) -> list[str]:
    """As the simulated terminal words them, its card number masked."""
    said = wording(language)
    paid = f"{said.total} EUR 2,00"
    return [said.mark, f"{said.date} {MORNING.at:%d.%m.%Y %H:%M}", f"{said.card} **** **** **** 1111", paid, said.paid]


def _throw_away_key(site: Site, folder: Path) -> AttestKey:
    """A key whose certificate counts at the moment of the pictures."""
    app = create_app(
        f"sqlite:///{folder / 'pictures.db'}", site_info(site), clock=lambda: int(MORNING.at.timestamp() * 1000)
    )
    try:
        return make_office_key(app.state.office, folder / "key")
    finally:
        app.state.office.database.close()


def _pictures(pdf: bytes, stem: Path) -> list[Path]:
    """One PNG a page."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    command = ["pdftoppm", "-r", str(DPI), "-png", "-", str(stem)]
    subprocess.run(command, input=pdf, check=True)  # noqa: S603 - our own command
    return sorted(stem.parent.glob(f"{stem.name}-[0-9]*.png"))
