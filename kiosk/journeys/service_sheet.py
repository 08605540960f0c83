"""The sheet of one service: what it is, what to bring, what it costs, and every way on from here.

No wrong door: the ways come from `kiosk.core.ways`, which never returns none. Not for: finding the service.
"""

from __future__ import annotations

from typing import assert_never

from kiosk.core.catalogue import Cost, Queue, Service
from kiosk.core.hours import Open, OpenState
from kiosk.core.pages import Fact, Option, Section, SheetPage, Weight
from kiosk.core.texts import Text, message
from kiosk.core.ways import (
    Appointment,
    Collect,
    Facts,
    GetAttest,
    GoTo,
    Phone,
    Place,
    TakeTicket,
    UseCard,
    Way,
    Web,
    ways,
)
from kiosk.journeys.collect_attest import collect_attest
from kiosk.journeys.request_attest import request_attest
from kiosk.journeys.take_ticket import people_ahead_fact, take_ticket
from kiosk.journeys.use_card import use_card
from kiosk.journeys.visit import Back, Column, Outcome, Visit


async def service_sheet(visit: Visit, service: Service) -> None:
    """Show the sheet until the citizen goes back or takes a way that ends the visit."""
    while True:
        found = _ways(visit, service)
        chosen = await visit.choose(await _sheet_page(visit, service, found))
        if chosen is Back.BACK:
            return
        match found[int(chosen.removeprefix("way:"))]:
            case TakeTicket(queue):
                await take_ticket(visit, service, queue)
            case GetAttest(product):
                await request_attest(visit, product)
            case Collect(purpose):
                await collect_attest(visit, purpose)
            case UseCard(purpose):
                service = await use_card(visit, purpose) or service
            case way:
                await _refer(visit, service, way)


async def _refer(visit: Visit, service: Service, way: Way) -> None:
    if await visit.choose(referral_page(service, way)) is not Back.BACK:
        raise visit.leave(Outcome.DONE)


def _ways(visit: Visit, service: Service) -> tuple[Way, ...]:
    column = visit.column
    facts = Facts(
        printer_usable=column.devices.printer.status.usable,
        online=column.network.online,
        card_usable=column.devices.cards.status.usable,
        attests_usable=_attests_usable(column),
    )
    return ways(column.site, service, column.here.id, column.clock.now(), facts)


def _attests_usable(column: Column) -> bool:
    """Whether an attest can be sealed, and leave the column on something."""
    devices, network = column.devices, column.network
    carried = devices.sheets.status.usable or devices.printer.status.usable or network.online
    return column.attests.ready and carried


async def _sheet_page(visit: Visit, service: Service, found: tuple[Way, ...]) -> SheetPage:
    queues = [way.queue for way in found if isinstance(way, TakeTicket)]
    waiting = await _waiting(visit, queues[0]) if queues else ()
    return SheetPage(
        title=service.title,
        subtitle=service.summary,
        facts=(*waiting, cost_fact(service.costs), Fact(message("sheet.audience"), service.audience, "user")),
        sections=(bring_section(service), *price_section(service.costs), *_where_sections(found)),
        options=tuple(_way_option(number, way) for number, way in enumerate(found)),
    )


async def _waiting(visit: Visit, queue: Queue) -> tuple[Fact, ...]:
    column = visit.column
    ahead = await column.store.people_ahead(queue.id, column.clock.now().date())
    return (people_ahead_fact(ahead),) if ahead else ()


def cost_fact(costs: tuple[Cost, ...]) -> Fact:
    """What it costs, in one fact: free, one price, or the lowest price."""
    amounts = sorted(cost.amount_cents for cost in costs)
    if not amounts or amounts[-1] == 0:
        value: Text = message("sheet.free")
    elif len(amounts) == 1:
        value = message("sheet.price", price_cents=amounts[0])
    elif amounts[0] == 0:
        value = message("sheet.free_or_from", price_cents=next(amount for amount in amounts if amount))
    else:
        value = message("sheet.price_from", price_cents=amounts[0])
    return Fact(message("sheet.cost"), value, "currency-eur")


def bring_section(service: Service) -> Section:
    """What to bring, and each price when there is more than one."""
    items = service.bring or (message("sheet.bring_nothing"),)
    return Section(message("sheet.bring"), items, "bag", bulleted=bool(service.bring))


