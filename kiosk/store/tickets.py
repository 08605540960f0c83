"""Issues a ticket: number, ticket, print job and event in one transaction of the caller.

Not for: what the label looks like or which lease is next, pure rules (`kiosk.core.tickets`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, insert, select

from kiosk.core.events import LEASE_EXHAUSTED, TICKET_ISSUED
from kiosk.core.tickets import PrintState, Ticket, TicketOrder, label, pick_lease
from kiosk.store import journal, leases
from kiosk.store.epochs import letters
from kiosk.store.schema import job, ticket
from kiosk.store.state import current_epoch, read_state, write_state
from kiosk.store.timekeeping import Stamp
from sync.client.column import Column
from sync.protocol.ids import uuid7

_TICKET = insert(ticket)
_JOB = insert(job)
_OWN_SINCE = select(func.count()).where(
    ticket.c.queue_id == bindparam("queue"),
    ticket.c.service_date == bindparam("day"),
    ticket.c.issued_epoch == bindparam("epoch"),
    ticket.c.issued_sequence > bindparam("sequence"),
)
COUNTER = "own_number"
"""First part of the `sync_state` keys that count last-resort numbers: `own_number:<day>:<suffix>:<queue>`."""


@dataclass(frozen=True)
class _Number:
    value: int
    suffix: str | None
    lease_id: str | None


def issue(connection: Connection, stamp: Stamp, column: Column, order: TicketOrder) -> Ticket:
    """Take a number and write ticket, print job and event.

    Returns:
        The ticket, its `issued_at` in UTC. It is a promise only once the caller's transaction has committed.
    """
    number = _take_number(connection, stamp, column, order)
    issued = Ticket(
        id=uuid7(stamp.unix_ms),
        job_id=uuid7(stamp.unix_ms),
        queue_id=order.queue_id,
        service_id=order.service_id,
        service_date=order.service_date,
        number=number.value,
        label=label(order.letter, number.value, number.suffix, practice=column.practice),
        suffix=number.suffix,
        language=order.language,
        issued_at=stamp.time,
    )
    recorded = journal.append(connection, stamp, TICKET_ISSUED, _event_data(issued, number, column))
    connection.execute(_TICKET, _ticket_row(issued, number, column, recorded))
    connection.execute(_JOB, _job_row(issued))
    return issued


def _take_number(connection: Connection, stamp: Stamp, column: Column, order: TicketOrder) -> _Number:
    epoch = current_epoch(connection)
    chosen = pick_lease(leases.usable(connection, order.queue_id, order.service_date, epoch), stamp.time)
    if chosen is not None:
        return _Number(leases.take(connection, chosen), None, chosen.id)
    suffix = column.suffix + letters(epoch)
    key = f"{COUNTER}:{order.service_date}:{suffix}:{order.queue_id}"
    used = read_state(connection, key).get(key)
    if used is None:
        exhausted: dict[str, object] = {
            "queueId": order.queue_id,
            "serviceDate": order.service_date.isoformat(),
        }
        journal.append(connection, stamp, LEASE_EXHAUSTED, exhausted)
    number = int(used or 0) + 1
    write_state(connection, {key: number})
    return _Number(number, suffix, None)


def _event_data(issued: Ticket, number: _Number, column: Column) -> dict[str, object]:
    data: dict[str, object] = {
        "ticketId": issued.id,
        "officeId": column.office_id,
        "queueId": issued.queue_id,
        "serviceIds": [issued.service_id],
        "serviceDate": issued.service_date.isoformat(),
        "number": issued.number,
        "label": issued.label,
        "language": issued.language,
        "visitorClass": "walkIn",
        "creditSec": 0,
    }
    if number.suffix is not None:
        data["suffix"] = number.suffix
    if number.lease_id is not None:
        data["leaseId"] = number.lease_id
    return data


def _ticket_row(issued: Ticket, number: _Number, column: Column, recorded: journal.Recorded) -> dict[str, object]:
    return {
        "ticket_id": issued.id,
        "office_id": column.office_id,
        "queue_id": issued.queue_id,
        "service_id": issued.service_id,
        "service_date": issued.service_date.isoformat(),
        "number": issued.number,
        "label": issued.label,
        "suffix": issued.suffix,
        "language": issued.language,
        "state": "issued",
        "print_state": PrintState.QUEUED.value,
        "issued_hlc": recorded.hlc,
        "issued_epoch": recorded.epoch,
        "issued_sequence": recorded.sequence,
        "lease_id": number.lease_id,
    }


def _job_row(issued: Ticket) -> dict[str, object]:
    return {
        "job_id": issued.job_id,
        "kind": "print",
        "idempotency_key": f"print:{issued.id}",
        "ticket_id": issued.id,
        "state": PrintState.QUEUED.value,
        "attempts": 0,
    }


def own_since(connection: Connection, queue_id: str, day: date, known_epoch: int, known_sequence: int) -> int:
    """Tickets of this column for a queue and day that a count up to `known_sequence` cannot include."""
    epoch = current_epoch(connection)
    after = known_sequence if known_epoch == epoch else 0
    place = {"queue": queue_id, "day": day.isoformat(), "epoch": epoch, "sequence": after}
    return int(connection.execute(_OWN_SINCE, place).scalar_one())
