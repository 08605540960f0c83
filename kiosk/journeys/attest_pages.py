"""What the pages around an attest say. Pure: from products, drafts and outcomes to pages.

Not for: what happens on them (`request_attest`, `deliver_attest`, `collect_attest`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.card_contract import Person
from kiosk.core.attests import (
    AttestField,
    AttestProduct,
    DeliveryWay,
    Draft,
    Medium,
    NotEntitled,
    Printed,
    RegisterProblem,
    RegisterWaits,
    Use,
)
from kiosk.core.codes import code_of
from kiosk.core.pages import (
    CardPage,
    CardPicture,
    Fact,
    MenuPage,
    NoticePage,
    Option,
    SearchPage,
    Section,
    SheetPage,
    TicketPage,
    Tone,
    Weight,
)
from kiosk.core.texts import Language, Message, Text, message
from kiosk.core.tickets import PrintState

if TYPE_CHECKING:
    from kiosk.journeys.ask_register import Asked
    from kiosk.journeys.deliver_attest import Delivery
    from kiosk.journeys.visit import Column

MAKE, WRONG, ASK, GO_ON = "make", "wrong", "ask", "go_on"
TAKE, OTHER, MORE, DONE, AT_COUNTER = "take", "other", "more", "done", "at_counter"

_ICONS = {
    AttestField.SURNAME: "user",
    AttestField.GIVEN_NAMES: "user",
    AttestField.BIRTH_DATE: "calendar",
    AttestField.BIRTH_PLACE: "map-pin",
    AttestField.NATIONALITY: "globe",
    AttestField.ADDRESS: "house",
    AttestField.SEX: "person",
    AttestField.CARD_NUMBER: "identification-card",
}


_WAYS = {
    DeliveryWay.COLUMN: "identification-card",
    DeliveryWay.EMAIL: "envelope",
    DeliveryWay.EBOX: "shield-check",
}


def uses(product: AttestProduct) -> MenuPage:
    """For which use: it stands on the attest, and may decide about the price."""
    priced = any(use.price_cents for use in product.uses)
    return MenuPage(
        title=message("attest.uses.title"),
        subtitle=message("attest.uses.subtitle", product=product.title),
        options=tuple(Option(use.id, use.title, _price(use) if priced else None, "file-text") for use in product.uses),
    )


def _price(use: Use) -> Text:
    return message("sheet.price", price_cents=use.price_cents) if use.price_cents else message("sheet.free")


def pay_at_counter(product: AttestProduct, use: Use) -> NoticePage:
    """A fee that cannot be paid here; the sheet has the other ways."""
    return _notice(
        "attest.pay_at_counter", Tone.WARNING, (Fact(message("sheet.cost"), _price(use), "currency-eur"),), product
    )


def not_entitled(product: AttestProduct, why: NotEntitled) -> NoticePage:
    """Why this person cannot have it here, and who can; the sheet has the other ways."""
    return NoticePage(
        title=message("attest.not_here.title"),
        subtitle=message(f"attest.not_entitled.{why.value}"),
        tone=Tone.WARNING,
        icon="info",
        facts=(Fact(message("attest.who"), product.who, "user"),),
        options=(_understood(),),
        back=False,
    )


def cannot_make(product: AttestProduct) -> NoticePage:
    """It cannot be printed as it should be; nothing was numbered or charged."""
    return _notice("attest.cannot_make", Tone.WARNING, (), product)


def review(product: AttestProduct, use: Use, language: Language, draft: Draft) -> SheetPage:
    """Every word of a person that will be printed, before anything is promised."""
    return SheetPage(
        title=message("attest.review.title"),
        subtitle=product.title,
        facts=(
            *(_fact(printed) for printed in draft.facts),
            Fact(message("attest.in_language"), message(f"attest.language.{language}"), "translate"),
            Fact(message("sheet.cost"), message("attest.paid") if draft.paid else _price(use), "currency-eur"),
        ),
        sections=tuple(
            Section(message(group.kind.key), tuple(_row(row) for row in group.rows), "users-four", bulleted=True)
            for group in draft.groups
        ),
        options=(
            Option(MAKE, message("attest.review.make"), weight=Weight.PRIMARY),
            Option(WRONG, message("attest.review.wrong"), icon="x-circle", weight=Weight.QUIET),
        ),
    )


def wrong(phone: str) -> NoticePage:
    """The data are not right: nothing was made, and who can have them corrected."""
    return _notice("attest.wrong", Tone.WARNING, (Fact(message("host.phone"), _plain(phone), "phone"),))


def _fact(printed: Printed) -> Fact:
    return Fact(message(printed.field.key), _plain(printed.value), _ICONS.get(printed.field), private=True)


def _row(row: tuple[Printed, ...]) -> Text:
    return _plain(" · ".join(printed.value for printed in row))


def _plain(text: str) -> Message:
    return message("plain", text=text)


def ask(product: AttestProduct, use: Use, person: Person) -> SheetPage:
    """About whom a register will be asked, and only with that person's yes."""
    name = " ".join(filter(None, (person.given_names, person.surname)))
    return SheetPage(
        title=message("attest.ask.title"),
        subtitle=message("attest.ask.subtitle", product=product.title),
        facts=(
            Fact(message("card.field.name"), _plain(name), "user", private=True),
            Fact(message("sheet.cost"), _price(use), "currency-eur"),
        ),
        sections=(Section(message("card.why"), (message("attest.ask.why"),), "info", bulleted=False),),
        options=(Option(ASK, message("attest.ask.yes"), weight=Weight.PRIMARY),),
    )


