"""What the checks of a column see: its settings and site, and what its store says, read without an effect.

Not for: the machine (`machine`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.column import ColumnConfig
from kiosk.clock import SystemClock
from kiosk.doctor.running import is_running


@dataclass(frozen=True)
class Examined:
    """A column under examination.

    Attributes:
        path: its settings file, or None for the defaults.
        running: whether the kiosk holds the store now; None when that cannot be known.
    """

    config: ColumnConfig
    path: Path | None
    running: bool | None

    @classmethod
    def of(cls, config: ColumnConfig, path: Path | None) -> Examined:
        """Look whether it runs."""
        return cls(config, path, is_running(config.settings.column.data / "kiosk.db"))

    @property
    def data(self) -> Path:
        """Folder of everything it remembers."""
        return self.config.settings.column.data

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.data / "kiosk.db"

    @property
    def identity(self) -> Path:
        """Folder of its keys and receipt."""
        return self.data / "identity"

    @property
    def clock(self) -> SystemClock:
        """The column's clock, shifted where it practises."""
        return SystemClock(self.config.site.timezone, self.config.settings.practice.clock_shift_seconds)

    @property
    def now(self) -> Callable[[], datetime]:
        """Its time."""
        return self.clock.now
