"""The tables of the back office, for SQLAlchemy Core; the same on SQLite and PostgreSQL.

Times are UTC milliseconds since 1970 in columns named `…_ms`; service dates are `YYYY-MM-DD` text in the office's own
time zone. `event` and `ticket` have no foreign keys to their column: they are written only while that column's row is
locked, and a check for each of a hundred rows a batch would be felt; `attest` and `attest_request` have none for the
same reason. No table holds anything about a person, except sealed in `event.body`. Not for: changing a database in
the field (`migrations`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from sync.backoffice.schema_base import Serial, metadata
from sync.backoffice.schema_payments import payment as payment
from sync.backoffice.schema_payments import payment_period as payment_period
from sync.backoffice.schema_remote import column_report as column_report
from sync.backoffice.schema_remote import column_setting as column_setting
from sync.backoffice.schema_remote import command as command
from sync.backoffice.schema_remote import site_release as site_release

organisation = Table(
    "organisation",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("signing_seed", LargeBinary(32), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

office = Table(
    "office",
    metadata,
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("id", String(80), nullable=False),
    Column("last_ordinal", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("organisation_id", "id"),
)

kiosk = Table(
    "kiosk",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("suffix", String(8), nullable=False),
    Column("source", String(200), nullable=False, unique=True),
    Column("public_key", String(43), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("receipt_hash", String(43), nullable=False),
    Column("enrolled_ms", BigInteger, nullable=False),
    Column("last_seen_ms", BigInteger, nullable=False),
    Column("app_version", String(40), nullable=False),
    Column("revoked_ms", BigInteger),
    Column("quarantined_ms", BigInteger),
    Column("drain_until_ms", BigInteger),
    Column("revoked_by", String(80)),
    UniqueConstraint("organisation_id", "office_id", "ordinal"),
)

chain = Table(
    "chain",
    metadata,
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("acked_sequence", BigInteger, nullable=False),
    Column("acked_hash", String(43), nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("begun_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "epoch"),
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("selector", String(4), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("code_hash", String(43), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("used_key", String(43)),
    Column("used_nonce", String(200)),
    Column("receipt", Text),
)

lease = Table(
    "lease",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("queue_id", String(80), nullable=False),
    Column("service_date", String(10), nullable=False),
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("first_number", Integer, nullable=False),
    Column("last_number", Integer, nullable=False),
    Column("highest_used", Integer),
    Column("granted_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("quarantined", Boolean, nullable=False, server_default=text("false")),
    Index(None, "kiosk_id", "service_date", "queue_id"),
)

number_counter = Table(
    "number_counter",
    metadata,
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("queue_id", String(80), nullable=False),
    Column("service_date", String(10), nullable=False),
    Column("working_next", Integer, nullable=False),
    Column("reserve_floor", Integer, nullable=False),
    Column("beyond_next", Integer, nullable=False),
    PrimaryKeyConstraint("organisation_id", "office_id", "queue_id", "service_date"),
)

request_nonce = Table(
    "request_nonce",
    metadata,
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("nonce", String(200), nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "nonce"),
)

event = Table(
    "event",
    metadata,
    Column("kiosk_id", String(36), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("id", String(36), nullable=False, unique=True),
    Column("hash", String(43), nullable=False),
    Column("type", String(120), nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("redacted_ms", BigInteger),
    PrimaryKeyConstraint("kiosk_id", "epoch", "sequence"),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("hash", String(43), nullable=False),
    Column("problem", String(60), nullable=False),
    Column("detail", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "epoch", "sequence"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("body_hash", String(43), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "body_hash"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("queue_id", String(80), nullable=False),
    Column("service_date", String(10), nullable=False),
    Column("label", String(20), nullable=False),
    Column("number", Integer, nullable=False),
    Column("service_id", String(80), nullable=False),
    Column("language", String(8), nullable=False),
    Column("lease_id", String(36)),
    Column("visitor_class", String(40), nullable=False),
    Column("kiosk_id", String(36), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("kiosk_ordinal", Integer, nullable=False),
    Column("issued_ms", BigInteger, nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("late_ms", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("print_state", String(10), nullable=False),
    Column("counter", String(10)),
    Column("called_ms", BigInteger),
    UniqueConstraint("organisation_id", "office_id", "service_date", "queue_id", "label"),
)

Index(
    "ix_ticket_waiting",
    ticket.c.organisation_id,
    ticket.c.office_id,
    ticket.c.queue_id,
    ticket.c.rank,
    ticket.c.kiosk_ordinal,
    ticket.c.sequence,
    sqlite_where=ticket.c.state == text("'waiting'"),
    postgresql_where=ticket.c.state == text("'waiting'"),
)

Index(
    "ix_ticket_called",
    ticket.c.organisation_id,
    ticket.c.office_id,
    ticket.c.counter,
    sqlite_where=ticket.c.state == text("'called'"),
    postgresql_where=ticket.c.state == text("'called'"),
)

visit_transition = Table(
    "visit_transition",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("ticket_id", String(36), ForeignKey("ticket.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("from_state", String(12), nullable=False),
    Column("to_state", String(12), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("counter", String(10)),
    UniqueConstraint("ticket_id", "n"),
    Index(None, "organisation_id", "office_id", "to_state", "at_ms"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("actor", String(80), nullable=False),
    Column("key", String(80), nullable=False),
    Column("answer", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("actor", "key"),
)

kiosk_device = Table(
    "kiosk_device",
    metadata,
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("device", String(60), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "device"),
)

host_call = Table(
    "host_call",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("page", String(60), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("acknowledged_ms", BigInteger),
    Column("acknowledged_by", String(80)),
    Index(None, "organisation_id", "office_id", "acknowledged_ms"),
)

alarm = Table(
    "alarm",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("kiosk_id", String(36), ForeignKey("kiosk.id")),
    Column("kind", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("raised_ms", BigInteger, nullable=False),
    Column("cleared_ms", BigInteger),
    Column("cleared_by", String(80)),
)

staff = Table(
    "staff",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("login", String(80), nullable=False),
    Column("name", String(120), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until_ms", BigInteger),
    Column("created_ms", BigInteger, nullable=False),
    UniqueConstraint("organisation_id", "login"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(43), primary_key=True),
    Column("staff_id", String(36), ForeignKey("staff.id"), nullable=False),
    Column("csrf", String(43), nullable=False),
    Column("language", String(8), nullable=False),
    Column("office_id", String(80)),
    Column("counter", String(10)),
    Column("queues", Text, nullable=False, server_default=""),
    Column("begun_ms", BigInteger, nullable=False),
    Column("last_used_ms", BigInteger, nullable=False),
)

authority = Table(
    "authority",
    metadata,
    Column("organisation_id", String(80), ForeignKey("organisation.id"), primary_key=True),
    Column("private_key", LargeBinary, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("trust_version", Integer, nullable=False),
)

attest_certificate = Table(
    "attest_certificate",
    metadata,
    Column("kid", String(11), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("kiosk_id", String(36), ForeignKey("kiosk.id")),
    Column("certificate", LargeBinary, nullable=False),
    Column("issued_ms", BigInteger, nullable=False),
    Column("valid_from_ms", BigInteger, nullable=False),
    Column("valid_to_ms", BigInteger, nullable=False),
    Column("revoked_from_ms", BigInteger),
    Index(None, "organisation_id", "kiosk_id"),
)

sealing_key = Table(
    "sealing_key",
    metadata,
    Column("kid", String(16), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("public_key", String(43), nullable=False),
    Column("not_before_ms", BigInteger, nullable=False),
    Column("not_after_ms", BigInteger, nullable=False),
)

attest = Table(
    "attest",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("kiosk_id", String(36), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("number", String(120), nullable=False),
    Column("product_id", String(80), nullable=False),
    Column("use_id", String(80), nullable=False),
    Column("language", String(8), nullable=False),
    Column("fee_cents", Integer, nullable=False),
    Column("payment_id", String(36)),
    Column("request_id", String(36)),
    Column("issued_ms", BigInteger, nullable=False),
    Column("valid_until", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("print_state", String(10), nullable=False),
    Column("medium", String(10), nullable=False),
    Column("reason", Text),
    Column("decided_by", String(80)),
    Column("decided_ms", BigInteger),
    UniqueConstraint("organisation_id", "number"),
    Index(None, "organisation_id", "office_id", "issued_ms"),
)

attest_request = Table(
    "attest_request",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("kiosk_id", String(36), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("product_id", String(80), nullable=False),
    Column("use_id", String(80), nullable=False),
    Column("language", String(8), nullable=False),
    Column("fee_cents", Integer, nullable=False),
    Column("payment_id", String(36)),
    Column("code_hash", String(43), nullable=False),
    Column("delivery", String(10), nullable=False),
    Column("redirected_by", String(36)),
    Column("requested_ms", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("problem", String(40)),
    Column("settled_ms", BigInteger),
    UniqueConstraint("organisation_id", "code_hash"),
    Index(None, "organisation_id", "state", "requested_ms"),
)

attest_copy = Table(
    "attest_copy",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), nullable=False),
    Column("attest_id", String(36), ForeignKey("attest.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_ms", BigInteger, nullable=False),
)

opening = Table(
    "opening",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("organisation_id", String(80), nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("why", String(40), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index(None, "organisation_id", "event_id"),
)

download = Table(
    "download",
    metadata,
    Column("id", String(43), primary_key=True),
    Column("organisation_id", String(80), nullable=False),
    Column("kiosk_id", String(36), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)