def asking(product: AttestProduct | None) -> CardPage:
    """The register is being asked; the card stays in."""
    return CardPage(
        title=message("attest.asking.title"),
        subtitle=product.title if product else message("attest.asking.subtitle"),
        picture=CardPicture.READING,
        back=False,
    )


def register_problem(product: AttestProduct, problem: RegisterProblem, phone: str) -> NoticePage:
    """Why there will be no attest, and where to ask."""
    return NoticePage(
        title=message("attest.not_here.title"),
        subtitle=message(f"attest.problem.{problem.value}"),
        tone=Tone.WARNING,
        icon="info",
        facts=(Fact(message("host.phone"), _plain(phone), "phone"), Fact(message("attest.what"), product.title)),
        options=(_understood(),),
        back=False,
    )


def asked(request: Asked, way: DeliveryWay, phone: str) -> TicketPage:
    """The request is safe; how and with what the attest is got, and how else it might."""
    others = request.ways if way is DeliveryWay.COLUMN else ()
    return TicketPage(
        title=message("attest.asked.title"),
        subtitle=request.product.title,
        label=request.code,
        facts=(
            Fact(message("attest.asked.how"), message(f"attest.asked.by.{way.value}"), _WAYS[way]),
            Fact(message("host.phone"), _plain(phone), "phone"),
        ),
        paper=message("attest.asked.referred" if request.problem else "attest.asked.waits"),
        options=(
            Option(DONE, message("ticket.done"), weight=Weight.PRIMARY),
            *(
                Option(other.value, message(f"attest.asked.choose.{other.value}"), icon=_WAYS[other])
                for other in others
            ),
        ),
        back=False,
    )


def address(typed: str, *, usable: bool) -> SearchPage:
    """Where a notice goes."""
    found = (Option(GO_ON, message("attest.email.go_on"), _plain(typed), "envelope"),) if usable else ()
    return SearchPage(
        title=message("attest.email.title"),
        subtitle=message("attest.email.subtitle"),
        options=found,
        query=typed,
        field=message("attest.email.field"),
    )


