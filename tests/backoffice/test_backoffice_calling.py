"""Calling: in order of rank, nobody twice, a double click once, late arrivals where they belong."""

from __future__ import annotations

import threading
from collections.abc import Callable

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sync.backoffice import schema
from sync.backoffice.calling import Called, Counter, call_next, done, expire_old, no_show, recall
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.rank import Arrival, effective_ms, rank
from sync.backoffice.states import TicketState, may_move
from sync.protocol.ids import uuid7
from tests.backoffice.column import Column
from tests.backoffice.conftest import Clock

ALL = ("travel", "civil", "living")


def _counter(name: str, queues: tuple[str, ...] = ALL) -> Counter:
    return Counter("hall", name, queues, f"staff-{name}")


def _label(called: Called | None) -> str | None:
    return called.label if called else None


def test_next_is_called_by_rank_and_finishes_the_one_before(
    client: httpx.Client, column: Column, office: BackOffice, database: Database
) -> None:
    for number in (1, 2):
        column.issue(number)
        column.clock_ms += 1000
    column.send(client)
    desk = _counter("1")
    assert _label(call_next(office, desk, "k1")) == "A001"
    assert _label(call_next(office, desk, "k2")) == "A002"
    assert call_next(office, desk, "k3") is None
    with database.read() as connection:
        states = connection.execute(select(schema.ticket.c.state).order_by(schema.ticket.c.number)).scalars()
        assert list(states) == ["served", "served"]
        moves = connection.execute(
            select(schema.visit_transition.c.from_state, schema.visit_transition.c.to_state).order_by(
                schema.visit_transition.c.id
            )
        ).all()
    assert [tuple(move) for move in moves] == [
        ("waiting", "called"),
        ("called", "served"),
        ("waiting", "called"),
        ("called", "served"),
    ]


def test_only_queues_of_the_counter_are_called(client: httpx.Client, column: Column, office: BackOffice) -> None:
    column.issue(1, "travel", "A")
    column.issue(2, "civil", "B")
    column.send(client)
    assert _label(call_next(office, _counter("1", ("civil",)), "k")) == "B002"
    assert call_next(office, _counter("2", ("living",)), "k") is None


def test_repeated_key_gets_the_first_answer(client: httpx.Client, column: Column, office: BackOffice) -> None:
    column.issue(1)
    column.issue(2)
    column.send(client)
    desk = _counter("1")
    assert call_next(office, desk, "same") == call_next(office, desk, "same")
    assert _label(call_next(office, desk, "other")) == "A002"
    assert call_next(office, desk, "none") is None
    column.issue(3)
    column.send(client, 3)
    assert call_next(office, desk, "none") is None


def test_keys_of_two_people_do_not_meet(client: httpx.Client, column: Column, office: BackOffice) -> None:
    column.issue(1)
    column.issue(2)
    column.send(client)
    assert _label(call_next(office, _counter("1"), "k")) == "A001"
    assert _label(call_next(office, _counter("2"), "k")) == "A002"


def test_key_that_is_none_is_refused(office: BackOffice) -> None:
    for key in ("", "x" * 81, "\n"):
        with pytest.raises(ValueError, match="idempotency key"):
            call_next(office, _counter("1"), key)


def test_recall_no_show_and_done(client: httpx.Client, column: Column, office: BackOffice) -> None:
    column.issue(1)
    column.issue(2)
    column.send(client)
    desk = _counter("1")
    assert recall(office, desk, "r0") is None
    call_next(office, desk, "n1")
    assert _label(recall(office, desk, "r1")) == "A001"
    gone = no_show(office, desk, "x1")
    assert (_label(gone), gone and gone.state) == ("A001", "noShow")
    assert no_show(office, desk, "x2") is None
    call_next(office, desk, "n2")
    ended = done(office, desk, "d1")
    assert (_label(ended), ended and ended.state) == ("A002", "served")


def test_moves_are_a_closed_table() -> None:
    assert may_move(TicketState.CALLED, TicketState.CALLED)
    for after in TicketState:
        assert not may_move(TicketState.SERVED, after)
        assert not may_move(TicketState.EXPIRED, after)
    assert not may_move(TicketState.WAITING, TicketState.SERVED)


