"""Erasing: the sealed text goes when its time is over, and every chain still verifies; on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, select

from sync.backoffice import admin, retention, schema
from sync.backoffice.app import create_app
from sync.backoffice.core import BackOffice, open_back_office
from sync.backoffice.database import Database
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.retention import redact
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.settings import BackOfficeSettings
from sync.backoffice.site import SiteInfo
from sync.protocol.batch import Batch, batch_is_signed
from sync.protocol.canonical import canonical
from sync.protocol.chain import BrokenChain, check_chain
from sync.protocol.ids import chain_start
from sync.protocol.sealing import CannotOpen, Place
from tests.backoffice.attesting import ORGANISATION, PERSON, Desk
from tests.backoffice.column import Column, Json, post
from tests.backoffice.conftest import QUICK, Clock
from tests.backoffice.sites import SITE

DAY = 86_400


@pytest.fixture
def desk(client: httpx.Client, column: Column) -> Desk:
    """A column with a certified key."""
    return Desk.at(client, column)


def _bodies(database: Database) -> list[Json]:
    table = schema.event.c
    with database.read() as connection:
        return [json.loads(body) for body in connection.execute(select(table.body).order_by(table.sequence)).scalars()]


def _text(event: Json) -> object:
    data = event["data"]
    assert isinstance(data, dict)
    return data["sealed"].get("ct")


def _head(column: Column, events: list[Json]) -> str:
    return check_chain(events, 1, chain_start(canonical(column.receipt)))


def test_each_kind_has_its_own_time_and_again_erases_nothing(
    client: httpx.Client, desk: Desk, office: BackOffice, database: Database, clock: Clock
) -> None:
    desk.request()
    desk.issue()
    desk.column.issue(1)
    desk.column.send(client)
    assert redact(office) == 0
    clock.pass_seconds(30 * DAY)
    assert redact(office) == 0, "the last day is part of the time"
    clock.pass_seconds(1)
    assert redact(office) == 1
    request, attest, _ticket = _bodies(database)
    assert (_text(request), isinstance(_text(attest), str)) == (None, True)
    assert redact(office) == 0
    assert redact(office, clock.now + 336 * DAY * 1000) == 1
    assert _text(_bodies(database)[1]) is None
    with database.read() as connection:
        marks = connection.execute(select(schema.event.c.redacted_ms).order_by(schema.event.c.sequence)).scalars().all()
    assert marks == [clock.now, clock.now, None]


def test_the_chain_verifies_in_full_before_and_after(
    client: httpx.Client, desk: Desk, office: BackOffice, database: Database, clock: Clock
) -> None:
    for number in range(1, 4):
        desk.column.issue(number)
        desk.issue()
        desk.request()
    desk.column.send(client)
    before = _bodies(database)
    assert _head(desk.column, before) == desk.column.head
    assert redact(office, clock.now + 366 * DAY * 1000) == 6
    after = _bodies(database)
    assert _head(desk.column, after) == desk.column.head
    assert before != after
    place = Place.event(after[1])
    assert ORGANISATION.open(before[1]["data"]["sealed"], place) == PERSON  # type: ignore[index]
    with pytest.raises(CannotOpen, match="erased"):
        ORGANISATION.open(after[1]["data"]["sealed"], place)  # type: ignore[index]


@pytest.mark.parametrize("member", ["kid", "alg", "schema", "ctsha256"])
def test_anything_else_that_is_removed_breaks_the_chain(
    client: httpx.Client, desk: Desk, database: Database, member: str
) -> None:
    desk.issue()
    desk.column.send(client)
    (event,) = _bodies(database)
    sealed = dict(event["data"]["sealed"])  # type: ignore[index]
    del sealed[member]
    with pytest.raises(BrokenChain):
        _head(desk.column, [{**event, "data": {**event["data"], "sealed": sealed}}])  # type: ignore[dict-item]


def test_a_column_may_send_again_what_was_erased(
    client: httpx.Client, desk: Desk, office: BackOffice, database: Database, clock: Clock
) -> None:
    desk.issue()
    desk.column.send(client)
    redact(office, clock.now + 366 * DAY * 1000)
    assert desk.column.send(client)["ackedHash"] == desk.column.head
    assert _text(_bodies(database)[0]) is None, "what was erased does not come back"


def test_what_was_put_aside_is_erased_in_both_places(
    client: httpx.Client, desk: Desk, office: BackOffice, database: Database, clock: Clock
) -> None:
    desk.issue(kid="AAAAAAAAAAA")
    desk.request(officeId="library")
    assert len(desk.column.send(client)["deadLettered"]) == 2  # type: ignore[arg-type]
    assert redact(office, clock.now + 31 * DAY * 1000) == 1
    assert [_text(event) is None for event in _bodies(database)] == [False, True]
    assert redact(office, clock.now + 366 * DAY * 1000) == 1
    assert redact(office, clock.now + 366 * DAY * 1000) == 0
    table = schema.dead_letter.c
    with database.read() as connection:
        aside = [json.loads(body) for body in connection.execute(select(table.body)).scalars()]
    assert [_text(event) for event in aside + _bodies(database)] == [None] * 4
    assert _head(desk.column, _bodies(database)) == desk.column.head


def test_evidence_of_a_fork_is_erased_and_still_proves_itself(
    client: httpx.Client, desk: Desk, office: BackOffice, database: Database, clock: Clock
) -> None:
    desk.issue()
    desk.column.send(client)
    desk.column.events.clear()
    desk.issue()
    assert post(client, "batches", desk.column.batch()).status_code == 409
    redact(office, clock.now + 366 * DAY * 1000)
    with database.read() as connection:
        kept = bytes(connection.execute(select(schema.evidence.c.body)).scalar_one())
    batch = Batch.model_validate_json(kept)
    assert batch_is_signed(batch, desk.column.key.public)
    assert check_chain(batch.events, 1, batch.previous_hash) == batch.head_hash
    assert b'"ct":' not in kept


def test_more_than_one_transaction_is_erased_in_full(
    client: httpx.Client, desk: Desk, office: BackOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    for _ in range(5):
        desk.issue()
    desk.column.send(client)
    assert redact(office, clock.now + 366 * DAY * 1000) == 5


@pytest.mark.parametrize("wiping", [True, False], ids=["wiped", "control"])
def test_nothing_of_the_text_stays_in_the_file(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, wiping: bool
) -> None:
    """SQLite only marks what was overwritten as free, unless it is told to wipe it."""

    @contextmanager
    def plain(office: BackOffice) -> Iterator[Connection]:
        with office.database.write() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete=OFF")
            yield connection

    if not wiping:
        monkeypatch.setattr(retention, "_erasing", plain)
    path = tmp_path / "backoffice.db"
    with (
        BackOfficeServer(create_app(f"sqlite:///{path}", SITE, settings=QUICK, clock=clock)) as server,
        httpx.Client(base_url=server.url, timeout=10) as client,
    ):
        desk = Desk.at(client, Column.join(client, new_enrolment_code(server.office, "hall"), clock.now))
        for _ in range(20):
            desk.issue()
        desk.column.send(client)
        texts = [str(_text(event))[:60].encode() for event in desk.column.events]
        assert redact(server.office, clock.now + 366 * DAY * 1000) == 20
    stored = path.read_bytes()
    assert not path.with_name("backoffice.db-wal").exists()
    assert any(text in stored for text in texts) is not wiping


def test_a_server_erases_at_its_start(database_url: str, clock: Clock) -> None:
    with (
        BackOfficeServer(create_app(database_url, SITE, settings=QUICK, clock=clock)) as server,
        httpx.Client(base_url=server.url, timeout=10) as client,
    ):
        desk = Desk.at(client, Column.join(client, new_enrolment_code(server.office, "hall"), clock.now))
        desk.issue()
        desk.column.send(client)
    clock.pass_seconds(366 * DAY)
    with BackOfficeServer(create_app(database_url, SITE, settings=QUICK, clock=clock)):
        pass  # stopping waits for the erasing that starting began
    database = Database(database_url, guest=True)
    assert _text(_bodies(database)[0]) is None
    database.close()


def test_the_command_line_erases_too(
    database_url: str,
    client: httpx.Client,
    desk: Desk,
    database: Database,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def open_later(database: Database, site: SiteInfo, settings: BackOfficeSettings) -> BackOffice:
        return open_back_office(database, site, settings, lambda: clock.now + 366 * DAY * 1000)

    desk.issue()
    desk.column.send(client)
    monkeypatch.setattr("sync.backoffice.admin.open_back_office", open_later)
    assert admin.redact(database_url, SITE) == 1
    assert _text(_bodies(database)[0]) is None


def test_a_request_that_is_erased_is_over_and_so_is_its_address(
    client: httpx.Client, office: BackOffice, desk: Desk, clock: Clock
) -> None:
    request_id = desk.request()
    desk.redirect(request_id)
    desk.column.send(client)
    assert redact(office, clock.now + 31 * DAY * 1000) == 2
    assert [_text(body) for body in _bodies(office.database)] == [None, None]
    with office.database.read() as connection:
        row = connection.execute(select(schema.attest_request)).one()
    assert (row.state, row.problem) == ("refused", "expired")
