"""Whether the kiosk runs now, seen without touching its lock: the kernel lists who holds which.

Taking the lock for a moment, even shared, could refuse a kiosk that starts in that moment. Not for: opening the store.
"""

from __future__ import annotations

from pathlib import Path

LOCKS = Path("/proc/locks")


def is_running(store: Path, locks: Path = LOCKS) -> bool | None:
    """Whether some process holds the lock of this store; None when the kernel does not tell.

    Args:
        store: the store's file, whose lock lies beside it.
    """
    try:
        inode = store.with_name(store.name + ".lock").stat().st_ino
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        lines = locks.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return any(_holds(line.split(), inode) for line in lines)


def _holds(words: list[str], inode: int) -> bool:
    """A line like `1: FLOCK ADVISORY WRITE 1234 fd:01:5678 0 EOF`; a waiting one has `->` after its number."""
    return "FLOCK" in words[1:2] and any(word.count(":") == 2 and word.endswith(f":{inode}") for word in words[2:])
