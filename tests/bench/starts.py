"""Figures of starting: the kiosk until its first screen, the demo until its kiosk stands. Not for: a first set-up."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.bench.column import CONTACT_POINT, rig, seconds_to_ready
from tests.bench.figures import Figure, Goal, Judged


def kiosk_start(folder: Path, times: int) -> list[Figure]:
    """`zuil run` until READY=1, which is said when the first screen has been drawn."""
    with rig(folder) as column:
        command = [sys.executable, "-m", "kiosk.cli", "run", "--config", str(column.settings)]
        samples = [seconds_to_ready(command, column.world.folder) for _ in range(times + 1)]
    how = (
        "`zuil run` as a new process, offscreen, until READY=1 arrives at the service manager, sent when the first "
        "screen has been drawn and takes touches; store, enrolment and caches exist, the first start is not counted"
    )
    return [Figure("start → first usable screen", "s", tuple(samples[1:]), how, Goal(1.0, Judged.MEDIAN))]


def demo_start(folder: Path, times: int) -> list[Figure]:
    """Second start of `zuil demo` until its kiosk is ready."""
    data = folder / "demo"
    command = [sys.executable, "-m", "kiosk.cli", "demo", "--data", str(data), "--at", CONTACT_POINT]
    samples = [seconds_to_ready(command, folder) for _ in range(times + 1)]
    how = (
        "`zuil demo` as a new process: back office, simulated printer and network, dock, and the kiosk as a second "
        "process, until that kiosk's READY=1; the first start, which enrols, is not counted"
    )
    return [Figure("second start of the demo", "s", tuple(samples[1:]), how, Goal(3.0, Judged.MEDIAN))]
