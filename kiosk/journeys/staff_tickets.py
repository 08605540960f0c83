"""Tickets in the hands of staff: the last one printed again as a duplicate, and those only this column knows.

While the network is down nobody else can call them; here they are listed, printed and called. Not for: the queue of the
back office (`sync.backoffice`).
"""

from __future__ import annotations

from collections.abc import Sequence

from drivers.contract import Align, Feed, Line, PaperDocument, Rule
from kiosk.core.catalogue import Site
from kiosk.core.pages import Fact, MenuPage, NoticePage, Option, TicketPage, Weight
from kiosk.core.staff import Act
from kiosk.core.texts import Language, Text, Texts, message
from kiosk.core.tickets import Ticket
from kiosk.documents.paper_head import paper_head
from kiosk.documents.ticket import TicketFacts, duplicate, ticket_paper
from kiosk.journeys import staff_pages as pages
from kiosk.journeys.printing import PaperNews, PrintJob
from kiosk.journeys.staff_session import Session
from kiosk.journeys.visit import Back, Column

CALL = "call:"
PRINT_LIST = "print_list"
CALLED_S = 60.0


async def reprint(session: Session) -> None:
    """Print the newest ticket of today once more; the paper says that it is a duplicate."""
    visit = session.visit
    ticket = await session.desk.book.last_ticket(visit.column.clock.now().date())
    if ticket is None or not offered(visit.column, ticket):
        await visit.choose(nothing_page("staff.reprint.none"))
        return
    chosen = await visit.choose(which_page(ticket))
    while chosen == pages.REPRINT:
        await session.did(Act.REPRINTED, ticket.id)
        chosen = await follow(session, visit.column.printing.slip(again(visit.column, ticket)), pages.REPRINT)


async def tickets_here(session: Session) -> None:
    """The list, as long as somebody works with it."""
    visit, book = session.visit, session.desk.book
    while True:
        waiting = await book.tickets_here(visit.column.clock.now().date())
        if not waiting:
            await visit.choose(nothing_page("staff.tickets.none"))
            return
        chosen = await visit.choose(list_page(visit.column, waiting))
        if not isinstance(chosen, str):
            return
        if chosen == PRINT_LIST:
            await session.did(Act.PRINTED_TICKETS, str(len(waiting)))
            paper = list_paper(visit.column.site, visit.column.texts, session.member.language, waiting)
            await follow(session, visit.column.printing.slip(paper))
        else:
            ticket = next(each for each in waiting if each.id == chosen.removeprefix(CALL))
            await _call(session, ticket)


async def follow(session: Session, job: PrintJob, again_option: str | None = None) -> str | Back:
    """The page of a slip until it is answered."""
    title = message("staff.slip.title")
    first = pages.paper_page(title, PaperNews(job.news.state, job.news.reason))
    return await session.visit.choose(first, updates=pages.following(title, job, again_option))


async def _call(session: Session, ticket: Ticket) -> None:
    """Mark it, then show the number, large, to whoever waits before this screen."""
    if await session.desk.book.call_here(ticket.id, session.member.id):
        await session.did(Act.CALLED_TICKET, ticket.id)
        await session.visit.choose(called_page(ticket), patience=CALLED_S)


def again(column: Column, ticket: Ticket) -> PaperDocument:
    """The ticket as it was, under a line that says what it is; without people ahead, which nobody knows any more."""
    site = column.site
    facts = TicketFacts(site, column.here, site.queue(ticket.queue_id), site.service(ticket.service_id), None, None)
    return duplicate(ticket_paper(ticket, facts, column.texts), ticket, column.texts)


def offered(column: Column, ticket: Ticket) -> bool:
    """Whether the site still has its queue and service: what it offers may have changed since."""
    queues, services = (each.id for each in column.site.queues), (each.id for each in column.site.services)
    return ticket.queue_id in queues and ticket.service_id in services


def which_page(ticket: Ticket) -> NoticePage:
    """Which ticket would be printed."""
    return NoticePage(
        title=message("staff.do.reprint"),
        subtitle=message("staff.reprint_what"),
        icon="printer",
        facts=(
            Fact(message("staff.reprint.number"), message("plain", text=ticket.label), "ticket"),
            Fact(message("staff.reprint.given"), message("staff.at_time", time=ticket.issued_at.time()), "clock"),
        ),
        options=(Option(pages.REPRINT, message("staff.do.again"), icon="printer", weight=Weight.PRIMARY),),
    )


def nothing_page(key: str) -> NoticePage:
    """There is nothing to do."""
    return NoticePage(
        title=message(key),
        subtitle=message(f"{key}_why"),
        icon="ticket",
        options=(Option(pages.DONE, message("staff.do.done"), weight=Weight.PRIMARY),),
        back=False,
    )


def list_page(column: Column, waiting: Sequence[Ticket]) -> MenuPage:
    """Everybody who waits and whom only this column knows, first to be called first."""
    return MenuPage(
        title=message("staff.tickets.title", count=len(waiting)),
        subtitle=message("staff.tickets.subtitle"),
        options=(
            Option(PRINT_LIST, message("staff.tickets.print"), icon="printer", weight=Weight.PRIMARY),
            *(_ticket_option(column, ticket) for ticket in waiting),
        ),
        group=message("staff.tickets.call"),
    )


def _ticket_option(column: Column, ticket: Ticket) -> Option:
    hint = message("staff.tickets.line", time=ticket.issued_at.time(), service=_asked(column.site, ticket))
    return Option(f"{CALL}{ticket.id}", message("plain", text=ticket.label), hint, icon="ticket")


def _asked(site: Site, ticket: Ticket) -> Text:
    """Its service by name; what the site no longer offers is named by its id."""
    titles = {service.id: service.title for service in site.services}
    return titles.get(ticket.service_id, message("plain", text=ticket.service_id))


def called_page(ticket: Ticket) -> TicketPage:
    """The number, as large as it can be."""
    return TicketPage(
        title=message("staff.tickets.called"),
        subtitle=message("staff.tickets.called_what"),
        label=ticket.label,
        options=(Option(pages.DONE, message("staff.do.done"), weight=Weight.PRIMARY),),
        back=False,
    )


def list_paper(site: Site, texts: Texts, language: Language, waiting: Sequence[Ticket]) -> PaperDocument:
    """The list to take along to the counter."""
    title = texts.spoken(message("staff.tickets.title", count=len(waiting)), language)
    named = {ticket.id: texts.spoken(_asked(site, ticket), language) for ticket in waiting}
    lines = (Line(f"{ticket.label:<12}{ticket.issued_at:%H:%M}   {named[ticket.id]}") for ticket in waiting)
    return PaperDocument(
        (*paper_head(site, texts, language), Line(title, Align.CENTRE, bold=True), Rule(), *lines, Feed())
    )
