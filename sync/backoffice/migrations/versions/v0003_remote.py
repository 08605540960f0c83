"""Remote care: commands, reports, releases of settings and offer; revoked columns may hand in what they have left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync.backoffice.migrations.third_tables import TABLES

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables and the columns."""
    for table in TABLES:
        table.create(op.get_bind())
    op.add_column("kiosk", sa.Column("drain_until_ms", sa.BigInteger))
    op.add_column("kiosk", sa.Column("revoked_by", sa.String(80)))
