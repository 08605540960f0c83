"""No wrong door: every way a service can be had from here, now, in order of preference; there is always one.

A number can be given with a broken printer and without a network, because it is committed before either is asked; what
the printer can do only decides whether it comes on paper. Not for: drawing the ways, or taking one (`kiosk.journeys`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kiosk.core.attests import AttestProduct
from kiosk.core.catalogue import ContactPoint, Offer, Queue, Service, Site, WayKind
from kiosk.core.hours import Closed, Open, OpenState, state
from kiosk.core.purposes import Purpose
from kiosk.core.texts import Localized


@dataclass(frozen=True)
class Facts:
    """What works at this moment.

    Attributes:
        printer_usable: whether work may be given to the receipt printer.
        online: whether the back office answered lately.
        card_usable: whether the card reader works; where it does not, the other ways remain.
        attests_usable: whether an attest can be sealed here and given on paper or as a file.
    """

    printer_usable: bool
    online: bool
    card_usable: bool = False
    attests_usable: bool = False


@dataclass(frozen=True)
class TakeTicket:
    """Take a number here: this contact point serves the queue and is open.

    Attributes:
        paper: whether the number can come on paper; otherwise the screen asks to write it down.
    """

    queue: Queue
    paper: bool = True


@dataclass(frozen=True)
class UseCard:
    """Do it here and now with the identity card, at any hour and with nobody on duty."""

    purpose: Purpose


@dataclass(frozen=True)
class GetAttest:
    """Get an attest here: at once where the card is enough or a register answers, else later with a code."""

    product: AttestProduct


@dataclass(frozen=True)
class Collect:
    """Get an attest that waited for a register, with the code of its receipt; needs the back office."""

    purpose: Purpose


@dataclass(frozen=True)
class GoTo:
    """Go to a contact point that serves the service's queue: elsewhere, or here when it opens.

    Attributes:
        opening: open now, or when it opens; never closed for good.
    """

    point: ContactPoint
    opening: OpenState


@dataclass(frozen=True)
class Appointment:
    """Make an appointment, by telephone, on the web, or either."""

    phone: str | None
    web: str | None


@dataclass(frozen=True)
class Phone:
    """Call this number."""

    number: str


@dataclass(frozen=True)
class Web:
    """See this address; without scheme."""

    address: str


@dataclass(frozen=True)
class Place:
    """Somebody else gives the service: who and where."""

    text: Localized


Way = GetAttest | Collect | UseCard | TakeTicket | GoTo | Appointment | Phone | Web | Place
"""One way on from the sheet of a service."""


def ways(site: Site, service: Service, here: str, now: datetime, facts: Facts) -> tuple[Way, ...]:
    """Every way to the service, best first.

    What is done here with the card comes first, then a ticket here. Where there is none for a queue, the contact points
    that serve it follow: this one first, then those open now, then the one that opens soonest. What remains keeps the
    order the municipality wrote.

    Args:
        here: id of the contact point where the column stands.
        now: timezone-aware, in the zone of the site.

    Returns:
        At least one way; the municipality's general number when the service names none that works.
    """
    queues = list(dict.fromkeys(offer.queue for offer in service.offers if offer.queue is not None))
    points = _serving(site, queues, now)
    tickets = [TakeTicket(site.queue(queue), facts.printer_usable) for queue in queues if _here(points, queue, here)]
    left = set(queues) - {ticket.queue.id for ticket in tickets}
    referrals = _ordered([way for way in points if left & set(way.point.queues)], here, now)
    cards = tuple(_with_card(site, service, facts)) if facts.card_usable else ()
    others = _distinct(way for offer in service.offers for way in _without_counter(offer))
    return (*cards, *tickets, *referrals, *others) or (Phone(site.phone),)


def _with_card(site: Site, service: Service, facts: Facts) -> Iterator[Way]:
    """What is done here with the card, each once, in the order the municipality wrote."""
    for offer in dict.fromkeys(service.offers):
        match offer:
            case Offer(way=WayKind.ATTEST, attest=str(product)) if facts.attests_usable:
                yield GetAttest(site.attest(product))
            case Offer(way=WayKind.COLLECT, purpose=str(purpose)) if facts.attests_usable and facts.online:
                yield Collect(site.purpose(purpose))
            case Offer(way=WayKind.CARD, purpose=str(purpose)):
                yield UseCard(site.purpose(purpose))
            case _:
                continue


def _serving(site: Site, queues: list[str], now: datetime) -> list[GoTo]:
    """The contact points that serve one of the queues and are open, or will open."""
    serving = [point for point in site.contact_points if set(point.queues) & set(queues)]
    found = [GoTo(point, state(point.hours, now)) for point in serving]
    return [way for way in found if _opens(way.opening)]


def _opens(opening: OpenState) -> bool:
    return isinstance(opening, Open) or opening.opens is not None


def _here(points: list[GoTo], queue: str, here: str) -> bool:
    return any(way.point.id == here and queue in way.point.queues and isinstance(way.opening, Open) for way in points)


def _ordered(referrals: list[GoTo], here: str, now: datetime) -> list[GoTo]:
    def rank(way: GoTo) -> tuple[bool, datetime]:
        opens = way.opening.opens if isinstance(way.opening, Closed) else None
        return (way.point.id != here, opens or now)

    return sorted(referrals, key=rank)


def _without_counter(offer: Offer) -> Iterator[Way]:
    """The way of an offer that needs no counter of ours."""
    match offer:
        case Offer(way=WayKind.APPOINTMENT, phone=phone, web=web) if phone or web:
            yield Appointment(phone, web)
        case Offer(way=WayKind.PHONE, phone=str(number)):
            yield Phone(number)
        case Offer(way=WayKind.WEB, web=str(address)):
            yield Web(address)
        case Offer(way=WayKind.PLACE, place=Localized() as text):
            yield Place(text)
        case _:
            return


def _distinct(found: Iterable[Way]) -> list[Way]:
    kept: list[Way] = []
    for way in found:
        if way not in kept:
            kept.append(way)
    return kept
