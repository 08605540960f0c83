"""A full disk: nothing half is written, the ballast gives room, and without one the error has a name."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from kiosk.store.ballast import Ballast
from kiosk.store.errors import StoreFull, StoreRefused
from kiosk.store.journal_file import JournalFile
from kiosk.store.opening import Database
from kiosk.store.store import KioskStore
from tests.store.columns import open_at, order


def limit_pages(store: KioskStore, more: int) -> None:
    """Let the file grow by `more` pages and no further: SQLite then answers as on a full disk."""

    def limit(database: Database) -> None:
        pages = int(database.raw.execute("PRAGMA page_count").fetchone()[0])
        database.raw.execute(f"PRAGMA max_page_count = {pages + more}")

    store._writer.apart(limit)


def fill(store: KioskStore) -> list[str]:
    """Issue until the disk is full; returns the labels promised."""
    labels: list[str] = []
    try:
        for _ in range(2000):
            labels.append(store.issue_ticket_now(order()).label)
    except StoreFull:
        return labels
    pytest.fail("the disk never was full")


@pytest.mark.expects_log("zuil.store")
@pytest.mark.parametrize("more", range(0, 12, 3))
def test_a_full_disk_leaves_whole_tickets_only(path: Path, more: int) -> None:
    store = open_at(path)
    limit_pages(store, more)
    labels = fill(store)
    with JournalFile(path) as file:
        assert [label for *_, label in file.labels()] == labels
        assert [verdict.broken for verdict in file.verify()] == [None]
        assert file.is_sound()
    limit_pages(store, 10_000)
    assert store.issue_ticket_now(order()).label == f"A{len(labels) + 1:03d}-K3", "it serves on when there is room"
    store.close()


@pytest.mark.expects_log("zuil.store")
def test_giving_up_the_ballast_saves_the_ticket(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_at(path, ballast_bytes=1024 * 1024)
    ballast = path.with_name("kiosk.db.ballast")
    assert ballast.stat().st_blocks * 512 >= 1024 * 1024, "real blocks, not a hole"
    limit_pages(store, 4)
    release = Ballast.release

    def release_and_grow(self: Ballast) -> bool:
        store._writer._database.raw.execute("PRAGMA max_page_count = 100000")
        return release(self)

    monkeypatch.setattr(Ballast, "release", release_and_grow)
    labels = [store.issue_ticket_now(order()).label for _ in range(100)]
    assert len(set(labels)) == 100
    assert not ballast.exists()
    store.maintain()
    assert ballast.stat().st_size == 1024 * 1024, "and it is kept again for the next time"
    store.close()


def test_a_ballast_without_room_is_none_at_all(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "b", 2**62)
    assert ballast.ensure() is False
    assert not (tmp_path / "b").exists()
    assert ballast.release() is False


def test_a_hole_is_no_ballast(tmp_path: Path) -> None:
    hole = tmp_path / "b"
    with hole.open("wb") as file:
        file.truncate(1024 * 1024)
    assert Ballast(hole, 1024 * 1024).ensure()
    assert hole.stat().st_blocks * 512 >= 1024 * 1024


def full(*_: object) -> None:
    """Fail as SQLite does on a full disk."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    try:
        raw.execute("PRAGMA max_page_count = 1")
        raw.execute("CREATE TABLE t (a)")
    except sqlite3.OperationalError as error:
        raise OperationalError("statement", {}, error) from error
    finally:
        raw.close()


@pytest.mark.expects_log("zuil.store")
def test_making_room_may_itself_find_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_at(path)
    limit_pages(store, 0)
    monkeypatch.setattr("kiosk.store.outbox.compact", full)
    labels = fill(store)
    limit_pages(store, 1000)
    assert store.issue_ticket_now(order()).label not in labels
    store.close()


@pytest.mark.parametrize("times", [1, 2])
def test_a_disk_that_is_full_at_start_costs_the_ballast_or_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    open_at(path, ballast_bytes=65536).close()
    ballast = path.with_name("kiosk.db.ballast")
    seen: list[bool] = []

    def settle(*_: object) -> int:
        seen.append(ballast.exists())
        if len(seen) <= times:
            full()
        return 0

    monkeypatch.setattr("kiosk.store.prints.settle_open", settle)
    if times == 1:
        open_at(path).close()
    else:
        with pytest.raises(StoreRefused, match=r"kiosk\.db: the disk is full"):
            open_at(path)
    assert seen == [True, False]
