"""A server killed at the worst moment: what it acknowledged is there, what it did not is sent again without harm."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from sync.backoffice import api, schema
from sync.backoffice.app import create_app
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.ingest import accept_batch
from sync.backoffice.server import BackOfficeServer
from tests.backoffice.column import Column, Json, post
from tests.backoffice.conftest import Clock
from tests.backoffice.sites import SITE

SECONDS = 60


def _serve(url: str, dies_after_commit: bool, pipe: Connection) -> None:
    """Server process; told so, it dies after its second commit of a batch and before the answer."""
    commits = 0

    def accept_and_die(office: BackOffice, body: bytes) -> object:
        nonlocal commits
        answer = accept_batch(office, body)
        commits += 1
        if commits == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    if dies_after_commit:
        api.accept_batch = accept_and_die  # type: ignore[assignment]
    app = create_app(url, SITE)
    with BackOfficeServer(app) as server:
        pipe.send((server.port, new_enrolment_code(app.state.office, "hall")))
        try:
            pipe.recv()
        except EOFError:
            return


class Process:
    """A back office in a process of its own."""

    def __init__(self, url: str, *, dies_after_commit: bool) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_serve, args=(url, dies_after_commit, theirs), daemon=True)
        self._process.start()
        theirs.close()
        assert self._pipe.poll(SECONDS)
        self.port, self.code = self._pipe.recv()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def end(self) -> int | None:
        """Ask it to stop, or find it dead; its exit status."""
        self._pipe.close()
        self._process.join(SECONDS)
        return self._process.exitcode


def test_answer_lost_by_a_crash_after_commit_is_harmless(database_url: str, clock: Clock) -> None:
    dying = Process(database_url, dies_after_commit=True)
    with httpx.Client(base_url=dying.url, timeout=SECONDS) as client:
        column = Column.join(client, dying.code, clock.now)
        column.issue(1)
        assert column.send(client)["ackedSequence"] == 1
        column.issue(2)
        with pytest.raises(httpx.TransportError):
            post(client, "batches", column.batch(2))
    assert dying.end() == -signal.SIGKILL

    living = Process(database_url, dies_after_commit=False)
    with httpx.Client(base_url=living.url, timeout=SECONDS) as client:
        again: Json = post(client, "batches", column.batch(2)).json()
        assert (again["ackedSequence"], again["ackedHash"]) == (2, column.head)
        column.issue(3)
        assert column.send(client, 3)["ackedSequence"] == 3
    assert living.end() == 0
    database = Database(database_url)
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.ticket)).scalar_one() == 3
    database.close()


def test_second_start_finds_everything(database_url: str, clock: Clock, tmp_path: Path) -> None:
    with (
        BackOfficeServer(create_app(database_url, SITE)) as first,
        httpx.Client(base_url=first.url, timeout=10) as client,
    ):
        column = Column.join(client, new_enrolment_code(first.office, "hall"), clock.now)
        column.issue(1)
        column.send(client)
        key = first.office.key.public
    with (
        BackOfficeServer(create_app(database_url, SITE)) as second,
        httpx.Client(base_url=second.url, timeout=10) as client,
    ):
        column.issue(2)
        assert column.send(client, 2)["ackedSequence"] == 2
        assert second.office.key.public == key
