"""Payments in the hands of staff: what became of money in doubt, what was paid at the counter, receipts, the closing.

What may be decided of a payment is in the table of the saga; here it is asked twice, because it is about money. Not
for: deciding by itself, or the same at the back office (`sync.backoffice.pages.payments`).
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.core.pages import Fact, MenuPage, NoticePage, Option, Tone, Weight
from kiosk.core.payment_period import NEEDS_STAFF, PeriodResult
from kiosk.core.payment_saga import UNDECIDED, NotTheirs, Verdict
from kiosk.core.staff import Act, Right
from kiosk.core.texts import Text, message
from kiosk.journeys import staff_pages as pages
from kiosk.journeys.ports import OpenPayment, Till
from kiosk.journeys.staff_session import Session

RECEIPTS, CLOSE_DAY, SURE = "receipts", "close_day", "sure"
_PAYMENT = "payment:"
_ICONS = {
    Verdict.NOT_PAID: "x-circle",
    Verdict.PAID: "check-circle",
    Verdict.GIVEN: "file-text",
    Verdict.PAID_BACK: "hand-coins",
}


async def payments(session: Session) -> None:
    """What waits for somebody, as long as they work with it."""
    till = session.visit.column.till
    if till is None:
        return
    while True:
        waiting = await till.open()
        chosen = await session.visit.choose(list_page(session, waiting, closes=till.closes))
        if chosen == RECEIPTS:
            await _receipts(session, till)
        elif chosen == CLOSE_DAY:
            await _close_day(session, till)
        elif isinstance(chosen, str) and chosen.startswith(_PAYMENT):
            await _one(session, till, _named(waiting, chosen))
        else:
            return


async def payments_in_doubt(session: Session) -> bool:
    """Those of which nobody knows how they ended, one after the other, until they are decided or staff go back.

    Returns:
        Whether there was one; of a payment under way there is nothing to decide yet.
    """
    till, found = session.visit.column.till, False
    while till is not None and session.member.may(Right.MONEY):
        waiting = [payment for payment in await till.open() if payment.state in UNDECIDED]
        if not waiting or not await _one(session, till, waiting[0]):
            return found or bool(waiting)
        found = True
    return found


async def _one(session: Session, till: Till, payment: OpenPayment) -> bool:
    """Whether something was decided of it."""
    while isinstance(chosen := await session.visit.choose(payment_page(session, payment)), str):
        verdict = Verdict(chosen)
        if await session.visit.choose(sure_page(payment, verdict)) == SURE:
            await _decide(session, till, payment, verdict)
            return True
    return False


async def _decide(session: Session, till: Till, payment: OpenPayment, verdict: Verdict) -> None:
    await session.did(Act.DECIDED_PAYMENT, payment.code)
    try:
        await till.decide(payment.id, verdict, session.member.id)
    except NotTheirs:
        # The terminal told after all while they were reading, and its word counts.
        await session.visit.choose(told_page("moved", Tone.WARNING))


async def _receipts(session: Session, till: Till) -> None:
    paid = await till.paid()
    if not paid:
        await session.visit.choose(told_page("no_receipts", Tone.PLAIN))
        return
    options = tuple(_option(session, payment) for payment in paid)
    page = MenuPage(message("staff.money.receipts"), message("staff.money.receipts_what"), options)
    chosen = await session.visit.choose(page)
    if not isinstance(chosen, str):
        return
    payment = _named(paid, chosen)
    printed = await till.reprint(payment.id, session.member.id)
    if printed:
        await session.did(Act.REPRINTED_RECEIPT, payment.code)
    await session.visit.choose(
        told_page("printed" if printed else "no_receipt", Tone.SUCCESS if printed else Tone.WARNING)
    )


async def _close_day(session: Session, till: Till) -> None:
    await session.did(Act.CLOSED_TERMINAL)
    closing = NoticePage(message("staff.money.closing"), message("staff.money.closing_what"), back=False, icon="clock")
    result = await session.visit.choose_unless(closing, till.close_period())
    if isinstance(result, PeriodResult):
        await session.visit.choose(told_page(f"day.{result.name.lower()}", _tone(result)))
    else:
        await session.visit.choose(told_page("day.busy", Tone.WARNING))


def list_page(session: Session, waiting: Sequence[OpenPayment], *, closes: bool) -> MenuPage:
    """What waits for somebody, and what else can be done."""
    more = (
        Option(RECEIPTS, message("staff.money.receipts"), icon="receipt"),
        Option(CLOSE_DAY, message("staff.money.close_day"), icon="calendar-check"),
    )
    return MenuPage(
        title=message("staff.money.open", count=len(waiting)) if waiting else message("staff.money.none"),
        subtitle=message("staff.money.open_what") if waiting else None,
        options=(*(_option(session, payment) for payment in waiting), *(more if closes else ())),
    )


def payment_page(session: Session, payment: OpenPayment) -> NoticePage:
    """One payment and what may be decided of it."""
    return NoticePage(
        title=message("sheet.price", price_cents=payment.amount_cents),
        subtitle=message(f"staff.money.state.{payment.state.name.lower()}"),
        tone=Tone.WARNING,
        icon="currency-eur",
        facts=(
            Fact(message("pay.what"), _product(session, payment), "file-text"),
            Fact(message("pay.reference"), message("plain", text=payment.code), "receipt"),
        ),
        options=tuple(
            Option(each.value, message(f"staff.money.verdict.{each.name.lower()}"), icon=_ICONS[each])
            for each in payment.verdicts
        ),
    )


def sure_page(payment: OpenPayment, verdict: Verdict) -> NoticePage:
    """Once more, before it counts."""
    return NoticePage(
        title=message(f"staff.money.sure.{verdict.name.lower()}", price_cents=payment.amount_cents),
        subtitle=message("staff.money.sure_what"),
        tone=Tone.WARNING,
        icon="currency-eur",
        options=(Option(SURE, _words(verdict), weight=Weight.PRIMARY),),
    )


def told_page(what: str, tone: Tone) -> NoticePage:
    """What came of it."""
    return NoticePage(
        title=message(f"staff.money.told.{what}"),
        subtitle=None,
        tone=tone,
        options=(Option(pages.DONE, message("staff.do.done"), weight=Weight.PRIMARY),),
        back=False,
    )


def _option(session: Session, payment: OpenPayment) -> Option:
    label = message("staff.money.line", price_cents=payment.amount_cents, code=payment.code)
    return Option(f"{_PAYMENT}{payment.id}", label, _product(session, payment), icon="currency-eur")


def _product(session: Session, payment: OpenPayment) -> Text:
    """Its title; what the site no longer offers is named by its id."""
    products = session.visit.column.site.attests
    return next((each.title for each in products if each.id == payment.product), message("plain", text=payment.product))


def _words(verdict: Verdict) -> Text:
    return message(f"staff.money.verdict.{verdict.name.lower()}")


def _named(known: Sequence[OpenPayment], chosen: str) -> OpenPayment:
    return next(each for each in known if each.id == chosen.removeprefix(_PAYMENT))


def _tone(result: PeriodResult) -> Tone:
    if result in NEEDS_STAFF:
        return Tone.DANGER
    return Tone.WARNING if result is PeriodResult.UNKNOWN else Tone.SUCCESS
