"""Attests: authority, certificates, sealing keys, requests, copies, openings, downloads; events can be redacted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync.backoffice.migrations.second_tables import TABLES

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables and the column."""
    for table in TABLES:
        table.create(op.get_bind())
    op.add_column("event", sa.Column("redacted_ms", sa.BigInteger))
