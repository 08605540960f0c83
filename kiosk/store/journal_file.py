"""Reads a store's file without changing it: for `zuil journal` and for proving what is on disk.

Works beside a running column (readers never checkpoint) and on a copy taken after a power cut. Not for: writing, nor
for judging signatures of batches (`sync.backoffice`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.store import schema
from kiosk.store.errors import NewerSchema, NotAStore, StoreRefused
from sync.protocol.chain import BrokenChain, check_chain


@dataclass(frozen=True)
class StoredEvent:
    """One event as it lies on disk.

    Attributes:
        body: its exact bytes.
        event: the same, parsed; empty when it is no JSON object any more.
    """

    epoch: int
    sequence: int
    state: str
    body: bytes
    event: dict[str, object]


@dataclass(frozen=True)
class ChainVerdict:
    """What checking one epoch gave.

    Attributes:
        first: sequence of the first event still stored; the ones before it were acknowledged and compacted.
        broken: the first event that is wrong, or None when all follow from each other.
    """

    epoch: int
    first: int
    last: int
    head_hash: str
    broken: BrokenChain | None


class JournalFile:
    """A store's file, read only. Use it as a context manager.

    Args:
        immutable: nobody writes to it meanwhile, and no file is made beside it.

    Raises:
        NewerSchema: when a newer program wrote it.
        NotAStore: when it is another program's database.
        StoreRefused: when it cannot be read at all.
    """

    def __init__(self, path: Path, *, immutable: bool = False) -> None:
        if not path.is_file():
            raise StoreRefused(path, "there is no such file; name the store of a column, usually kiosk.db")
        uri = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if immutable else ''}"
        self._connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5)
        try:
            self._gate(path)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise StoreRefused(path, f"SQLite cannot read it ({error})") from error
        except StoreRefused:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def events(self, epoch: int | None = None) -> Iterator[StoredEvent]:
        """Every stored event, in order within its epoch; epochs in the order they began."""
        for known in self.epochs() if epoch is None else (epoch,):
            query = "SELECT sequence, state, body FROM outbox WHERE epoch = ? ORDER BY sequence"
            for sequence, state, body in self._connection.execute(query, (known,)):
                content = body if isinstance(body, bytes) else str(body).encode()
                yield StoredEvent(known, sequence, state, content, _parse(content))

    def verify(self) -> list[ChainVerdict]:
        """Check the chain of every epoch: birth, numbering, links, content, and the head the column remembers."""
        # One moment of the file: a column that goes on writing beside us would seem to end in the middle.
        self._connection.execute("BEGIN")
        try:
            found = {epoch: list(events) for epoch, events in groupby(self.events(), lambda e: e.epoch)}
            return [self._verdict(epoch, found.get(epoch, [])) for epoch in self.epochs()]
        finally:
            self._connection.execute("ROLLBACK")

    def labels(self) -> list[tuple[str, str, str, str]]:
        """Office, queue, service date and label of every ticket, in order of issue."""
        query = "SELECT office_id, queue_id, service_date, label FROM ticket ORDER BY issued_hlc"
        return list(self._connection.execute(query))

    def is_sound(self) -> bool:
        """Whether SQLite finds the whole file and its references in order."""
        checks = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
        return bool(checks[0] == "ok") and self._connection.execute("PRAGMA foreign_key_check").fetchone() is None

    def epochs(self) -> tuple[int, ...]:
        """Every epoch of this file, oldest first."""
        row = self._connection.execute("SELECT value FROM sync_state WHERE key = 'epochs'").fetchone()
        return tuple(int(text) for text in row[0].split()) if row else ()

    def _verdict(self, epoch: int, events: list[StoredEvent]) -> ChainVerdict:
        state = self._chain_state(epoch)
        last = int(state["next_sequence"]) - 1
        first = events[0].sequence if events else last + 1
        acked = int(state["acked_sequence"])
        previous = state["birth"] if first == 1 else str(events[0].event.get("prevhash")) if events else ""
        broken = None
        try:
            if first > acked + 1:
                raise BrokenChain(acked + 1, "it is missing and was never acknowledged")
            head = check_chain((each.event for each in events), first, previous)
            if events and (events[-1].sequence, head) != (last, state["head_hash"]):
                raise BrokenChain(events[-1].sequence, f"it is not the last event; {last} is")
        except BrokenChain as error:
            broken = error
        return ChainVerdict(epoch, first, last, state["head_hash"], broken)

    def _chain_state(self, epoch: int) -> dict[str, str]:
        rows = dict(self._connection.execute("SELECT key, value FROM sync_state").fetchall())
        if rows["epoch"] == str(epoch):
            return {str(key): str(value) for key, value in rows.items()}
        end = f"@{epoch}"
        return {str(key).removesuffix(end): str(value) for key, value in rows.items() if str(key).endswith(end)}

    def _gate(self, path: Path) -> None:
        version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        application = int(self._connection.execute("PRAGMA application_id").fetchone()[0])
        if application != schema.APPLICATION_ID:
            raise NotAStore(path, "this is not the store of a column; name its kiosk.db")
        if version > schema.VERSION:
            raise NewerSchema(path, version, schema.VERSION)


def _parse(body: bytes) -> dict[str, object]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}
