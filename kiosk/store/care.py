"""What the column remembers of its own care: one JSON value a key, written whole.

Not for: anything about a person, and anything that must reach the back office (events).
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.schema import care

_READ = select(care.c.value).where(care.c.key == bindparam("name"))
_INSERT = insert(care)
_WRITE = _INSERT.on_conflict_do_update(index_elements=["key"], set_={"value": _INSERT.excluded.value})
_FORGET = delete(care).where(care.c.key == bindparam("name"))


def remembered(connection: Connection, key: str) -> object:
    """The value of a key, or None where nothing was kept."""
    found = connection.execute(_READ, {"name": key}).scalar()
    return None if found is None else json.loads(found)


def remember(connection: Connection, key: str, value: object) -> None:
    """Keep a value that JSON can hold in place of the one before; None forgets it."""
    if value is None:
        connection.execute(_FORGET, {"name": key})
    else:
        connection.execute(_WRITE, {"key": key, "value": json.dumps(value)})
