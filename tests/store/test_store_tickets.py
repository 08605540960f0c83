"""One transaction a ticket: numbers, labels, events; nothing half when it breaks anywhere."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from kiosk.core.tickets import PrintState
from kiosk.store import opening, tickets
from kiosk.store.epochs import PROVISIONAL, letters, new_provisional
from kiosk.store.journal_file import JournalFile
from kiosk.store.store import KioskStore
from sync.client.ports import QueueNews
from tests.store.columns import COLUMN, TODAY, Hands, grant, open_at, order, power_cut

NEWS = QueueNews("travel", waiting=4, age_seconds=1.0, known_epoch=1, known_sequence=0)


class Broken(Exception):
    """Raised by the test in the middle of a transaction."""


def events_of(store: KioskStore) -> list[dict[str, object]]:
    """Every event not acknowledged, parsed."""
    batch = store.next_batch(10_000, 10_000_000)
    return [json.loads(body) for body in batch.bodies] if batch else []


def data_of(store: KioskStore, kind: str) -> list[dict[str, object]]:
    """Data of the events of a kind."""
    return [dict(e["data"]) for e in events_of(store) if str(e["type"]).endswith(kind)]  # type: ignore[call-overload]


def test_working_chunks_then_the_reserve_then_own_numbers(store: KioskStore) -> None:
    store.add_grants([grant(901, 902, kind="reserve"), grant(6, 7), grant(1, 2)])
    labels = [store.issue_ticket_now(order()).label for _ in range(8)]
    assert labels == ["A001", "A002", "A006", "A007", "A901", "A902", "A001-K3", "A002-K3"]


def test_a_ticket_is_what_its_event_says(store: KioskStore) -> None:
    store.add_grants([grant(42, 42, name="lease-1")])
    issued = store.issue_ticket_now(order())
    (event_,) = events_of(store)
    assert event_["type"] == "eu.zuil.kiosk.v1.tickets.notify.issued"
    assert event_["subject"] == issued.id
    assert event_["data"] == {
        "ticketId": issued.id,
        "officeId": "berchem",
        "queueId": "travel",
        "serviceIds": ["passport"],
        "serviceDate": "2026-11-23",
        "number": 42,
        "label": "A042",
        "leaseId": "lease-1",
        "language": "nl",
        "visitorClass": "walkIn",
        "creditSec": 0,
    }
    assert issued.issued_at.tzinfo is not None


def test_numbers_running_out_is_told_once_a_queue_and_day(store: KioskStore) -> None:
    tomorrow = TODAY + timedelta(days=1)
    for each in (order(), order(), order("living", "B"), order(), order(day=tomorrow)):
        store.issue_ticket_now(each)
    told = [(data["queueId"], data["serviceDate"]) for data in data_of(store, "leaseExhausted")]
    assert told == [("travel", "2026-11-23"), ("living", "2026-11-23"), ("travel", "2026-11-24")]


def test_an_expired_lease_gives_no_number(store: KioskStore, clock: Hands) -> None:
    store.add_grants([grant(1, 5)])
    clock.turn(2 * 24 * 3600)
    assert store.issue_ticket_now(order()).label == "A001-K3"


def test_leases_of_another_day_or_queue_are_not_touched(store: KioskStore) -> None:
    store.add_grants([grant(1, 5, queue="living"), grant(1, 5, day=TODAY + timedelta(days=1))])
    assert store.issue_ticket_now(order()).label == "A001-K3"


def test_own_numbers_go_on_after_a_restart(path: Path) -> None:
    labels = []
    for _ in range(3):
        store = open_at(path)
        labels.append(store.issue_ticket_now(order()).label)
        store.close()
    assert labels == ["A001-K3", "A002-K3", "A003-K3"]


def test_a_forked_epoch_gives_no_more_lease_numbers_and_marks_its_own(
    store: KioskStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.add_grants([grant(1, 5)])
    assert store.issue_ticket_now(order()).label == "A001"
    with caplog.at_level("CRITICAL", "zuil.store"):
        store.fork(1)
    epoch = store.position().epoch
    assert store.issue_ticket_now(order()).label == f"A001-K3{letters(epoch)}"
    assert epoch >= PROVISIONAL


def test_letters_of_granted_and_provisional_epochs_never_meet() -> None:
    granted = {letters(epoch) for epoch in range(2, 101)}
    own = {letters(PROVISIONAL + n) for n in range(1000)}
    assert letters(1) == ""
    assert len(granted) == 99
    assert not granted & own


def test_a_provisional_epoch_avoids_the_letters_of_those_before() -> None:
    begun: list[int] = []
    for _ in range(150):
        begun.append(new_provisional(begun))
    assert len({letters(epoch) for epoch in begun}) == 150


@pytest.mark.parametrize("statement", range(1, 30))
def test_breaking_at_any_statement_leaves_nothing_of_a_ticket(path: Path, tmp_path: Path, statement: int) -> None:
    """The n-th statement of the transaction raises; what a power cut would find there holds nothing either."""
    store = open_at(path)
    store.add_grants([grant(1, 1)])
    before = store.issue_ticket_now(order()).label
    images: list[Path] = []
    counted = 0

    def stumble(*_: object) -> None:
        nonlocal counted
        counted += 1
        if counted == statement:
            images.append(power_cut(path, tmp_path / "image"))
            raise Broken

    engines: list[object] = []
    store._writer.apart(lambda database: engines.append(database.engine))
    event.listen(engines[0], "before_cursor_execute", stumble)
    try:
        store.issue_ticket_now(order())
    except Broken:
        expected = [before]
    else:
        expected = [before, "A001-K3"]
    event.remove(engines[0], "before_cursor_execute", stumble)
    whole = 12
    assert (statement > counted) is (len(expected) == 2)
    assert counted <= whole + 4, "the transaction grew: widen the range of this test"
    _expect(path, expected)
    for image in images:
        _expect(image, [before])
    assert store.issue_ticket_now(order()).label == f"A{len(expected):03d}-K3", "the number was given back"
    store.close()


def _expect(path: Path, labels: list[str]) -> None:
    with JournalFile(path) as file:
        assert [label for *_, label in file.labels()] == labels
        issued = [stored for stored in file.events() if str(stored.event["type"]).endswith("issued")]
        assert len(issued) == len(labels)
        assert all(verdict.broken is None for verdict in file.verify())
        jobs = file._connection.execute("SELECT count(*) FROM job").fetchone()
        assert jobs == (len(labels),)
        assert file.is_sound()


def test_control_a_number_taken_outside_the_transaction_is_lost_with_a_crash(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take the number in a transaction of its own, break before the ticket: the property above does not hold."""
    store = open_at(path)
    store.add_grants([grant(1, 2)])
    taken = [store._writer.run(lambda c: tickets._take_number(c, store._times.stamp(), COLUMN, order()))]

    def broken(*_: object) -> tickets._Number:
        raise Broken

    with monkeypatch.context() as patch:
        patch.setattr(tickets, "_take_number", broken)
        with pytest.raises(Broken):
            store.issue_ticket_now(order())
    assert taken[0].value == 1
    assert store.issue_ticket_now(order()).label == "A002", "number 1 is gone and nobody holds it"
    store.close()


