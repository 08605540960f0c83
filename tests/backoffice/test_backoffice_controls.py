"""Controls: each protection taken away, to show that the tests beside it would notice."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import Connection, func, select

from sync.backoffice import calling, ingest, leases, projection, schema
from sync.backoffice.calling import Counter, call_next
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.kiosks import lock_kiosk
from sync.backoffice.pages import forms
from sync.backoffice.rank import Arrival
from sync.protocol.batch import Batch
from tests.backoffice.column import Column, post
from tests.backoffice.conftest import Clock
from tests.backoffice.test_backoffice_pages import Browser, browser

__all__ = ["browser"]

DESK = Counter("hall", "1", ("travel",), "an")


def _events(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.event)).scalar_one())


def test_without_the_chain_a_tampered_event_gets_in(
    client: httpx.Client, column: Column, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    column.issue(1)
    batch = column.batch()
    column.events[0]["time"] = "2026-11-23T08:00:00.000Z"
    batch["events"] = column.events
    assert post(client, "batches", batch).status_code == 401
    monkeypatch.setattr(ingest, "check_chain", lambda _events, _first, _previous: batch["headHash"])
    assert post(client, "batches", batch).status_code == 200
    assert _events(database) == 1


def test_without_the_signature_anybody_gets_in(
    client: httpx.Client, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    column.issue(1)
    batch = {**column.batch(), "signature": {"keyId": "x", "alg": "Ed25519", "value": "x"}}
    assert post(client, "batches", batch).status_code == 401
    monkeypatch.setattr(ingest, "batch_is_signed", lambda _batch, _key: True)
    assert post(client, "batches", batch).status_code == 200


def test_without_comparing_hashes_a_fork_is_not_seen(
    client: httpx.Client, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    column.issue(1)
    column.send(client)
    column.events.clear()
    column.issue(2)
    monkeypatch.setattr(ingest, "_continues", lambda *_: True)
    assert post(client, "batches", column.batch()).status_code == 200


def test_without_the_gap_check_events_are_missing(
    client: httpx.Client, column: Column, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    column.issue(1)
    column.issue(2)
    real = ingest.lock_kiosk

    def pretend(connection: Connection, of: Database, kiosk_id: str, epoch: int) -> object:
        kiosk, head = real(connection, of, kiosk_id, epoch)
        return kiosk, type(head)(1, str(column.events[0]["hash"]))

    monkeypatch.setattr(ingest, "lock_kiosk", pretend)
    assert post(client, "batches", column.batch(2)).status_code == 200
    assert _events(database) == 1


def test_ranked_by_receipt_the_late_arrival_waits_longest(
    client: httpx.Client,
    enrol: Callable[[], Column],
    office: BackOffice,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def by_receipt(_arrival: Arrival, received_ms: int, _newest: Arrival) -> int:
        return received_ms

    monkeypatch.setattr(projection, "effective_ms", by_receipt)
    online, cut_off = enrol(), enrol()
    cut_off.issue(901)
    online.clock_ms += 60_000
    online.issue(1)
    clock.pass_seconds(600)
    online.send(client)
    clock.pass_seconds(600)
    cut_off.send(client)
    called = call_next(office, DESK, "k")
    assert called is not None
    assert called.label == "A001"


def test_without_the_claim_a_double_click_calls_two(
    client: httpx.Client, column: Column, office: BackOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    column.issue(1)
    column.issue(2)
    column.send(client)
    monkeypatch.setattr(Database, "claim", lambda *_args, **_values: True)
    labels = [called and called.label for called in (call_next(office, DESK, "k"), call_next(office, DESK, "k"))]
    assert labels == ["A001", "A002"]


def test_without_the_counter_two_columns_get_the_same_numbers(
    office: BackOffice, database: Database, enrol: Callable[[], Column], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "_take", lambda *_: 1)
    for _ in range(2):
        kiosk_id = str(enrol().receipt["kioskId"])
        with database.write() as connection:
            kiosk, _head = lock_kiosk(connection, database, kiosk_id, 1)
            leases.top_up(office, connection, kiosk, [])
    with database.read() as connection:
        firsts = connection.execute(select(schema.lease.c.first_number).where(schema.lease.c.kind == "working"))
        assert list(firsts.scalars()) == [1] * 6


def test_without_the_token_another_site_presses_buttons(
    browser: Browser, column: Column, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    column.issue(1)
    column.send(client)
    browser.sit_down()
    forged = {"csrf": "guess", "key": "k"}
    assert browser.client.post("/counter/next", data=forged).status_code == 403
    monkeypatch.setattr(forms, "csrf_is_right", lambda _session, _token: True)
    assert "A001" in browser.client.post("/counter/next", data=forged).text


def test_every_move_asks_the_table_of_moves(
    client: httpx.Client, column: Column, office: BackOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    column.issue(1)
    column.send(client)
    monkeypatch.setattr(calling, "may_move", lambda _before, _after: False)
    with pytest.raises(ValueError, match="cannot go from waiting to called"):
        call_next(office, DESK, "k")
    monkeypatch.undo()
    assert call_next(office, DESK, "k") is not None


def test_batch_model_refuses_more_events_than_agreed(column: Column) -> None:
    for number in range(1, 102):
        column.issue(number)
    with pytest.raises(ValueError, match="at most 100"):
        Batch.model_validate(column.batch(1, 101))
