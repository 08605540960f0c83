"""The part of the settings that says who of the staff may do what at the column.

Not for: proving who somebody is (`kiosk.staffing`).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from config.catalogue import Id
from config.checked import Table, refusal
from config.reader_settings import READERS, Reader
from drivers.cards.address import NO_READER
from kiosk.core.staff import DEFAULT_RIGHTS, Member, Right, Role

RightName = Literal["visit", "paper", "reprint", "tickets", "close", "sound", "restart", "money", "report"]
_RIGHTS = {"write": "a list of: " + ", ".join(f'"{right.value}"' for right in Right)}
_PEOPLE = {"write": "one table [[staff.people]] a person, as `zuil staff pin` and `zuil staff card` print them"}
_CARD = re.compile(r"hmac-sha256:[0-9a-f]{64}")


def _check_pin(text: str) -> str:
    if text and not text.startswith("$argon2id$"):
        raise refusal("a PIN may not stand here itself", "write the line that `zuil staff pin` prints")
    return text


def _check_card(text: str) -> str:
    if text and not _CARD.fullmatch(text):
        raise refusal("this is no mark of a card", "write the line that `zuil staff card` prints")
    return text


def _check_people(people: list[StaffTable]) -> list[StaffTable]:
    ids = [person.id for person in people]
    for name in ids:
        if ids.count(name) > 1:
            raise refusal(f"two people are called '{name}'", "give each an id of their own")
    badges = [person.badge for person in people if person.badge]
    for person in people:
        if badges.count(person.badge) > 1:
            raise refusal(f"'{person.id}' has the badge of somebody else, too", "write each badge at one person")
    return people


class StaffTable(Table):
    """One person of the staff."""

    id: Id = Field(json_schema_extra={"write": 'small letters, digits and hyphens, like "an"'})
    role: Literal["host", "reception", "technician"]
    language: Literal["nl", "fr", "en", "de"] = "nl"
    pin: Annotated[str, AfterValidator(_check_pin)] = ""
    card: Annotated[str, AfterValidator(_check_card)] = ""
    badge: Annotated[str, AfterValidator(_check_card)] = ""

    @model_validator(mode="after")
    def _badge_has_a_pin(self) -> StaffTable:
        if self.badge and not self.pin:
            found = f"'{self.id}' has a badge and no pin, and the number of a badge can be copied"
            raise refusal(found, f"give them a PIN, too: `zuil staff pin {self.id}`")
        return self


def _of(role: Role) -> list[RightName]:
    return [name for name in RightName.__args__ if Right(name) in DEFAULT_RIGHTS[role]]  # type: ignore[attr-defined]


class StaffSettings(Table):
    """Who may get into staff mode at this column, and what they may do there."""

    people: Annotated[list[StaffTable], AfterValidator(_check_people)] = Field(
        default=[],
        description="The people; without any, nobody gets in. Each has an id, a role (host, reception or technician), "
        "a language, and a pin or a card or both; a badge counts only together with the pin.",
        json_schema_extra=_PEOPLE,  # type: ignore[arg-type]
    )
    reader: Reader = Field(
        default=NO_READER,
        description="A reader for badges alone, beside the card reader; staff may then show a badge while somebody "
        "uses the column. None where badges are shown to the card reader.",
        json_schema_extra={"write": READERS},
    )
    host_rights: list[RightName] = Field(
        default=_of(Role.HOST),
        description="What a host may do.",
        json_schema_extra=_RIGHTS,  # type: ignore[arg-type]
    )
    reception_rights: list[RightName] = Field(
        default=_of(Role.RECEPTION),
        description="What the reception may do.",
        json_schema_extra=_RIGHTS,  # type: ignore[arg-type]
    )
    technician_rights: list[RightName] = Field(
        default=_of(Role.TECHNICIAN),
        description="What a technician may do.",
        json_schema_extra=_RIGHTS,  # type: ignore[arg-type]
    )
    technician_phone: str = Field(
        default="",
        description="Telephone number staff call when the column needs a technician.",
        json_schema_extra={"write": 'a number as people dial it, or ""'},
    )
    readiness_minutes: int = Field(
        default=30,
        ge=0,
        le=240,
        description="Minutes before the counters open at which every device is tested and the report is made; 0 makes "
        "none.",
    )

    @property
    def ahead(self) -> timedelta:
        """How long before opening the report is made."""
        return timedelta(minutes=self.readiness_minutes)

    def member(self, person: StaffTable) -> Member:
        """A person as the rest of the house sees them."""
        role = Role(person.role)
        named = {
            Role.HOST: self.host_rights,
            Role.RECEPTION: self.reception_rights,
            Role.TECHNICIAN: self.technician_rights,
        }[role]
        return Member(person.id, role, person.language, frozenset(map(Right, named)))
