"""Saves what can still be read of a damaged file's events, as evidence for the back office.

Not for: putting them back into a store: facts go on in a provisional epoch.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path


def salvage(damaged: Path) -> Path | None:
    """Write each readable event of `damaged` as one line of JSON to a file beside it.

    Returns:
        The export, or None when nothing could be read.
    """
    export = damaged.with_name(damaged.name + ".salvage.jsonl")
    bodies = {body for order in ("ASC", "DESC") for body in _readable(damaged, order)}
    if not bodies:
        return None
    with export.open("wb") as file:
        file.writelines(body + b"\n" for body in sorted(bodies, key=_place))
        file.flush()
        os.fsync(file.fileno())
    return export


def _readable(damaged: Path, order: str) -> Iterator[bytes]:
    """Events up to the first unreadable page, from either end."""
    try:
        connection = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return
    try:
        rows = connection.execute(f"SELECT body FROM outbox ORDER BY epoch {order}, sequence {order}")  # noqa: S608 - a constant
        for (body,) in rows:
            if isinstance(body, bytes):
                yield body
    except sqlite3.Error:
        return
    finally:
        connection.close()


def _place(body: bytes) -> tuple[int, bytes]:
    """Ids are time-ordered, so the text after `"id":"` sorts by age; whatever has none comes last."""
    start = body.find(b'"id":"')
    return (0, body[start : start + 42]) if start >= 0 else (1, body)
