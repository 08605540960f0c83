"""Version 3: commands of the back office, what a column remembers of its own care, and periods of the terminal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables; none of before changes."""
    op.create_table(
        "command",
        sa.Column("command_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("expires_ms", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("received_ms", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('received', 'begun', 'ended')", name="command_state"),
    )
    op.create_index("command_open", "command", ["command_id"], sqlite_where=sa.text("state != 'ended'"))
    op.create_table(
        "care",
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payment_period",
        sa.Column("period_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("began_ms", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_table(
        "payment_counted",
        sa.Column("payment_id", sa.Text, sa.ForeignKey("payment.payment_id"), primary_key=True, nullable=False),
        sa.Column("period_id", sa.Text, sa.ForeignKey("payment_period.period_id"), nullable=False),
        sqlite_with_rowid=False,
    )
