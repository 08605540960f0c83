"""The real client against the real back office over real HTTP: what one end says, the other understands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from kiosk.core.tickets import PrintState
from kiosk.store.store import KioskStore
from sync.backoffice import schema
from sync.backoffice.app import create_app
from sync.backoffice.core import BackOffice
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.kiosks import revoke_kiosk
from sync.backoffice.server import BackOfficeServer
from sync.client.client import SyncClient
from sync.client.enrolment import EnrolmentFailed, enrol
from sync.client.identity import Identity, load_identity
from tests.backoffice.sites import SITE
from tests.store.columns import START, TODAY, Hands, grant, open_at, order


@dataclass
class Street:
    """One column, one back office, one cable."""

    office: BackOffice
    identity: Identity
    store: KioskStore
    client: SyncClient
    path: Path

    def tick(self, times: int = 1) -> None:
        """Let the loop do what is due."""
        for _ in range(times):
            self.client.loop().tick()

    def labels(self) -> dict[str, str]:
        """Labels and print states the back office knows."""
        ticket = schema.ticket.c
        with self.office.database.read() as connection:
            rows = connection.execute(select(ticket.label, ticket.print_state))
            return {str(row.label): str(row.print_state) for row in rows}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BackOfficeServer]:
    """The back office on loopback, its clock at nine in the morning."""
    now = int(START.timestamp() * 1000)
    app = create_app(f"sqlite:///{tmp_path / 'backoffice.db'}", replace(SITE, practice=False), clock=lambda: now)
    with BackOfficeServer(app) as running:
        yield running


@pytest.fixture
def street(server: BackOfficeServer, tmp_path: Path) -> Iterator[Street]:
    """A column that has just joined."""
    enrol(server.url, new_enrolment_code(server.office, "hall"), tmp_path / "identity")
    identity = load_identity(tmp_path / "identity")
    path = tmp_path / "kiosk.db"
    made = connect(server, identity, path)
    yield made
    assert made.client.stop()
    made.store.close()


def connect(server: BackOfficeServer, identity: Identity, path: Path) -> Street:
    """Open store and client."""
    store = open_at(path, identity.column, Hands())
    client = SyncClient(store, identity, server.url, queues=("travel",), today=lambda: TODAY)
    return Street(server.office, identity, store, client, path)


def test_numbers_come_down_and_tickets_go_up(street: Street) -> None:
    street.tick()
    assert street.client.online
    issued = street.store.issue_ticket_now(order())
    street.store.move_print_now(issued.job_id, PrintState.SENT)
    street.store.move_print_now(issued.job_id, PrintState.CONFIRMED)
    street.client.loop()._upload.due = 0.0
    street.tick()
    assert issued.label == "A001"
    assert street.labels() == {"A001": "confirmed"}
    assert street.store.position().acked_sequence == 2


@pytest.mark.expects_log("zuil.store", "zuil.backoffice")
def test_after_damage_the_provisional_chain_is_accepted(street: Street, server: BackOfficeServer) -> None:
    street.tick()
    street.store.issue_ticket_now(order())
    street.client.loop()._upload.due = 0.0
    street.tick()
    street.store.close()
    street.path.write_bytes(b"\0" * 8192)
    again = connect(server, street.identity, street.path)
    try:
        own = again.store.issue_ticket_now(order())
        again.tick(2)
        assert own.suffix is not None
        assert set(again.labels()) == {"A001", own.label}
        assert again.store.position().acked_sequence == again.store.position().last_sequence
        assert again.store.add_grants([grant(900, 901)]) == 0
    finally:
        assert again.client.stop()
        again.store.close()


@pytest.mark.expects_log("zuil.sync")
def test_a_revoked_column_raises_the_alarm_and_serves_on(street: Street) -> None:
    revoke_kiosk(street.office, street.identity.column.kiosk_id)
    street.store.issue_ticket_now(order())
    street.tick()
    assert street.client.alarm == "kioskRevoked"
    assert not street.client.online
    assert street.store.issue_ticket_now(order()).label
    assert street.labels() == {}


def test_a_code_works_once(server: BackOfficeServer, tmp_path: Path) -> None:
    code = new_enrolment_code(server.office, "hall")
    first = enrol(server.url, code, tmp_path / "one")
    assert first.column.office_id == "hall"
    with pytest.raises(EnrolmentFailed, match="codeRefused"):
        enrol(server.url, code, tmp_path / "two")
