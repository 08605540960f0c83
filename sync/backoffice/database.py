"""Opening the database and its transactions: one writer at a time on SQLite, a pool on PostgreSQL.

SQLite has exactly one writing connection, which also does every checkpoint: versions before 3.51.3 can damage a file
when a second connection checkpoints during a commit, and two writers grow the log without bound. Not for: what the
tables are (`schema`) or bringing a database up to date (`migrations`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url

from sync.backoffice.bulk import Bulk

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
)
_POSTGRESQL_OPTIONS = "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s -c jit=off"


class UnsupportedDatabase(ValueError):
    """The URL names a database the back office does not run on."""


class _DriverCursor(Protocol):
    def execute(self, statement: str) -> object: ...

    def close(self) -> None: ...


class _DriverConnection(Protocol):
    isolation_level: str | None

    def cursor(self) -> _DriverCursor: ...


class Database:
    """One database of the back office.

    Args:
        guest: this process only visits a file that a running back office has open, and leaves checkpoints to it.

    Attributes:
        url: where it is; the password is not shown in its text form.
        is_sqlite: one process only may use it then.
        bulk: for the statements every batch needs.

    Raises:
        UnsupportedDatabase: for a URL that is neither SQLite in a file nor PostgreSQL.
    """

    def __init__(self, url: str, *, guest: bool = False) -> None:
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.bulk = Bulk(is_sqlite=self.is_sqlite)
        self._lock = threading.Lock()
        if self.is_sqlite:
            checkpoint = f"PRAGMA wal_autocheckpoint={0 if guest else 4000}"
            self._writer = _sqlite_engine(self.url, 1, checkpoint, begin="BEGIN IMMEDIATE")
            self._reader = _sqlite_engine(self.url, 8, "PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0")
        else:
            self._writer = create_engine(
                self.url, pool_size=8, max_overflow=8, connect_args={"options": _POSTGRESQL_OPTIONS}
            )
            self._reader = self._writer.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction: committed at the end of the block, rolled back when it raises."""
        if self.is_sqlite:
            with self._lock, self._writer.begin() as connection:
                yield connection
        else:
            with self._writer.begin() as connection:
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """For reading; on PostgreSQL each statement sees the newest committed state."""
        with self._reader.connect() as connection:
            yield connection

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, in this database's dialect."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def claim(self, connection: Connection, table: Table, **values: str | int) -> bool:
        """Insert a row that only one may insert; False when its key was there already.

        RETURNING and not the count of rows, which drivers do not agree on for INSERT.
        """
        first_key = next(iter(table.primary_key.columns))
        statement = self.insert(table).values(**values).on_conflict_do_nothing().returning(first_key)
        return connection.execute(statement).first() is not None

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self._writer.dispose()


def _checked(text: str) -> URL:
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise UnsupportedDatabase("SQLite needs a file: sqlite:////var/lib/zuil/backoffice.db")
        return url.set(drivername="sqlite+pysqlite")
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise UnsupportedDatabase(f"{url.get_backend_name()!r} is not supported; use sqlite:/// or postgresql://")


def _sqlite_engine(url: URL, pool_size: int, *pragmas: str, begin: str = "BEGIN") -> Engine:
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=0, pool_timeout=10, connect_args={"check_same_thread": False}
    )

    def configure(connection: _DriverConnection, _record: object) -> None:
        # The driver's own transaction control begins too late to make read-then-write atomic.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *pragmas):
            cursor.execute(pragma)
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", start)
    return engine
