"""One enrolled column with its store, wired to the reference server, for tests of single steps. Not a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.core.events import VISIT_STARTED
from kiosk.store.store import KioskStore
from sync.client.column import Column
from sync.client.identity import Identity
from sync.client.ports import Facts
from sync.client.updates import Updater
from sync.client.uploader import Uploader
from sync.protocol.signing import SigningKey
from tests.store.columns import TODAY, Hands, open_at
from tests.sync_client.reference_server import Known, ReferenceServer
from tests.sync_client.wire import Wire


@dataclass
class Pair:
    """A column and its back office."""

    path: Path
    clock: Hands
    store: KioskStore
    server: ReferenceServer
    wire: Wire
    identity: Identity

    @property
    def known(self) -> Known:
        """The column as the server knows it."""
        return self.server.columns[self.identity.column.source]

    def uploader(self) -> Uploader:
        """A fresh uploader."""
        return Uploader(self.store, self.identity, self.wire, "/kiosk/v1/batches")

    def updater(self, devices: dict[str, str] | None = None) -> Updater:
        """A fresh updater for one queue."""
        facts = Facts("1.2", ("travel",), lambda: TODAY, lambda: devices or {})
        return Updater(self.store, self.identity, facts, self.wire, "/kiosk/v1/updates")

    def record(self, count: int) -> None:
        """Append events."""
        for number in range(count):
            self.store.record_now(VISIT_STARTED, {"visitId": f"v{number}", "language": "nl"})

    @property
    def acked(self) -> int:
        """The watermark."""
        return self.store.position().acked_sequence

    def hash_at(self, sequence: int) -> str:
        """Own hash of an event that is not acknowledged."""
        batch = self.store.next_batch(1000, 10_000_000)
        assert batch is not None
        return str(json.loads(batch.bodies[sequence - batch.first])["hash"])


@contextmanager
def pair(folder: Path, server: ReferenceServer | None = None) -> Iterator[Pair]:
    """Enrol a column and open its store."""
    server = server or ReferenceServer()
    key = SigningKey(b"\x01" * 32)
    identity = Identity(Column.of(server.enrol(key.public)), key, server.key.public, "")
    clock, path = Hands(), folder / "kiosk.db"
    made = Pair(path, clock, open_at(path, identity.column, clock), server, Wire(server), identity)
    try:
        yield made
    finally:
        made.store.close()
