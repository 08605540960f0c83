"""What the back office must know of a municipality: offices, queues, service titles, languages, brand, time zone.

A small copy of the catalogue, so that the back office runs without the files of a column. Not for: the catalogue
itself (`kiosk.core.catalogue`) or what the database holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from kiosk.core.catalogue import Site

Words = Mapping[str, str]
"""Language code to text; every language of the site is present."""


@dataclass(frozen=True)
class QueueInfo:
    """A line of waiting people.

    Attributes:
        letter: first character of its numbers.
    """

    id: str
    letter: str
    title: Words


@dataclass(frozen=True)
class OfficeInfo:
    """A building; without queues when there is no counter staff."""

    id: str
    name: Words
    queues: tuple[QueueInfo, ...]

    def queue(self, id: str) -> QueueInfo | None:
        """The queue of that id, or None when this office does not call it."""
        return next((queue for queue in self.queues if queue.id == id), None)


@dataclass(frozen=True)
class SiteInfo:
    """A municipality.

    Attributes:
        id: also the organisation's id in the database and on the wire.
        languages: in the order the law of the site asks; the first is the default.
        timezone: IANA name; service dates follow it.
        brand: `#RRGGBB`.
        mark: one or two capitals drawn where there is no logo.
        practice: true for a demonstration; every page then says so.
        services: id of a service or an attest to its title, for the staff pages.
        enterprise_number: ten digits, of who answers for its attests; empty where it issues none.
    """

    id: str
    name: Words
    languages: tuple[str, ...]
    timezone: str
    brand: str
    mark: str
    offices: tuple[OfficeInfo, ...]
    practice: bool = False
    services: Mapping[str, Words] = field(default_factory=dict)
    enterprise_number: str = ""

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    def office(self, id: str) -> OfficeInfo | None:
        """The office of that id, or None."""
        return next((office for office in self.offices if office.id == id), None)

    def words(self, words: Words, language: str) -> str:
        """The text in `language`, else in the site's first language; soft hyphens removed."""
        return words.get(language, words[self.languages[0]]).replace("\u00ad", "")

    def service_title(self, id: str, language: str) -> str:
        """What a service is called, or its id when the catalogue has no such service (any more)."""
        words = self.services.get(id)
        return self.words(words, language) if words else id


def site_info(site: Site) -> SiteInfo:
    """The part of a checked catalogue that the back office needs."""
    queues = {q.id: QueueInfo(q.id, q.letter, q.title.values) for q in site.queues}
    offices = tuple(
        OfficeInfo(point.id, point.name.values, tuple(queues[queue] for queue in point.queues))
        for point in site.contact_points
    )
    return SiteInfo(
        id=site.id,
        name=site.name.values,
        languages=site.profile.languages,
        timezone=site.timezone,
        brand=site.brand,
        mark=site.mark,
        offices=offices,
        practice=site.practice,
        services={
            **{attest.id: attest.title.values for attest in site.attests},
            **{service.id: service.title.values for service in site.services},
        },
        enterprise_number=site.signing.enterprise_number if site.signing is not None else "",
    )
