"""What must outlive the program: the number of the next message, and the last request the terminal called back for.

A request that was called back for was taken, whatever the terminal says later; only this file still knows it after a
power cut. Not for: attempts and what came of them (the journal).
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

BLOCK = 1000
"""Numbers taken from the file at once: what a restart leaves unused."""


class CannotRemember(OSError):
    """The file cannot be read or kept; the text says what would be right."""


class Memory(Protocol):
    """Where it is kept."""

    def next(self) -> int:
        """A number above all that were given before; raises `CannotRemember`."""
        ...

    def called_back(self, request_id: int) -> None:
        """Note it, on disk when this returns; raises `CannotRemember`."""
        ...

    def was_called_back(self, request_id: int) -> bool | None:
        """Whether it was noted; None when that is not known (any more). Raises `CannotRemember`."""
        ...


class FileMemory:
    """One small file; from any thread."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Keep the path; the file is made with the first number.

        Args:
            clock: seconds since 1970: where numbers begin when there is no file, so that they are above those of a file
                that was lost.
        """
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._next = self._end = 0
        self._first = self._called = 0

    def next(self) -> int:
        """See `Memory`."""
        with self._lock:
            self._load()
            if self._next >= self._end:
                self._write(self._end + BLOCK, self._called)
                self._end += BLOCK
            number, self._next = self._next, self._next + 1
            return number

    def called_back(self, request_id: int) -> None:
        """See `Memory`."""
        with self._lock:
            self._load()
            if request_id > self._called:
                self._write(self._end, request_id)
                self._called = request_id

    def was_called_back(self, request_id: int) -> bool | None:
        """See `Memory`."""
        with self._lock:
            self._load()
            if request_id == self._called:
                return True
            return False if self._first <= request_id and request_id > self._called else None

    def _load(self) -> None:
        if self._end:
            return
        try:
            first, free, called = self._read()
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise self._trouble(problem) from None
        self._first, self._next, self._end, self._called = first, free, free, called

    def _read(self) -> tuple[int, int, int]:
        try:
            text = self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            start = max(1, int(self._clock()))
            return start, start, 0
        told = json.loads(text)
        first, free, called = (told[name] for name in ("first", "free", "called"))
        if not all(type(each) is int for each in (first, free, called)) or not 0 < first <= free:
            raise ValueError("not three numbers")
        return first, free, called

    def _write(self, free: int, called: int) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="ascii") as file:
                json.dump({"first": self._first, "free": free, "called": called}, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as problem:
            raise self._trouble(problem) from None

    def _trouble(self, problem: Exception) -> CannotRemember:
        return CannotRemember(
            f"{self._path} should be writable and hold what this driver wrote ({type(problem).__name__}); when it is "
            "damaged, remove it while no payment is open"
        )


def usual_place(workstation: str) -> Path:
    """Where the file is when no address names one."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "zuil" / f"opi-{workstation}.json"
