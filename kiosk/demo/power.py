"""A power cut for a column that runs in this process: what the disk held at that moment is all it finds again.

Not for: a column in a process of its own, which is killed (`supervisor`).
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from kiosk.app import Kiosk
from kiosk.demo.disk_image import copied
from kiosk.store.store import KioskStore

STORE = "kiosk.db"


class PluggedKiosk(Kiosk):
    """A column whose plug can be pulled."""

    _store: KioskStore | None = None

    def _record_start(self, stack: AsyncExitStack, store: KioskStore) -> None:
        self._store = store
        super()._record_start(stack, store)

    def pull_plug(self, into: Path) -> None:
        """Keep what its disk holds now in the folder `into`; nothing it does from here on counts."""
        if self._store is not None:
            self._store.go_dark()
        copied(self._data / STORE, into)