def delivered(delivery: Delivery, column: Column) -> TicketPage:
    """What becomes of the paper, and what else can be done."""
    from kiosk.journeys.deliver_attest import may_be_promised, may_try_other, other

    content, news = delivery.attest.content, delivery.job.news
    options = [Option(DONE, message("ticket.done"), weight=Weight.PRIMARY)]
    if not may_be_promised(delivery):  # first how they get what they paid for
        options.append(Option(MORE, message("ticket.more")))
    if may_try_other(delivery, column):
        options.insert(0, Option(OTHER, message(f"attest.print_on.{other(delivery.medium).value}"), icon="printer"))
    if column.network.online:
        options.append(Option(TAKE, message("attest.take"), message("attest.take_hint"), "device-mobile"))
    if may_be_promised(delivery):
        options.append(Option(AT_COUNTER, message("attest.at_counter"), message("attest.at_counter_hint"), "receipt"))
    ways = {option.id for option in options} - {DONE, MORE}
    return TicketPage(
        title=message("attest.delivered.title"),
        subtitle=delivery.attest.product.title,
        facts=(
            Fact(message("attest.number"), _plain(content.number), "certificate"),
            Fact(message("attest.valid_until"), _plain(content.valid_until.strftime("%d.%m.%Y")), "calendar-check"),
        ),
        paper=_paper(news.state, delivery.medium, hopeless=not ways),
        paper_tone=_tone(news.state),
        options=tuple(options),
        back=False,
    )


def _paper(state: PrintState, medium: Medium, *, hopeless: bool) -> Message:
    match state:
        case PrintState.QUEUED | PrintState.SENT:
            return message(f"attest.paper.printing.{medium.value}")
        case PrintState.CONFIRMED:
            return message(f"attest.paper.confirmed.{medium.value}")
        case PrintState.UNKNOWN:
            return message("attest.paper.unknown")
        case PrintState.FAILED:
            return message("attest.paper.failed_here" if hopeless else "attest.paper.failed")


def _tone(state: PrintState) -> Tone:
    if state is PrintState.CONFIRMED:
        return Tone.SUCCESS
    return Tone.WARNING if state in (PrintState.UNKNOWN, PrintState.FAILED) else Tone.PLAIN


def promised(payment_id: str, phone: str) -> NoticePage:
    """What was paid for is got at the counter, with this code."""
    return NoticePage(
        title=message("attest.promised.title"),
        subtitle=message("attest.promised.subtitle"),
        icon="receipt",
        facts=(
            Fact(message("pay.reference"), _plain(code_of(payment_id)), "receipt"),
            Fact(message("host.phone"), _plain(phone), "phone"),
        ),
        options=(Option(DONE, message("ticket.done"), weight=Weight.PRIMARY),),
        back=False,
    )


def making_file() -> NoticePage:
    """The file is on its way to the back office."""
    return NoticePage(
        title=message("attest.file.title"), subtitle=message("attest.file.making"), icon="device-mobile", back=True
    )


def no_file() -> NoticePage:
    """The back office cannot be reached."""
    return _notice("attest.no_file", Tone.WARNING, ())


def take(address: str) -> TicketPage:
    """The code with the one-time address."""
    return TicketPage(
        title=message("attest.file.title"),
        subtitle=message("attest.file.scan"),
        code=address,
        code_hint=message("attest.file.once"),
        options=(Option(DONE, message("attest.file.done"), weight=Weight.PRIMARY),),
    )


def no_request() -> NoticePage:
    """There is no request with that code."""
    return _notice("attest.no_request", Tone.WARNING, ())


def not_yet(reply: RegisterWaits | RegisterProblem, phone: str) -> NoticePage:
    """No answer yet, or one that is a refusal."""
    if isinstance(reply, RegisterWaits):
        key = "attest.not_yet.offline" if reply.offline else "attest.not_yet.waits"
    else:
        key = f"attest.problem.{reply.value}"
    return NoticePage(
        title=message("attest.not_yet.title"),
        subtitle=message(key),
        tone=Tone.WARNING,
        icon="clock",
        facts=(Fact(message("host.phone"), _plain(phone), "phone"),),
        options=(_understood(),),
        back=False,
    )


def _understood() -> Option:
    return Option(DONE, message("card.understood"), weight=Weight.PRIMARY)


def _notice(key: str, tone: Tone, facts: tuple[Fact, ...], product: AttestProduct | None = None) -> NoticePage:
    named = (Fact(message("attest.what"), product.title, "file-text"),) if product else ()
    return NoticePage(
        title=message(f"{key}.title"),
        subtitle=message(f"{key}.subtitle"),
        tone=tone,
        icon="info",
        facts=(*named, *facts),
        options=(_understood(),),
        back=False,
    )
