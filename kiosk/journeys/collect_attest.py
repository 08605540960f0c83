"""Get an attest that waited for a register: with the code of the receipt, and the card of the person who asked.

Not for: asking for one (`request_attest`).
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.attests import Draft, NoRequest, RegisterAnswered, RegisterReply
from kiosk.core.purposes import Purpose
from kiosk.documents.seal_contract import CannotMake
from kiosk.journeys import attest_pages
from kiosk.journeys.ask_register import Asked, answered
from kiosk.journeys.deliver_attest import Delivery, deliver
from kiosk.journeys.identify import Ended, Identified, with_card
from kiosk.journeys.request_attest import Agreed, Order, agree, pay_and_deliver
from kiosk.journeys.typed_code import typed_code
from kiosk.journeys.visit import Back, Visit

PATIENCE_S = 10


async def collect_attest(visit: Visit, purpose: Purpose) -> None:
    """Do it; returns when the person came back to where they were.

    Raises:
        Leave: when the person is done or gone.
        Home: when the person has another question.
    """
    code = await typed_code(visit, "attest.code")
    if code is None:
        return
    outcome = await with_card(visit, purpose, lambda person: _with_person(visit, code, person), shown_by_use=True)
    match outcome:
        case Agreed():
            await pay_and_deliver(visit, outcome)
        case Delivery():
            await deliver(visit, outcome)
        case Ended() | Back():
            return


async def _with_person(visit: Visit, code: str, person: Identified) -> Agreed | Delivery | Back:
    asking = visit.column.attests.answer(person.card.person, request_id=None, code=code, seconds=PATIENCE_S)
    reply: RegisterReply | str | Back = await visit.choose_unless(attest_pages.asking(None), asking)
    if isinstance(reply, RegisterAnswered):
        try:
            return await _answered(visit, reply, code)
        except CannotMake:
            await visit.choose(attest_pages.cannot_make(visit.column.site.attest(reply.product)))
            return Back.BACK
    if isinstance(reply, str | Back):
        raise AssertionError("a page without options was answered")
    if isinstance(reply, NoRequest):
        await visit.choose(attest_pages.no_request())
    else:
        await visit.choose(attest_pages.not_yet(reply, visit.column.here.phone))
    return Back.BACK


async def _answered(visit: Visit, reply: RegisterAnswered, code: str) -> Agreed | Delivery | Back:
    product = visit.column.site.attest(reply.product)
    use = next((use for use in product.uses if use.id == reply.use), product.uses[0])
    request = Asked(product, reply.request_id, code)
    draft = await answered(visit, product, reply.language, reply, request)
    if not isinstance(draft, Draft):
        return Back.BACK
    return await agree(visit, Order(product, use, reply.language), replace(draft, paid=reply.paid))
