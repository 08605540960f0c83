"""ServiceIDs that never come twice: a counter that is on disk before its number is used.

A random number or the clock could repeat one, and the terminal would then answer about another payment. Not for: the
journal, which notes the number of each message.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import Protocol

_BLOCK = 100
"""Numbers taken from the file at once: what a restart leaves unused."""
_LAST = 10**9 - 1


class CannotCount(OSError):
    """The counter cannot be read or kept; the text says what would be right."""


class ServiceNumbers(Protocol):
    """Where the numbers come from."""

    def next(self) -> int:
        """1 to 999 999 999, never given before; raises `CannotCount`."""
        ...


class FileNumbers:
    """A counter in a small file: the first number that is still free."""

    def __init__(self, path: Path) -> None:
        """Keep the path; the file is made with the first number."""
        self._path = path
        self._lock = threading.Lock()
        self._next = self._end = 0

    def next(self) -> int:
        """See `ServiceNumbers`."""
        with self._lock:
            if self._next >= self._end:
                self._take_block()
            number, self._next = self._next, self._next + 1
            return (number - 1) % _LAST + 1

    def _take_block(self) -> None:
        try:
            first = self._read()
            self._write(first + _BLOCK)
        except (OSError, ValueError) as problem:
            raise CannotCount(
                f"{self._path} should hold one number and be writable ({type(problem).__name__}); it counts messages, "
                "so write a number higher than any that was used"
            ) from None
        self._next, self._end = first, first + _BLOCK

    def _read(self) -> int:
        try:
            text = self._path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return 1
        number = int(text)
        if number < 1:
            raise ValueError("below 1")
        return number

    def _write(self, number: int) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("w", encoding="ascii") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        with contextlib.closing(_Folder(self._path.parent)) as folder:
            os.fsync(folder.fileno)


class _Folder:
    """A folder opened to make a rename in it durable."""

    def __init__(self, path: Path) -> None:
        self.fileno = os.open(path, os.O_RDONLY)

    def close(self) -> None:
        os.close(self.fileno)


def service_id(number: int) -> str:
    """417 -> K000000417."""
    return f"K{number:09}"
