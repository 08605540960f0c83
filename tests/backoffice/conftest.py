"""Fixtures of the back office: every test that asks for `office` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from sync.backoffice.app import create_app
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.settings import BackOfficeSettings
from tests.backoffice.column import Column
from tests.backoffice.postgres import Cluster, cluster
from tests.backoffice.sites import MONDAY_10H, SITE

QUICK = BackOfficeSettings(argon2_memory_kib=1024, argon2_rounds=1, beat_sec=1)
"""Cheap password hashes and a quick beat; everything else as installed."""


class Clock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now = MONDAY_10H

    def __call__(self) -> int:
        """UTC milliseconds."""
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass."""
        self.now += int(seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    """Monday, ten in the morning."""
    return Clock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One PostgreSQL server for the whole run."""
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'backoffice.db'}"
    running: Cluster = request.getfixturevalue("postgres")
    return running.fresh()


@pytest.fixture
def server(database_url: str, clock: Clock) -> Iterator[BackOfficeServer]:
    """A back office that listens on a loopback port."""
    with BackOfficeServer(create_app(database_url, SITE, settings=QUICK, clock=clock)) as running:
        yield running


@pytest.fixture
def office(server: BackOfficeServer) -> BackOffice:
    """The running back office from the inside."""
    return server.office


@pytest.fixture
def database(office: BackOffice) -> Database:
    """Its database."""
    return office.database


@pytest.fixture
def client(server: BackOfficeServer) -> Iterator[httpx.Client]:
    """Talks to the running back office as a column does."""
    with httpx.Client(base_url=server.url, timeout=10) as talking:
        yield talking


@pytest.fixture
def enrol(office: BackOffice, client: httpx.Client, clock: Clock) -> Callable[[], Column]:
    """Makes one more column in the town hall."""

    def make() -> Column:
        return Column.join(client, new_enrolment_code(office, "hall"), clock.now)

    return make


@pytest.fixture
def column(enrol: Callable[[], Column]) -> Column:
    """One enrolled column."""
    return enrol()
