"""Giving numbers to columns: small working chunks while they are connected, a reserve for when they are not.

Working chunks grow up from 1, reserves down from 999, so neither meets the other until a queue is fuller than three
digits; then both go on from 1000. No number of a day is ever granted twice. Not for: which number a column takes next
(`kiosk.core.tickets`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select, text, update
from sqlalchemy import Row as Found

from sync.backoffice import schema
from sync.backoffice.bulk import Row
from sync.backoffice.core import BackOffice, rfc3339
from sync.backoffice.envelope import Event
from sync.backoffice.kiosks import Kiosk
from sync.backoffice.site import QueueInfo
from sync.protocol.ids import uuid7
from sync.protocol.messages import LeaseStock
from sync.protocol.signing import LEASE

WORKING = "working"
RESERVE = "reserve"
_THREE_DIGITS = 999
_SENT_RESERVES = 2
"""A reserve whose answer was lost is sent again; a second one is given when the first was really used."""

_UNUSED = (
    select(
        schema.lease.c.queue_id,
        func.sum(
            schema.lease.c.last_number
            - func.coalesce(schema.lease.c.highest_used, schema.lease.c.first_number - text("1"))
        ).label("unused"),
    )
    .where(
        schema.lease.c.kiosk_id == bindparam("kiosk"),
        schema.lease.c.service_date == bindparam("day"),
        schema.lease.c.kind == text(f"'{WORKING}'"),
    )
    .group_by(schema.lease.c.queue_id)
)

Stock = Mapping[tuple[str, str], LeaseStock]


@dataclass(frozen=True)
class _Line:
    """One queue on one day: what number counters and leases hang on."""

    queue_id: str
    day: date

    @property
    def service_date(self) -> str:
        return self.day.isoformat()


def top_up(
    office: BackOffice, connection: Connection, kiosk: Kiosk, stock: Iterable[LeaseStock]
) -> list[dict[str, object]]:
    """The signed leases a column should have now, by what it says it has left.

    Args:
        connection: a writing transaction in which the column is locked.
        stock: numbers left, by queue and day; what is not named counts as nothing left.
    """
    site_office = office.site.office(kiosk.office_id)
    if site_office is None or kiosk.quarantined:
        return []
    left = {(line.queue_id, line.service_date.isoformat()): line for line in stock}
    today = office.today()
    grants: list[dict[str, object]] = []
    for queue in site_office.queues:
        grants += _working(office, connection, kiosk, _Line(queue.id, today), left)
        for ahead in range(office.settings.reserve_days + 1):
            grants += _reserve(office, connection, kiosk, _Line(queue.id, today + timedelta(days=ahead)), left)
    return grants


def _working(
    office: BackOffice, connection: Connection, kiosk: Kiosk, line: _Line, left: Stock
) -> list[dict[str, object]]:
    stock = left.get((line.queue_id, line.service_date))
    if stock is not None and stock.working > office.settings.chunk_size:
        return []
    untouched = _untouched(connection, kiosk, line, WORKING)
    if len(untouched) >= office.settings.max_open_chunks:
        return [_signed(office, kiosk, row) for row in untouched]
    return [_grant(office, connection, kiosk, line, WORKING)]


def _reserve(
    office: BackOffice, connection: Connection, kiosk: Kiosk, line: _Line, left: Stock
) -> list[dict[str, object]]:
    stock = left.get((line.queue_id, line.service_date))
    if stock is not None and stock.reserve > 0:
        return []
    untouched = _untouched(connection, kiosk, line, RESERVE)
    if untouched:
        return [_signed(office, kiosk, row) for row in untouched[:_SENT_RESERVES]]
    return [_grant(office, connection, kiosk, line, RESERVE)]


def _untouched(connection: Connection, kiosk: Kiosk, line: _Line, kind: str) -> list[Found[tuple[object, ...]]]:
    """Leases of which no number was seen used yet, oldest first."""
    table = schema.lease
    rows = connection.execute(
        select(table)
        .where(
            table.c.kiosk_id == kiosk.id,
            table.c.queue_id == line.queue_id,
            table.c.service_date == line.service_date,
            table.c.kind == kind,
            table.c.epoch == kiosk.epoch,
            table.c.highest_used.is_(None),
            table.c.quarantined.is_(False),
        )
        .order_by(table.c.first_number)
    )
    return list(rows)


def _grant(office: BackOffice, connection: Connection, kiosk: Kiosk, line: _Line, kind: str) -> dict[str, object]:
    size = office.settings.chunk_size if kind == WORKING else office.settings.reserve_size
    first = _take(office, connection, kiosk.office_id, line, kind, size)
    table = schema.lease
    row = connection.execute(
        insert(table)
        .values(
            id=uuid7(office.clock()),
            organisation_id=office.site.id,
            office_id=kiosk.office_id,
            queue_id=line.queue_id,
            service_date=line.service_date,
            kiosk_id=kiosk.id,
            epoch=kiosk.epoch,
            kind=kind,
            first_number=first,
            last_number=first + size - 1,
            granted_ms=office.clock(),
            expires_ms=office.day_end_ms(line.day),
        )
        .returning(*table.c)
    ).one()
    return _signed(office, kiosk, row)


def _take(office: BackOffice, connection: Connection, office_id: str, line: _Line, kind: str, size: int) -> int:
    """The first of `size` numbers nobody else has or will get."""
    table = schema.number_counter
    key = (
        (table.c.organisation_id == office.site.id)
        & (table.c.office_id == office_id)
        & (table.c.queue_id == line.queue_id)
        & (table.c.service_date == line.service_date)
    )
    connection.execute(
        office.database.insert(table)
        .values(
            organisation_id=office.site.id,
            office_id=office_id,
            queue_id=line.queue_id,
            service_date=line.service_date,
            working_next=1,
            reserve_floor=_THREE_DIGITS + 1,
            beyond_next=_THREE_DIGITS + 1,
        )
        .on_conflict_do_nothing()
    )
    room = table.c.working_next + size <= table.c.reserve_floor
    if kind == WORKING:
        inside = update(table).where(key, room).values(working_next=table.c.working_next + size)
        first = connection.execute(inside.returning(table.c.working_next - size)).scalar()
    else:
        inside = update(table).where(key, room).values(reserve_floor=table.c.reserve_floor - size)
        first = connection.execute(inside.returning(table.c.reserve_floor)).scalar()
    if first is None:
        beyond = update(table).where(key).values(beyond_next=table.c.beyond_next + size)
        first = connection.execute(beyond.returning(table.c.beyond_next - size)).scalar_one()
    return int(first)


def _signed(office: BackOffice, kiosk: Kiosk, row: Found[tuple[object, ...]]) -> dict[str, object]:
    return office.key.sign_object(
        LEASE,
        {
            "leaseId": row.id,
            "officeId": row.office_id,
            "queueId": row.queue_id,
            "serviceDate": row.service_date,
            "kioskId": kiosk.id,
            "epoch": row.epoch,
            "kind": row.kind,
            "firstNumber": row.first_number,
            "lastNumber": row.last_number,
            "grantedAt": rfc3339(row.granted_ms),
            "expiresAt": rfc3339(row.expires_ms),
        },
    )


def queues_running_low(office: BackOffice, connection: Connection, kiosk: Kiosk, events: Iterable[Event]) -> list[str]:
    """Queues of which, after these events, the column has at most one working chunk left today."""
    if not any(event.kind == "tickets.issued" for event in events):
        return []
    site_office = office.site.office(kiosk.office_id)
    if site_office is None or kiosk.quarantined:
        return []
    values: Row = {"kiosk": kiosk.id, "day": office.today().isoformat()}
    rows = office.database.bulk.run(connection, _UNUSED, values)
    left = {str(row.queue_id): int(row.unused) for row in rows}
    return [queue.id for queue in site_office.queues if _is_low(queue, left, office.settings.chunk_size)]


def _is_low(queue: QueueInfo, left: Mapping[str, int], chunk: int) -> bool:
    return left.get(queue.id, 0) <= chunk
