"""Commands to columns: given by staff, signed, sent until the column's own event says how they ended or they expire.

Who gave one is in its row and in the command itself. Not for: what a command does (`kiosk.core.commands`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, insert, select, update

from kiosk.core.commands import KINDS, Plain, wrong_argument
from sync.backoffice import schema
from sync.backoffice.core import BackOffice, rfc3339
from sync.protocol.ids import uuid7
from sync.protocol.orders import COMMAND

MOST_OPEN = 20
"""Commands of one column that may be open at once."""
HOURS = 24
"""Life of a command that nobody gave another."""
LATEST = 30
_HOUR_MS = 3_600_000


class UnknownColumn(ValueError):
    """There is no such column, or more than one; the text says how to name one."""


class BadCommand(ValueError):
    """A command that no column would carry out; the text says what would be right."""


@dataclass(frozen=True)
class CommandTold:
    """What an event of a column says about a command; `outcome` is also a refusal's "refused"."""

    command_id: str
    outcome: str
    detail: str


@dataclass(frozen=True)
class CommandCard:
    """One command as a page and the command line show it.

    Attributes:
        by: name of who gave it.
        outcome: "done", "failed", "unknown", "refused"; "expired" or "open" without a word of the column.
        report: media type of what the column sent, or None.
    """

    id: str
    kind: str
    arguments: Mapping[str, Plain]
    by: str
    issued_at: datetime
    expires_at: datetime
    outcome: str
    detail: str
    ended_at: datetime | None
    report: str | None


def give_command(
    office: BackOffice, kiosk_id: str, kind: str, arguments: Mapping[str, Plain], by: str, hours: int = HOURS
) -> str:
    """Give a column a command; the command's id.

    Args:
        by: staff id of who gives it.
        hours: after which the column does not begin it any more.

    Raises:
        UnknownColumn, BadCommand: saying what would be right.
    """
    _check(kind, arguments, hours)
    table = schema.command
    with office.database.write() as connection:
        kiosk = connection.execute(
            select(schema.kiosk.c.source, schema.kiosk.c.revoked_ms)
            .where(schema.kiosk.c.id == kiosk_id, schema.kiosk.c.organisation_id == office.site.id)
            .with_for_update()
        ).first()
        if kiosk is None or kiosk.revoked_ms is not None:
            raise UnknownColumn(f"there is no column {kiosk_id!r} in service")
        if len(open_orders(office, connection, kiosk_id)) >= MOST_OPEN:
            raise BadCommand(f"{MOST_OPEN} commands of this column are open; wait until some have ended")
        now = max(office.clock(), _last_issued(connection, kiosk_id) + 1)
        order = _order(office, kiosk.source, kind, arguments, by, now, now + hours * _HOUR_MS)
        connection.execute(
            insert(table).values(
                id=order["commandId"],
                organisation_id=office.site.id,
                kiosk_id=kiosk_id,
                kind=kind,
                body=json.dumps(order),
                given_by=by,
                issued_ms=now,
                expires_ms=now + hours * _HOUR_MS,
            )
        )
    return str(order["commandId"])


def open_orders(office: BackOffice, connection: Connection, kiosk_id: str) -> list[dict[str, object]]:
    """The signed commands a column has not ended and may still begin, oldest first."""
    table = schema.command.c
    rows = connection.execute(
        select(table.body)
        .where(table.kiosk_id == kiosk_id, table.outcome.is_(None), table.expires_ms > office.clock())
        .order_by(table.issued_ms, table.id)
    )
    return [json.loads(body) for body in rows.scalars()]


def write_told(connection: Connection, kiosk_id: str, told: list[CommandTold], received_ms: int) -> None:
    """Write down how commands ended; the first word of the column counts, and only about its own commands.

    A refusal is not a last word when the command itself ends later: the forged one was refused.
    """
    table = schema.command
    for each in told:
        open_or_refused = table.c.outcome.is_(None) | (table.c.outcome == "refused")
        connection.execute(
            update(table)
            .where(table.c.id == each.command_id, table.c.kiosk_id == kiosk_id, open_or_refused)
            .values(outcome=each.outcome, detail=each.detail, ended_ms=received_ms)
        )


def command_cards(office: BackOffice, connection: Connection, kiosk_id: str) -> list[CommandCard]:
    """The latest commands of a column, newest first."""
    table, staff, report = schema.command.c, schema.staff, schema.column_report
    expired = case((table.expires_ms <= office.clock(), "expired"), else_="open")
    rows = connection.execute(
        select(
            schema.command, staff.c.name, report.c.media_type, case((table.outcome.is_(None), expired)).label("still")
        )
        .join_from(schema.command, staff, table.given_by == staff.c.id, isouter=True)
        .join(report, report.c.command_id == table.id, isouter=True)
        .where(table.organisation_id == office.site.id, table.kiosk_id == kiosk_id)
        .order_by(table.issued_ms.desc(), table.id.desc())
        .limit(LATEST)
    )
    return [
        CommandCard(
            id=row.id,
            kind=row.kind,
            arguments=json.loads(row.body)["arguments"],
            by=row.name or row.given_by,
            issued_at=_local(office, row.issued_ms),
            expires_at=_local(office, row.expires_ms),
            outcome=row.outcome or row.still,
            detail=row.detail or "",
            ended_at=None if row.ended_ms is None else _local(office, row.ended_ms),
            report=row.media_type,
        )
        for row in rows
    ]


def _last_issued(connection: Connection, kiosk_id: str) -> int:
    """Two commands of one column never have the same moment, so that their order is that of their ids."""
    table = schema.command.c
    return int(
        connection.execute(select(func.max(table.issued_ms)).where(table.kiosk_id == kiosk_id)).scalar_one() or 0
    )


def _check(kind: str, arguments: Mapping[str, Plain], hours: int) -> None:
    known = KINDS.get(kind)
    if known is None:
        raise BadCommand(f"there is no command {kind!r}; there are {', '.join(KINDS)}")
    wrong = wrong_argument(known, arguments)
    if wrong is not None:
        takes = ", ".join(f"{name} ({argument.shape.value})" for name, argument in known.arguments.items())
        raise BadCommand(f"{kind} cannot have {wrong!r} like this; it takes {takes or 'nothing'}")
    if not 1 <= hours <= 24 * 30:
        raise BadCommand("a command lives 1 hour to 30 days")


def _order(
    office: BackOffice, source: str, kind: str, arguments: Mapping[str, Plain], by: str, now: int, expires: int
) -> dict[str, object]:
    unsigned: dict[str, object] = {
        "commandId": uuid7(now),
        "source": source,
        "kind": kind,
        "arguments": dict(arguments),
        "issuedAt": rfc3339(now),
        "expiresAt": rfc3339(expires),
        "by": by,
    }
    return office.key.sign_object(COMMAND, unsigned)


def _local(office: BackOffice, milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, office.site.zone)
