"""Room, rights and wear of the disk on which the column remembers.

Not for: what lies there (`database`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Row

ROOM = Row("disk.room", "room on disk", "at least 1 GB and 5 % are free where the column remembers and logs")
FILES = Row("disk.files", "files on disk", "the file system can hold more files")
RIGHTS = Row("disk.rights", "data folder", "the column can write there and nobody else can")

LEAST_BYTES = 1_000_000_000
BARE_BYTES = 200_000_000
LEAST_SHARE = 0.05
_FREE = "free some, or give the column a larger disk"


def _disk(column: Examined) -> Iterator[Finding]:
    folders = {_existing(column.data), _existing(column.config.settings.log.folder)}
    usage = {folder: os.statvfs(folder) for folder in folders}
    tightest = min(usage, key=lambda folder: usage[folder].f_bavail * usage[folder].f_frsize)
    yield _room(tightest, usage[tightest])
    left = [(each.f_favail, each.f_files) for each in usage.values() if each.f_files]
    short = any(free < 1000 for free, _ in left)
    yield FILES.either(not short, "room for more", "the file system holds as many files as it can", _FREE)
    yield _rights(column.data)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def _room(folder: Path, usage: os.statvfs_result) -> Finding:
    free = usage.f_bavail * usage.f_frsize
    share = usage.f_bavail / usage.f_blocks if usage.f_blocks else 0.0
    found = f"{free / 1e9:.1f} GB free at {folder} ({share:.0%})"
    if free < BARE_BYTES:
        return ROOM.broken(found, _FREE)
    return ROOM.attention(found, _FREE) if free < LEAST_BYTES or share < LEAST_SHARE else ROOM.ok(found)


def _rights(data: Path) -> Finding:
    if not data.is_dir():
        return RIGHTS.attention(f"{data} is not there yet", "it is made by `zuil setup` or at enrolment")
    if os.statvfs(data).f_flag & os.ST_RDONLY:
        return RIGHTS.broken(f"{data} lies on a file system that is read-only now", "look for disk errors in the log")
    info = data.stat()
    if not os.access(data, os.W_OK):
        # Whoever examines may be another user than the kiosk's.
        return RIGHTS.unknown(f"this user may not write {data}, which belongs to user {info.st_uid}")
    others = stat.S_IMODE(info.st_mode) & 0o007
    if others & stat.S_IWOTH:
        return RIGHTS.broken(f"anybody may write to {data}", f"run `chmod o-rwx {data}`")
    return RIGHTS.ok(f"{data}, mode {stat.S_IMODE(info.st_mode):04o}")


CHECKS: tuple[Check[Examined], ...] = (Check((ROOM, FILES, RIGHTS), _disk),)
