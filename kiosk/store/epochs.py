"""Epochs: which chain a file writes, and how its last-resort numbers stay unique whatever happened to the disk.

A receipt's epoch is begun once on this disk. When the file that began it is gone or forked, facts go on in a
*provisional* epoch: a large random number, no lease numbers, and two letters of the epoch in every label.
Not for: the state of a chain (`kiosk.store.state`).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from pathlib import Path

PROVISIONAL = 2**30
"""Epochs from here on are made by the column itself; the back office grants small ones."""
_CEILING = 2**31
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels: two letters never make a word."""
_GRANTED_PAIRS = 100
"""Pairs set apart for granted epochs; the other 300 are for provisional ones."""


def letters(epoch: int) -> str:
    """The two letters an epoch adds to the suffix; none for epoch 1, whose counter never was set back."""
    if epoch == 1:
        return ""
    own_pairs = len(_ALPHABET) ** 2 - _GRANTED_PAIRS
    pair = _GRANTED_PAIRS + epoch % own_pairs if epoch >= PROVISIONAL else epoch % _GRANTED_PAIRS
    first, second = divmod(pair, len(_ALPHABET))
    return _ALPHABET[first] + _ALPHABET[second]


def new_provisional(begun: Collection[int]) -> int:
    """A provisional epoch whose letters no epoch of this disk had."""
    taken = {letters(epoch) for epoch in begun}
    while True:
        epoch = PROVISIONAL + secrets.randbelow(_CEILING - PROVISIONAL)
        if letters(epoch) not in taken or len(taken) > len(_ALPHABET) ** 2 - _GRANTED_PAIRS:
            return epoch


class Ledger:
    """The epochs begun on this disk, in a text file beside the store, so that a lost store is noticed.

    Args:
        path: the store's file; the ledger stands next to it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".epochs")

    def read(self) -> list[tuple[int, str]]:
        """Each begun epoch and its source, oldest first; a half-written last line does not count."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        except FileNotFoundError:
            return []
        pairs = [line.rstrip("\n").partition(" ") for line in lines if line.endswith("\n")]
        return [(int(epoch), source) for epoch, _, source in pairs if epoch.isdigit()]

    def add(self, epoch: int, source: str) -> None:
        """Note that an epoch has begun; on disk when this returns. Known ones are not repeated."""
        if (epoch, source) in self.read():
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{epoch} {source}\n")
            file.flush()
            os.fsync(file.fileno())
        sync_directory(self._path.parent)


def sync_directory(directory: Path) -> None:
    """Make a new or renamed file of that directory durable."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
