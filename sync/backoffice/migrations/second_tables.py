"""The tables that came with attests, as the second release made them. A copy that never changes.

Not for: using; the tables of today are in `sync.backoffice.schema`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sync.backoffice.migrations.first_tables import Serial, metadata

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

TABLES = (authority, attest_certificate, sealing_key, attest, attest_request, attest_copy, opening, download)
"""Every table of this step, in the order in which they can be made."""
