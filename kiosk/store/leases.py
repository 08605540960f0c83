"""Leases: ranges of numbers from the back office, and the numbers taken from them.

Grants arrive verified (`sync.client.updates`). Not for: which lease is next, a pure rule (`kiosk.core.tickets`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from kiosk.core.tickets import Lease, LeaseKind
from kiosk.store.schema import lease
from kiosk.store.state import current_epoch
from sync.client.ports import Grant, Stock

DAYS = 8
"""Stock is kept for today and the next seven days."""
_log = logging.getLogger("zuil.store")

_OF_DAY = select(lease).where(
    lease.c.queue_id == bindparam("queue"),
    lease.c.service_date == bindparam("day"),
    lease.c.epoch == bindparam("epoch"),
    lease.c.next <= lease.c.last,
)
_TAKE = update(lease).where(lease.c.lease_id == bindparam("id")).values(next=lease.c.next + 1)
_CLASH = select(lease.c.lease_id).where(
    or_(
        lease.c.lease_id == bindparam("id"),
        (lease.c.queue_id == bindparam("queue"))
        & (lease.c.service_date == bindparam("day"))
        & (lease.c.first <= bindparam("last"))
        & (lease.c.last >= bindparam("first")),
    )
)
_STOCK = (
    select(lease.c.queue_id, lease.c.service_date, lease.c.kind, func.sum(lease.c.last - lease.c.next + 1))
    .where(
        lease.c.service_date >= bindparam("today"),
        lease.c.service_date < bindparam("until"),
        lease.c.epoch == bindparam("epoch"),
        lease.c.expires_at > bindparam("now"),
    )
    .group_by(lease.c.queue_id, lease.c.service_date, lease.c.kind)
)
_FORGET = delete(lease).where(lease.c.service_date < bindparam("day"))


def usable(connection: Connection, queue_id: str, day: date, epoch: int) -> list[Lease]:
    """The leases of a queue and day that still have numbers, of this epoch only."""
    rows = connection.execute(_OF_DAY, {"queue": queue_id, "day": day.isoformat(), "epoch": epoch})
    return [
        Lease(
            id=row.lease_id,
            queue_id=row.queue_id,
            service_date=date.fromisoformat(row.service_date),
            kind=LeaseKind(row.kind),
            first=row.first,
            last=row.last,
            next=row.next,
            expires_at=datetime.fromisoformat(row.expires_at),
        )
        for row in rows
    ]


def take(connection: Connection, chosen: Lease) -> int:
    """Use up the next number of a lease."""
    connection.execute(_TAKE, {"id": chosen.id})
    return chosen.next


def add(connection: Connection, grants: Sequence[Grant]) -> int:
    """Keep new grants of the current epoch; returns how many were new.

    A known lease, one of another epoch, and one that overlaps numbers we already hold are left out.
    """
    epoch = current_epoch(connection)
    return sum(_add_one(connection, grant, epoch) for grant in grants)


def _add_one(connection: Connection, grant: Grant, epoch: int) -> bool:
    day = grant.service_date.isoformat()
    if grant.epoch != epoch:
        return False
    place = {"id": grant.lease_id, "queue": grant.queue_id, "day": day, "first": grant.first, "last": grant.last}
    clash = connection.execute(_CLASH, place).scalars().first()
    if clash is not None:
        if clash != grant.lease_id:
            _log.warning("lease %s overlaps lease %s and is not used", grant.lease_id, clash)
        return False
    connection.execute(insert(lease), _row(grant, day))
    return True


def _row(grant: Grant, day: str) -> dict[str, object]:
    return {
        "lease_id": grant.lease_id,
        "epoch": grant.epoch,
        "queue_id": grant.queue_id,
        "service_date": day,
        "first": grant.first,
        "last": grant.last,
        "next": grant.first,
        "kind": grant.kind,
        "expires_at": _utc(grant.expires_at),
        "signature": grant.signature,
    }


def stock(connection: Connection, queues: Sequence[str], today: date, now: datetime) -> tuple[Stock, ...]:
    """Numbers left for each queue and each of `DAYS` days from `today`; zero where there are none."""
    days = [today + timedelta(days=n) for n in range(DAYS)]
    limits = {"today": days[0].isoformat(), "until": (days[-1] + timedelta(days=1)).isoformat(), "now": _utc(now)}
    rows = connection.execute(_STOCK, {**limits, "epoch": current_epoch(connection)})
    left = {(queue, day, kind): int(count) for queue, day, kind, count in rows}
    return tuple(
        Stock(
            queue,
            day,
            working=left.get((queue, day.isoformat(), "working"), 0),
            reserve=left.get((queue, day.isoformat(), "reserve"), 0),
        )
        for queue in queues
        for day in days
    )


def forget_before(connection: Connection, day: date) -> None:
    """Drop the leases of days long past."""
    connection.execute(_FORGET, {"day": day.isoformat()})


def _utc(moment: datetime) -> str:
    """One text form, so that text compares as time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
