"""Papers about money: the slip of somebody whose payment is being checked, and a receipt of the terminal.

Not for: what was paid for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from drivers.contract import Align, Line, PaperDocument, QrCode, Rule
from kiosk.core.catalogue import Site
from kiosk.core.texts import Language, Texts, message
from kiosk.documents.paper_head import paper_head


def slip(
    reference: str, amount_cents: int, now: datetime, site: Site, phone: str, texts: Texts, language: Language
) -> PaperDocument:
    """For somebody of whom nobody knows yet whether they paid: that they must not pay again, and where to ask."""

    def said(key: str, **data: str | int | date | time) -> str:
        return texts.spoken(message(key, **data), language)

    return PaperDocument(
        (
            *paper_head(site, texts, language),
            Line(said("pay.slip.title"), Align.CENTRE, bold=True),
            Line(said("pay.slip.again"), Align.CENTRE, bold=True, inverse=True),
            Rule(),
            Line(f"{said('pay.amount')}: {said('sheet.price', price_cents=amount_cents)}", bold=True),
            Line(f"{said('pay.reference')}: {reference}", bold=True),
            Line(said("pay.slip.when", day=now.date(), time=now.time())),
            Rule(),
            Line(said("pay.slip.words")),
            Line(said("attest.paper.request.questions", phone=phone)),
        )
    )


def due_slip(
    code: str, what: str, amount_cents: int, now: datetime, site: Site, texts: Texts, language: Language
) -> PaperDocument:
    """For somebody who pays at the counter: how much, what for, and what to do then."""

    def said(key: str, **data: str | int | date | time) -> str:
        return texts.spoken(message(key, **data), language)

    return PaperDocument(
        (
            *paper_head(site, texts, language),
            Line(said("pay.due.title"), Align.CENTRE, bold=True),
            Line(said("sheet.price", price_cents=amount_cents), Align.CENTRE, bold=True, scale=2),
            Line(what, Align.CENTRE),
            Rule(),
            Line(said("pay.code"), Align.CENTRE),
            Line(code, Align.CENTRE, bold=True, scale=2),
            QrCode(code),
            Line(said("pay.slip.when", day=now.date(), time=now.time())),
            Rule(),
            Line(said("pay.due.words")),
        )
    )


def receipt(
    lines: Sequence[str], site: Site, texts: Texts, language: Language, *, duplicate: bool = False
) -> PaperDocument:
    """A receipt as the terminal wants it printed; `duplicate` says on it that it was printed before."""
    mark = Line(texts.spoken(message("pay.receipt.duplicate"), language), Align.CENTRE, bold=True, inverse=True)
    marks = (mark,) if duplicate else ()
    return PaperDocument((*paper_head(site, texts, language), *marks, *(Line(line) for line in lines)))
