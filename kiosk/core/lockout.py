"""How long nobody may try a PIN after wrong ones: five are free, then each wait is twice the one before.

Pure; whoever keeps the count makes it durable before a try is judged, so that pulling the plug wins nothing. Not for:
comparing PINs (`kiosk.staffing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_TRIES = 5
FIRST_WAIT_S = 15
LONGEST_WAIT_S = 7680
"""A little over two hours: longer would only hurt the house itself."""


@dataclass(frozen=True)
class Lockout:
    """Wrong tries since the last right one.

    Attributes:
        until: nobody may try before that, or None.
    """

    failures: int = 0
    until: datetime | None = None

    def after_failure(self, now: datetime) -> Lockout:
        """One wrong try more."""
        seconds = wait_seconds(self.failures + 1)
        return Lockout(self.failures + 1, now + timedelta(seconds=seconds) if seconds else None)

    def left_seconds(self, now: datetime) -> int:
        """Seconds still to wait, rounded up; a clock that was set back never makes it longer than the wait was."""
        if self.until is None:
            return 0
        left = (self.until - now).total_seconds()
        return min(max(0, -int(-left // 1)), wait_seconds(self.failures))


def wait_seconds(failures: int) -> int:
    """How long to wait after so many wrong tries."""
    if failures < FREE_TRIES:
        return 0
    return int(min(FIRST_WAIT_S * 2 ** min(failures - FREE_TRIES, 32), LONGEST_WAIT_S))
