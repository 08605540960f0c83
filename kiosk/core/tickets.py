"""Queue tickets: how a number becomes a label, and which number comes next.

Pure rules of leases (working chunks, a reserve, suffix numbers as the last resort). Not for: committing a ticket
(`kiosk.store`) or the order in which people are called (`sync.backoffice`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class LeaseKind(Enum):
    """Working chunks are used first; the reserve only when no working number is left."""

    WORKING = "working"
    RESERVE = "reserve"


@dataclass(frozen=True)
class Lease:
    """A range of numbers the back office gave to this column for one queue and one day.

    Attributes:
        first: first number of the range, last: last number, both inclusive.
        next: the number to give out next; `last + 1` when all are used.
    """

    id: str
    queue_id: str
    service_date: date
    kind: LeaseKind
    first: int
    last: int
    next: int
    expires_at: datetime

    @property
    def remaining(self) -> int:
        """How many numbers are left."""
        return max(0, self.last - self.next + 1)


def pick_lease(leases: Sequence[Lease], now: datetime) -> Lease | None:
    """The lease the next number comes from: oldest working chunk, then the reserve, then None.

    Args:
        leases: leases of one queue and one service date.
        now: timezone-aware time.
    """
    usable = [lease for lease in leases if lease.remaining and lease.expires_at > now]
    order = {LeaseKind.WORKING: 0, LeaseKind.RESERVE: 1}
    return min(usable, key=lambda lease: (order[lease.kind], lease.first), default=None)


PRACTICE_MARK = "DEMO-"
"""Before every number that is for practice, of tickets and attests alike: it can be taken for no real one."""


def label(letter: str, number: int, suffix: str | None = None, digits: int = 3, *, practice: bool = False) -> str:
    """The printed number: `A042`, or `A007-K3` when the number is the column's own; for practice `DEMO-A042`."""
    plain = f"{PRACTICE_MARK if practice else ''}{letter}{number:0{digits}d}"
    return f"{plain}-{suffix}" if suffix else plain


class PrintState(Enum):
    """Where the paper of a ticket stands; see `kiosk.core.print_saga`."""

    QUEUED = "queued"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True)
class TicketOrder:
    """What a journey asks the store for."""

    queue_id: str
    letter: str
    service_id: str
    service_date: date
    language: str


@dataclass(frozen=True)
class Ticket:
    """A committed promise.

    Attributes:
        job_id: print job committed in the same transaction.
        issued_at: timezone-aware.
    """

    id: str
    job_id: str
    queue_id: str
    service_id: str
    service_date: date
    number: int
    label: str
    suffix: str | None
    language: str
    issued_at: datetime


@dataclass(frozen=True)
class PeopleAhead:
    """How many people are before somebody, and how sure that is.

    Attributes:
        exact: false means "about": the last word from the back office is older than two minutes.
    """

    count: int
    exact: bool
