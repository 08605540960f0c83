"""Take a queue ticket: the number is promised first, then printed, and the screen says what became of the paper.

Not for: choosing the service (`find_the_way`) or the rules of numbers (`kiosk.core.tickets`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import NoReturn, assert_never

from kiosk.core.catalogue import Queue, Service
from kiosk.core.pages import Fact, Option, Page, TicketPage, Tone, Weight
from kiosk.core.texts import Text, message
from kiosk.core.tickets import PeopleAhead, PrintState, Ticket, TicketOrder
from kiosk.documents.ticket import TicketFacts, people_ahead_words, ticket_paper
from kiosk.journeys.printing import PaperNews, PrintJob
from kiosk.journeys.visit import Home, Leave, Outcome, Visit


async def take_ticket(visit: Visit, service: Service, queue: Queue) -> NoReturn:
    """Commit a ticket, print it, show it; there is no way back to before it.

    Raises:
        Leave: when the citizen is done or gone.
        Home: when the citizen has another question.
    """
    column = visit.column
    today = column.clock.now().date()
    ahead = await column.store.people_ahead(queue.id, today)
    order = TicketOrder(queue.id, queue.letter, service.id, today, visit.language)
    ticket = await column.store.issue_ticket(order)
    facts = TicketFacts(column.site, column.here, queue, service, ahead, follow_code(visit, ticket))
    job = column.printing.start(ticket.job_id, ticket_paper(ticket, facts, column.texts))
    page = ticket_page(ticket, facts)
    try:
        chosen = await visit.choose(page, updates=_paper_news(page, job), patience=column.timing.ticket)
    except Leave:
        # Walking away with a number is how most people finish; it is no abandoned visit.
        raise visit.leave(Outcome.DONE) from None
    raise Home if chosen == "more" else visit.leave(Outcome.DONE)


def follow_code(visit: Visit, ticket: Ticket) -> str | None:
    """Address of the page that follows this ticket, or None when the site has no such page."""
    base = visit.column.follow_url
    return f"{base.rstrip('/')}/{ticket.id}" if base else None


def ticket_page(ticket: Ticket, facts: TicketFacts) -> TicketPage:
    """The page of a fresh ticket, before anything is known about its paper. There is no way back from it."""
    waiting = (people_ahead_fact(facts.ahead),) if facts.ahead else ()
    return TicketPage(
        title=message("ticket.title"),
        subtitle=facts.service.title,
        label=ticket.label,
        facts=(*waiting, Fact(message("ticket.place"), facts.queue.place, "map-pin")),
        paper=message("ticket.paper.printing"),
        code=facts.code,
        code_hint=message("ticket.follow") if facts.code else None,
        options=(
            Option("done", message("ticket.done"), weight=Weight.PRIMARY),
            Option("more", message("ticket.more")),
        ),
        back=False,
    )


def people_ahead_fact(ahead: PeopleAhead) -> Fact:
    """How many people are before you; "about" when the last word from the back office is not fresh."""
    return Fact(message("ticket.ahead"), people_ahead_words(ahead), "users-three")


async def _paper_news(page: TicketPage, job: PrintJob) -> AsyncIterator[Page]:
    async for news in job.follow():
        text, tone = paper_words(news)
        yield replace(page, paper=text, paper_tone=tone)


def paper_words(news: PaperNews) -> tuple[Text, Tone]:
    """What to say about the paper, and in which tone."""
    match news.state:
        case PrintState.QUEUED | PrintState.SENT:
            return message("ticket.paper.printing"), Tone.PLAIN
        case PrintState.CONFIRMED:
            return message("ticket.paper.confirmed"), Tone.SUCCESS
        case PrintState.UNKNOWN:
            return message("ticket.paper.unknown"), Tone.WARNING
        case PrintState.FAILED:
            return message("ticket.paper.failed"), Tone.WARNING
        case _:
            assert_never(news.state)
