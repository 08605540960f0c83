"""Opens the store's file: lock, pragmas, version gate, damage check, migration.

A damaged file is moved aside, never deleted and never written over. The one connection made here is the only one that
writes and the only one that checkpoints, which is what SQLite before 3.51.3 needs (two checkpointing connections may
lose commits; fixed also in 3.44.6 and 3.50.7). Not for: what is in the file (`kiosk.store.store`).
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from kiosk.store import schema
from kiosk.store.epochs import sync_directory
from kiosk.store.errors import AlreadyOpen, NewerSchema, NotAStore, StoreRefused
from sync.client.ports import SqliteFacts

PRAGMAS = (
    "busy_timeout = 0",
    "journal_mode = WAL",
    "synchronous = FULL",
    "wal_autocheckpoint = 1000",
    "journal_size_limit = 16777216",
    "foreign_keys = ON",
    "mmap_size = 0",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",
)
"""Of the writing connection; reasons in docs/store.md."""
WHOLE_CHECK_BYTES = 64 * 1024 * 1024
"""Up to this size the whole file is checked at start, beyond it the small tables; `full_check` does the rest."""
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PARTS = ("", "-wal", "-shm")


class Damaged(Exception):
    """The file's content cannot be trusted."""


def sqlite_facts(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> SqliteFacts:
    """The library in use and whether it carries the WAL-reset race."""
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    affected = version >= (3, 7) and not fixed
    return SqliteFacts(".".join(str(part) for part in version), affected)


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that the file is damaged."""
    return isinstance(error, sqlite3.DatabaseError) and (_code(error) in _DAMAGE)


def is_full(error: BaseException | None) -> bool:
    """Whether SQLite says that there is no room."""
    return isinstance(error, sqlite3.DatabaseError) and _code(error) == sqlite3.SQLITE_FULL


def _code(error: sqlite3.DatabaseError) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


class Lock:
    """One process a store: an advisory lock the kernel drops when the process ends, however it ends.

    Raises:
        AlreadyOpen: when another process or store object holds it.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreRefused(path, f"the folder cannot be written ({error.strerror})") from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise AlreadyOpen(path, "another program has this store open; stop it first") from None

    def release(self) -> None:
        """Let others open the store."""
        os.close(self._handle)


@dataclass(frozen=True)
class Database:
    """An open store file.

    Attributes:
        raw: the driver's connection, used by one thread only.
        engine: SQLAlchemy over exactly that connection; `begin()` is BEGIN IMMEDIATE.
    """

    raw: sqlite3.Connection
    engine: Engine

    def close(self) -> None:
        """Close; SQLite checkpoints."""
        self.engine.dispose()
        self.raw.close()


def open_database(path: Path) -> tuple[Database, bool]:
    """Open or create the file.

    Returns:
        The database, and whether it is fresh.

    Raises:
        Damaged: when the content cannot be trusted; the file is closed and untouched.
        NewerSchema: when a newer program wrote it.
        NotAStore: when it is somebody else's database.
        StoreRefused: when it cannot be opened at all.
    """
    raw = _connect(path)
    try:
        version = _gate(raw, path)
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        if version:
            quick_check(raw, whole=path.stat().st_size <= WHOLE_CHECK_BYTES)
        database = Database(raw, _engine(raw))
        _bring_up_to_date(database.engine, version)
    except sqlite3.DatabaseError as error:
        raw.close()
        if is_damage(error):
            raise Damaged(str(error)) from error
        raise StoreRefused(path, f"SQLite cannot open it ({error})") from error
    except BaseException:
        raw.close()
        raise
    return database, version == 0


def _connect(path: Path) -> sqlite3.Connection:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return sqlite3.connect(path, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreRefused(path, f"it cannot be opened for writing ({error})") from error


def _gate(raw: sqlite3.Connection, path: Path) -> int:
    """The file's schema version, 0 when it is empty."""
    version = int(raw.execute("PRAGMA user_version").fetchone()[0])
    application = int(raw.execute("PRAGMA application_id").fetchone()[0])
    tables = int(raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if tables and application != schema.APPLICATION_ID:
        raise NotAStore(path, "this is the database of another program; name a file of Zuil or a new one")
    if version > schema.VERSION:
        raise NewerSchema(path, version, schema.VERSION)
    if bool(version) != bool(tables):
        raise Damaged(f"schema version {version} with {tables} tables and indexes")
    return version


def quick_check(raw: sqlite3.Connection, whole: bool) -> None:
    """Ask SQLite whether the file is sound.

    Raises:
        Damaged: with SQLite's first words when it is not.
    """
    scopes = ("1",) if whole else ("sync_state", "lease", "alembic_version")
    for scope in scopes:
        try:
            answer = str(raw.execute(f"PRAGMA quick_check({scope})").fetchone()[0])
        except sqlite3.DatabaseError as error:
            raise Damaged(str(error)) from error
        if answer != "ok":
            raise Damaged(answer)


def _engine(raw: sqlite3.Connection) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    # The driver would begin late, at the first write: read-then-write would not be atomic.
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _bring_up_to_date(engine: Engine, version: int) -> None:
    if version == schema.VERSION:
        return
    with engine.begin() as connection:
        if version == 0:
            create(connection)
        else:
            from kiosk.store.upgrading import upgrade  # Alembic takes longer to load than the kiosk to start

            upgrade(connection)


def create(connection: Connection) -> None:
    """Make the tables of the newest version in an empty file, in the caller's transaction."""
    schema.metadata.create_all(connection, checkfirst=False)
    connection.execute(schema.alembic_version.insert().values(version_num=schema.revision(schema.VERSION)))
    connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")


def move_aside(path: Path) -> Path:
    """Rename a damaged file with its log; returns the new name."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.damaged-{moment}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.damaged-{moment}-{count}")
    for part in _PARTS:
        source = path.with_name(path.name + part)
        if source.exists():
            source.rename(aside.with_name(aside.name + part))
    sync_directory(path.parent)
    return aside
