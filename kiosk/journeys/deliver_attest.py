"""Give an issued attest to the person: on A4, on 80 mm paper or on their own telephone; and say what really happened.

A paper that certainly failed may be followed by another one; one that nobody knows of never is, save by staff. What
reached nobody is voided, also when the person has gone. Not for: numbering it (`request_attest`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from drivers.contract import PaperDocument, Sheet
from kiosk.core.attests import Medium, SealedAttest
from kiosk.core.pages import Page
from kiosk.core.tickets import PrintState
from kiosk.documents.seal_contract import CannotMake
from kiosk.journeys import attest_pages
from kiosk.journeys.printing import PaperNews, PrintJob
from kiosk.journeys.visit import Back, Column, Home, Leave, Outcome, Visit

NO_PAPER = "noPaper"
"""Reason of an attest that is void because no paper of it came out and no file of it was taken."""


@dataclass(repr=False)
class Delivery:
    """An issued attest on its way to the person.

    Attributes:
        job: its print job now.
        medium: what that job prints on.
        paid: id of the payment for it; None when it was free.
        taken: whether its file was offered to the person's telephone.
        promised: whether the person gets it at the counter instead, as they chose.
        left: whether the person has gone, so that nobody will ask for another paper.
    """

    attest: SealedAttest
    job: PrintJob
    medium: Medium
    paid: str | None = None
    taken: bool = False
    promised: bool = False
    left: bool = False


async def start(column: Column, attest: SealedAttest, paid: str | None) -> Delivery:
    """Begin to print a committed attest; `paid` is the id of the payment for it."""
    return Delivery(attest, await _print(column, attest, attest.job_id, attest.medium), attest.medium, paid)


async def _print(column: Column, attest: SealedAttest, job_id: str, medium: Medium) -> PrintJob:
    try:
        document: Sheet | PaperDocument
        document = await column.attests.sheet(attest) if medium is Medium.SHEET else column.attests.receipt(attest)
    except CannotMake:
        # It was tried before the number was given, so this is a defect; the outcome is certain all the same.
        job = PrintJob(job_id)
        await column.store.move_print(job_id, PrintState.FAILED, "cannotMake")
        job.tell(PaperNews(PrintState.FAILED))
        return job
    return column.printing.start(job_id, document)


async def deliver(visit: Visit, delivery: Delivery) -> None:
    """Show what becomes of it until the person is done.

    Raises:
        Leave: when the person is done or gone.
        Home: when the person has another question.
    """
    column = visit.column
    try:
        while True:
            page = attest_pages.delivered(delivery, column)
            updates = _news(delivery, column)
            chosen = await visit.choose(page, updates=updates, patience=column.timing.ticket)
            if chosen == attest_pages.TAKE:
                await _take_along(visit, delivery)
            elif chosen == attest_pages.OTHER and may_try_other(delivery, column):
                delivery.medium = other(delivery.medium)
                job_id = await column.store.another_paper(delivery.attest.id, delivery.medium)
                delivery.job = await _print(column, delivery.attest, job_id, delivery.medium)
            elif chosen == attest_pages.AT_COUNTER and delivery.paid and may_be_promised(delivery):
                delivery.promised = True
                page_of_it = attest_pages.promised(delivery.paid, column.here.phone)
                await visit.choose(page_of_it, patience=column.timing.ticket)
                raise visit.leave(Outcome.DONE)
            elif chosen == attest_pages.MORE:
                raise Home
            elif chosen == attest_pages.DONE or isinstance(chosen, Back):
                raise visit.leave(Outcome.DONE)
    except Leave:
        # Walking away with the paper is how most people finish; it is no abandoned visit.
        raise visit.leave(Outcome.DONE) from None
    finally:
        delivery.left = True
        column.printing.afterwards(delivery.job, lambda news: _void_unreached(column, delivery, news))


def other(medium: Medium) -> Medium:
    """The other kind of paper."""
    return Medium.RECEIPT if medium is Medium.SHEET else Medium.SHEET


def may_try_other(delivery: Delivery, column: Column) -> bool:
    """Whether certainly no paper came out, and there is another printer that works."""
    devices = column.devices
    printer = devices.printer if delivery.medium is Medium.SHEET else devices.sheets
    return delivery.job.news.state is PrintState.FAILED and printer.status.usable


def may_be_promised(delivery: Delivery) -> bool:
    """Whether it was paid for, and certainly neither paper nor file is there: then the person may get it elsewhere."""
    return delivery.paid is not None and delivery.job.news.state is PrintState.FAILED and not delivery.taken


async def _news(delivery: Delivery, column: Column) -> AsyncIterator[Page]:
    async for _ in delivery.job.follow():
        yield attest_pages.delivered(delivery, column)


async def _take_along(visit: Visit, delivery: Delivery) -> None:
    column = visit.column
    making = column.attests.take_along(delivery.attest)
    address = await visit.choose_unless(attest_pages.making_file(), making)
    if isinstance(address, Back):
        return
    if address is None:
        await visit.choose(attest_pages.no_file())
        return
    await column.store.attest_taken(delivery.attest.id)
    delivery.taken = True
    await visit.choose(attest_pages.take(address), patience=column.timing.ticket)


async def _void_unreached(column: Column, delivery: Delivery, news: PaperNews) -> None:
    if news.state is PrintState.FAILED and not delivery.taken:
        await column.store.void_attest(delivery.attest.id, NO_PAPER, promised=delivery.promised)
        column.payments.give_back()
