"""A column that is out of service for good, because it was revoked or wiped: a durable mark, then everything destroyed.

The mark stands before anything is destroyed and stays after, so that a cut at any point goes on at the next start and
the column never serves again. Not for: being closed for a while (`kiosk.core.closure`).
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from kiosk.log_parcel import log_files
from sync.client.identity import sync_folder, write_durably

MARK = "retired.json"
IDENTITY = "identity"
SNAPSHOTS = "snapshots"
_STORE = "kiosk.db"
_log = logging.getLogger("zuil.column")


@dataclass(frozen=True)
class Retirement:
    """Why a column is out of service.

    Attributes:
        reason: "revoked" or "wiped".
        by: id of the command, or "backoffice".
        drain_until: until when the back office takes what is left of the events (RFC 3339); None for no end it named.
        drains: whether what is left of the events may be sent first.
        destroyed: nothing is left but the mark.
    """

    reason: str
    by: str
    drain_until: str | None = None
    drains: bool = False
    destroyed: bool = False

    def may_drain(self, now: datetime) -> bool:
        """Whether events may be sent before they are destroyed."""
        if not self.drains or self.destroyed:
            return False
        return self.drain_until is None or now < datetime.fromisoformat(self.drain_until)


def read_retirement(data: Path) -> Retirement | None:
    """The mark, or None for a column in service. A mark nobody can read still is one."""
    try:
        members = json.loads((data / MARK).read_bytes())
        return Retirement(**members)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        _log.error("the mark of retirement cannot be read (%s)", type(error).__name__)
        return Retirement("wiped", "unreadable")


def announce(data: Path, retirement: Retirement) -> None:
    """Put the mark up, durably; one that is there stays. Raises OSError."""
    if not (data / MARK).exists():
        data.mkdir(parents=True, exist_ok=True)
        write_durably(data / MARK, json.dumps(asdict(retirement)).encode())


def destroy(data: Path, logs: Path) -> None:
    """Destroy keys, journal, snapshots and log; may be called again after a cut. Raises OSError.

    Keys go first and are overwritten; a drive that writes elsewhere instead keeps the old bytes until it needs the
    room, which is why a revoked key is worth nothing.
    """
    mark = read_retirement(data)
    if mark is None:
        raise RuntimeError("nothing is destroyed without a mark")
    for path in _keys(data):
        _overwrite(path)
    for folder in (data / IDENTITY, data / SNAPSHOTS):
        shutil.rmtree(folder, ignore_errors=True)
    for path in (*data.glob(f"{_STORE}*"), *log_files(logs)):
        _overwrite(path)
        path.unlink(missing_ok=True)
    sync_folder(data)
    write_durably(data / MARK, json.dumps({**asdict(mark), "destroyed": True}).encode())


def left_over(data: Path, logs: Path) -> list[Path]:
    """Files that must be gone once a column is destroyed."""
    files = [path for folder in (IDENTITY, SNAPSHOTS) for path in (data / folder).rglob("*") if path.is_file()]
    return [*files, *data.glob(f"{_STORE}*"), *log_files(logs)]


def _keys(data: Path) -> Iterator[Path]:
    for path in sorted((data / IDENTITY).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _overwrite(path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        return
    size = path.stat().st_size
    with path.open("r+b") as file:
        for start in range(0, size, 1 << 20):
            file.write(os.urandom(min(1 << 20, size - start)))
        file.flush()
        os.fsync(file.fileno())
