"""Writing what a batch changes, a few statements for all its events together.

A row that the database refuses (a ticket or label that exists) makes its event poison; the others go on. Not for:
deciding what changes (`projection`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, case, delete, insert, literal_column, or_, select, update

from sync.backoffice import schema
from sync.backoffice.attests import write_attests
from sync.backoffice.bulk import Row
from sync.backoffice.commands import write_told
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.envelope import Event
from sync.backoffice.payments import write_payments
from sync.backoffice.projection import Column, Gathered, Poison

_SET_PAPER = (
    update(schema.ticket)
    .where(schema.ticket.c.id == bindparam("ticket"), schema.ticket.c.kiosk_id == bindparam("kiosk"))
    .values(print_state=bindparam("paper"))
)
_SET_SERVED = (
    update(schema.ticket)
    .where(
        schema.ticket.c.id == bindparam("ticket"),
        schema.ticket.c.kiosk_id == bindparam("kiosk"),
        schema.ticket.c.state == literal_column("'waiting'"),
    )
    .values(state=literal_column("'served'"))
)
"""Only what still waits: what a counter did meanwhile wins."""
_SET_USED = (
    update(schema.lease)
    .where(
        schema.lease.c.id == bindparam("lease"),
        schema.lease.c.kiosk_id == bindparam("kiosk"),
        bindparam("used") >= schema.lease.c.first_number,
        bindparam("used") <= schema.lease.c.last_number,
    )
    .values(
        highest_used=case(
            (schema.lease.c.highest_used > bindparam("used"), schema.lease.c.highest_used), else_=bindparam("used")
        )
    )
)


def write_effects(
    connection: Connection, office: BackOffice, column: Column, gathered: Gathered, received_ms: int
) -> list[Poison]:
    """Write the rows of a batch.

    Returns:
        What had to be put aside: the events the gatherer refused and those the database refused.
    """
    database = office.database
    poison = list(gathered.poison)
    poison += _tickets(connection, database, gathered.tickets)
    poison += _paper(connection, database, column, gathered.paper)
    if gathered.called_here:
        called: list[Row] = [{"ticket": ticket, "kiosk": column.id} for ticket in gathered.called_here]
        database.bulk.run_many(connection, _SET_SERVED, called)
    if gathered.used:
        rows: list[Row] = [{"lease": lease, "kiosk": column.id, "used": used} for lease, used in gathered.used.items()]
        database.bulk.run_many(connection, _SET_USED, rows)
    if gathered.host_calls:
        database.bulk.insert_new(connection, schema.host_call, gathered.host_calls)
    if gathered.attests:
        poison += write_attests(office, connection, column, gathered.attests, received_ms)
    if gathered.payments:
        place: Row = {"organisation_id": office.site.id, "office_id": column.office_id, "kiosk_id": column.id}
        write_payments(connection, database, place, gathered.payments, received_ms)
    if gathered.commands:
        write_told(connection, column.id, gathered.commands, received_ms)
    if gathered.alarms:
        connection.execute(insert(schema.alarm), gathered.alarms)
    for device, (reason, since) in gathered.devices.items():
        set_device(connection, database, column.id, device, reason, since)
    return poison


def set_device(
    connection: Connection, database: Database, kiosk_id: str, device: str, reason: str | None, since_ms: int
) -> None:
    """Note that a device is ready (`reason` None) or why not; a known reason keeps the time it began."""
    devices = schema.kiosk_device
    if reason is None:
        connection.execute(delete(devices).where(devices.c.kiosk_id == kiosk_id, devices.c.device == device))
        return
    statement = database.insert(devices).values(kiosk_id=kiosk_id, device=device, reason=reason, since_ms=since_ms)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kiosk_id", "device"],
            set_={"reason": reason, "since_ms": since_ms},
            where=devices.c.reason != reason,
        )
    )


def _tickets(connection: Connection, database: Database, tickets: list[tuple[Event, Row]]) -> list[Poison]:
    if not tickets:
        return []
    rows = [row for _, row in tickets]
    if database.bulk.insert_new(connection, schema.ticket, rows) == len(rows):
        return []
    mine = _own_tickets(connection, tickets)
    return [
        Poison(event, "duplicateTicket", f"the ticket or the label {row['label']} exists already")
        for event, row in tickets
        if event.sequence not in mine
    ]


def _own_tickets(connection: Connection, tickets: list[tuple[Event, Row]]) -> set[int]:
    row = tickets[0][1]
    table = schema.ticket.c
    found = connection.execute(
        select(table.sequence).where(
            table.kiosk_id == row["kiosk_id"],
            table.epoch == row["epoch"],
            or_(*(table.sequence == event.sequence for event, _ in tickets)),
        )
    )
    return set(found.scalars())


def _paper(
    connection: Connection, database: Database, column: Column, paper: dict[str, tuple[Event, str]]
) -> list[Poison]:
    if not paper:
        return []
    rows: list[Row] = [{"ticket": ticket, "kiosk": column.id, "paper": state} for ticket, (_, state) in paper.items()]
    if database.bulk.run_many(connection, _SET_PAPER, rows) == len(rows):
        return []
    known = _known_tickets(connection, column, paper)
    return [
        Poison(event, "unknownTicket", "the column made no such ticket")
        for ticket, (event, _) in paper.items()
        if ticket not in known
    ]


def _known_tickets(connection: Connection, column: Column, ids: Iterable[str]) -> set[str]:
    table = schema.ticket.c
    found = connection.execute(select(table.id).where(table.kiosk_id == column.id, table.id.in_(list(ids))))
    return set(found.scalars())
