"""The tables of `kiosk.db` at the newest schema version.

Names are fixed by the sync contract. No table holds anything about a person. Not for: how a file of an older version
gets here (`kiosk.store.migrations`).
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

VERSION = 3
"""`user_version` of a file with these tables; the migration of the same number leads to it."""

APPLICATION_ID = 0x5A55494C
"""`application_id` of our files: "ZUIL"."""

metadata = MetaData()

outbox = Table(
    "outbox",
    metadata,
    Column("epoch", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", Text, nullable=False),
    Column("created_mono_ms", Integer, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("epoch", "sequence"),
    UniqueConstraint("id"),
    CheckConstraint("state IN ('pending', 'relayed', 'acked')", name="outbox_state"),
)

sync_state = Table(
    "sync_state",
    metadata,
    Column("key", Text, primary_key=True, nullable=False),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

ticket = Table(
    "ticket",
    metadata,
    Column("ticket_id", Text, primary_key=True, nullable=False),
    Column("office_id", Text, nullable=False),
    Column("queue_id", Text, nullable=False),
    Column("service_id", Text, nullable=False),
    Column("service_date", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("suffix", Text),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("print_state", Text, nullable=False),
    Column("issued_hlc", Text, nullable=False),
    Column("issued_epoch", Integer, nullable=False),
    Column("issued_sequence", Integer, nullable=False),
    Column("lease_id", Text),
    UniqueConstraint("office_id", "queue_id", "service_date", "label", name="ticket_label"),
    Index("ticket_order", "queue_id", "service_date", "issued_epoch", "issued_sequence"),
)

lease = Table(
    "lease",
    metadata,
    Column("lease_id", Text, primary_key=True, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("queue_id", Text, nullable=False),
    Column("service_date", Text, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("next", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("signature", Text, nullable=False),
    CheckConstraint("kind IN ('working', 'reserve')", name="lease_kind"),
    CheckConstraint("next BETWEEN first AND last + 1", name="lease_next"),
    Index("lease_day", "queue_id", "service_date"),
)

payment = Table(
    "payment",
    metadata,
    Column("payment_id", Text, primary_key=True, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("state", Text, nullable=False),
)
Index(
    "payment_open",
    payment.c.payment_id,
    sqlite_where=text("state NOT IN ('spent', 'failed', 'reversed', 'refundDue')"),
)

payment_note = Table(
    "payment_note",
    metadata,
    Column("note_id", Integer, primary_key=True, nullable=False),
    Column("payment_id", Text, ForeignKey("payment.payment_id"), nullable=False),
    Column("at_ms", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
)
"""What was sent to the terminal and what it answered, in order; only ever added to. Card numbers are masked."""
Index("payment_note_of", payment_note.c.payment_id, payment_note.c.note_id)

attest = Table(
    "attest",
    metadata,
    Column("attest_id", Text, primary_key=True, nullable=False),
    Column("number", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("use_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("valid_until", Text, nullable=False),
    Column("fee_cents", Integer, nullable=False),
    Column("payment_id", Text, ForeignKey("payment.payment_id")),
    Column("request_id", Text),
    Column("state", Text, nullable=False),
    Column("issued_epoch", Integer, nullable=False),
    Column("issued_sequence", Integer, nullable=False),
    UniqueConstraint("number", name="attest_number"),
)
Index("attest_open", attest.c.attest_id, sqlite_where=text("state = 'issued'"))

job = Table(
    "job",
    metadata,
    Column("job_id", Text, primary_key=True, nullable=False),
    Column("kind", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("ticket_id", Text, ForeignKey("ticket.ticket_id")),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("attest_id", Text, ForeignKey("attest.attest_id")),
    Column("medium", Text),
    UniqueConstraint("idempotency_key"),
    CheckConstraint("kind IN ('print', 'payment')", name="job_kind"),
)
Index("job_open", job.c.job_id, sqlite_where=text("state IN ('queued', 'sent')"))

command = Table(
    "command",
    metadata,
    Column("command_id", Text, primary_key=True, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("expires_ms", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("received_ms", Integer, nullable=False),
    CheckConstraint("state IN ('received', 'begun', 'ended')", name="command_state"),
)
"""Signed commands of the back office; each is begun at most once."""
Index("command_open", command.c.command_id, sqlite_where=text("state != 'ended'"))

care = Table(
    "care",
    metadata,
    Column("key", Text, primary_key=True, nullable=False),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What the column remembers of its own care, as JSON: closed or open, length of the roll, staff locked out."""

payment_period = Table(
    "payment_period",
    metadata,
    Column("period_id", Text, primary_key=True, nullable=False),
    Column("began_ms", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("data", Text, nullable=False),
)
"""Each closing of the terminal's period: its totals and ours."""

payment_counted = Table(
    "payment_counted",
    metadata,
    Column("payment_id", Text, ForeignKey("payment.payment_id"), primary_key=True, nullable=False),
    Column("period_id", Text, ForeignKey("payment_period.period_id"), nullable=False),
    sqlite_with_rowid=False,
)
"""In which period a payment was counted; what stands in none belongs to the next."""

alembic_version = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, declared so that a fresh file equals a migrated one."""


def revision(version: int) -> str:
    """Alembic revision that leads to a schema version."""
    return f"{version:04d}"