def test_two_tasks_at_once_get_two_numbers(store: KioskStore) -> None:
    store.add_grants([grant(1, 100)])

    async def rush() -> list[str]:
        issued = await asyncio.gather(*(store.issue_ticket(order()) for _ in range(30)))
        return [ticket.label for ticket in issued]

    assert sorted(asyncio.run(rush())) == [f"A{n:03d}" for n in range(1, 31)]


async def test_people_ahead_counts_own_tickets_the_back_office_cannot_know(store: KioskStore, clock: Hands) -> None:
    assert await store.people_ahead("travel", TODAY) is None
    await store.issue_ticket(order())
    known = store.position().last_sequence
    store.queue_news([QueueNews("travel", 4, 1.0, 1, known)])
    assert (await store.people_ahead("travel", TODAY)).count == 4  # type: ignore[union-attr]
    await store.issue_ticket(order())
    await store.issue_ticket(order("living", "B"))
    ahead = await store.people_ahead("travel", TODAY)
    assert ahead is not None
    assert (ahead.count, ahead.exact) == (5, True)
    clock.turn(150)
    ahead = await store.people_ahead("travel", TODAY)
    assert ahead is not None
    assert (ahead.count, ahead.exact) == (5, False)
    clock.turn(1800)
    assert await store.people_ahead("travel", TODAY) is None


async def test_people_ahead_counts_all_of_a_new_epoch(store: KioskStore, caplog: pytest.LogCaptureFixture) -> None:
    await store.issue_ticket(order())
    store.queue_news([QueueNews("travel", 1, 0.0, 1, store.position().last_sequence)])
    with caplog.at_level("CRITICAL", "zuil.store"):
        store.fork(1)
    await store.issue_ticket(order())
    ahead = await store.people_ahead("travel", TODAY)
    assert ahead is not None
    assert ahead.count == 2


def test_a_print_job_is_committed_with_its_ticket(store: KioskStore) -> None:
    issued = store.issue_ticket_now(order())
    store.move_print_now(issued.job_id, PrintState.SENT)
    store.move_print_now(issued.job_id, PrintState.CONFIRMED)
    assert data_of(store, "printed") == [{"ticketId": issued.id, "jobId": issued.job_id}]


def test_no_statement_of_a_ticket_scans_a_table_that_grows(store: KioskStore) -> None:
    """Every statement of a ticket is found by an index: no scan of a table that grows."""
    seen: list[tuple[str, object]] = []
    engines: list[object] = []
    store._writer.apart(lambda database: engines.append(database.engine))
    event.listen(engines[0], "before_cursor_execute", lambda *args: seen.append((args[2], args[3])))
    issued = store.issue_ticket_now(order())
    store.move_print_now(issued.job_id, PrintState.SENT)
    store._writer.run(lambda c: tickets.own_since(c, "travel", TODAY, 1, 0))
    store.next_batch(100, 100_000)
    store.acknowledge(1, 1, str(events_of(store)[0]["hash"]))
    plans: list[str] = []

    def explain(database: opening.Database) -> None:
        for sql, values in list(seen):
            if sql.startswith(("SELECT", "UPDATE", "DELETE")):
                rows = database.raw.execute(
                    f"EXPLAIN QUERY PLAN {sql}", values[0] if isinstance(values, list) else values
                )  # type: ignore[arg-type]
                plans.extend(str(row[3]) for row in rows)

    store._writer.apart(explain)
    assert len(plans) > 8
    assert not [plan for plan in plans if plan.startswith("SCAN") and "USING" not in plan]
