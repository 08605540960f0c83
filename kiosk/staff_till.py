"""What staff do with payments, at the column or from the back office: decide, print a receipt again, close the period.

Not for: states (`kiosk.core.payment_saga`), the terminal (`kiosk.paying`), or who may do it (staff mode, commands).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from drivers.contract import PaperDocument
from kiosk.core.catalogue import Site
from kiosk.core.codes import code_of
from kiosk.core.events import PAYMENT_RECEIPT_REPRINTED, EventKind
from kiosk.core.payment_period import PeriodResult
from kiosk.core.payment_saga import PaymentState, Verdict, verdicts_on
from kiosk.core.texts import Texts
from kiosk.documents.payment_slip import receipt
from kiosk.journeys.ports import OpenPayment
from kiosk.paying import METHOD, TerminalDesk
from kiosk.payment_journal import language_of, receipts_of
from kiosk.store.payments import Attempt

SHOWN = 20
"""Payments that are offered for another receipt."""


class Book(Protocol):
    """What this needs of the store."""

    async def payments_for_staff(self) -> list[Attempt]:
        """Attempts that staff may decide of, newest first."""
        ...

    async def newest_payments(self, limit: int, method: str) -> list[Attempt]:
        """The newest attempts of one method, newest first."""
        ...

    async def payment(self, payment_id: str) -> Attempt:
        """One attempt with its notes."""
        ...

    async def decide_payment(self, payment_id: str, verdict: Verdict, by: str) -> PaymentState:
        """Let staff end an attempt, by name."""
        ...

    async def record(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """Append one event."""
        ...


@dataclass(frozen=True)
class StaffTill:
    """Implements `kiosk.journeys.ports.Till`.

    Attributes:
        desk: of the terminal; None where there is none.
        slip: prints a paper nobody was promised.
    """

    book: Book
    desk: TerminalDesk | None
    slip: Callable[[PaperDocument], object]
    site: Site
    texts: Texts

    async def open(self) -> list[OpenPayment]:
        """See the port."""
        return [
            OpenPayment(each.id, code_of(each.id), each.product, each.amount_cents, each.state, verdicts_on(each.state))
            for each in await self.book.payments_for_staff()
        ]

    async def paid(self) -> list[OpenPayment]:
        """See the port."""
        found = await self.book.newest_payments(SHOWN, METHOD)
        return [
            OpenPayment(each.id, code_of(each.id), each.product, each.amount_cents, each.state, ())
            for each in found
            if each.state in (PaymentState.SETTLED, PaymentState.SPENT)
        ]

    async def decide(self, payment_id: str, verdict: Verdict, by: str) -> PaymentState:
        """See the port."""
        if self.desk is not None:
            return await self.desk.decide(payment_id, verdict, by)
        return await self.book.decide_payment(payment_id, verdict, by)

    async def reprint(self, payment_id: str, by: str) -> bool:
        """See the port."""
        attempt = await self.book.payment(payment_id)
        receipts = receipts_of(attempt.notes)
        if not receipts:
            return False
        await self.book.record(PAYMENT_RECEIPT_REPRINTED, {"paymentId": payment_id, "by": by})
        for lines in receipts:
            self.slip(receipt(lines, self.site, self.texts, language_of(attempt.notes), duplicate=True))
        return True

    @property
    def closes(self) -> bool:
        """See the port."""
        return self.desk is not None

    async def close_period(self) -> PeriodResult | None:
        """See the port."""
        return await self.desk.close_period() if self.desk is not None else None