def test_racing_counters_never_get_one_ticket(client: httpx.Client, column: Column, office: BackOffice) -> None:
    for number in range(1, 41):
        column.issue(number)
    column.send(client)
    got: list[str] = []

    def work(name: str) -> None:
        desk = _counter(name)
        for turn in range(10):
            called = call_next(office, desk, f"{name}-{turn}")
            if called:
                got.append(called.label)

    desks = [threading.Thread(target=work, args=(str(name),)) for name in range(4)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted(got) == [f"A{number:03d}" for number in range(1, 41)]


def test_racing_double_click_calls_one(client: httpx.Client, column: Column, office: BackOffice) -> None:
    for number in range(1, 9):
        column.issue(number)
    column.send(client)
    desk = _counter("1")
    answers: list[str | None] = []
    clicks = [
        threading.Thread(target=lambda: answers.append(_label(call_next(office, desk, "one-press")))) for _ in range(6)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert answers == ["A001"] * 6


def test_late_arrivals_are_called_by_when_they_came(
    client: httpx.Client, enrol: Callable[[], Column], office: BackOffice, clock: Clock
) -> None:
    online, cut_off = enrol(), enrol()
    for number in (1, 2, 3):
        online.clock_ms += 60_000
        online.issue(number)
    cut_off.clock_ms += 90_000
    cut_off.issue(901)
    clock.now = online.clock_ms + 600_000
    online.send(client)
    desk = _counter("1")
    assert _label(call_next(office, desk, "1")) == "A001"
    cut_off.send(client)
    assert [_label(call_next(office, desk, str(n))) for n in (2, 3, 4)] == ["A901", "A002", "A003"]


def test_credit_puts_forward_but_never_beyond_the_limit(
    client: httpx.Client, column: Column, office: BackOffice, clock: Clock
) -> None:
    column.issue(1)
    column.clock_ms += 800_000
    column.issue(2, creditSec=80_000)
    column.clock_ms += 200_000
    column.issue(3, creditSec=80_000)
    clock.now = column.clock_ms
    column.send(client)
    desk = _counter("1")
    assert [_label(call_next(office, desk, str(n))) for n in range(3)] == ["A002", "A001", "A003"]


def test_tickets_of_yesterday_are_not_called(
    client: httpx.Client, column: Column, office: BackOffice, database: Database, clock: Clock
) -> None:
    column.issue(1)
    column.send(client)
    column.issue(2, serviceDate="2026-11-22", label="A902")
    column.send(client, 2)
    clock.pass_seconds(24 * 3600)
    assert call_next(office, _counter("1"), "k") is None
    assert expire_old(office) == 1
    with database.read() as connection:
        assert set(connection.execute(select(schema.ticket.c.state)).scalars()) == {"expired"}


def test_unknown_clock_is_replaced_by_receipt_minus_time_passed() -> None:
    newest = Arrival(0, "unknown", "boot", 50_000)
    assert effective_ms(Arrival(0, "unknown", "boot", 20_000), 1_000_000, newest) == 970_000
    assert effective_ms(Arrival(0, "unknown", "older boot", 20_000), 1_000_000, newest) == 1_000_000
    assert effective_ms(Arrival(5, "synced", "boot", 0), 1_000_000, newest) == 5
    assert effective_ms(Arrival(2_000_000, "holdover", "boot", 0), 1_000_000, newest) == 1_000_000
    assert rank(1_000_000, -5, 900) == 1_000_000


Arrivals = list[tuple[int, int, int]]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arrivals=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 120), st.sampled_from([0, 600])), max_size=10),
    cut=st.integers(0, 10),
)
def test_no_visible_ticket_is_ever_overtaken(
    client: httpx.Client,
    enrol: Callable[[], Column],
    office: BackOffice,
    database: Database,
    clock: Clock,
    arrivals: Arrivals,
    cut: int,
) -> None:
    """S7: among the tickets we know at that moment, the one called has the smallest rank."""
    _call_everybody(office)
    columns = [enrol(), enrol()]
    for number, (who, minutes, credit) in enumerate(arrivals, 1):
        kiosk = columns[who]
        kiosk.clock_ms = clock.now - (200 - minutes) * 60_000
        suffix = str(kiosk.receipt["suffix"])
        kiosk.issue(number, label=f"A{number:03d}-{suffix}", suffix=suffix, creditSec=credit)
    columns[0].send(client)
    for turn in range(len(arrivals) + 1):
        if turn == cut:
            columns[1].send(client)
        with database.read() as connection:
            expected = connection.execute(
                select(schema.ticket.c.label)
                .where(schema.ticket.c.state == "waiting")
                .order_by(schema.ticket.c.rank, schema.ticket.c.kiosk_ordinal, schema.ticket.c.sequence)
            ).scalar()
        assert _label(call_next(office, _counter("1"), f"{columns[0].source}-{turn}")) == expected


def _call_everybody(office: BackOffice) -> None:
    """Empty the waiting room the example before left."""
    while call_next(office, _counter("sweep"), uuid7()):
        pass
