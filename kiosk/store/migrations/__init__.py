"""Alembic migrations of `kiosk.db`; imported only for a file of an older version. Start at `kiosk.store.upgrading`."""
