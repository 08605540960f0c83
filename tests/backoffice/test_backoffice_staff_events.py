"""What staff do at a column, as the back office hears of it: mornings, closings, technicians, tickets called there."""

from __future__ import annotations

import httpx
from sqlalchemy import select

from sync.backoffice import schema
from sync.backoffice.database import Database
from tests.backoffice.column import Column, Json, post


def alarms(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        return [(row.kind, row.detail) for row in connection.execute(select(schema.alarm).order_by(schema.alarm.c.id))]


def beside(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.device: row.reason for row in connection.execute(select(schema.kiosk_device))}


def tell(client: httpx.Client, column: Column, kind: str, data: Json) -> None:
    column.record(kind, "column", data)
    column.send(client, len(column.events))


def test_a_morning_on_which_something_is_broken_is_an_alarm_until_one_on_which_nothing_is(
    client: httpx.Client, column: Column, database: Database
) -> None:
    report: Json = {"worst": "attention", "broken": "", "attention": "numbers"}
    tell(client, column, "columns.readinessReported", report)
    assert alarms(database) == []
    tell(client, column, "columns.readinessReported", {"worst": "broken", "broken": "printer network", "attention": ""})
    assert alarms(database) == [("notReady", "printer network")]
    assert beside(database) == {"readiness": "notReady"}
    post(client, "updates", column.updates_request())
    assert beside(database) == {"readiness": "notReady"}, "a sign of life does not take it away"
    tell(client, column, "columns.readinessReported", report)
    assert beside(database) == {}


def test_a_closed_column_is_shown_as_such(client: httpx.Client, column: Column, database: Database) -> None:
    tell(client, column, "columns.closed", {"by": "an", "until": ""})
    assert beside(database) == {"service": "closed"}
    tell(client, column, "columns.opened", {"by": "an"})
    assert beside(database) == {}


def test_only_the_call_for_a_technician_is_an_alarm(client: httpx.Client, column: Column, database: Database) -> None:
    tell(client, column, "staff.acted", {"staffId": "an", "action": "entered", "subject": "pin"})
    assert alarms(database) == []
    tell(client, column, "staff.acted", {"staffId": "an", "action": "calledTechnician", "subject": ""})
    assert [kind for kind, _ in alarms(database)] == ["technicianWanted"]


def test_a_ticket_called_at_the_column_waits_no_more_and_a_counters_word_wins(
    client: httpx.Client, column: Column, database: Database
) -> None:
    first, second = column.issue(1), column.issue(2)
    column.send(client)
    with database.write() as connection:
        connection.execute(schema.ticket.update().where(schema.ticket.c.id == second).values(state="noShow"))
    for ticket in (first, second):
        data: Json = {"ticketId": ticket, "officeId": column.office, "staffId": "an"}
        column.record("tickets.calledHere", ticket, data)
    column.send(client, 3)
    with database.read() as connection:
        states = {row.id: row.state for row in connection.execute(select(schema.ticket))}
    assert states == {first: "served", second: "noShow"}


def test_control_a_ticket_and_its_call_in_one_batch(client: httpx.Client, column: Column, database: Database) -> None:
    ticket = column.issue(1)
    column.record("tickets.calledHere", ticket, {"ticketId": ticket, "officeId": column.office, "staffId": "an"})
    column.send(client)
    with database.read() as connection:
        assert connection.execute(select(schema.ticket.c.state)).scalar_one() == "served"
