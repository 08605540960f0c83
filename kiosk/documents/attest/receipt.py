"""Attest and proof of request on paper of 80 mm: the same facts as on the page, top to bottom, in one language.

Not for: bytes (`drivers.printers`), the A4 page (`kiosk.documents.attest.page`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from drivers.contract import Align, Feed, Line, PaperDocument, PaperItem, QrCode, Rule
from kiosk.core.attests import AttestContent, AttestProduct, Group, Printed
from kiosk.core.catalogue import Site
from kiosk.core.texts import Language, Localized, Text, Texts, message
from kiosk.documents.attest.printable import printable
from kiosk.documents.attest.sheet import Wording

SEAL_MODULE_MM = 0.625
"""Five dots at 203 dpi: what two decoders read from worn thermal paper, ten times out of ten."""
_COLUMNS = 48


def attest_receipt(
    content: AttestContent,
    product: AttestProduct,
    seal: str,
    site: Site,
    texts: Texts,
    *,
    duplicate: bool = False,
    verify_url: str = "",
) -> PaperDocument:
    """The whole attest on 80 mm paper.

    Raises:
        CannotMake: when the site names nobody who signs, or a text cannot stand on paper.
    """
    for words in content.words():
        printable(words, "attest")
    wording = Wording(site, texts, content.language, verify_url)
    said = wording.said
    signing = wording.signing()
    return PaperDocument(
        (
            *_marks(wording, practice=content.practice, duplicate=duplicate),
            Line(wording.municipality, Align.CENTRE, bold=True),
            Line(content.place, Align.CENTRE),
            Rule(),
            Line(said(product.title), Align.CENTRE, scale=_scale(said(product.title)), bold=True),
            Line(content.number, Align.CENTRE),
            Feed(),
            Line(wording.sentence(content.kind)),
            Feed(),
            *_pairs(wording.fact(printed) for printed in content.facts),
            *chain.from_iterable(_group(group, wording) for group in content.groups),
            Rule(),
            *_pairs(iter(wording.dates(content, product))),
            Rule(),
            Line(signing["intro"]),
            Line(signing["officer"], bold=True),
            Line(signing["capacity"]),
            Line(signing["sealed"]),
            Feed(),
            QrCode(seal, module_mm=SEAL_MODULE_MM, exact=True),
            Line(said(message("attest.paper.check.title")), Align.CENTRE, bold=True),
            *(Line(words, Align.CENTRE) for words in wording.check_lines()),
            Rule(),
            Line(said(product.legal)),
        )
    )


@dataclass(frozen=True, repr=False)
class RequestSlip:
    """What a proof of request says.

    Attributes:
        title: of the product.
        requested_at: timezone-aware.
        code: the pick-up code as printed.
        collect: where and how to collect, one sentence a line.
        phone: for questions.
    """

    title: Localized
    requested_at: datetime
    code: str
    collect: tuple[Text, ...]
    phone: str
    practice: bool
    language: Language


def request_receipt(slip: RequestSlip, site: Site, texts: Texts) -> PaperDocument:
    """Proof that an attest was asked for, with the code to collect it; it says that it is no attest itself."""
    wording = Wording(site, texts, slip.language)
    said = wording.said
    asked = slip.requested_at.astimezone(ZoneInfo(site.timezone))
    asked_at = message("attest.paper.request.asked", day=asked.date(), time=asked.time())
    return PaperDocument(
        (
            *_marks(wording, practice=slip.practice, duplicate=False),
            Line(wording.municipality, Align.CENTRE, bold=True),
            Rule(),
            Line(said(message("attest.paper.request.title")), Align.CENTRE),
            Line(said(slip.title), Align.CENTRE, scale=_scale(said(slip.title)), bold=True),
            Line(said(asked_at), Align.CENTRE),
            Feed(),
            Line(said(message("attest.paper.request.code")), Align.CENTRE),
            Line(slip.code, Align.CENTRE, scale=max(2, min(4, (_COLUMNS - 4) // max(1, len(slip.code)))), bold=True),
            QrCode(slip.code),
            *(Line(said(words), Align.CENTRE) for words in slip.collect),
            Rule(),
            Line(said(message("attest.paper.request.keep")), Align.CENTRE, bold=True),
            Line(said(message("attest.paper.request.questions", phone=slip.phone)), Align.CENTRE),
        )
    )


def _marks(wording: Wording, *, practice: bool, duplicate: bool) -> Iterator[PaperItem]:
    if practice:
        yield Line(wording.said(message("attest.paper.practice")), Align.CENTRE, bold=True, inverse=True)
        yield Line(wording.said(message("attest.paper.practice_words")), Align.CENTRE)
        yield Feed()
    if duplicate:
        yield Line(wording.said(message("attest.paper.duplicate")).upper(), Align.CENTRE, 2, bold=True, inverse=True)
        yield Line(wording.said(message("attest.paper.duplicate_words")), Align.CENTRE)
        yield Feed()


def _scale(title: str) -> int:
    """Double where the longest word leaves room for it."""
    return 2 if max(map(len, title.split()), default=0) <= _COLUMNS // 2 else 1


def _pairs(rows: Iterator[tuple[str, str]]) -> Iterator[PaperItem]:
    """Label, then value in bold: on one line where both fit, else below each other."""
    for label, value in rows:
        if len(label) + len(value) + 2 <= _COLUMNS:
            yield Line(f"{label}: {value}", bold=True)
        else:
            yield Line(label)
            yield Line(value, bold=True)


def _group(group: Group, wording: Wording) -> Iterator[PaperItem]:
    yield Rule()
    yield Line(wording.heading(group), bold=True)
    for row in group.rows:
        yield Feed()
        yield from _row(row, wording)


def _row(row: tuple[Printed, ...], wording: Wording) -> Iterator[PaperItem]:
    for at, printed in enumerate(row):
        label, value = wording.fact(printed)
        yield Line(f"{label}: {value}", bold=at == 0)
