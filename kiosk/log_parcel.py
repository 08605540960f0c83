"""Packs the newest part of the log for the back office: the allow-listed files only, bounded.

Not for: what may stand in a log (`kiosk.logs`).
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from sync.protocol.orders import LARGEST_REPORT

_LOG = re.compile(r"(?:zuil|sync)\.log(?:\.(\d{1,2}))?\Z")
_MOST_TEXT = 16_000_000


def pack_logs(folder: Path, largest: int = LARGEST_REPORT) -> bytes:
    """The newest records in gzip, oldest first, at most `largest` bytes; whole lines.

    Files of other names, links and folders are never read.
    """
    text = _newest(folder)
    while len(packed := gzip.compress(text, mtime=0)) > largest:
        text = _whole_lines(text[-(len(text) * largest // len(packed)) * 9 // 10 :])
    return packed


def log_files(folder: Path) -> list[Path]:
    """The log files, newest first."""
    found: list[tuple[int, Path]] = []
    for path in folder.iterdir() if folder.is_dir() else ():
        name = _LOG.match(path.name)
        if name and path.is_file() and not path.is_symlink():
            found.append((int(name[1] or 0), path))
    return [path for _, path in sorted(found)]


def _newest(folder: Path) -> bytes:
    text = b""
    for path in log_files(folder):
        if len(text) >= _MOST_TEXT:
            break
        text = path.read_bytes() + text
    return text if len(text) <= _MOST_TEXT else _whole_lines(text[-_MOST_TEXT:])


def _whole_lines(text: bytes) -> bytes:
    return text.partition(b"\n")[2]
