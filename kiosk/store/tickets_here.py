"""Tickets of this column that only it knows: while the network is down they are listed and called here.

Not for: issuing them (`kiosk.store.tickets`) or the order in which the back office calls.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Row, bindparam, select, update

from kiosk.core.events import TICKET_CALLED_HERE
from kiosk.core.tickets import Ticket
from kiosk.store import journal
from kiosk.store.schema import job, ticket
from kiosk.store.state import load_chain
from kiosk.store.timekeeping import Stamp

CALLED = "called"
_OF_DAY = (
    select(ticket, job.c.job_id)
    .join_from(ticket, job, job.c.ticket_id == ticket.c.ticket_id)
    .where(ticket.c.service_date == bindparam("day"))
)
_UNHEARD = _OF_DAY.where(
    ticket.c.state == "issued",
    ticket.c.issued_epoch == bindparam("epoch"),
    ticket.c.issued_sequence > bindparam("heard"),
).order_by(ticket.c.issued_sequence)
_LAST = _OF_DAY.order_by(ticket.c.issued_epoch.desc(), ticket.c.issued_sequence.desc()).limit(1)
_CALL = update(ticket).where(ticket.c.ticket_id == bindparam("id"), ticket.c.state == "issued").values(state=CALLED)


def unheard(connection: Connection, day: date) -> list[Ticket]:
    """Tickets of the day that wait and of which the back office has not proved to know, oldest first."""
    chain = load_chain(connection)
    if chain is None:
        return []
    place = {"day": day.isoformat(), "epoch": chain.epoch, "heard": chain.acked_sequence}
    return [_ticket(row) for row in connection.execute(_UNHEARD, place)]


def last(connection: Connection, day: date) -> Ticket | None:
    """The newest ticket of the day, or None."""
    row = connection.execute(_LAST, {"day": day.isoformat()}).first()
    return None if row is None else _ticket(row)


def call_here(connection: Connection, stamp: Stamp, office_id: str, ticket_id: str, staff_id: str) -> bool:
    """Mark a ticket as called here, with its event.

    Returns:
        False when it does not wait any more; nothing is written then.
    """
    if connection.execute(_CALL, {"id": ticket_id}).rowcount != 1:
        return False
    journal.append(
        connection, stamp, TICKET_CALLED_HERE, {"ticketId": ticket_id, "officeId": office_id, "staffId": staff_id}
    )
    return True


def _ticket(row: Row[tuple[object, ...]]) -> Ticket:
    """A row as a ticket; its time stands in the logical clock, which is never before the real one."""
    return Ticket(
        id=row.ticket_id,
        job_id=row.job_id,
        queue_id=row.queue_id,
        service_id=row.service_id,
        service_date=date.fromisoformat(row.service_date),
        number=row.number,
        label=row.label,
        suffix=row.suffix,
        language=row.language,
        issued_at=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(row.issued_hlc[:12], 16)),
    )
