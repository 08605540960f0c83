"""How Alembic reaches the database: over the connection and in the transaction of the caller.

Not for: a command line of its own; `zuil backoffice migrate` is the way in.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
