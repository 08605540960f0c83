"""Ask for an attest and get it at once: for which use, who you are, what will stand on it, the fee, and the paper.

The number is committed before any paper, and what cannot be printed is found out before there is a number. What was
read lives in this coroutine until the paper is out. Not for: an attest that had to wait for a register
(`collect_attest`), the paper (`deliver_attest`), what the pages say (`attest_pages`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from drivers.card_contract import CardRead, DocumentKind
from kiosk.core.attests import (
    Applicant,
    AttestContent,
    AttestNumber,
    AttestOrder,
    AttestProduct,
    Draft,
    Medium,
    Use,
    attest_language,
    entitlement,
)
from kiosk.core.texts import Language
from kiosk.documents.seal_contract import CannotMake
from kiosk.journeys import attest_pages
from kiosk.journeys.ask_register import Asked, ask_register
from kiosk.journeys.deliver_attest import Delivery, deliver, start
from kiosk.journeys.identify import Ended, Identified, with_card
from kiosk.journeys.pay import pay, payable
from kiosk.journeys.uninterrupted import uninterrupted
from kiosk.journeys.use_card import lives_here
from kiosk.journeys.visit import Back, Column, Visit

BELGIAN = frozenset({DocumentKind.CITIZEN, DocumentKind.KIDS})


@dataclass(frozen=True, repr=False)
class Agreed:
    """What the person said yes to, and has still to be paid or made."""

    order: Order
    draft: Draft


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes:
        language: of the attest, which is not always the visit's.
    """

    product: AttestProduct
    use: Use
    language: Language


async def request_attest(visit: Visit, product: AttestProduct) -> None:
    """Do it; returns when the person came back to where they were.

    Raises:
        Leave: when the person is done or gone.
        Home: when the person has another question.
    """
    use = await _chosen_use(visit, product)
    if isinstance(use, Back):
        return
    if use.price_cents and not payable(visit):
        await visit.choose(attest_pages.pay_at_counter(product, use))
        return
    order = Order(product, use, attest_language(product, visit.language))
    column = visit.column
    nothing_yet = Draft((), column.clock.now().date())
    column.attests.prepare(content_of(column, order, nothing_yet)(_unnumbered(column)), product)
    purpose = column.site.purpose(product.purpose)
    outcome = await with_card(visit, purpose, lambda person: _with_person(visit, order, person), shown_by_use=True)
    match outcome:
        case Agreed():
            await pay_and_deliver(visit, outcome)
        case Delivery():
            await deliver(visit, outcome)
        case Asked():
            await outcome.told(visit)
        case Ended() | Back():
            return


async def _chosen_use(visit: Visit, product: AttestProduct) -> Use | Back:
    if len(product.uses) == 1:
        return product.uses[0]
    chosen = await visit.choose(attest_pages.uses(product))
    if isinstance(chosen, Back):
        return chosen
    return next(use for use in product.uses if use.id == chosen)


async def _with_person(visit: Visit, order: Order, person: Identified) -> Agreed | Delivery | Asked | Back:
    """Everything the card is needed for; a free attest is made here, so that it comes while the card goes home."""
    column = visit.column
    refusal = entitlement(order.product, applicant(person.card, column))
    if refusal is not None:
        await visit.choose(attest_pages.not_entitled(order.product, refusal))
        return Back.BACK
    try:
        draft = await _draft(visit, order, person)
        if not isinstance(draft, Draft):
            return draft
        return await agree(visit, order, draft)
    except CannotMake:
        await visit.choose(attest_pages.cannot_make(order.product))
        return Back.BACK


async def _draft(visit: Visit, order: Order, person: Identified) -> Draft | Asked | Back:
    column = visit.column
    if order.product.from_card:
        today = column.clock.now().date()
        return column.attests.from_card(person.card.person, order.product, order.language, today)
    answered = await ask_register(visit, order.product, order.use, order.language, person.card.person)
    if not isinstance(answered, Draft):
        return answered
    return answered


