"""The tables of remote care: commands, what columns sent, releases of settings and offer, settings of one column.

Used through `sync.backoffice.schema`. Not for: the tables everything else needs.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from sync.backoffice.schema_base import metadata

command = Table(
    "command",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("given_by", String(80), nullable=False),
    Column("issued_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("outcome", String(20)),
    Column("detail", Text),
    Column("ended_ms", BigInteger),
    Index(None, "kiosk_id", "issued_ms"),
)

column_report = Table(
    "column_report",
    metadata,
    Column("command_id", String(36), ForeignKey("command.id"), primary_key=True),
    Column("organisation_id", String(80), nullable=False),
    Column("kiosk_id", String(36), nullable=False),
    Column("name", String(20), nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Index(None, "organisation_id", "received_ms"),
)

site_release = Table(
    "site_release",
    metadata,
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("published_by", String(80), nullable=False),
    Column("published_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("organisation_id", "version"),
)

column_setting = Table(
    "column_setting",
    metadata,
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("value", Text, nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "name"),
)
