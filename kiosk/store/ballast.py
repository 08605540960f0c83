"""A file of real blocks beside the store, given up when the disk is full so that SQLite can clean up and go on.

SQLite's write-ahead log needs room even for DELETE and checkpoint. Not for: deciding when the disk is full
(`kiosk.store.writer`).
"""

from __future__ import annotations

import os
from pathlib import Path

SIZE = 64 * 1024 * 1024


class Ballast:
    """The ballast file.

    Args:
        path: where it lies; same file system as the store.
        size: bytes; 0 keeps none.
    """

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self._path = path
        self._size = size

    def ensure(self) -> bool:
        """Have the whole file in real blocks; false when there is no room for it (then there is none at all)."""
        if self._size == 0 or self._whole():
            return True
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(handle, 0, self._size)
            finally:
                os.close(handle)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> bool:
        """Give the room back; false when there was none to give."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def _whole(self) -> bool:
        try:
            found = self._path.stat()
        except OSError:
            return False
        return found.st_size >= self._size and found.st_blocks * 512 >= self._size
