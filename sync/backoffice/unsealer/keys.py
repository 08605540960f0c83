"""The private keys of the unsealer: several at once, because last year's events are still to be opened.

A key that is removed from the list closes everything sealed to it, backups included. Not for: making keys
(`sync.backoffice.sealing_keys`) or keys in a KMS (another ring with the same `open`).
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from sync.protocol.canonical import unb64url
from sync.protocol.sealing import CannotOpen, OpeningKey, Place

_BYTES = 32


class KeyFileDamaged(ValueError):
    """A key file that cannot be used; the text says what would be right."""


class KeyRing:
    """Opens sealed text with whichever key it was sealed to."""

    def __init__(self, keys: Iterable[OpeningKey]) -> None:
        self._keys = {key.public.id: key for key in keys}

    @classmethod
    def load(cls, files: Iterable[Path]) -> KeyRing:
        """The keys of some files.

        Raises:
            KeyFileDamaged: naming the file and what would be right.
        """
        return cls([_load(file) for file in files])

    @property
    def kids(self) -> tuple[str, ...]:
        """Names of the keys."""
        return tuple(self._keys)

    def open(self, sealed: Mapping[str, object], place: Place) -> dict[str, object]:
        """The plain members.

        Raises:
            CannotOpen: when no key fits, or the text was altered, moved or erased.
        """
        key = self._keys.get(str(sealed.get("kid")))
        if key is None:
            raise CannotOpen("sealed to a key this unsealer was not given")
        return key.open(sealed, place)


def _load(file: Path) -> OpeningKey:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        raw = unb64url(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise KeyFileDamaged(f"{file} cannot be read; it holds one line, 32 bytes in base64url") from None
    if mode & 0o077:
        raise KeyFileDamaged(f"others may read {file} (mode {mode:04o}; right is 0600)")
    if len(raw) != _BYTES:
        raise KeyFileDamaged(f"{file} does not hold {_BYTES} bytes; it was made by another program")
    return OpeningKey(raw)
