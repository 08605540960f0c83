"""Names the machine and the programs a table was measured with. Not for: measuring the kiosk."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.backoffice.postgres import binaries
from tests.bench.figures import percentile


def facts(folder: Path) -> dict[str, str]:
    """What somebody needs to know to compare figures.

    Args:
        folder: where the stores of the benchmarks lie.
    """
    from PySide6 import __version__ as qt

    memory = psutil.virtual_memory().total / 2**30
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit(),
        "processor": f"{_cpu()}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "store": _disk(folder),
        "flushing 4 KiB to that disk": f"median {1000 * flush_seconds(folder):.2f} ms (fsync)",
        "Python": platform.python_version(),
        "Qt": qt,
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _postgres(),
        "load before": " ".join(f"{each:.2f}" for each in os.getloadavg()),
    }


def flush_seconds(folder: Path, times: int = 50) -> float:
    """Median seconds to append 4 KiB to a file in `folder` and have it on disk."""
    path, taken = folder / "flush.probe", []
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        for _ in range(times):
            began = time.perf_counter()
            os.write(handle, bytes(4096))
            os.fsync(handle)
            taken.append(time.perf_counter() - began)
    finally:
        os.close(handle)
        path.unlink()
    return percentile(taken, 0.5)


def commit() -> str:
    """The commit measured, with a plus when files differ from it."""
    said = subprocess.run(["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _disk(folder: Path) -> str:
    """File system and kind of device under a folder."""
    mounts = [part for part in psutil.disk_partitions(all=True) if folder.resolve().is_relative_to(part.mountpoint)]
    if not mounts:
        return "unknown"
    mount = max(mounts, key=lambda part: len(part.mountpoint))
    turns = Path("/sys/block") / Path(mount.device).name.rstrip("0123456789") / "queue/rotational"
    kind = {"0": "solid state or virtual", "1": "rotating or virtual"}
    known = kind.get(turns.read_text().strip(), "") if turns.exists() else ""
    return f"{mount.fstype} on {mount.device}" + (f" ({known})" if known else "")


def _postgres() -> str:
    said = subprocess.run([str(binaries() / "postgres"), "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[2]
