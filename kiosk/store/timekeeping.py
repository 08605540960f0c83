"""What time an event carries: the best known time, how good it is, and a logical clock that never runs backwards.

The back office's authenticated clock is an anchor; while the machine stays up, time is the anchor plus the monotonic
clock, so setting the wall clock changes nothing. Not for: what people read on screen (the site's clock).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_SYNCED_MS = 15 * 60 * 1000
"""An anchor younger than this makes the clock `synced`, an older one `holdover`."""
_DRIFT = 10_000
"""Bound of a quartz clock's drift: one part in this many (100 ppm)."""
_HOLDOVER_ERROR_MS = 60_000
"""Assumed error of a wall clock that is not behind what was last known."""
UNKNOWN_ERROR_MS = 2**31 - 1


class SiteClock(Protocol):
    """The site's clock; `kiosk.journeys.ports.Clock` fits."""

    def now(self) -> datetime:
        """Local time of the site, timezone-aware."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...


def read_boot_id() -> str:
    """The kernel's boot id: changes with every start of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


@dataclass(frozen=True)
class Stamp:
    """The moment of an event.

    Attributes:
        time: UTC.
        state: "synced", "holdover" or "unknown".
        error_ms: bound of how far `time` may be off.
    """

    time: datetime
    uptime_ms: int
    boot_id: str
    state: str
    error_ms: int

    @property
    def unix_ms(self) -> int:
        """Milliseconds since 1970."""
        return to_ms(self.time)

    @property
    def text(self) -> str:
        """RFC 3339, UTC, milliseconds."""
        return self.time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class _Anchor:
    server_ms: int
    error_ms: int
    uptime_ms: int


class Timekeeper:
    """Joins wall clock, monotonic clock and the back office's clock.

    Args:
        boot_id: of this start of the machine.
        known: time certainly never was before this: the last authenticated server time on disk.
    """

    def __init__(self, clock: SiteClock, boot_id: str, known: datetime) -> None:
        self._clock = clock
        self._boot_id = boot_id
        self._known_ms = to_ms(known)
        self._anchor: _Anchor | None = None

    def uptime_ms(self) -> int:
        """Milliseconds of the monotonic clock."""
        return int(self._clock.monotonic() * 1000)

    def anchor(self, server_time: datetime, error_ms: int) -> None:
        """The back office's authenticated clock says `server_time` now, give or take `error_ms`."""
        self._anchor = _Anchor(to_ms(server_time), error_ms, self.uptime_ms())
        self._known_ms = max(self._known_ms, self._anchor.server_ms)

    def remember(self, known_ms: int) -> None:
        """What an earlier run knew: time is not before that."""
        self._known_ms = max(self._known_ms, known_ms)

    @property
    def known_ms(self) -> int:
        """The latest authenticated time, to be kept on disk."""
        return self._known_ms

    def stamp(self) -> Stamp:
        """The best known time now."""
        uptime = self.uptime_ms()
        unix_ms, state, error_ms = self._reading(uptime)
        return Stamp(_from_ms(unix_ms), uptime, self._boot_id, state, error_ms)

    def local(self, moment: datetime) -> datetime:
        """`moment` in the site's time zone."""
        return moment.astimezone(self._clock.now().tzinfo)

    def _reading(self, uptime: int) -> tuple[int, str, int]:
        if self._anchor is not None:
            elapsed = uptime - self._anchor.uptime_ms
            state = "synced" if elapsed <= _SYNCED_MS else "holdover"
            return self._anchor.server_ms + elapsed, state, self._anchor.error_ms + elapsed // _DRIFT
        wall = to_ms(self._clock.now())
        if wall >= self._known_ms:
            return wall, "holdover", _HOLDOVER_ERROR_MS
        return wall, "unknown", UNKNOWN_ERROR_MS


def next_hlc(last: str | None, unix_ms: int) -> str:
    """The hybrid logical clock after `last`: 12 hex digits of milliseconds, `-`, 4 hex digits of a counter.

    Sortable as text, never smaller than `last` or equal to it, even when the clock was set back.
    """
    now = max(0, unix_ms)
    if last is not None:
        before, counter = int(last[:12], 16), int(last[13:], 16)
        if now <= before:
            step = before * 0x10000 + counter + 1
            return f"{step >> 16:012x}-{step & 0xFFFF:04x}"
    return f"{now:012x}-0000"


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of a timezone-aware time."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _from_ms(unix_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=unix_ms)