def price_section(costs: tuple[Cost, ...]) -> tuple[Section, ...]:
    """Every price line, or nothing when one fact says it all."""
    if len(costs) < 2:
        return ()
    lines = tuple(
        message("sheet.price_line", what=cost.label, price_cents=cost.amount_cents)
        if cost.amount_cents
        else message("sheet.free_line", what=cost.label)
        for cost in costs
    )
    return (Section(message("sheet.prices"), lines, "currency-eur"),)


def _where_sections(found: tuple[Way, ...]) -> tuple[Section, ...]:
    lines = tuple(_where(way) for way in found)
    return (Section(message("sheet.where"), lines, "map-pin"),)


def _where(way: Way) -> Text:
    """Where a way leads, in one line."""
    match way:
        case TakeTicket(queue):
            return message("where.here", place=queue.place)
        case UseCard() | GetAttest():
            return message("where.card")
        case Collect():
            return message("where.collect")
        case GoTo(point, _):
            return message("where.point", name=point.name, address=point.address)
        case Appointment(phone, web):
            return message("where.appointment", contact=", ".join(filter(None, (phone, web))))
        case Phone(number):
            return message("where.phone", phone=number)
        case Web(address):
            return message("where.web", web=address)
        case Place(text):
            return text
        case _:
            assert_never(way)


_LABELS: dict[type, tuple[str, str]] = {
    TakeTicket: ("way.ticket", "ticket"),
    UseCard: ("way.card", "identification-card"),
    GetAttest: ("way.attest", "file-text"),
    Collect: ("way.collect", "file-text"),
    Appointment: ("way.appointment", "calendar-check"),
    Phone: ("way.phone", "phone"),
    Web: ("way.web", "globe"),
    Place: ("way.place", "map-pin"),
}
"""What each kind of way says on its button, and its icon."""


def _way_option(number: int, way: Way) -> Option:
    weight = Weight.PRIMARY if number == 0 else Weight.NORMAL
    if isinstance(way, GoTo):
        label = message("way.go_to", name=way.point.name)
        return Option(f"way:{number}", label, opening_words(way.opening), "map-pin", weight)
    key, icon = _LABELS[type(way)]
    return Option(f"way:{number}", message(key), None, icon, weight)


def referral_page(service: Service, way: Way) -> SheetPage:
    """Where, when, what to bring: everything somebody needs to get there."""
    return SheetPage(
        title=message("referral.title"),
        subtitle=service.title,
        facts=_referral_facts(way),
        sections=(*_place_sections(way), *(() if isinstance(way, Phone | Web) else (bring_section(service),))),
        options=(Option("done", message("referral.done"), weight=Weight.PRIMARY),),
    )


def _referral_facts(way: Way) -> tuple[Fact, ...]:
    match way:
        case GoTo(point, opening):
            return (
                Fact(message("referral.when"), opening_words(opening), "clock"),
                Fact(message("referral.phone"), plain(point.phone), "phone"),
            )
        case Appointment(phone, web):
            called = (Fact(message("referral.phone"), plain(phone), "phone"),) if phone else ()
            visited = (Fact(message("referral.web"), plain(web), "globe"),) if web else ()
            return (*called, *visited)
        case Phone(number):
            return (Fact(message("referral.phone"), plain(number), "phone"),)
        case Web(address):
            return (Fact(message("referral.web"), plain(address), "globe"),)
        case Place() | TakeTicket() | UseCard() | GetAttest() | Collect():
            return ()
        case _:
            assert_never(way)


def _place_sections(way: Way) -> tuple[Section, ...]:
    match way:
        case GoTo(point, _):
            lines: tuple[Text, ...] = (point.name, plain(point.address), point.directions)
        case Place(text):
            lines = (text,)
        case _:
            return ()
    return (Section(message("referral.where"), lines, "map-pin", bulleted=False),)


def opening_words(opening: OpenState) -> Text:
    """Open until when, or closed until when."""
    if isinstance(opening, Open):
        return message("hours.open_until", time=opening.until)
    if opening.opens is None:
        return message("hours.closed")
    day, time = opening.opens.date(), opening.opens.time()
    if opening.reason is None:
        return message("hours.opens", day=day, time=time)
    return message("hours.opens_after", reason=opening.reason, day=day, time=time)


def plain(text: str) -> Text:
    """A number or an address, the same in every language."""
    return message("plain", text=text)