async def agree(visit: Visit, order: Order, draft: Draft) -> Agreed | Delivery | Back:
    """Show every word that will be printed; go on only with the person's yes.

    Raises:
        CannotMake: when it cannot be printed; nothing was promised.
    """
    column = visit.column
    await column.attests.check(content_of(column, order, draft)(_unnumbered(column)), order.product)
    chosen = await visit.choose(attest_pages.review(order.product, order.use, order.language, draft))
    if chosen == attest_pages.WRONG:
        await visit.choose(attest_pages.wrong(column.here.phone))
    if chosen != attest_pages.MAKE:
        return Back.BACK
    if order.use.price_cents and not draft.paid:
        return Agreed(order, draft)
    return await uninterrupted(_issue(visit, Agreed(order, draft), None))


async def pay_and_deliver(visit: Visit, agreed: Agreed) -> None:
    """The fee first, then number and paper. Without the fee nothing was promised."""
    product, use = agreed.order.product, agreed.order.use
    fee = await pay(visit, product.id, product.title, use.price_cents)
    if isinstance(fee, Back):
        return
    await deliver(visit, await uninterrupted(_issue(visit, agreed, fee)))


async def _issue(visit: Visit, agreed: Agreed, fee: str | None) -> Delivery:
    column, order, draft = visit.column, agreed.order, agreed.draft
    attest = await column.attests.issue(
        AttestOrder(
            product=order.product.id,
            use=order.use.id,
            language=order.language,
            valid_until=_valid_until(order.product, column.clock.now().date()),
            medium=preferred_medium(column),
            fee_cents=order.use.price_cents,
            fee=fee,
            request_id=draft.request_id,
        ),
        order.product,
        content_of(column, order, draft),
    )
    return await start(column, attest, fee)


def preferred_medium(column: Column) -> Medium:
    """A4 where its printer works, else the receipt printer."""
    return Medium.SHEET if column.devices.sheets.status.usable else Medium.RECEIPT


def content_of(column: Column, order: Order, draft: Draft) -> Callable[[AttestNumber], AttestContent]:
    """Everything that will be printed and sealed, once there is a number."""
    site, product, language = column.site, order.product, order.language
    if site.signing is None:
        raise AssertionError("a site with attests names who signs them; checked at load")
    issuer = site.signing.issuer

    def made(numbered: AttestNumber) -> AttestContent:
        issued = numbered.issued_at
        return AttestContent(
            id=uuid.UUID(numbered.id).bytes,
            product=product.id,
            kind=product.kind,
            language=language,
            number=numbered.number,
            issued_at=issued,
            valid_until=_valid_until(product, issued.date()),
            as_of=draft.as_of,
            place=column.texts.spoken(column.here.name, language),
            purpose=column.texts.spoken(order.use.title, language) if len(product.uses) > 1 else "",
            issuer=issuer,
            kiosk=column.kiosk_id,
            facts=draft.facts,
            groups=draft.groups,
            practice=site.practice,
        )

    return made


def _valid_until(product: AttestProduct, day: date) -> date:
    return day + timedelta(days=product.validity_days)


def _unnumbered(column: Column) -> AttestNumber:
    """Stands in for a number while it is found out whether the rest can be printed."""
    now: datetime = column.clock.now().replace(microsecond=0)
    return AttestNumber(str(uuid.UUID(int=0)), "", "0" * 40, now)


def applicant(card: CardRead, column: Column) -> Applicant:
    """What the rules may look at."""
    document, birth, today = card.person.document, card.person.birth_date, column.clock.now().date()
    age = None
    if birth is not None:
        # Where month or day is unknown, the youngest that fits counts.
        month, day = birth.month or 12, birth.day or 28
        age = today.year - birth.year - ((today.month, today.day) < (month, day))
    return Applicant(
        document=document.kind.value,
        valid=None if document.valid_until is None else document.valid_until >= today,
        age=age,
        lives_here=lives_here(card.person, column.site.postal_codes),
        belgian=document.kind in BELGIAN,
    )
