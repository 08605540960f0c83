"""The caretaker of a column: closed or open, the visit under way, and the wish to start anew.

Everything here happens on the journeys' loop. A closure is on disk before anybody hears of it. Not for: who may ask
for it (`kiosk.staffing` at the screen, the back office's commands elsewhere).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from kiosk.core.closure import Closure
from kiosk.core.events import COLUMN_CLOSED, COLUMN_OPENED, EventKind

KEY = "closure"
CLOCK = "clock"
"""Who opened a column whose time had come."""


class Memory(Protocol):
    """The part of the store that keeps what the column knows of itself."""

    async def remembered(self, key: str) -> object:
        """The value of a key, or None."""
        ...

    async def remember(
        self, key: str, value: object, kind: EventKind | None = None, data: Mapping[str, object] | None = None
    ) -> None:
        """Keep a value, with an event in the same commit."""
        ...


class ColumnCare:
    """Implements `kiosk.journeys.ports.Caretaker` and `kiosk.journeys.staff_desk.Upkeep`.

    Args:
        memory: the store.
        now: local time of the site.
    """

    def __init__(self, memory: Memory, now: Callable[[], datetime]) -> None:
        self._memory = memory
        self._now = now
        self._closure: Closure | None = None
        self._visit: asyncio.Task[object] | None = None
        self.restarting = False

    async def start(self) -> None:
        """Take up what an earlier run left; a value that cannot be understood closes nothing."""
        self._closure = kept_closure(await self._memory.remembered(KEY))

    @property
    def closure(self) -> Closure | None:
        """See the port."""
        return self._closure

    @property
    def refusing(self) -> bool:
        """See the port."""
        return self._closure is not None or self.restarting

    @property
    def visited(self) -> bool:
        """See the port."""
        return self._visit is not None and not self._visit.done()

    def began(self, visit: asyncio.Task[object]) -> None:
        """See the port."""
        self._visit = visit

    async def close(self, closure: Closure) -> None:
        """See the port."""
        until = closure.until.isoformat() if closure.until else ""
        kept = {"by": closure.by, "until": until, "text": closure.text, "language": closure.language}
        await self._memory.remember(KEY, kept, COLUMN_CLOSED, {"by": closure.by, "until": until})
        self._closure = closure

    async def open(self, by: str) -> None:
        """See the port; a column that is open stays so."""
        if self._closure is None:
            return
        await self._memory.remember(KEY, None, COLUMN_OPENED, {"by": by})
        self._closure = None

    async def open_if_due(self) -> None:
        """See the port."""
        if self._closure is not None and self._closure.over(self._now()):
            await self.open(CLOCK)

    def end_visit(self, by: str) -> None:  # noqa: ARG002 - the event is written where it is asked for
        """See the port."""
        if self._visit is not None:
            self._visit.cancel()

    def restart(self, by: str) -> None:  # noqa: ARG002 - as above
        """See the port."""
        self.restarting = True


def kept_closure(value: object) -> Closure | None:
    """A closure from disk."""
    if not isinstance(value, Mapping) or not isinstance(value.get("by"), str):
        return None
    try:
        until = datetime.fromisoformat(str(value["until"])) if value.get("until") else None
    except ValueError:
        return None
    if until is not None and until.tzinfo is None:
        return None
    return Closure(value["by"], until, str(value.get("text", "")), str(value.get("language", "")))
