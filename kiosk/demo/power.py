"""A power cut for a column that runs in this process: what the disk held at that moment is all it finds again.

Not for: a column in a process of its own, which is killed (`supervisor`).
"""

from __future__ import annotations

import shutil
from contextlib import AsyncExitStack
from pathlib import Path

from kiosk.app import Kiosk
from kiosk.store.store import KioskStore

STORE = "kiosk.db"
_PARTS = ("", "-wal", ".epochs")


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


def copied(store: Path, into: Path) -> Path:
    """Copy what the disk holds this instant of a store that is open: database, write-ahead log and ledger.

    Returns:
        The copy of the database in `into`, which is made.
    """
    into.mkdir(parents=True)
    for part in _PARTS:
        source = store.with_name(store.name + part)
        if source.exists():
            shutil.copyfile(source, into / source.name)
    return into / store.name


def put_back(image: Path, store: Path) -> None:
    """Let the closed `store` be what was copied to the folder `image`, which is gone then."""
    for old in store.parent.glob(f"{store.name}*"):
        old.unlink()
    for kept in image.iterdir():
        shutil.move(kept, store.parent / kept.name)
    image.rmdir()
