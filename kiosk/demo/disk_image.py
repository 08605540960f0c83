"""What the disk holds of an open store this instant, copied and put back: all a column finds again after a power cut.

Not for: pulling the plug (`power`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

_PARTS = ("", "-wal", ".epochs")


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
