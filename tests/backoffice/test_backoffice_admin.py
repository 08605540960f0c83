"""What the command line does: accounts, codes and revocation, beside a back office that runs."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from sync.backoffice import admin
from sync.backoffice.app import create_app
from sync.backoffice.enrolment import UnknownOffice
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.staff import log_in
from tests.backoffice.column import Column, post
from tests.backoffice.conftest import Clock
from tests.backoffice.sites import SITE


def test_accounts_and_codes_work_in_the_running_back_office(
    database_url: str, server: BackOfficeServer, client: httpx.Client
) -> None:
    assert admin.create_user(database_url, SITE, "an", "An", "correct horse battery")
    assert log_in(server.office, "an", "correct horse battery", "nl")
    with admin.visiting(database_url, SITE) as office:
        assert office.key.public == server.office.key.public


def test_column_let_in_and_out(
    database_url: str, client: httpx.Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.backoffice.admin.open_back_office", _at(clock))
    column = Column.join(client, admin.enrol_code(database_url, SITE, "hall"), clock.now)
    column.issue(1)
    column.send(client)
    assert admin.revoke(database_url, SITE, str(column.receipt["kioskId"]))
    column.issue(2)
    assert post(client, "batches", column.batch(2)).status_code == 403
    assert not admin.revoke(database_url, SITE, "nobody")
    with pytest.raises(UnknownOffice):
        admin.enrol_code(database_url, SITE, "moon")


def _at(clock: Clock) -> object:
    from sync.backoffice.core import open_back_office

    return lambda database, site, settings: open_back_office(database, site, settings, clock)


def test_migrate_says_the_version(database_url: str) -> None:
    assert admin.migrate(database_url) == "0004"
    assert admin.migrate(database_url) == "0004"


def test_a_taken_port_is_an_error_unless_any_will_do(server: BackOfficeServer, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    with pytest.raises(OSError, match="in use"):
        BackOfficeServer(create_app(url, SITE), port=server.port).start()
    with BackOfficeServer(create_app(url, SITE), port=server.port, or_any=True) as other:
        assert other.port != server.port
        assert httpx.get(f"{other.url}/health").status_code == 200
