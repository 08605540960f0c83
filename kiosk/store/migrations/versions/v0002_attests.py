"""Version 2: attest, payment and its notes; a job may be the paper of an attest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables of attests and fees, and make the jobs anew with two more columns."""
    _payment()
    _attest()
    _job()


def _payment() -> None:
    op.create_table(
        "payment",
        sa.Column("payment_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("amount_cents", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    open_ones = sa.text("state NOT IN ('spent', 'failed', 'reversed', 'refundDue')")
    op.create_index("payment_open", "payment", ["payment_id"], sqlite_where=open_ones)
    op.create_table(
        "payment_note",
        sa.Column("note_id", sa.Integer, primary_key=True, nullable=False),
        sa.Column("payment_id", sa.Text, sa.ForeignKey("payment.payment_id"), nullable=False),
        sa.Column("at_ms", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_index("payment_note_of", "payment_note", ["payment_id", "note_id"])


def _attest() -> None:
    op.create_table(
        "attest",
        sa.Column("attest_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("use_id", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Text, nullable=False),
        sa.Column("fee_cents", sa.Integer, nullable=False),
        sa.Column("payment_id", sa.Text, sa.ForeignKey("payment.payment_id")),
        sa.Column("request_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("issued_epoch", sa.Integer, nullable=False),
        sa.Column("issued_sequence", sa.Integer, nullable=False),
        sa.UniqueConstraint("number", name="attest_number"),
    )
    op.create_index("attest_open", "attest", ["attest_id"], sqlite_where=sa.text("state = 'issued'"))


def _job() -> None:
    """Anew and not altered: SQLite keeps the text of a table, and an old file must end up like a fresh one."""
    op.rename_table("job", "job_v1")
    op.drop_index("job_open")
    op.create_table(
        "job",
        sa.Column("job_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("idempotency_key", sa.Text, nullable=False),
        sa.Column("ticket_id", sa.Text, sa.ForeignKey("ticket.ticket_id")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attest_id", sa.Text, sa.ForeignKey("attest.attest_id")),
        sa.Column("medium", sa.Text),
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint("kind IN ('print', 'payment')", name="job_kind"),
    )
    op.execute(
        "INSERT INTO job (job_id, kind, idempotency_key, ticket_id, state, attempts) "
        "SELECT job_id, kind, idempotency_key, ticket_id, state, attempts FROM job_v1"
    )
    op.drop_table("job_v1")
    op.create_index("job_open", "job", ["job_id"], sqlite_where=sa.text("state IN ('queued', 'sent')"))
