"""How the sync client waits: until a moment or until woken. And how long it waits after failures.

Tests bring a pace of their own, in which time passes only when they say so. Not for: what to do then (`client`).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

LONGEST_PAUSE = 300.0


class Pace(Protocol):
    """Time as the loop sees it."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...

    def wait(self, seconds: float) -> None:
        """Return after that time, or as soon as `wake` was called."""
        ...

    def wake(self) -> None:
        """End the wait; from any thread."""
        ...


class ThreadPace:
    """Real time."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def monotonic(self) -> float:
        """See `Pace`."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """See `Pace`."""
        self._woken.wait(seconds)
        self._woken.clear()

    def wake(self) -> None:
        """See `Pace`."""
        self._woken.set()


@dataclass
class Task:
    """Something done again and again: when it is due, and how it backs off.

    Attributes:
        due: when to do it next.
        not_before: no wish makes it due earlier than this.
        failures: in a row.
        trouble: why it did not work the last time; None while it does.
        longest: most seconds of a pause after failures.
    """

    due: float
    not_before: float = 0.0
    failures: int = 0
    trouble: str | None = None
    longest: float = LONGEST_PAUSE
    random: Random = field(default_factory=Random, repr=False)

    def wish(self, moment: float) -> None:
        """Have it done at `moment` at the latest, unless it must wait longer."""
        self.due = min(self.due, max(moment, self.not_before))

    def worked(self, next_due: float) -> None:
        """It worked."""
        self.failures = 0
        self.trouble = None
        self.due = self.not_before = next_due

    def failed(self, now: float, trouble: str, at_least: float = 0.0) -> None:
        """It did not work: pause with full jitter, `random(0, min(longest, 2^n))` seconds, and `at_least` so long."""
        pause = self.random.uniform(0.0, min(self.longest, 2.0 ** min(self.failures, 16)))
        self.failures += 1
        self.trouble = trouble
        self.due = self.not_before = now + max(pause, at_least)

    def link_is_back(self, now: float) -> None:
        """Something else got through: try at once."""
        if self.trouble is not None:
            self.failures = 0
            self.due = self.not_before = now
