"""Saves what can still be read of a damaged file's events, as evidence for the back office.

Not for: putting them back into a store: facts go on in a provisional epoch.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HEADER = 100
"""Bytes of a database header."""
_LARGEST = 16 * 1024**3
"""A header that claims more than this is garbage."""


def salvage(damaged: Path) -> Path | None:
    """Write each readable event of `damaged` as one line of JSON to a file beside it.

    Returns:
        The export, or None when nothing could be read.
    """
    export = damaged.with_name(damaged.name + ".salvage.jsonl")
    with _whole_length(damaged) as readable:
        bodies = {body for order in ("ASC", "DESC") for body in _readable(readable, order)}
    if not bodies:
        return None
    with export.open("wb") as file:
        file.writelines(body + b"\n" for body in sorted(bodies, key=_place))
        file.flush()
        os.fsync(file.fileno())
    return export


@contextmanager
def _whole_length(damaged: Path) -> Iterator[Path]:
    """The file, or a copy filled up with zeros when it is shorter than its header says: SQLite reads no short one."""
    header = _head(damaged)
    page = int.from_bytes(header[16:18], "big")
    size = (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")
    if damaged.stat().st_size >= size or size > _LARGEST:
        yield damaged
        return
    copy = damaged.with_name(damaged.name + ".filled")
    try:
        for part in ("", "-wal"):
            source = damaged.with_name(damaged.name + part)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + part))
        os.truncate(copy, size)
        yield copy
    finally:
        for part in ("", "-wal", "-shm"):
            copy.with_name(copy.name + part).unlink(missing_ok=True)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEADER)


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
