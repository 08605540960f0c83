"""The columns of a municipality as technicians see them: where they stand, whether they live, what ails them.

Not for: enrolling (`enrolment`), revoking (`kiosks`) or commands (`commands`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from sync.backoffice import schema
from sync.backoffice.commands import UnknownColumn
from sync.backoffice.core import BackOffice


@dataclass(frozen=True)
class ColumnCard:
    """One column.

    Attributes:
        state: "online", "offline", "quarantined" or "revoked".
        devices: what is not simply ready, to its reason.
    """

    id: str
    office_id: str
    suffix: str
    state: str
    app_version: str
    seen_at: datetime
    devices: dict[str, str]


def column_cards(office: BackOffice, connection: Connection) -> list[ColumnCard]:
    """Every column, by building and ordinal; revoked ones last."""
    table, device = schema.kiosk.c, schema.kiosk_device.c
    ailing: dict[str, dict[str, str]] = {}
    for row in connection.execute(
        select(device.kiosk_id, device.device, device.reason)
        .join_from(schema.kiosk_device, schema.kiosk, device.kiosk_id == table.id)
        .where(table.organisation_id == office.site.id)
        .order_by(device.device)
    ):
        ailing.setdefault(row.kiosk_id, {})[row.device] = row.reason
    rows = connection.execute(
        select(schema.kiosk)
        .where(table.organisation_id == office.site.id)
        .order_by(table.revoked_ms.is_not(None), table.office_id, table.ordinal)
    )
    late = office.clock() - office.settings.offline_after_sec * 1000
    return [
        ColumnCard(
            id=row.id,
            office_id=row.office_id,
            suffix=row.suffix,
            state=_state(row.revoked_ms, row.quarantined_ms, online=row.last_seen_ms >= late),
            app_version=row.app_version,
            seen_at=datetime.fromtimestamp(row.last_seen_ms / 1000, office.site.zone),
            devices=ailing.get(row.id, {}),
        )
        for row in rows
    ]


def find_column(office: BackOffice, name: str) -> str:
    """Id of a column by its id, or by building and suffix ("districtshuis/K3"), or by suffix where there is one such.

    Raises:
        UnknownColumn: naming those there are.
    """
    with office.database.read() as connection:
        cards = [card for card in column_cards(office, connection) if card.state != "revoked"]
    names = [card for card in cards if name in (card.id, card.suffix, f"{card.office_id}/{card.suffix}")]
    if len(names) != 1:
        known = ", ".join(f"{card.office_id}/{card.suffix}" for card in cards) or "none"
        raise UnknownColumn(f"{name!r} names {len(names)} columns in service; there are: {known}")
    return names[0].id


def _state(revoked_ms: int | None, quarantined_ms: int | None, *, online: bool) -> str:
    if revoked_ms is not None:
        return "revoked"
    if quarantined_ms is not None:
        return "quarantined"
    return "online" if online else "offline"
