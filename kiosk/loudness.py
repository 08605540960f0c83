"""How loud the column is: one number that staff change and every sound looks at, on whatever thread it is made.

Not for: making sound (`kiosk.ui.speaker`, `kiosk.ui.bell`).
"""

from __future__ import annotations

from kiosk.caretaking import Memory

KEY = "volume"


class Loudness:
    """Implements `kiosk.journeys.staff_desk.Sound`.

    Args:
        percent: according to the settings.
    """

    def __init__(self, percent: int) -> None:
        self._percent = percent
        self._memory: Memory | None = None

    @property
    def percent(self) -> int:
        """From 0 to 100; may be read on any thread."""
        return self._percent

    async def start(self, memory: Memory) -> None:
        """What staff last set counts more than the settings."""
        self._memory = memory
        kept = await memory.remembered(KEY)
        if isinstance(kept, int) and 0 <= kept <= 100:
            self._percent = kept

    async def set(self, percent: int) -> None:
        """See the port."""
        self._percent = percent
        if self._memory is not None:
            await self._memory.remember(KEY, percent)
