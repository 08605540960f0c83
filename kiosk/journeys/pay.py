"""Pay a fee: asked, taken, and told how it ended. One call for every journey.

While a terminal is deciding, nothing here ends the wait: not a time-out, not a button, not starting over. Not for:
attempts and their states (`kiosk.paying`), what is paid for (the caller), what the pages say (`pay_pages`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import assert_never

from drivers.contract import PaperDocument
from kiosk.core.pages import Page
from kiosk.core.texts import Text
from kiosk.documents.payment_slip import receipt, slip
from kiosk.journeys import pay_pages
from kiosk.journeys.ports import ChargeResult, Fee, MaybePaid, NotPaid, Paid, Progress
from kiosk.journeys.uninterrupted import uninterrupted
from kiosk.journeys.visit import Back, Home, Leave, Visit

NO_METHOD = "none"
FOR_EVER = float("inf")


def payable(visit: Visit) -> bool:
    """Whether fees can be paid at this column now."""
    payments = visit.column.payments
    return payments.method != NO_METHOD and payments.ready


async def pay(visit: Visit, product: str, what: Text, amount_cents: int) -> str | Back:
    """Take a fee.

    Args:
        product: id of what is paid for.
        what: what it is called.

    Returns:
        The id of the settled payment, or BACK when nothing was paid, or nobody knows yet; the person was told.
    """
    column, fee = visit.column, Fee(product, amount_cents, visit.language)
    while await visit.choose(pay_pages.ask(column, what, amount_cents)) == pay_pages.PAY:
        result = await _Taking(visit, fee, what).done()
        match result:
            case Paid(payment_id, receipts):
                for lines in receipts:
                    column.printing.slip(receipt(lines, column.site, column.texts, visit.language))
                return payment_id
            case NotPaid(reason):
                await visit.choose(pay_pages.not_paid(reason))
                if not column.payments.ready:
                    return Back.BACK
            case MaybePaid(payment_id):
                column.printing.slip(_slip(visit, payment_id, amount_cents))
                await visit.choose(pay_pages.unknown(payment_id, column.here.phone))
                return Back.BACK
            case _:
                assert_never(result)
    return Back.BACK


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
    reference, now = pay_pages.short(payment_id), column.clock.now()
    return slip(reference, amount_cents, now, column.site, column.here.phone, column.texts, visit.language)


async def _result(taking: asyncio.Future[ChargeResult]) -> ChargeResult:
    return await taking
