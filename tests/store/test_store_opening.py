"""Opening: pragmas, version gate, newer and foreign files, damage, migration, one process a file."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from kiosk.store import opening, schema
from kiosk.store.epochs import PROVISIONAL, Ledger
from kiosk.store.errors import AlreadyOpen, NewerSchema, NotAStore, StoreRefused
from kiosk.store.journal_file import JournalFile
from kiosk.store.store import KioskStore
from kiosk.store.upgrading import upgrade
from tests.store.columns import open_at, order

RELEASED = Path(__file__).parent / "released"


def test_the_writing_connection_has_every_durable_setting(store: KioskStore) -> None:
    found: dict[str, object] = {}
    names = ("journal_mode", "synchronous", "wal_autocheckpoint", "journal_size_limit", "foreign_keys", "busy_timeout")
    more = ("mmap_size", "trusted_schema", "cell_size_check", "secure_delete", "user_version", "application_id")

    def read(database: opening.Database) -> None:
        for name in (*names, *more):
            found[name] = database.raw.execute(f"PRAGMA {name}").fetchone()

    store._writer.apart(read)
    values = {name: row[0] for name, row in found.items() if isinstance(row, tuple)}
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "wal_autocheckpoint": 1000,
        "journal_size_limit": 16777216,
        "foreign_keys": 1,
        "busy_timeout": 0,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "user_version": schema.VERSION,
        "application_id": 0x5A55494C,
        "mmap_size": 0,
    }


def test_a_transaction_begins_before_its_first_read(store: KioskStore) -> None:
    """Otherwise read-then-write is not atomic, and nobody sees it in tests."""
    assert store._writer.run(lambda connection: connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_versions_with_the_wal_reset_race_are_known(version: tuple[int, int, int], affected: bool) -> None:
    assert opening.sqlite_facts(version).affected is affected


def test_a_newer_schema_is_refused_and_nothing_changes(path: Path) -> None:
    open_at(path).close()
    _set_version(path, 7)
    before = _digest(path)
    with pytest.raises(NewerSchema, match=rf"kiosk\.db: schema version 7 is newer than {schema.VERSION}") as caught:
        open_at(path)
    assert (caught.value.found, caught.value.supported, caught.value.path) == (7, schema.VERSION, path)
    assert _digest(path) == before
    with pytest.raises(NewerSchema):
        JournalFile(path)


def test_another_programs_database_is_refused_and_nothing_changes(path: Path) -> None:
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE cash (amount)")
    foreign.close()
    before = _digest(path)
    with pytest.raises(NotAStore, match="another program"):
        open_at(path)
    assert _digest(path) == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreRefused, match=r"file/kiosk\.db: the folder cannot be written"):
        open_at(tmp_path / "file" / "kiosk.db")


def test_only_one_process_has_the_store(store: KioskStore, path: Path) -> None:
    with pytest.raises(AlreadyOpen, match="another program has this store open"):
        open_at(path)
    assert store.issue_ticket_now(order()).label == "A001-K3"


def test_after_a_refusal_the_store_can_be_opened(path: Path) -> None:
    open_at(path).close()
    _set_version(path, 7)
    with pytest.raises(NewerSchema):
        open_at(path)
    _set_version(path, schema.VERSION)
    open_at(path).close()


@pytest.mark.expects_log("zuil.store")
@pytest.mark.parametrize("place", ["header", "middle", "cut", "text"])
def test_a_damaged_file_is_moved_aside_and_a_provisional_chain_begins(path: Path, place: str) -> None:
    store = open_at(path)
    labels = {store.issue_ticket_now(order()).label for _ in range(60)}
    store.close()
    damaged = _damage(path, place)
    store = open_at(path)
    try:
        assert store.moved_aside is not None
        assert store.moved_aside.read_bytes() == damaged, "what was damaged is kept as it was"
        assert store.position().epoch >= PROVISIONAL
        assert store.provisional
        fresh = {store.issue_ticket_now(order()).label for _ in range(3)}
        assert not fresh & labels, "a number that was promised is never promised again"
        store.maintain()
    finally:
        store.close()


@pytest.mark.expects_log("zuil.store")
def test_readable_events_of_a_damaged_file_are_saved(path: Path) -> None:
    store = open_at(path)
    for _ in range(50):
        store.issue_ticket_now(order())
    store.close()
    _damage(path, "cut")
    store = open_at(path)
    store.maintain()
    store.close()
    exports = list(path.parent.glob("*.salvage.jsonl"))
    lines = exports[0].read_bytes().splitlines()
    assert len(lines) > 10
    assert lines[0].startswith(b'{"bootid"')


@pytest.mark.expects_log("zuil.store")
def test_damage_found_while_serving_is_survived(path: Path) -> None:
    store = open_at(path)
    try:
        first = store.issue_ticket_now(order())
        store._writer.apart(lambda database: _raise_corrupt(database))
        second = store.issue_ticket_now(order())
        assert second.label not in (first.label, "A002-K3")
        assert store.provisional
    finally:
        store.close()


@pytest.mark.expects_log("zuil.store")
def test_a_file_that_vanished_begins_no_second_first_epoch(path: Path) -> None:
    store = open_at(path)
    first = store.issue_ticket_now(order()).label
    store.close()
    path.unlink()
    store = open_at(path)
    assert store.issue_ticket_now(order()).label != first
    assert store.provisional
    store.close()


def test_control_without_the_ledger_a_vanished_file_repeats_its_numbers(path: Path) -> None:
    store = open_at(path)
    first = store.issue_ticket_now(order()).label
    store.close()
    path.unlink()
    path.with_name("kiosk.db.epochs").unlink()
    store = open_at(path)
    assert store.issue_ticket_now(order()).label == first
    store.close()


def test_a_half_written_line_of_the_ledger_does_not_count(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "kiosk.db")
    ledger.add(1, "urn:a")
    ledger.add(1, "urn:a")
    with (tmp_path / "kiosk.db.epochs").open("a") as file:
        file.write("2 urn:a:half")
    assert ledger.read() == [(1, "urn:a")]


def test_a_fresh_file_equals_a_migrated_one() -> None:
    assert _tables(opening.create) == _tables(upgrade)


@pytest.mark.parametrize("dump", sorted(RELEASED.glob("*.sql")), ids=lambda path: path.stem)
def test_every_released_version_opens_with_its_tickets(dump: Path, path: Path) -> None:
    old = sqlite3.connect(path)
    old.executescript(dump.read_text(encoding="utf-8"))
    old.close()
    store = open_at(path)
    issued = store.issue_ticket_now(order())
    store.close()
    with JournalFile(path) as file:
        assert [verdict.broken for verdict in file.verify()] == [None]
        labels = [label for *_, label in file.labels()]
    assert labels[-1] == issued.label
    assert len(set(labels)) == len(labels) > 3


def test_every_version_has_a_released_file() -> None:
    assert {dump.stem for dump in RELEASED.glob("*.sql")} == {f"v{n}" for n in range(1, schema.VERSION + 1)}


def test_an_older_file_is_migrated_when_it_is_opened(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest version plus an invented migration."""
    open_at(path).close()
    scripts = tmp_path / "migrations"
    (scripts / "versions").mkdir(parents=True)
    home = Path(opening.__file__).parent / "migrations"
    (scripts / "env.py").write_text((home / "env.py").read_text())
    for script in (home / "versions").glob("v*.py"):
        (scripts / "versions" / script.name).write_text(script.read_text())
    newest, invented = schema.VERSION, schema.VERSION + 1
    (scripts / "versions" / "invented.py").write_text(
        "from alembic import op\n"
        f"revision = '{invented:04d}'\ndown_revision = '{newest:04d}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE extra (a)')\n"
    )
    monkeypatch.setattr(schema, "VERSION", invented)
    monkeypatch.setattr("kiosk.store.upgrading.LOCATION", scripts)
    store = open_at(path)
    store.issue_ticket_now(order())
    store.close()
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (invented,)
        assert file.execute("SELECT count(*) FROM extra").fetchone() == (0,)
    file.close()


