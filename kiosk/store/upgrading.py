"""Brings a file of an older schema version to the newest one. The only module that imports Alembic.

Not for: opening (`kiosk.store.opening`), which imports this module only when a file is behind.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from kiosk.store import schema

LOCATION = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Run every missing migration and set `user_version`, inside the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(LOCATION).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, schema.revision(schema.VERSION))
    connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
