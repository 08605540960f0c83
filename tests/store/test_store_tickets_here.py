"""Tickets only this column knows: listed until the back office proves to know them, called here with an event."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from kiosk.core.tickets import Ticket
from kiosk.store.store import KioskStore
from tests.store.columns import TODAY, Hands, grant, open_at, order
from tests.store.test_store_tickets import data_of


def here(store: KioskStore) -> list[Ticket]:
    return asyncio.run(store.tickets_here(TODAY))


def proved(store: KioskStore) -> None:
    """The back office proves that it knows everything so far."""
    batch = store.next_batch(1000, 10_000_000)
    assert batch is not None

    last = json.loads(batch.bodies[-1])
    store.acknowledge(batch.epoch, int(last["sequence"]), str(last["hash"]))


def test_a_ticket_waits_here_until_the_back_office_proves_to_know_it(store: KioskStore) -> None:
    store.add_grants([grant(1, 9)])
    first = store.issue_ticket_now(order())
    assert [each.label for each in here(store)] == ["A001"]
    proved(store)
    assert here(store) == []
    second = store.issue_ticket_now(order())
    assert here(store) == [second], "whole, as it was issued"
    assert asyncio.run(store.last_ticket(TODAY)) == second
    assert first.label == "A001"


def test_the_oldest_is_first_and_another_day_is_not_there(store: KioskStore) -> None:
    store.add_grants([grant(1, 9)])
    for _ in range(3):
        store.issue_ticket_now(order())
    assert [each.label for each in here(store)] == ["A001", "A002", "A003"]
    assert asyncio.run(store.tickets_here(TODAY + timedelta(days=1))) == []
    assert asyncio.run(store.last_ticket(TODAY + timedelta(days=1))) is None


def test_a_ticket_is_called_once_with_who_called_it(store: KioskStore) -> None:
    store.add_grants([grant(1, 9)])
    ticket = store.issue_ticket_now(order())
    assert asyncio.run(store.call_here(ticket.id, "an"))
    assert not asyncio.run(store.call_here(ticket.id, "ben"))
    assert not asyncio.run(store.call_here("nobody", "an"))
    assert here(store) == []
    assert data_of(store, "tickets.notify.calledHere") == [
        {"ticketId": ticket.id, "officeId": "berchem", "staffId": "an"}
    ]


def test_it_stays_called_over_a_restart(tmp_path: Path) -> None:
    path, clock = tmp_path / "kiosk.db", Hands()
    store = open_at(path, clock=clock)
    store.add_grants([grant(1, 9)])
    called, waiting = store.issue_ticket_now(order()), store.issue_ticket_now(order())
    asyncio.run(store.call_here(called.id, "an"))
    store.close()
    store = open_at(path, clock=clock)
    assert [each.id for each in here(store)] == [waiting.id]
    assert store.clock_known
    store.close()
