"""Takes in new versions of settings and offer, watches the first minute of each, and tells what became of them.

Not for: which version is in use (`kiosk.snapshots`).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from config.column import ColumnConfig, load_column
from config.problems import ConfigError
from kiosk.core.events import SNAPSHOT_ACTIVATED, SNAPSHOT_REJECTED
from kiosk.journeys.ports import Clock
from kiosk.snapshots import Snapshots
from kiosk.store.store import KioskStore

if TYPE_CHECKING:
    from sync.client.asking import Asker

WATCHED_S = 60.0
_KINDS = {"activated": SNAPSHOT_ACTIVATED, "rejected": SNAPSHOT_REJECTED}
_log = logging.getLogger("zuil.column")


class SnapshotCare:
    """Looks after the versions of one column.

    Args:
        path: the settings file.
        running: what the column runs with now; a version must be for the same site and contact point.
        restart: have the column start anew between two visits.
        healthy: whether the screen stands and the store answers, now.
    """

    def __init__(
        self,
        path: Path | None,
        running: ColumnConfig,
        store: KioskStore,
        clock: Clock,
        restart: Callable[[str], None],
        healthy: Callable[[], Awaitable[bool]],
    ) -> None:
        self._snapshots = Snapshots(running.settings.column.data)
        self._path = path
        self._running = running
        self._store = store
        self._clock = clock
        self._restart = restart
        self._healthy = healthy

    def fetch(self, asker: Asker) -> None:
        """Fetch the newest version, check and activate it; nothing where there is none newer. Blocks."""
        from sync.client.snapshots import Snapshot, fetch_snapshot

        fetched = fetch_snapshot(asker, self.highest)
        if not isinstance(fetched, Snapshot):
            _log.info("no new version was fetched: %s", fetched)
            return
        try:
            self.take_in(fetched.version, fetched.packed, fetched.settings)
        except OSError as error:
            _log.error("version %s cannot be kept: %s; again later", fetched.version, error.strerror)

    @property
    def highest(self) -> int:
        """The highest version ever seen here, used or rejected."""
        return self._snapshots.read().highest

    def take_in(self, version: int, packed: bytes, settings: dict[str, bool | int | str]) -> bool:
        """Keep and check a genuine version, and activate it when it is good; else tell why not. Raises OSError."""
        from sync.protocol.packing import CannotPack

        try:
            self._snapshots.keep(version, packed, settings)
            wrong = self._wrong_with(load_column(self._path, self._snapshots.change(version)))
        except CannotPack as error:
            wrong = str(error)
        except ConfigError as error:
            wrong = f"{error.problems[0].found}; {error.problems[0].expected} ({len(error.problems)} problems)"
        if wrong:
            _log.error("version %s cannot be used: %s", version, wrong)
            self._snapshots.reject(version, wrong)
            return False
        self._snapshots.activate(version, int(self._store.now().timestamp() * 1000))
        _log.info("version %s is used from the next start", version)
        self._restart(f"snapshot {version}")
        return True

    async def watch(self) -> None:
        """Watch a version on trial for its first minute, and record what became of versions. Returns."""
        await self._record()
        if not self._snapshots.read().trial:
            return
        await self._clock.sleep(WATCHED_S)
        if await self._healthy():
            self._snapshots.prove()
            await self._record()
        else:
            self._snapshots.roll_back("after a minute the screen did not stand")
            await self._record()
            self._restart("snapshot taken back")

    def failed(self, reason: str) -> None:
        """Serving ended by itself; a version on trial is taken back before the next start. Raises OSError."""
        self._snapshots.roll_back(reason)

    async def _record(self) -> None:
        """Each is told at least once; a cut in between tells it twice."""
        for told in self._snapshots.read().told:
            data = {"version": told.version, "reason": told.reason}
            kind = _KINDS[told.kind]
            await self._store.record(kind, {name: data[name] for name in data if name in kind.fields})
            self._snapshots.forget_told(1)

    def _wrong_with(self, config: ColumnConfig) -> str:
        if config.site.id != self._running.site.id:
            return f"it is for the site {config.site.id!r}, this column is one of {self._running.site.id!r}"
        if config.here.id != self._running.here.id:
            return f"it has no contact point {self._running.here.id!r}"
        return ""
