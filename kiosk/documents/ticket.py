"""What stands on a queue ticket, top to bottom, in the one language of the visit.

Not for: bytes (`drivers.printers`) or the page on screen (`kiosk.journeys.take_ticket`).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.contract import Align, Feed, Line, PaperDocument, PaperItem, QrCode, Rule
from kiosk.core.catalogue import ContactPoint, Queue, Service, Site
from kiosk.core.texts import Message, Text, Texts, message
from kiosk.core.tickets import PeopleAhead, Ticket


@dataclass(frozen=True)
class TicketFacts:
    """What a ticket says beside its number.

    Attributes:
        ahead: people before this one, or None when nothing believable is known.
        code: text of the QR code, or None for a ticket without one.
    """

    site: Site
    here: ContactPoint
    queue: Queue
    service: Service
    ahead: PeopleAhead | None
    code: str | None


def ticket_paper(ticket: Ticket, facts: TicketFacts, texts: Texts) -> PaperDocument:
    """Lay the ticket out in its own language; a practice site says so above everything."""

    def said(text: Text) -> str:
        return texts.spoken(text, ticket.language)

    practice = (Line(said(message("practice.paper")), Align.CENTRE, bold=True, inverse=True), Feed())
    items: tuple[PaperItem, ...] = (
        *(practice if facts.site.practice else ()),
        Line(said(facts.site.name), Align.CENTRE, bold=True),
        Line(said(facts.here.name), Align.CENTRE),
        Rule(),
        Line(said(message("ticket.title")), Align.CENTRE),
        Line(ticket.label, Align.CENTRE, scale=_scale(ticket.label), bold=True),
        Line(said(facts.service.title), Align.CENTRE, bold=True),
        Line(said(facts.queue.place), Align.CENTRE, scale=2),
        *_ahead(facts.ahead, texts, ticket.language),
        Line(said(_issued_at(ticket)), Align.CENTRE),
        *_code(facts.code, said(message("ticket.follow"))),
        Rule(),
        Line(said(message("ticket.order_of_arrival")), Align.CENTRE),
    )
    return PaperDocument(items)


def duplicate(paper: PaperDocument, ticket: Ticket, texts: Texts) -> PaperDocument:
    """The same ticket with a line above and below that says it was printed again."""
    mark = Line(texts.spoken(message("ticket.duplicate"), ticket.language), Align.CENTRE, bold=True, inverse=True)
    return PaperDocument((mark, Feed(), *paper.items, mark))


def _issued_at(ticket: Ticket) -> Message:
    return message("ticket.issued_at", day=ticket.issued_at.date(), time=ticket.issued_at.time())


def _scale(label: str) -> int:
    """Characters as large as the label's length leaves room for on 80 mm paper (48 columns)."""
    return max(2, min(8, 44 // max(1, len(label))))


def _ahead(ahead: PeopleAhead | None, texts: Texts, language: str) -> tuple[PaperItem, ...]:
    if ahead is None:
        return (Feed(),)
    return (Line(texts.spoken(people_ahead_words(ahead), language), Align.CENTRE), Feed())


def people_ahead_words(ahead: PeopleAhead) -> Message:
    """How many are before somebody, the same on screen and paper; "about" when the last word is not fresh."""
    if ahead.exact and ahead.count == 0:
        return message("ticket.nobody_ahead")
    if ahead.exact:
        return message("ticket.people_ahead", count=ahead.count)
    return message("ticket.people_ahead_about", count=ahead.count)


def _code(code: str | None, hint: str) -> tuple[PaperItem, ...]:
    return (Feed(), QrCode(code), Line(hint, Align.CENTRE)) if code else ()
