"""The database itself: migrations give the tables of today, a newer one is refused, unsupported ones too."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from sync.backoffice import migrations, schema
from sync.backoffice.database import Database, UnsupportedDatabase
from sync.backoffice.migrations import REVISIONS, NewerSchema, prepare
from sync.backoffice.settings import BackOfficeSettings


def test_migrations_give_the_tables_of_today(database_url: str) -> None:
    database = Database(database_url)
    prepare(database)
    prepare(database)
    with database.read() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), schema.metadata)
    database.close()
    assert difference == []


def test_released_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == REVISIONS


def test_newer_schema_is_refused_with_what_to_do(database_url: str) -> None:
    database = Database(database_url)
    prepare(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match=r"9999.*install the newer back office"):
        prepare(database)
    database.close()


def test_unsupported_databases_are_named() -> None:
    with pytest.raises(UnsupportedDatabase, match="needs a file"):
        Database("sqlite://")
    with pytest.raises(UnsupportedDatabase, match="mysql"):
        Database("mysql://host/name")


def test_password_of_the_database_is_not_shown() -> None:
    database = Database("postgresql://zuil:secret@localhost/zuil")
    assert "secret" not in str(database.url)
    assert "secret" not in repr(database.url)
    database.close()


def test_writer_is_alone_and_durable_on_sqlite(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    prepare(database)
    with database.write() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA query_only").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
    database.close()


def test_write_that_raises_leaves_nothing(database_url: str) -> None:
    database = Database(database_url)
    prepare(database)

    def pull_the_plug() -> None:
        with database.write() as connection:
            connection.execute(schema.organisation.insert().values(id="x", signing_seed=b"s", created_ms=1))
            raise RuntimeError("plug pulled")

    with pytest.raises(RuntimeError, match="pulled"):
        pull_the_plug()
    with database.read() as connection:
        assert connection.execute(schema.organisation.select()).first() is None
    database.close()


def test_settings_name_their_range() -> None:
    with pytest.raises(ValueError, match=r"chunk_size is 0.*between 1 and 50"):
        BackOfficeSettings(chunk_size=0)
