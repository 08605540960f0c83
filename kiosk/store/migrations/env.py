"""Alembic's entry: run the migrations on the connection given by `kiosk.store.upgrading`.

The transaction, its commit and `user_version` belong to the caller. Not for: the command line of Alembic.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
