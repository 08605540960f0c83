"""The file `site.toml`: its shape, what is wrong within one value, and the `Site` it becomes.

Not for: rules between several values or files (`config.site_checks`).
"""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from config import brand
from config.attest_tables import AttestTable, SigningTable, check_delivery
from config.card_tables import HintTable, PostalCode, PurposeTable
from config.catalogue import Id, PhoneNumber, ServiceTable, WebAddress
from config.checked import Table, refusal
from config.opening import ClosedTable, HoursTable, opening_hours
from config.words import Words
from kiosk.core.attests import DeliveryWay
from kiosk.core.catalogue import ContactPoint, Queue, Site, Theme
from kiosk.core.language import LanguageProfile, Regime


def _check_brand(text: str) -> str:
    if not brand.is_colour(text):
        raise refusal(f"'{text}' is no colour", "write it as #RRGGBB, like '#0B4F6C'")
    if not brand.readable(text):
        ratio = brand.contrast(text, brand.WHITE)
        found = f"neither white nor ink can be read on '{text}' (white reaches {ratio:.1f}:1, 7:1 is needed)"
        raise refusal(found, f"take a darker one, like '{brand.darkened(text)}'")
    return text


def _check_timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refusal(f"'{text}' is no time zone", "write its IANA name, like 'Europe/Brussels'") from None
    return text


def _check_logo(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*\.svg", name):
        raise refusal(f"'{name}' is no name of a logo", 'write the name of a file beside site.toml, like "logo.svg"')
    return name


def _check_mark(text: str) -> str:
    if not (1 <= len(text) <= 2 and text.isalpha() and text.isupper()):
        raise refusal(f"'{text}' is no mark", "write one or two capitals")
    return text


def _check_letter(text: str) -> str:
    if not (len(text) == 1 and text.isascii() and text.isupper()):
        raise refusal(f"'{text}' is no letter of a queue", "write one capital from A to Z")
    return text


class LanguagesTable(Table):
    """The language profile as written; the law is checked when it becomes a `LanguageProfile`."""

    regime: str
    order: list[str]


class ThemeTable(Table):
    """A group of services."""

    id: Id
    icon: str
    title: Words
    hint: Words


class QueueTable(Table):
    """A line of waiting people."""

    id: Id
    letter: Annotated[str, AfterValidator(_check_letter)]
    title: Words
    place: Words


class ContactPointTable(Table):
    """A building where a column may stand."""

    id: Id
    address: str = Field(min_length=1)
    phone: PhoneNumber
    queues: list[str]
    name: Words
    kind: Words
    directions: Words
    hours: HoursTable
    closed: list[ClosedTable] = Field(default_factory=list)

    def contact_point(self) -> ContactPoint:
        """The same as a value of the core."""
        return ContactPoint(
            id=self.id,
            name=self.name.localized(),
            kind=self.kind.localized(),
            address=self.address,
            phone=self.phone,
            hours=opening_hours(self.hours, self.closed),
            queues=tuple(self.queues),
            directions=self.directions.localized(),
        )


class SiteTable(Table):
    """The whole `site.toml`."""

    id: Id
    mark: Annotated[str, AfterValidator(_check_mark)]
    brand: Annotated[str, AfterValidator(_check_brand)]
    logo: Annotated[str, AfterValidator(_check_logo)] = ""
    practice: bool
    timezone: Annotated[str, AfterValidator(_check_timezone)]
    phone: PhoneNumber
    web: WebAddress
    name: Words
    languages: LanguagesTable
    themes: list[ThemeTable] = Field(min_length=1)
    queues: list[QueueTable]
    contact_points: list[ContactPointTable] = Field(min_length=1)
    postal_codes: list[PostalCode] = Field(default_factory=list)
    purposes: list[PurposeTable] = Field(default_factory=list)
    hints: list[HintTable] = Field(default_factory=list)
    signing: SigningTable | None = None
    attests: list[AttestTable] = Field(default_factory=list)
    attest_deliveries: list[Annotated[str, AfterValidator(check_delivery)]] = Field(default_factory=list)

    def site(self, services: list[ServiceTable], logo: str) -> Site:
        """The same, with its services and the drawing `logo` names, as a value of the core."""
        profile = LanguageProfile(Regime(self.languages.regime), tuple(self.languages.order))
        themes = (Theme(t.id, t.title.localized(), t.hint.localized(), t.icon) for t in self.themes)
        queues = (Queue(q.id, q.letter, q.title.localized(), q.place.localized()) for q in self.queues)
        return Site(
            id=self.id,
            name=self.name.localized(),
            mark=self.mark,
            brand=self.brand,
            logo=logo,
            practice=self.practice,
            timezone=self.timezone,
            phone=self.phone,
            web=self.web,
            profile=profile,
            themes=tuple(themes),
            queues=tuple(queues),
            contact_points=tuple(table.contact_point() for table in self.contact_points),
            services=tuple(table.service() for table in services),
            purposes=tuple(table.purpose() for table in self.purposes),
            hints=tuple(table.rule() for table in self.hints),
            postal_codes=tuple(self.postal_codes),
            attests=tuple(table.product(profile) for table in self.attests),
            signing=self.signing.signing() if self.signing else None,
            deliveries=tuple(DeliveryWay(name) for name in dict.fromkeys(self.attest_deliveries)),
        )
