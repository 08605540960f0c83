"""The one door to python-escpos, which builds bytes here and nothing else.

Its import costs 150 ms, starts logging on its own, leaves a temporary folder behind, and trusts a cached table that
another process may be writing at that moment; all four are dealt with here, in the thread that opens the printer. Its
connectors and its automatic encoding are never used. Not for: text and status.
"""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from escpos.printer import Dummy

_CAPABILITIES = "ESCPOS_CAPABILITIES_PICKLE_DIR"


class Sheet:
    """Bytes of one job, in order."""

    def __init__(self) -> None:
        self._dummy = _new_dummy()

    def raw(self, data: bytes) -> None:
        """Append bytes as they stand."""
        self._dummy._raw(data)

    def style(self, *, align: str, scale: int, bold: bool, inverse: bool) -> None:
        """Choose how the next text looks; `align` is left, center or right."""
        self._dummy.set(align=align, bold=bold, invert=inverse, custom_size=True, width=scale, height=scale)

    def native_qr(self, text: str, dots: int) -> None:
        """A code drawn by the printer, correction level M."""
        self._dummy.qr(text, ec=1, size=dots, native=True)

    @property
    def data(self) -> bytes:
        """Everything so far."""
        return bytes(self._dummy.output)


def warm_up() -> None:
    """Load the library now, so that the first ticket does not wait for it."""
    _new_dummy()


def cache_folder() -> Path:
    """Where the library keeps its table between starts: under XDG_CACHE_HOME, else ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "zuil" / "escpos"


def _new_dummy() -> Dummy:
    dummy: Dummy = _dummy_class()()
    return dummy


@cache
def _dummy_class() -> type[Dummy]:
    with _own_copy_of_the_table(), _no_temporary_folder_left(), _root_logger_kept():
        from escpos import printer
    found: type[Dummy] = printer.Dummy
    return found


@contextmanager
def _own_copy_of_the_table() -> Iterator[None]:
    """Shows the library a folder of this process only, and publishes the table it leaves there in one step.

    The library writes its table in place: a second process would read half of it, and after a power cut in that
    moment every later start would fail. Without a folder that can be written, the library makes its table anew.
    """
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        own = Path(tempfile.mkdtemp(dir=folder))
    except OSError:
        yield
        return
    before = os.environ.get(_CAPABILITIES)
    os.environ[_CAPABILITIES] = str(own)
    try:
        _take(folder, own)
        yield
        _publish(own, folder)
    finally:
        os.environ.pop(_CAPABILITIES)
        if before is not None:
            os.environ[_CAPABILITIES] = before
        shutil.rmtree(own, ignore_errors=True)


def _take(folder: Path, own: Path) -> None:
    """Copy the published tables that are whole, with their time, which the library compares with its own files'."""
    for published in folder.glob("*.pickle"):
        with suppress(OSError):
            copy = Path(shutil.copy2(published, own))
            if not _is_whole(copy):
                copy.unlink()


def _is_whole(table: Path) -> bool:
    try:
        pickle.loads(table.read_bytes())  # noqa: S301  # written by this user's own processes, and the library loads it
    except Exception:  # noqa: BLE001  # a damaged pickle may raise anything
        return False
    return True


def _publish(own: Path, folder: Path) -> None:
    for table in own.glob("*.pickle"):
        target = folder / table.name
        if not target.exists() or table.stat().st_mtime_ns != target.stat().st_mtime_ns:
            with suppress(OSError), table.open("rb") as written:
                os.fsync(written.fileno())
                table.replace(target)


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    """Takes away the handlers the library adds to the root logger (its pull request 670 does the same, later)."""
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)


@contextmanager
def _no_temporary_folder_left() -> Iterator[None]:
    """Removes the folder the library makes on import even when it was told to use another."""
    mine = threading.get_ident()
    real = tempfile.mkdtemp
    made: list[str] = []

    def remembered(suffix: str | None = None, prefix: str | None = None, dir: str | None = None) -> str:
        path = real(suffix, prefix, dir)
        if threading.get_ident() == mine:
            made.append(path)
        return path

    tempfile.mkdtemp = remembered  # type: ignore[assignment]  # the real one has overloads for bytes
    try:
        yield
    finally:
        tempfile.mkdtemp = real
    for path in made:
        shutil.rmtree(path, ignore_errors=True)
