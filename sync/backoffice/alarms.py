"""What staff must hear of columns: alarms of a building, until somebody has seen to them or they clear by themselves.

Not for: raising them (`projection`, `payments`, `attests`, `ingest`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from sync.backoffice import schema
from sync.backoffice.core import BackOffice

SHOWN = 20
_MINUTE_MS = 60_000


@dataclass(frozen=True)
class AlarmCard:
    """One alarm; `detail` names what it is about, never a person."""

    id: int
    column: int | None
    kind: str
    detail: str
    since_min: int


def open_alarms(office: BackOffice, connection: Connection, office_id: str) -> tuple[AlarmCard, ...]:
    """Alarms nobody has seen to, newest first."""
    table, kiosk = schema.alarm, schema.kiosk
    rows = connection.execute(
        select(table.c.id, kiosk.c.ordinal, table.c.kind, table.c.detail, table.c.raised_ms)
        .join_from(table, kiosk, table.c.kiosk_id == kiosk.c.id, isouter=True)
        .where(table.c.organisation_id == office.site.id, table.c.office_id == office_id, table.c.cleared_ms.is_(None))
        .order_by(table.c.id.desc())
        .limit(SHOWN)
    )
    now = office.clock()
    return tuple(
        AlarmCard(row.id, row.ordinal, row.kind, row.detail, max(0, (now - row.raised_ms) // _MINUTE_MS))
        for row in rows
    )


def clear_alarm(office: BackOffice, office_id: str, alarm_id: int, staff_id: str) -> bool:
    """Somebody has seen to it; False when there is no such open alarm in this office."""
    table = schema.alarm
    with office.database.write() as connection:
        done = connection.execute(
            update(table)
            .where(
                table.c.id == alarm_id,
                table.c.organisation_id == office.site.id,
                table.c.office_id == office_id,
                table.c.cleared_ms.is_(None),
            )
            .values(cleared_ms=office.clock(), cleared_by=staff_id)
        )
    office.live.changed(office_id)
    return done.rowcount == 1
