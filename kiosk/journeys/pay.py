"""Pay a fee: written down before it is asked, and its outcome is a fact of its own. One call for every journey.

Not for: terminals (the `Payments` port).
"""

from __future__ import annotations

from typing import assert_never

from kiosk.core.attest_saga import PaymentState
from kiosk.core.pages import Fact, NoticePage, Option, Tone, Weight
from kiosk.core.texts import Text, message
from kiosk.journeys.ports import MaybePaid, NotPaid, Paid
from kiosk.journeys.uninterrupted import uninterrupted
from kiosk.journeys.visit import Back, Visit

NO_METHOD = "none"
PAY = "pay"


def payable(visit: Visit) -> bool:
    """Whether fees can be paid at this column."""
    return visit.column.payments.method != NO_METHOD


async def pay(visit: Visit, product: str, what: Text, amount_cents: int) -> str | Back:
    """Take a fee.

    Args:
        product: id of what is paid for.
        what: what it is called.

    Returns:
        The id of the settled payment, or BACK when nothing was paid; an unknown outcome was told and goes to staff.
    """
    while await visit.choose(_ask_page(visit, what, amount_cents)) == PAY:
        payment_id, result = await uninterrupted(_charged(visit, product, amount_cents))
        match result:
            case Paid():
                return payment_id
            case NotPaid():
                await visit.choose(_notice("pay.not_paid", Tone.WARNING))
            case MaybePaid():
                await visit.choose(_notice("pay.unknown", Tone.DANGER, visit.column.here.phone))
                return Back.BACK
            case _:
                assert_never(result)
    return Back.BACK


async def _charged(visit: Visit, product: str, amount_cents: int) -> tuple[str, Paid | NotPaid | MaybePaid]:
    store, payments = visit.column.store, visit.column.payments
    payment_id = await store.intend_payment(product, amount_cents, payments.method)
    result = await payments.charge(payment_id, amount_cents)
    match result:
        case Paid():
            await store.move_payment(payment_id, PaymentState.SETTLED)
        case NotPaid(reason):
            await store.move_payment(payment_id, PaymentState.FAILED, reason)
        case MaybePaid(reason):
            await store.move_payment(payment_id, PaymentState.UNKNOWN, reason)
        case _:
            assert_never(result)
    return payment_id, result


def _ask_page(visit: Visit, what: Text, amount_cents: int) -> NoticePage:
    return NoticePage(
        title=message("pay.title"),
        subtitle=message(f"pay.method.{visit.column.payments.method}"),
        icon="currency-eur",
        facts=(
            Fact(message("pay.amount"), message("sheet.price", price_cents=amount_cents), "currency-eur"),
            Fact(message("pay.what"), what, "file-text"),
        ),
        options=(Option(PAY, message("pay.pay"), weight=Weight.PRIMARY), Option("cancel", message("pay.cancel"))),
        back=False,
    )


def _notice(key: str, tone: Tone, phone: str = "") -> NoticePage:
    facts = (Fact(message("host.phone"), message("plain", text=phone), "phone"),) if phone else ()
    return NoticePage(
        title=message(f"{key}.title"),
        subtitle=message(f"{key}.subtitle"),
        tone=tone,
        icon="warning-circle",
        facts=facts,
        options=(Option("done", message("card.understood"), weight=Weight.PRIMARY),),
        back=False,
    )
