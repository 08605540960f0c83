"""First schema."""

from __future__ import annotations

from alembic import op

from sync.backoffice.migrations.first_tables import TABLES, metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the first release."""
    metadata.create_all(op.get_bind(), TABLES)