def test_opening_an_up_to_date_file_loads_no_migration_tool_and_no_network(path: Path) -> None:
    open_at(path).close()
    program = (
        "import sys; from pathlib import Path; from tests.store.columns import open_at\n"
        f"open_at(Path({str(path)!r})).close()\n"
        "print([name for name in ('alembic', 'pydantic', 'cryptography', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _set_version(path: Path, version: int) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute(f"PRAGMA user_version = {version}")
    raw.close()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _damage(path: Path, place: str) -> bytes:
    content = bytearray(path.read_bytes())
    match place:
        case "header":
            content[:16] = b"\xff" * 16
        case "middle":
            start = len(content) // 2 // 4096 * 4096
            content[start : start + 4096] = b"\xa5" * 4096
        case "cut":
            del content[len(content) * 3 // 4 :]
        case _:
            content = bytearray(b"<html>this is no database</html>" * 200)
    path.write_bytes(content)
    return bytes(content)


def _raise_corrupt(database: opening.Database) -> None:
    raise opening.Damaged("invented")


def _tables(make: object) -> list[tuple[str, ...]]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        make(connection)  # type: ignore[operator]
        rows = connection.exec_driver_sql(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        ).all()
        stamps = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
        version = connection.exec_driver_sql("PRAGMA user_version").all()
    engine.dispose()
    return [tuple(str(value) for value in row) for row in (*rows, *stamps, *version)]
