"""Erasing what is sealed of persons once its time is over: the text goes, every hash of the chain stays true.

An event is hashed over the digest of its sealed text, so the text itself can be dropped. What was put aside and what
was kept as evidence of a fork is erased likewise. Not for: tickets, which name nobody, or destroying a private key,
which erases everything sealed to it at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic_core import to_json
from sqlalchemy import Connection, Row, Select, Table, and_, select, update

from kiosk.core.events import ATTEST_REQUESTED
from sync.backoffice import schema
from sync.backoffice.attest_requests import EXPIRED, OPEN, REFUSED
from sync.backoffice.core import BackOffice

_AT_ONCE = 200
"""Events in one transaction, so that batches need not wait for the erasing."""
_DAY_MS = 24 * 3600 * 1000
_SEALED = '%"ct":%'
Found = Row[tuple[object, ...]]


def redact(office: BackOffice, before_ms: int | None = None) -> int:
    """Erase the sealed text of every event whose retention is over.

    Args:
        before_ms: the moment at which it must be over, UTC milliseconds; None is now.

    Returns:
        How many events were erased; again at the same moment it is 0.
    """
    at = office.clock() if before_ms is None else before_ms
    requests_before = at - office.settings.attest_request_days * _DAY_MS
    attests_before = at - office.settings.attest_retention_days * _DAY_MS
    requests = schema.attest_request
    done = _redact_events(office, _due(office, requests, "requested_ms", requests_before))
    done += _redact_events(office, _due(office, requests, "requested_ms", requests_before, "redirected_by"))
    _give_up(office, requests_before)
    done += _redact_events(office, _due(office, schema.attest, "issued_ms", attests_before))
    done += _redact_put_aside(office, requests_before, attests_before)
    _redact_evidence(office, min(requests_before, attests_before))
    return done


def without_text(event: dict[str, object]) -> dict[str, object]:
    """The event as it stays: everything but the sealed text itself."""
    data = event.get("data")
    sealed = data.get("sealed") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(sealed, dict):
        return event
    kept = {name: value for name, value in sealed.items() if name != "ct"}
    return {**event, "data": {**data, "sealed": kept}}


def _give_up(office: BackOffice, before_ms: int) -> None:
    """A request whose person is erased can never be answered: it is over, and staff see it so."""
    table = schema.attest_request
    with office.database.write() as connection:
        connection.execute(
            update(table)
            .where(table.c.organisation_id == office.site.id, table.c.requested_ms < before_ms, table.c.state.in_(OPEN))
            .values(state=REFUSED, problem=EXPIRED, settled_ms=office.clock())
        )


def _due(
    office: BackOffice, told: Table, moment: str, before_ms: int, event_id: str = "event_id"
) -> Select[tuple[str, str]]:
    """Events behind rows of `told` that are older; by the index of those rows, not through a million tickets."""
    event = schema.event.c
    return (
        select(event.id, event.body)
        .join_from(told, schema.event, told.c[event_id] == event.id)
        .where(told.c.organisation_id == office.site.id, told.c[moment] < before_ms, event.redacted_ms.is_(None))
        .limit(_AT_ONCE)
    )


def _redact_events(office: BackOffice, due: Select[tuple[str, str]]) -> int:
    done = 0
    while True:
        with _erasing(office) as connection:
            rows = connection.execute(due).all()
            for row in rows:
                _redact_event(office, connection, row.id, row.body)
        done += len(rows)
        if len(rows) < _AT_ONCE:
            return done


def _redact_event(office: BackOffice, connection: Connection, event_id: str, body: str) -> None:
    table = schema.event
    connection.execute(
        update(table).where(table.c.id == event_id).values(body=_erased(body), redacted_ms=office.clock())
    )


def _redact_put_aside(office: BackOffice, requests_before: int, attests_before: int) -> int:
    """Events that could not be used have no rows of their own; they are erased where they were put aside as well."""
    table, event = schema.dead_letter, schema.event.c
    query = select(table).where(
        table.c.organisation_id == office.site.id,
        table.c.received_ms < max(requests_before, attests_before),
        table.c.body.like(_SEALED),
    )
    with _erasing(office) as connection:
        due = [
            row for row in connection.execute(query) if row.received_ms < _limit(row, requests_before, attests_before)
        ]
        for row in due:
            here = [table.c.kiosk_id == row.kiosk_id, table.c.epoch == row.epoch, table.c.sequence == row.sequence]
            connection.execute(update(table).where(*here).values(body=_erased(row.body)))
            stored = connection.execute(
                select(event.id, event.body).where(
                    event.kiosk_id == row.kiosk_id, event.epoch == row.epoch, event.sequence == row.sequence
                )
            ).first()
            if stored is not None:
                _redact_event(office, connection, stored.id, stored.body)
    return len(due)


def _limit(row: Found, requests_before: int, attests_before: int) -> int:
    return requests_before if ATTEST_REQUESTED.type in row.body else attests_before


def _redact_evidence(office: BackOffice, before_ms: int) -> None:
    """A batch kept as evidence still proves itself: its signature is over hashes."""
    table = schema.evidence
    with _erasing(office) as connection:
        mine = select(schema.kiosk.c.id).where(schema.kiosk.c.organisation_id == office.site.id)
        rows = connection.execute(
            select(table).where(table.c.kiosk_id.in_(mine), table.c.received_ms < before_ms)
        ).all()
        for row in rows:
            batch = json.loads(bytes(row.body))
            erased = to_json({**batch, "events": [without_text(event) for event in batch["events"]]})
            if b'"ct":' in bytes(row.body) and erased != bytes(row.body):
                here = and_(table.c.kiosk_id == row.kiosk_id, table.c.body_hash == row.body_hash)
                connection.execute(update(table).where(here).values(body=erased))


def _erased(body: str) -> str:
    return to_json(without_text(json.loads(body))).decode()


@contextmanager
def _erasing(office: BackOffice) -> Iterator[Connection]:
    """A writing transaction in which what is overwritten is wiped in the file too, where that is SQLite's to do."""
    with office.database.write() as connection:
        if not office.database.is_sqlite:
            yield connection
            return
        before = connection.exec_driver_sql("PRAGMA secure_delete").scalar_one()
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
        try:
            yield connection
        finally:
            connection.exec_driver_sql(f"PRAGMA secure_delete={before}")
