"""Updates: who may ask, which numbers are given, and that no number is ever given twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from sync.backoffice import schema
from sync.backoffice.calling import Counter, call_next
from sync.backoffice.core import BackOffice, rfc3339
from sync.backoffice.database import Database
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.kiosks import lock_kiosk
from sync.backoffice.leases import top_up
from sync.protocol.messages import LeaseStock
from sync.protocol.signing import LEASE, UPDATES
from tests.backoffice.column import Column, Json, post
from tests.backoffice.conftest import Clock

TODAY = date(2026, 11, 23)


def _leases(answer: httpx.Response, queue: str = "travel", kind: str | None = None) -> list[Json]:
    found: list[Json] = answer.json()["leases"]
    return [lease for lease in found if lease["queueId"] == queue and kind in (None, lease["kind"])]


def _stock(working: int, reserve: int) -> list[Json]:
    days = [TODAY + timedelta(days=ahead) for ahead in range(8)]
    return [
        {"queueId": queue, "serviceDate": day.isoformat(), "working": working, "reserve": reserve}
        for queue in ("travel", "civil", "living")
        for day in days
    ]


def test_first_request_gets_a_chunk_and_reserves_for_a_week(
    client: httpx.Client, column: Column, office: BackOffice
) -> None:
    answer = post(client, "updates", column.updates_request())
    assert office.key.public.verify_object(UPDATES, answer.json())
    working, reserve = _leases(answer, kind="working"), _leases(answer, kind="reserve")
    assert [(lease["firstNumber"], lease["lastNumber"]) for lease in working] == [(1, 5)]
    assert [lease["serviceDate"] for lease in reserve] == [(TODAY + timedelta(days=n)).isoformat() for n in range(8)]
    assert (reserve[0]["firstNumber"], reserve[0]["lastNumber"]) == (900, 999)
    assert working[0]["expiresAt"] == "2026-11-23T23:00:00.000Z"
    assert all(office.key.public.verify_object(LEASE, lease) for lease in working + reserve)


def test_enough_stock_gets_nothing_and_one_chunk_left_gets_the_next(client: httpx.Client, column: Column) -> None:
    first = _leases(post(client, "updates", column.updates_request()), kind="working")[0]
    assert _leases(post(client, "updates", column.updates_request(stock=_stock(6, 100)))) == []
    column.issue(1, leaseId=first["leaseId"])
    column.send(client)
    answer = post(client, "updates", column.updates_request(stock=_stock(4, 100)))
    assert [lease["firstNumber"] for lease in _leases(answer)] == [6]


def test_lost_answers_burn_three_chunks_and_one_reserve_at_most(client: httpx.Client, column: Column) -> None:
    numbers = set()
    for _ in range(8):
        for lease in _leases(post(client, "updates", column.updates_request())):
            if lease["serviceDate"] == TODAY.isoformat():
                numbers.add((lease["firstNumber"], lease["lastNumber"]))
    assert numbers == {(1, 5), (6, 10), (11, 15), (900, 999)}


def test_used_reserve_is_followed_by_another(client: httpx.Client, column: Column) -> None:
    reserve = _leases(post(client, "updates", column.updates_request()), kind="reserve")[0]
    column.issue(999, leaseId=reserve["leaseId"])
    column.send(client)
    again = _leases(post(client, "updates", column.updates_request()), kind="reserve")
    assert (again[0]["firstNumber"], again[0]["lastNumber"]) == (800, 899)


def test_queue_states_count_every_column(client: httpx.Client, enrol: Callable[[], Column], office: BackOffice) -> None:
    one, two = enrol(), enrol()
    one.issue(1)
    one.issue(2)
    two.issue(3)
    one.send(client)
    two.send(client)
    call_next(office, Counter("hall", "1", ("travel",), "an"), "key")
    states = post(client, "updates", two.updates_request()).json()["queues"]
    travel = next(state for state in states if state["queueId"] == "travel")
    assert (travel["waitingCount"], travel["openCounters"], travel["knownSequence"]) == (2, 1, 1)


def test_office_without_queues_gets_no_numbers(client: httpx.Client, office: BackOffice, clock: Clock) -> None:
    column = Column.join(client, new_enrolment_code(office, "library"), clock.now)
    answer = post(client, "updates", column.updates_request()).json()
    assert (answer["leases"], answer["queues"]) == ([], [])


def test_request_is_refused_when_replayed_old_or_not_signed(client: httpx.Client, column: Column, clock: Clock) -> None:
    request = column.updates_request()
    assert post(client, "updates", request).status_code == 200
    replayed = post(client, "updates", request)
    assert (replayed.status_code, replayed.json()["type"].rpartition(":")[2]) == (401, "replayedRequest")
    column.clock_ms = clock.now - 301_000
    late = post(client, "updates", column.updates_request())
    assert (late.status_code, late.json()["type"].rpartition(":")[2]) == (401, "clockSkew")
    assert late.json()["serverTime"] == rfc3339(clock.now)
    column.clock_ms = clock.now
    forged = {**column.updates_request(), "stock": _stock(0, 0)}
    assert post(client, "updates", forged).json()["type"].endswith("invalidSignature")


def test_request_with_texts_out_of_bounds_is_refused(client: httpx.Client, column: Column) -> None:
    for changes in (
        {"devices": {"x" * 61: "ready"}},
        {"devices": {"printer": "\u0000"}},
        {"epoch": 2**40},
        {"sentAt": "yesterday"},
        {"stock": [{"queueId": "travel"}]},
    ):
        assert post(client, "updates", column.updates_request(**changes)).status_code == 400, changes


def test_heartbeat_tells_how_devices_are(client: httpx.Client, column: Column, database: Database) -> None:
    def devices() -> dict[str, str]:
        with database.read() as connection:
            rows = connection.execute(select(schema.kiosk_device.c.device, schema.kiosk_device.c.reason))
            return {row.device: row.reason for row in rows}

    post(client, "updates", column.updates_request(devices={"printer": "paper_out", "reader": "ready"}))
    assert devices() == {"printer": "paper_out"}
    post(client, "updates", column.updates_request(devices={"printer": "ready"}))
    assert devices() == {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asks=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 1), st.booleans()), min_size=1, max_size=12
    )
)
def test_no_number_is_granted_twice(
    office: BackOffice, database: Database, enrol: Callable[[], Column], asks: list[tuple[int, int, int, bool]]
) -> None:
    kiosks = [str(enrol().receipt["kioskId"]) for _ in range(3)]
    for who, working, reserve, used in asks:
        with database.write() as connection:
            kiosk, _ = lock_kiosk(connection, database, kiosks[who], 1)
            stock = [LeaseStock(queue_id="travel", service_date=TODAY, working=working, reserve=reserve)]
            top_up(office, connection, kiosk, stock)
            if used:
                table = schema.lease
                connection.execute(
                    table.update().where(table.c.kiosk_id == kiosk.id).values(highest_used=table.c.last_number)
                )
    _assert_disjoint(database)


def _assert_disjoint(database: Database) -> None:
    table = schema.lease.c
    with database.read() as connection:
        rows = connection.execute(
            select(table.queue_id, table.service_date, table.first_number, table.last_number).order_by(
                table.queue_id, table.service_date, table.first_number
            )
        ).all()
    for before, after in pairwise(rows):
        same_line = before[:2] == after[:2]
        assert not same_line or before.last_number < after.first_number


def test_a_full_day_goes_on_with_four_digits(
    office: BackOffice, database: Database, enrol: Callable[[], Column]
) -> None:
    kiosk_id = str(enrol().receipt["kioskId"])
    for _ in range(12):
        with database.write() as connection:
            kiosk, _ = lock_kiosk(connection, database, kiosk_id, 1)
            top_up(office, connection, kiosk, [])
            connection.execute(schema.lease.update().values(highest_used=schema.lease.c.last_number))
    with database.read() as connection:
        highest = connection.execute(
            select(func.max(schema.lease.c.last_number)).where(
                schema.lease.c.service_date == TODAY.isoformat(), schema.lease.c.queue_id == "travel"
            )
        ).scalar_one()
        assert highest > 999
    _assert_disjoint(database)
