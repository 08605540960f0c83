"""The municipality's offer as values: themes, services, contact points, queues, opening hours, language profile.

Loaded and checked by `config`; here are only the shapes everything else reasons about. Not for: deciding where a
question leads (`kiosk.core.ways`) or finding a service by words (`kiosk.core.search`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import Enum
from typing import TypeVar

from kiosk.core.attests import AttestProduct, DeliveryWay, Signing
from kiosk.core.hints import HintRule
from kiosk.core.language import LanguageProfile
from kiosk.core.purposes import Purpose
from kiosk.core.texts import Localized

T = TypeVar("T", "Theme", "Queue", "ContactPoint", "Service", Purpose, AttestProduct)


@dataclass(frozen=True)
class Theme:
    """A group of services as citizens think of them."""

    id: str
    title: Localized
    hint: Localized
    icon: str


@dataclass(frozen=True)
class Queue:
    """A line of waiting people, called by one group of counters.

    Attributes:
        id: stable name, the same at every contact point that has this queue.
        letter: one capital letter, first character of every number.
        title: what it is called on paper and display.
        place: where to wait.
    """

    id: str
    letter: str
    title: Localized
    place: Localized


@dataclass(frozen=True)
class Interval:
    """From `opens` until `closes`, local time of one day; `closes` is exclusive."""

    opens: time
    closes: time


@dataclass(frozen=True)
class ClosedDay:
    """A day (or the days up to and including `until`) on which the usual hours do not count."""

    day: date
    reason: Localized
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` lies within the closing."""
        return self.day <= day <= (self.until or self.day)


@dataclass(frozen=True)
class OpeningHours:
    """Counter hours of a contact point.

    Attributes:
        week: ISO weekday (1 = Monday) to its intervals, in order; a missing day is closed.
        closed: exceptions, each with its reason.
    """

    week: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    closed: tuple[ClosedDay, ...] = ()


@dataclass(frozen=True)
class ContactPoint:
    """A building where a column may stand.

    Attributes:
        queues: ids of the queues called here; empty where there is no counter staff.
        directions: how to get there, one sentence.
    """

    id: str
    name: Localized
    kind: Localized
    address: str
    phone: str
    hours: OpeningHours
    queues: tuple[str, ...]
    directions: Localized


@dataclass(frozen=True)
class Cost:
    """One price line; `amount_cents` is in euro cents, 0 is free."""

    label: Localized
    amount_cents: int


class WayKind(Enum):
    """The kinds of way a service can offer."""

    TICKET = "ticket"
    APPOINTMENT = "appointment"
    PHONE = "phone"
    WEB = "web"
    PLACE = "place"
    CARD = "card"
    ATTEST = "attest"
    COLLECT = "collect"


@dataclass(frozen=True)
class Offer:
    """One way in which a service is given.

    Attributes:
        way: kind of way.
        queue: for TICKET, the queue's id.
        phone: for PHONE and APPOINTMENT, the number as people dial it.
        web: for WEB and APPOINTMENT, the address without scheme.
        place: for PLACE, who gives the service and where, outside our own contact points.
        purpose: for CARD and COLLECT, the purpose's id: done here with the identity card.
        attest: for ATTEST, the product's id: asked here, and got here at once where the card is enough.
    """

    way: WayKind
    queue: str | None = None
    phone: str | None = None
    web: str | None = None
    place: Localized | None = None
    purpose: str | None = None
    attest: str | None = None


@dataclass(frozen=True)
class Service:
    """One product sheet.

    Attributes:
        popular: place among the most asked ones (1 is first), or None.
        keywords: words people use for it, by language.
        bring: what to bring; empty when nothing is needed.
        costs: price lines; empty when it is free.
        audience: who it is for, one sentence.
    """

    id: str
    theme: str
    title: Localized
    summary: Localized
    icon: str
    keywords: Mapping[str, tuple[str, ...]]
    bring: tuple[Localized, ...]
    costs: tuple[Cost, ...]
    audience: Localized
    offers: tuple[Offer, ...]
    popular: int | None = None


@dataclass(frozen=True)
class Site:
    """Everything a municipality tells its columns.

    Attributes:
        id: stable name of the municipality's site.
        name: shown beside the mark in the header.
        mark: one or two capitals drawn where there is no logo.
        brand: brand colour as `#RRGGBB`; checked for contrast at load.
        logo: SVG that stands alone, drawn on attests in the place of the mark; "" when there is none.
        practice: true for a demonstration site; screen and paper then say so.
        timezone: IANA name; service dates follow it.
        phone: general number of the municipality.
        web: general web address without scheme.
        purposes: why a column may ask for an identity card.
        hints: what may be of use to somebody whose card was read.
        postal_codes: of this municipality.
        attests: what attests it issues, and `signing` who answers for them; None where it issues none.
        deliveries: how an attest that waits for a register can be had besides at a column.
    """

    id: str
    name: Localized
    mark: str
    brand: str
    practice: bool
    timezone: str
    phone: str
    web: str
    profile: LanguageProfile
    themes: tuple[Theme, ...]
    queues: tuple[Queue, ...]
    contact_points: tuple[ContactPoint, ...]
    services: tuple[Service, ...]
    purposes: tuple[Purpose, ...] = ()
    hints: tuple[HintRule, ...] = ()
    postal_codes: tuple[str, ...] = ()
    attests: tuple[AttestProduct, ...] = ()
    signing: Signing | None = None
    deliveries: tuple[DeliveryWay, ...] = ()
    logo: str = ""

    def service(self, id: str) -> Service:
        """The service of that id; KeyError when there is none (ids are checked at load)."""
        return _by_id(self.services, id)

    def queue(self, id: str) -> Queue:
        """The queue of that id; KeyError when there is none."""
        return _by_id(self.queues, id)

    def contact_point(self, id: str) -> ContactPoint:
        """The contact point of that id; KeyError when there is none."""
        return _by_id(self.contact_points, id)

    def theme(self, id: str) -> Theme:
        """The theme of that id; KeyError when there is none."""
        return _by_id(self.themes, id)

    def purpose(self, id: str) -> Purpose:
        """The purpose of that id; KeyError when there is none."""
        return _by_id(self.purposes, id)

    def attest(self, id: str) -> AttestProduct:
        """The attest of that id; KeyError when there is none."""
        return _by_id(self.attests, id)


def _by_id(items: tuple[T, ...], id: str) -> T:
    for item in items:
        if item.id == id:
            return item
    raise KeyError(id)
