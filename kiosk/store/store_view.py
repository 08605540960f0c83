"""More of a store's file than its journal, read only: whether it is sound, what waits, which numbers are left.

For an examination beside or without the running kiosk. Not for: changing anything, or judging the chain
(`kiosk.store.journal_file`).
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from kiosk.store.journal_file import JournalFile

_SMALL_TABLES = ("sync_state", "lease", "alembic_version")


@dataclass(frozen=True)
class Waiting:
    """What the back office does not have yet.

    Attributes:
        oldest: when the oldest of them happened, or None.
        stopped: why this column's events are not taken any more; empty while they are.
    """

    count: int
    oldest: datetime | None
    stopped: str


class StoreView(JournalFile):
    """A store's file; use it as a context manager.

    Args:
        still: nobody has it open, so that it can be read without making the files of a reader beside it.
    """

    def __init__(self, path: Path, *, still: bool = False) -> None:
        log = path.with_name(path.name + "-wal")
        super().__init__(path, immutable=still and not log.exists())

    @property
    def version(self) -> int:
        """Schema version."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def trouble(self, *, whole: bool) -> str | None:
        """SQLite's first words when it finds the file damaged, else None; the small tables only unless `whole`."""
        scopes = ("1",) if whole else _SMALL_TABLES
        for scope in scopes:
            try:
                answer = str(self._connection.execute(f"PRAGMA quick_check({scope})").fetchone()[0])
            except sqlite3.OperationalError:
                raise  # busy, which says nothing about the file
            except sqlite3.DatabaseError as error:
                return str(error)
            if answer != "ok":
                return answer
        return None

    def last_moment(self) -> datetime | None:
        """When the newest event happened."""
        return self._moment("ORDER BY epoch DESC, sequence DESC")

    def waiting(self) -> Waiting:
        """What the back office has not proved to have."""
        stopped = self._connection.execute("SELECT value FROM sync_state WHERE key = 'stopped'").fetchone()
        count = self._connection.execute("SELECT count(*) FROM outbox WHERE state != 'acked'").fetchone()[0]
        oldest = self._moment("WHERE state != 'acked' ORDER BY epoch, sequence")
        return Waiting(int(count), oldest, str(stopped[0]) if stopped else "")

    def numbers(self, today: date, now: datetime) -> dict[tuple[str, date], int]:
        """Leased numbers left, by queue and day from `today` on; those of the current epoch that count at `now`."""
        query = (
            "SELECT queue_id, service_date, sum(last - next + 1) FROM lease WHERE service_date >= ? AND expires_at > ? "
            "AND epoch = (SELECT CAST(value AS INTEGER) FROM sync_state WHERE key = 'epoch') GROUP BY 1, 2"
        )
        moment = now.astimezone(UTC).isoformat(timespec="milliseconds")
        rows = self._connection.execute(query, (today.isoformat(), moment))
        return {(str(queue), date.fromisoformat(day)): int(left) for queue, day, left in rows}

    def _moment(self, which: str) -> datetime | None:
        row = self._connection.execute(f"SELECT body FROM outbox {which} LIMIT 1").fetchone()  # noqa: S608 - our words
        try:
            return datetime.fromisoformat(str(json.loads(row[0])["time"])) if row else None
        except (ValueError, KeyError, TypeError):
            return None
