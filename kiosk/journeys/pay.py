"""Pay a fee: asked, taken, and told how it ended. One call for every journey.

While a terminal is deciding, nothing here ends the wait: not a time-out, not a button, not starting over. Not for:
attempts and their states (`kiosk.paying`), what is paid for (the caller), what the pages say (`pay_pages`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import assert_never

from drivers.contract import PaperDocument
from kiosk.core.codes import code_of
from kiosk.core.pages import Page
from kiosk.core.texts import Text
from kiosk.documents.payment_slip import due_slip, receipt, slip
from kiosk.journeys import pay_pages
from kiosk.journeys.ports import ChargeResult, Fee, MaybePaid, NotPaid, Paid, Progress
from kiosk.journeys.typed_code import typed_code
from kiosk.journeys.uninterrupted import uninterrupted
from kiosk.journeys.visit import Back, Home, Leave, Visit

FOR_EVER = float("inf")


def payable(visit: Visit) -> bool:
    """Whether fees can be paid now, at this column or for it at the counter."""
    column = visit.column
    return column.payments.ready or column.counter_fees.offered


async def pay(visit: Visit, product: str, what: Text, amount_cents: int) -> str | Back:
    """Take a fee.

    Args:
        product: id of what is paid for.
        what: what it is called.

    Returns:
        The id of the settled payment, or BACK when nothing was paid, or nobody knows yet; the person was told.
    """
    fee = Fee(product, amount_cents, visit.language)
    while payable(visit):
        chosen = await visit.choose(pay_pages.ask(visit.column, what, amount_cents))
        if chosen == pay_pages.PAY:
            paid = await _at_the_terminal(visit, fee, what)
        elif chosen == pay_pages.COUNTER:
            paid = await _to_the_counter(visit, fee, what)
        elif chosen == pay_pages.PAID_THERE:
            paid = await _paid_there(visit, fee)
        else:
            return Back.BACK
        if paid is not None:
            return paid
    return Back.BACK


async def _at_the_terminal(visit: Visit, fee: Fee, what: Text) -> str | Back | None:
    """The id of the payment, BACK when nobody knows, or None to be asked again how."""
    column = visit.column
    result = await _Taking(visit, fee, what).done()
    match result:
        case Paid(payment_id, receipts):
            for lines in receipts:
                column.printing.slip(receipt(lines, column.site, column.texts, visit.language))
            return payment_id
        case NotPaid(reason):
            await visit.choose(pay_pages.not_paid(reason))
            return None
        case MaybePaid(payment_id):
            column.printing.slip(_slip(visit, payment_id, fee.amount_cents))
            await visit.choose(pay_pages.unknown(payment_id, column.here.phone))
            return Back.BACK
        case _:
            assert_never(result)


async def _to_the_counter(visit: Visit, fee: Fee, what: Text) -> Back:
    """Send the person to pay at the counter, with a slip."""
    column = visit.column
    owed = await uninterrupted(column.counter_fees.owe(fee))
    said = column.texts.spoken(what, visit.language)
    now = column.clock.now()
    column.printing.slip(due_slip(owed.code, said, fee.amount_cents, now, column.site, column.texts, visit.language))
    await visit.choose(pay_pages.owed(owed.code, what, fee.amount_cents), patience=column.timing.ticket)
    return Back.BACK


async def _paid_there(visit: Visit, fee: Fee) -> str | None:
    """The id of what was paid at the counter, by the code of the slip; None when it is not, and the person was told."""
    code = await typed_code(visit, "pay.slip_code")
    if code is None:
        return None
    match await visit.column.counter_fees.paid(code, fee):
        case Paid(payment_id):
            return payment_id
        case NotPaid(reason):
            await visit.choose(pay_pages.not_paid_there(reason, visit.column.here.phone))
            return None


class _Taking:
    """One fee being taken, and the page that shows how far it is."""

    def __init__(self, visit: Visit, fee: Fee, what: Text) -> None:
        self._visit = visit
        self._fee = fee
        self._what = what
        self._progress = Progress.CONNECTING
        self._stopping = False
        self._changed = asyncio.Event()

    async def done(self) -> ChargeResult:
        """Take it; whatever happens meanwhile, the terminal's word is waited for."""
        payments = self._visit.column.payments
        taking = asyncio.ensure_future(payments.charge(self._fee, self._tell))
        try:
            while not taking.done():
                await self._visit.choose_unless(
                    self._page(), asyncio.shield(taking), updates=self._pages(), patience=FOR_EVER
                )
                if not taking.done():
                    self._stop()
        except (Leave, Home):
            # Somebody starts over, or walks away: it is ended if there is still time, and its outcome counts.
            self._stop()
            self._visit.show(self._page())
            result = await uninterrupted(_result(taking))
            if isinstance(result, NotPaid):
                raise
            return result
        except asyncio.CancelledError:
            payments.cancel()
            raise
        return taking.result()

    def _stop(self) -> None:
        self._stopping = True
        self._visit.column.payments.cancel()

    def _tell(self, progress: Progress) -> None:
        self._progress = progress
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _page(self) -> Page:
        column = self._visit.column
        return pay_pages.taking(column, self._what, self._fee.amount_cents, self._progress, stopping=self._stopping)

    async def _pages(self) -> AsyncIterator[Page]:
        while True:
            changed = self._changed
            yield self._page()
            await changed.wait()


def _slip(visit: Visit, payment_id: str, amount_cents: int) -> PaperDocument:
    column = visit.column
    reference, now = code_of(payment_id), column.clock.now()
    return slip(reference, amount_cents, now, column.site, column.here.phone, column.texts, visit.language)


async def _result(taking: asyncio.Future[ChargeResult]) -> ChargeResult:
    return await taking
