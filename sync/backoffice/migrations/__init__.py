"""Bringing a database up to the schema of this program, with Alembic; a newer one is refused.

Only additive steps within a release; `REVISIONS` names every schema version ever released, oldest first, so that the
start needs no Alembic when there is nothing to do. Not for: the tables themselves (`sync.backoffice.schema`).
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from sync.backoffice.database import Database

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003", "0004")


class NewerSchema(RuntimeError):
    """The database was written by a newer program; starting on it could lose what that program stored."""


def prepare(database: Database) -> None:
    """Create the tables, or bring them up to date, or do nothing.

    Raises:
        NewerSchema: when the database is ahead of this program.
    """
    current = _current(database)
    if current == REVISIONS[-1]:
        return
    if current is not None and current not in REVISIONS:
        raise NewerSchema(
            f"the database {database.url!r} has schema {current}, this program knows up to {REVISIONS[-1]}: "
            "install the newer back office, or restore the backup made before it was installed"
        )
    _upgrade(database)


def _current(database: Database) -> str | None:
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
        return str(row[0]) if row else None


def _upgrade(database: Database) -> None:
    # Imported late: a start on a database that is up to date need not wait for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
