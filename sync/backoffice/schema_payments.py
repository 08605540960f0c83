"""The tables of payments at columns: what is known of each, and every closing of a terminal's period.

Used through `sync.backoffice.schema`. No card number and no name is in them. Not for: alarms about them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from sync.backoffice.schema_base import metadata

payment = Table(
    "payment",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("code", String(12), nullable=False),
    Column("product_id", String(80), nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("method", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Index(None, "organisation_id", "office_id", "state"),
    Index(None, "code"),
)

payment_period = Table(
    "payment_period",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organisation_id", String(80), ForeignKey("organisation.id"), nullable=False),
    Column("office_id", String(80), nullable=False),
    Column("kiosk_id", String(36), ForeignKey("kiosk.id"), nullable=False),
    Column("result", String(20), nullable=False),
    Column("payment_count", Integer, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("terminal_payment_count", Integer),
    Column("terminal_amount_cents", Integer),
    Column("reason", String(60), nullable=False),
    Column("closed_ms", BigInteger, nullable=False),
    Index(None, "organisation_id", "office_id", "closed_ms"),
)
