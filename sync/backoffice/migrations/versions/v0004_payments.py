"""Payments: what is known of each, and the closings of terminals."""

from __future__ import annotations

from alembic import op

from sync.backoffice.migrations.fourth_tables import TABLES

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables."""
    for table in TABLES:
        table.create(op.get_bind())
