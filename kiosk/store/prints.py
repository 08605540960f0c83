"""Print jobs on disk: moved only along the edges of `kiosk.core.print_saga`, each move with its event.

Not for: printing (`kiosk.journeys`, `drivers.printers`).
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, text, update

from kiosk.core.print_saga import AT_START, Subject, edge
from kiosk.core.tickets import PrintState
from kiosk.store import attests, journal
from kiosk.store.errors import UnknownJob
from kiosk.store.schema import job, ticket
from kiosk.store.timekeeping import Stamp

AFTER_RESTART = "restart"
"""Reason of an outcome that was settled because the column had stopped in between."""

_JOB = select(job.c.ticket_id, job.c.attest_id, job.c.medium, job.c.state).where(
    job.c.job_id == bindparam("id"), job.c.kind == "print"
)
_MOVE = (
    update(job)
    .where(job.c.job_id == bindparam("id"))
    .values(state=bindparam("new_state"), attempts=job.c.attempts + bindparam("more"))
)
_MARK = update(ticket).where(ticket.c.ticket_id == bindparam("id")).values(print_state=bindparam("new_state"))
_OPEN = select(job.c.job_id, job.c.state).where(text("state IN ('queued', 'sent')"), job.c.kind == "print")


def move(connection: Connection, stamp: Stamp, job_id: str, after: PrintState, reason: str | None) -> None:
    """Move a job, append the event of that edge, and let ticket or attest know.

    Raises:
        UnknownJob: when there is no such job.
        kiosk.core.print_saga.ForbiddenEdge: when the table has no such edge.
    """
    found = connection.execute(_JOB, {"id": job_id}).first()
    if found is None:
        raise UnknownJob(job_id)
    subject = Subject.TICKET if found.ticket_id is not None else Subject.ATTEST
    kind = edge(PrintState(found.state), after, subject)
    more = 1 if after is PrintState.SENT else 0
    connection.execute(_MOVE, {"id": job_id, "new_state": after.value, "more": more})
    if subject is Subject.TICKET:
        connection.execute(_MARK, {"id": found.ticket_id, "new_state": after.value})
    if kind is not None:
        named = found.ticket_id if subject is Subject.TICKET else found.attest_id
        data = {subject.value: named, "jobId": job_id, "medium": found.medium, "reason": reason}
        carried = {name: value for name, value in data.items() if name in kind.fields and value is not None}
        journal.append(connection, stamp, kind, carried)
    if subject is Subject.ATTEST:
        attests.paper(connection, stamp, found.attest_id, after)


def settle_open(connection: Connection, stamp: Stamp) -> int:
    """Give every job a stop left open the outcome `AT_START` names; returns how many there were."""
    jobs = connection.execute(_OPEN).all()
    for found in jobs:
        move(connection, stamp, found.job_id, AT_START[PrintState(found.state)], AFTER_RESTART)
    return len(jobs)


def count_open(connection: Connection) -> int:
    """Papers asked for of which nobody knows yet what became."""
    return len(connection.execute(_OPEN).all())
