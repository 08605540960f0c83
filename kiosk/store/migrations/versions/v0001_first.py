"""Version 1: outbox, sync_state, ticket, lease, job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of the first release."""
    _outbox()
    _ticket()
    _lease()
    _job()


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("created_mono_ms", sa.Integer, nullable=False),
        sa.Column("boot_id", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("epoch", "sequence"),
        sa.UniqueConstraint("id"),
        sa.CheckConstraint("state IN ('pending', 'relayed', 'acked')", name="outbox_state"),
    )
    op.create_table(
        "sync_state",
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("ticket_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("office_id", sa.Text, nullable=False),
        sa.Column("queue_id", sa.Text, nullable=False),
        sa.Column("service_id", sa.Text, nullable=False),
        sa.Column("service_date", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("suffix", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("print_state", sa.Text, nullable=False),
        sa.Column("issued_hlc", sa.Text, nullable=False),
        sa.Column("issued_epoch", sa.Integer, nullable=False),
        sa.Column("issued_sequence", sa.Integer, nullable=False),
        sa.Column("lease_id", sa.Text),
        sa.UniqueConstraint("office_id", "queue_id", "service_date", "label", name="ticket_label"),
    )
    op.create_index("ticket_order", "ticket", ["queue_id", "service_date", "issued_epoch", "issued_sequence"])


def _lease() -> None:
    op.create_table(
        "lease",
        sa.Column("lease_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("queue_id", sa.Text, nullable=False),
        sa.Column("service_date", sa.Text, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("next", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.CheckConstraint("kind IN ('working', 'reserve')", name="lease_kind"),
        sa.CheckConstraint("next BETWEEN first AND last + 1", name="lease_next"),
    )
    op.create_index("lease_day", "lease", ["queue_id", "service_date"])


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("job_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("idempotency_key", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, sa.ForeignKey("ticket.ticket_id")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint("kind IN ('print', 'payment')", name="job_kind"),
    )
    op.create_index("job_open", "job", ["job_id"], sqlite_where=sa.text("state IN ('queued', 'sent')"))
