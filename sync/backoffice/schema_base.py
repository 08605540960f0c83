"""What every table of the back office is declared with: names of constraints, and a number that counts up.

Not for: tables (`sync.backoffice.schema`).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Serial = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up by itself only for a column that is exactly INTEGER PRIMARY KEY."""
