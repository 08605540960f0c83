"""Files for one download: kept encrypted, fetched once, gone after half an hour; on both databases."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import func, select

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.downloads import MOST_WAITING, fetch_once, keep_download, remove_expired
from sync.backoffice.problems import Refusal
from sync.protocol.attests import DOWNLOAD
from tests.backoffice.attesting import download_request
from tests.backoffice.column import Column, post
from tests.backoffice.conftest import Clock

FILE = bytes(range(256))


def _waiting(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.download)).scalar_one())


def _keep(client: httpx.Client, column: Column) -> str:
    answer = post(client, "downloads", download_request(column, FILE))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_a_file_is_fetched_once(client: httpx.Client, column: Column, office: BackOffice) -> None:
    answer = post(client, "downloads", download_request(column, FILE)).json()
    assert office.key.public.verify_object(DOWNLOAD, answer)
    assert answer["expiresAt"] == "2026-11-23T09:30:00.000Z"
    assert len(answer["id"]) == 43
    assert fetch_once(office, answer["id"]) == FILE
    assert fetch_once(office, answer["id"]) is None
    assert fetch_once(office, "nothing") is None


def test_a_file_is_gone_after_half_an_hour(
    client: httpx.Client, column: Column, office: BackOffice, database: Database, clock: Clock
) -> None:
    kept = _keep(client, column)
    clock.pass_seconds(1800)
    assert fetch_once(office, kept) is None
    assert _waiting(database) == 0
    column.clock_ms = clock.now
    _keep(client, column)
    assert remove_expired(office) == 0
    clock.pass_seconds(1800)
    assert (remove_expired(office), _waiting(database)) == (1, 0)


def test_a_column_has_few_files_waiting(
    client: httpx.Client, enrol: Callable[[], Column], office: BackOffice, clock: Clock
) -> None:
    column = enrol()
    ids = [_keep(client, column) for _ in range(MOST_WAITING)]
    refused = post(client, "downloads", download_request(column, FILE))
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    _keep(client, enrol())
    fetch_once(office, ids[0])
    _keep(client, column)


def test_only_a_signed_new_request_of_the_right_size_is_kept(
    client: httpx.Client, column: Column, database: Database
) -> None:
    forged = {**download_request(column, FILE), "content": "A" * 80}
    assert post(client, "downloads", forged).status_code == 401
    for wrong in ("A" * 36, "!" * 80, "A" * 400_001):
        answer = post(client, "downloads", download_request(column, b"", content=wrong))
        assert answer.status_code == 400, wrong[:5]
    assert _waiting(database) == 0
    largest = download_request(column, bytes(300_000))
    assert post(client, "downloads", largest).status_code == 200


def test_without_deleting_a_file_is_fetched_by_everybody(
    office: BackOffice, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of `fetched once`."""
    answer = keep_download(office, download_request(column, FILE))
    assert not isinstance(answer, Refusal)
    monkeypatch.setattr(
        "sync.backoffice.downloads.delete",
        lambda table: _Looking(table),
    )
    assert fetch_once(office, str(answer["id"])) == FILE
    assert fetch_once(office, str(answer["id"])) == FILE


class _Looking:
    """Reads what would have been deleted."""

    def __init__(self, table: object) -> None:
        self._where: tuple[object, ...] = ()
        _ = table

    def where(self, *conditions: object) -> object:
        if len(conditions) == 1:  # the expired ones
            return select(1)
        self._where = conditions
        return self

    def returning(self, column: object) -> object:
        return select(column).where(*self._where)  # type: ignore[call-overload]
