"""Calling people: next, recall, no-show, done. No ticket is ever called by two counters.

The next ticket is the waiting one of smallest rank in the counter's queues. On PostgreSQL one statement finds and
takes it and steps over what another counter is taking; on SQLite the writer lock does the same. Every request
carries a key, and a repeated key gets the first answer: a double click must not call two people. Not for: what is
shown (`board`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Row, delete, func, insert, literal_column, select, update

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.states import TicketState, may_move

# States are written into these statements, not passed to them: only so do the partial indexes on them count.
_KEPT_MS = 24 * 3600 * 1000
_KEY_LENGTH = 80


@dataclass(frozen=True)
class Counter:
    """Who calls: one counter of one office, for some queues.

    Attributes:
        name: as shown to people: "3".
        queues: ids of the queues it calls from.
        actor: staff id; keys of one never meet those of another.
    """

    office_id: str
    name: str
    queues: tuple[str, ...]
    actor: str


@dataclass(frozen=True)
class Called:
    """A ticket at a counter, as answered to the caller.

    Attributes:
        state: its state after the action.
    """

    ticket_id: str
    label: str
    queue_id: str
    state: str


Action = Callable[[BackOffice, Connection, Counter], Called | None]


def call_next(office: BackOffice, counter: Counter, key: str) -> Called | None:
    """Call the next person; whoever was at the counter counts as served.

    Args:
        key: idempotency key of this press of the button.

    Returns:
        The ticket called, or None when nobody waits.
    """
    return _once(office, counter, key, _call_next)


def recall(office: BackOffice, counter: Counter, key: str) -> Called | None:
    """Call the person now at the counter once more; None when there is none."""
    return _once(office, counter, key, _recall)


def no_show(office: BackOffice, counter: Counter, key: str) -> Called | None:
    """The person called did not come; None when nobody was called."""
    return _once(office, counter, key, _finish(TicketState.NO_SHOW))


def done(office: BackOffice, counter: Counter, key: str) -> Called | None:
    """The person at the counter was served; None when nobody was called."""
    return _once(office, counter, key, _finish(TicketState.SERVED))


def current(office: BackOffice, connection: Connection, counter: Counter) -> Called | None:
    """The ticket now at the counter."""
    table = schema.ticket
    row = connection.execute(
        select(table.c.id, table.c.label, table.c.queue_id, table.c.state)
        .where(
            table.c.organisation_id == office.site.id,
            table.c.office_id == counter.office_id,
            table.c.counter == counter.name,
            table.c.state == literal_column("'called'"),
            table.c.service_date == office.today().isoformat(),
        )
        .order_by(table.c.called_ms.desc())
        .limit(1)
    ).first()
    return _called(row) if row else None


def expire_old(office: BackOffice) -> int:
    """End the life of tickets of earlier days; returns how many."""
    table, ended = schema.ticket, 0
    with office.database.write() as connection:
        for state in (TicketState.WAITING, TicketState.CALLED):
            ended += connection.execute(
                update(table)
                .where(
                    table.c.organisation_id == office.site.id,
                    table.c.state == literal_column(f"'{state.value}'"),
                    table.c.service_date < office.today().isoformat(),
                )
                .values(state=TicketState.EXPIRED.value)
            ).rowcount
    return ended


def _once(office: BackOffice, counter: Counter, key: str, action: Action) -> Called | None:
    if not 0 < len(key) <= _KEY_LENGTH or not key.isprintable():
        raise ValueError(f"an idempotency key has 1 to {_KEY_LENGTH} printable characters")
    table, now = schema.idempotency, office.clock()
    mine = (table.c.actor == counter.actor) & (table.c.key == key)
    with office.database.write() as connection:
        if not office.database.claim(connection, table, actor=counter.actor, key=key, answer="", at_ms=now):
            return _answer_from(connection.execute(select(table.c.answer).where(mine)).scalar_one())
        answer = action(office, connection, counter)
        connection.execute(update(table).where(mine).values(answer=json.dumps(asdict(answer) if answer else None)))
        connection.execute(delete(table).where(table.c.actor == counter.actor, table.c.at_ms < now - _KEPT_MS))
    office.live.changed(counter.office_id)
    return answer


def _answer_from(text: str) -> Called | None:
    stored = json.loads(text)
    return Called(**stored) if stored else None


def _call_next(office: BackOffice, connection: Connection, counter: Counter) -> Called | None:
    _finish(TicketState.SERVED)(office, connection, counter)
    table = schema.ticket
    first = (
        select(table.c.id)
        .where(
            table.c.organisation_id == office.site.id,
            table.c.office_id == counter.office_id,
            table.c.queue_id.in_(counter.queues),
            table.c.state == literal_column("'waiting'"),
            table.c.service_date == office.today().isoformat(),
        )
        .order_by(table.c.rank, table.c.kiosk_ordinal, table.c.sequence)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(
        update(table)
        .where(table.c.id == first.scalar_subquery())
        .values(state=TicketState.CALLED.value, counter=counter.name, called_ms=office.clock())
        .returning(table.c.id, table.c.label, table.c.queue_id, table.c.state)
    ).first()
    if row is None:
        return None
    called = _called(row)
    _note(office, connection, counter, called.ticket_id, TicketState.WAITING, TicketState.CALLED)
    return called


def _recall(office: BackOffice, connection: Connection, counter: Counter) -> Called | None:
    called = current(office, connection, counter)
    if called:
        _note(office, connection, counter, called.ticket_id, TicketState.CALLED, TicketState.CALLED)
    return called


def _finish(state: TicketState) -> Action:
    def finish(office: BackOffice, connection: Connection, counter: Counter) -> Called | None:
        called = current(office, connection, counter)
        if called is None:
            return None
        table = schema.ticket
        connection.execute(update(table).where(table.c.id == called.ticket_id).values(state=state.value))
        _note(office, connection, counter, called.ticket_id, TicketState.CALLED, state)
        return Called(called.ticket_id, called.label, called.queue_id, state.value)

    return finish


def _note(
    office: BackOffice,
    connection: Connection,
    counter: Counter,
    ticket_id: str,
    before: TicketState,
    after: TicketState,
) -> None:
    if not may_move(before, after):
        raise ValueError(f"a ticket cannot go from {before.value} to {after.value}")
    table = schema.visit_transition
    number = select(func.coalesce(func.max(table.c.n), 0) + 1).where(table.c.ticket_id == ticket_id)
    connection.execute(
        insert(table).values(
            organisation_id=office.site.id,
            office_id=counter.office_id,
            ticket_id=ticket_id,
            n=number.scalar_subquery(),
            from_state=before.value,
            to_state=after.value,
            at_ms=office.clock(),
            actor=counter.actor,
            counter=counter.name,
        )
    )


def _called(row: Row[str, str, str, str]) -> Called:
    return Called(row[0], row[1], row[2], row[3])
