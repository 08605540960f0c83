"""What became of attests: rows that staff and the trust list go by, written in the transaction that accepts a batch.

What cannot be used is named and put aside. Not for: reading the events (`attest_news`) or decisions of staff (`trust`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, insert, select, update

from sync.backoffice import schema
from sync.backoffice.attest_news import OPEN_REQUEST, AttestNews, Told
from sync.backoffice.bulk import Row
from sync.backoffice.core import BackOffice
from sync.backoffice.envelope import Event
from sync.backoffice.projection import Column, Poison
from sync.backoffice.trust import raise_version

PRINT_ALARMS: Mapping[str, str] = {"unknown": "printUnknown", "failed": "printFailed"}
"""Kinds of alarm about the paper of an attest, by state of the paper; their detail is its number."""
_DONE_REQUEST = "issued"


@dataclass
class _Attest:
    """An attest as the events of the batch change it."""

    id: str
    number: str
    state: str
    print_state: str
    medium: str
    reason: str | None = None
    voided: bool = False
    alarm: str | None = None
    in_hands: bool = False


def write_attests(
    office: BackOffice, connection: Connection, column: Column, news: AttestNews, received_ms: int
) -> list[Poison]:
    """Write the rows; the column is locked.

    Returns:
        What had to be put aside.
    """
    poison = _insert(office, connection, schema.attest_request, news.requested)
    poison += _redirect(connection, column, news.redirected)
    issued, foreign = _own_keys(office, connection, column, news.issued, received_ms)
    poison += foreign + _insert(office, connection, schema.attest, issued)
    refused = {each.event.sequence for each in poison}
    answered = [row["request_id"] for event, row in issued if row["request_id"] and event.sequence not in refused]
    if answered:
        _settle_requests(office, connection, answered, received_ms)
    return poison + _tell(office, connection, column, news.told, received_ms)


def find_attest(office: BackOffice, number: str) -> str | None:
    """Id of the attest with that printed number, or None."""
    table = schema.attest.c
    with office.database.read() as connection:
        found = connection.execute(
            select(table.id).where(table.organisation_id == office.site.id, table.number == number)
        ).scalar()
    return str(found) if found is not None else None


def _own_keys(
    office: BackOffice, connection: Connection, column: Column, issued: list[tuple[Event, Row, str]], received_ms: int
) -> tuple[list[tuple[Event, Row]], list[Poison]]:
    """Those sealed by a key of this column, and the others; staff hear of those that do not count."""
    if not issued:
        return [], []
    table = schema.attest_certificate.c
    kids = {kid for _, _, kid in issued}
    mine = {
        row.kid: row.revoked_from_ms
        for row in connection.execute(
            select(table.kid, table.revoked_from_ms).where(table.kid.in_(kids), table.kiosk_id == column.id)
        )
    }
    own = [(event, row) for event, row, kid in issued if kid in mine]
    late = [str(row["number"]) for _, row, kid in issued if _is_revoked(mine.get(kid), row)]
    _raise(office, connection, column, [("revokedKey", number) for number in late], received_ms)
    foreign = [
        Poison(event, "foreignKey", "kid is no key of this column") for event, _, kid in issued if kid not in mine
    ]
    return own, foreign


def _is_revoked(revoked_from_ms: int | None, row: Row) -> bool:
    issued_ms = row["issued_ms"]
    return revoked_from_ms is not None and isinstance(issued_ms, int) and issued_ms >= revoked_from_ms


def _insert(office: BackOffice, connection: Connection, table: Table, new: list[tuple[Event, Row]]) -> list[Poison]:
    if not new:
        return []
    rows = [row for _, row in new]
    if office.database.bulk.insert_new(connection, table, rows) == len(rows):
        return []
    kept = set(
        connection.execute(select(table.c.event_id).where(table.c.event_id.in_([e.id for e, _ in new]))).scalars()
    )
    return [
        Poison(event, "duplicateAttest", "its id, number or code exists already")
        for event, _ in new
        if event.id not in kept
    ]


def _redirect(connection: Connection, column: Column, redirected: list[tuple[Event, str, str]]) -> list[Poison]:
    """Let requests of this column be handed over in another way, as long as no attest answered them."""
    table, poison = schema.attest_request, []
    for event, request_id, delivery in redirected:
        mine = [table.c.id == request_id, table.c.kiosk_id == column.id]
        done = connection.execute(
            update(table)
            .where(*mine, table.c.state != _DONE_REQUEST)
            .values(delivery=delivery, redirected_by=event.id, state=OPEN_REQUEST)
        )
        if done.rowcount == 0:
            poison.append(Poison(event, "unknownRequest", "the column has no such open request"))
    return poison


def _settle_requests(office: BackOffice, connection: Connection, requests: list[str | int], now: int) -> None:
    table = schema.attest_request
    connection.execute(
        update(table)
        .where(table.c.organisation_id == office.site.id, table.c.id.in_(requests))
        .values(state=_DONE_REQUEST, settled_ms=now)
    )


def _tell(
    office: BackOffice, connection: Connection, column: Column, told: list[Told], received_ms: int
) -> list[Poison]:
    if not told:
        return []
    known = _known(connection, column, told)
    for each in told:
        attest = known.get(each.attest_id)
        if attest is not None:
            _apply(attest, each)
    for attest in known.values():
        _write(connection, column, attest, received_ms)
    if any(attest.voided for attest in known.values()):
        raise_version(office, connection)
    _alarms(office, connection, column, list(known.values()), received_ms)
    return [
        Poison(each.event, "unknownAttest", "the column issued no such attest")
        for each in told
        if each.attest_id not in known
    ]


def _known(connection: Connection, column: Column, told: list[Told]) -> dict[str, _Attest]:
    table = schema.attest.c
    rows = connection.execute(
        select(table.id, table.number, table.state, table.print_state, table.medium)
        .where(table.kiosk_id == column.id, table.id.in_({each.attest_id for each in told}))
        .with_for_update()
    )
    return {row.id: _Attest(row.id, row.number, row.state, row.print_state, row.medium) for row in rows}


def _apply(attest: _Attest, told: Told) -> None:
    """A paper that came out stays out, whatever a further one does; what staff decided stays decided."""
    if told.reason is not None:
        if attest.state == "issued":
            attest.state, attest.reason, attest.voided = "voided", told.reason, True
    elif told.print_state is None or told.print_state == "confirmed":
        attest.in_hands, attest.alarm = True, None
    elif not attest.in_hands and attest.print_state != "confirmed":
        attest.alarm = PRINT_ALARMS[told.print_state]
    if told.print_state is not None and attest.print_state != "confirmed":
        attest.print_state, attest.medium = told.print_state, told.medium


def _write(connection: Connection, column: Column, attest: _Attest, received_ms: int) -> None:
    table = schema.attest
    decided = {"reason": attest.reason, "decided_by": column.id, "decided_ms": received_ms} if attest.voided else {}
    connection.execute(
        update(table)
        .where(table.c.id == attest.id)
        .values(state=attest.state, print_state=attest.print_state, medium=attest.medium, **decided)
    )


def _alarms(
    office: BackOffice, connection: Connection, column: Column, attests: list[_Attest], received_ms: int
) -> None:
    """Raise what staff must look at, and clear what solved itself."""
    table = schema.alarm
    solved = [attest.number for attest in attests if attest.in_hands]
    if solved:
        connection.execute(
            update(table)
            .where(
                table.c.organisation_id == office.site.id,
                table.c.kiosk_id == column.id,
                table.c.kind.in_(PRINT_ALARMS.values()),
                table.c.detail.in_(solved),
                table.c.cleared_ms.is_(None),
            )
            .values(cleared_ms=received_ms, cleared_by=column.id)
        )
    raised = [(attest.alarm, attest.number) for attest in attests if attest.alarm is not None]
    _raise(office, connection, column, raised, received_ms)


def _raise(
    office: BackOffice, connection: Connection, column: Column, alarms: list[tuple[str, str]], received_ms: int
) -> None:
    if not alarms:
        return
    place = {"organisation_id": office.site.id, "office_id": column.office_id, "kiosk_id": column.id}
    rows = [{**place, "kind": kind, "detail": detail, "raised_ms": received_ms} for kind, detail in alarms]
    connection.execute(insert(schema.alarm), rows)
