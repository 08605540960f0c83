"""Which directory and file of the card are selected, and reading from them.

Not for: commands that need keys or a PIN (`rights`).
"""

from __future__ import annotations

from collections.abc import Collection

MASTER = bytes.fromhex("3F00")
DIRECTORIES = (MASTER, bytes.fromhex("3F00DF00"), bytes.fromhex("3F00DF01"))
OK, NO_FILE = 0x9000, 0x6A82


class Selection:
    """Where the card stands; begins in the master file with no file selected.

    Attributes:
        directory: whole path.
        file: whole path, or None.
    """

    def __init__(self) -> None:
        self.directory = MASTER
        self.file: bytes | None = None

    def by_path(self, path: bytes, files: Collection[bytes]) -> int:
        """Select by path from the master file, which may be left out; the status word."""
        whole = path if path.startswith(MASTER) else MASTER + path
        return self._select(whole, files)

    def by_id(self, id: bytes, files: Collection[bytes]) -> int:
        """Select the master file, something in the directory, or a directory beside it; the status word."""
        for whole in (id if id == MASTER else self.directory + id, MASTER + id):
            if self._select(whole, files) == OK:
                return OK
        return NO_FILE

    def _select(self, whole: bytes, files: Collection[bytes]) -> int:
        if whole in DIRECTORIES:
            self.directory, self.file = whole, None
            return OK
        if whole in files:
            self.directory, self.file = whole[:-2], whole
            return OK
        return NO_FILE
