"""The file of one service: its shape, what is wrong within it, and the `Service` it becomes.

Not for: what the service needs from elsewhere, a theme or a queue (`config.site_checks`).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from config.checked import Table, refusal
from config.words import WordLists, Words
from kiosk.core.catalogue import Cost, Offer, Service, WayKind

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PHONE = re.compile(r"\+?[0-9][0-9 ./()-]{1,24}")
_WEB = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[^\s]*)?", re.IGNORECASE)


def _check_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise refusal(f"'{text}' is no id", "use small letters, digits and single hyphens, like 'driving-licence'")
    return text


def _check_phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise refusal(f"'{text}' is no telephone number", "write it as people dial it, like '03 000 00 00'")
    return text


def _check_web(text: str) -> str:
    if not _WEB.fullmatch(text):
        raise refusal(f"'{text}' is no web address", "write it without https://, like 'example.org/page'")
    return text


Id = Annotated[str, AfterValidator(_check_id)]
PhoneNumber = Annotated[str, AfterValidator(_check_phone)]
WebAddress = Annotated[str, AfterValidator(_check_web)]

_MEMBERS: dict[str, tuple[str, ...]] = {
    "ticket": ("queue",),
    "appointment": ("phone", "web"),
    "phone": ("phone",),
    "web": ("web",),
    "place": ("place",),
    "card": ("purpose",),
    "attest": ("attest",),
    "collect": ("purpose",),
}
"""What each kind of way tells; an appointment may tell either or both."""


class CostTable(Table):
    """One price line."""

    label: Words
    amount_cents: int = Field(ge=0, le=10_000_000)


class OfferTable(Table):
    """One way in which the service is given."""

    way: Literal["ticket", "appointment", "phone", "web", "place", "card", "attest", "collect"]
    queue: str | None = None
    phone: PhoneNumber | None = None
    web: WebAddress | None = None
    place: Words | None = None
    purpose: str | None = None
    attest: str | None = None

    @model_validator(mode="after")
    def _members_fit(self) -> OfferTable:
        wanted = _MEMBERS[self.way]
        members = dict.fromkeys(name for names in _MEMBERS.values() for name in names)
        given = [name for name in members if getattr(self, name) is not None]
        surplus = [name for name in given if name not in wanted]
        if surplus:
            raise refusal(f"way '{self.way}' has no '{surplus[0]}'", f"it tells {' or '.join(wanted)} only")
        if not given:
            raise refusal(f"way '{self.way}' tells nothing", f"add {' or '.join(wanted)}")
        return self

    def offer(self) -> Offer:
        """The same as a value of the core."""
        place = self.place.localized() if self.place else None
        return Offer(WayKind(self.way), self.queue, self.phone, self.web, place, self.purpose, self.attest)


class ServiceTable(Table):
    """One product sheet."""

    id: Id
    theme: str
    icon: str
    popular: int | None = Field(default=None, ge=1, le=99)
    title: Words
    summary: Words
    audience: Words
    keywords: WordLists
    bring: list[Words] = Field(default_factory=list)
    costs: list[CostTable] = Field(default_factory=list)
    offers: list[OfferTable] = Field(default_factory=list)

    def service(self) -> Service:
        """The same as a value of the core."""
        return Service(
            id=self.id,
            theme=self.theme,
            title=self.title.localized(),
            summary=self.summary.localized(),
            icon=self.icon,
            keywords={language: tuple(words) for language, words in self.keywords.root.items()},
            bring=tuple(text.localized() for text in self.bring),
            costs=tuple(Cost(cost.label.localized(), cost.amount_cents) for cost in self.costs),
            audience=self.audience.localized(),
            offers=tuple(offer.offer() for offer in self.offers),
            popular=self.popular,
        )
