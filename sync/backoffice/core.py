"""What every part of the back office works with: database, site, signing key, settings, clock, wake-ups.

Not for: HTTP; the functions that take a `BackOffice` can be called by tests and the command line alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.backoffice import schema
from sync.backoffice.database import Database
from sync.backoffice.live import Live
from sync.backoffice.settings import BackOfficeSettings
from sync.backoffice.site import SiteInfo
from sync.protocol.signing import PublicKey, SigningKey

if TYPE_CHECKING:
    from sync.backoffice.trust import TrustFile

Clock = Callable[[], int]
"""UTC milliseconds since 1970."""


def system_clock() -> int:
    """The machine's time."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Signer:
    """Which column signs with which key."""

    kiosk_id: str
    office_id: str
    key: PublicKey


@dataclass(frozen=True)
class BackOffice:
    """One running back office.

    Attributes:
        signers: columns by source, filled as they are heard of.
        key: signs acknowledgements, leases, updates and receipts; columns pin its public half at enrolment.
        trust: the trust list as last made; see `trust`.
    """

    database: Database
    site: SiteInfo
    key: SigningKey
    settings: BackOfficeSettings
    clock: Clock = system_clock
    live: Live = field(default_factory=Live)
    signers: dict[str, Signer] = field(default_factory=dict)
    trust: dict[str, TrustFile] = field(default_factory=dict)

    def today(self) -> date:
        """The service date now, in the time zone of the site."""
        return datetime.fromtimestamp(self.clock() / 1000, self.site.zone).date()

    def day_end_ms(self, day: date) -> int:
        """When a service date ends: the midnight after it, in the time zone of the site."""
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), self.site.zone)
        return int(midnight.timestamp() * 1000)


def open_back_office(
    database: Database, site: SiteInfo, settings: BackOfficeSettings, clock: Clock = system_clock
) -> BackOffice:
    """Join a prepared database and a site; makes the signing key and rows of new offices at the first start."""
    with database.write() as connection:
        connection.execute(
            database.insert(schema.organisation)
            .values(id=site.id, signing_seed=SigningKey.generate().raw, created_ms=clock())
            .on_conflict_do_nothing()
        )
        for office in site.offices:
            connection.execute(
                database.insert(schema.office).values(organisation_id=site.id, id=office.id).on_conflict_do_nothing()
            )
        seed = connection.execute(
            select(schema.organisation.c.signing_seed).where(schema.organisation.c.id == site.id)
        ).scalar_one()
    return BackOffice(database, site, SigningKey(bytes(seed)), settings, clock)


def rfc3339(milliseconds: int) -> str:
    """UTC milliseconds as RFC 3339 text."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_rfc3339(text: str) -> int:
    """RFC 3339 text as UTC milliseconds.

    Raises:
        ValueError: when it is not a time with offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return int(moment.timestamp() * 1000)
