"""Carries out the back office's commands, each at most once: durable as begun before anything is done, then ended.

Whoever composes the column brings one handler a kind. Not for: what each kind does (`kiosk.remote`) or whether a
command is genuine (`sync.client.orders`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.core.commands import KINDS, Command, CommandState, Outcome, Refusal, outcome_after_stop, refusal
from kiosk.store.commands import Kept

MESSAGE = "message"
"""Key of the column's care under which the line for everybody is kept."""
LOOK_AGAIN_S = 5.0
"""How often a command is looked at that goes on by itself after it was begun."""
_log = logging.getLogger("zuil.commands")


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        detail: for staff; never anything about a person.
        remember: key and value of the column's care that change in the same commit.
        then: called once the end is on disk.
    """

    outcome: Outcome
    detail: str = ""
    remember: tuple[str, object] | None = None
    then: Callable[[], None] | None = None


@dataclass(frozen=True)
class Handler:
    """What one kind of command does.

    Attributes:
        carry_out: called once at most; None when only a later look can tell how it ended.
        prove: tells how a begun command ended, or None while it goes on; without it the table of kinds decides.
        goes_on: it may end while this program runs; else only a start of the column tells.
    """

    carry_out: Callable[[Command], Awaitable[Ended | None]]
    prove: Callable[[Command], Awaitable[Ended | None]] | None = None
    goes_on: bool = False


class CommandStore(Protocol):
    """What the commander needs of the store. A call that returned is on disk."""

    async def open_commands(self) -> list[Kept]:
        """Commands that did not end, oldest first."""
        ...

    async def begin_command(self, command_id: str) -> bool:
        """Mark as begun; False when it was begun before."""
        ...

    async def end_command(
        self, command: Command, outcome: Outcome, detail: str = "", remember: tuple[str, object] | None = None
    ) -> None:
        """A begun command ended."""
        ...

    async def refuse_command(self, command: Command, refused: Refusal) -> None:
        """A received command is not carried out."""
        ...


class Commander:
    """Carries out what is received, one after the other, oldest first.

    Args:
        handlers: by kind; a kind without one is unknown here.
        now: the best known time, timezone-aware.
    """

    def __init__(self, store: CommandStore, handlers: Mapping[str, Handler], now: Callable[[], datetime]) -> None:
        self._store = store
        self._handlers = handlers
        self._kinds = {name: KINDS[name] for name in handlers}
        self._now = now
        self._begun_here: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._more = asyncio.Event()

    def wake(self) -> None:
        """Commands came in; from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._more.set)

    async def run(self) -> None:
        """Carry out until cancelled; what a stop interrupted is settled first."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._more.clear()
            goes_on = await self.look()
            try:
                await asyncio.wait_for(self._more.wait(), LOOK_AGAIN_S if goes_on else None)
            except TimeoutError:
                continue

    async def look(self) -> bool:
        """Settle and carry out everything there is; whether something goes on that must be looked at again."""
        goes_on = False
        for kept in await self._store.open_commands():
            if kept.state is CommandState.RECEIVED:
                await self._consider(kept.command)
            else:
                await self._settle(kept.command)
            handler = self._handlers.get(kept.command.kind)
            goes_on = goes_on or (handler is not None and handler.goes_on)
        return goes_on

    async def _consider(self, command: Command) -> None:
        refused = refusal(command, self._now(), self._kinds)
        if refused is not None:
            await self._store.refuse_command(command, refused)
            return
        if not await self._store.begin_command(command.id):
            return
        self._begun_here.add(command.id)
        _log.info("command %s begins", command.kind)
        ended = await self._carry_out(command)
        if ended is not None:
            await self._end(command, ended)

    async def _carry_out(self, command: Command) -> Ended | None:
        try:
            return await self._handlers[command.kind].carry_out(command)
        except Exception as defect:  # noqa: BLE001 - half of it may be done: the column lives on and staff learn of it
            _log.exception("command %s ended by a defect", command.kind)
            return Ended(Outcome.FAILED, type(defect).__name__)

    async def _settle(self, command: Command) -> None:
        """Say how a begun command ended; it is never carried out again."""
        handler = self._handlers.get(command.kind)
        if command.id in self._begun_here and (handler is None or not handler.goes_on):
            return
        if handler is None or handler.prove is None:
            await self._end(command, Ended(outcome_after_stop(command.kind), "restart"))
            return
        ended = await handler.prove(command)
        if ended is not None:
            await self._end(command, ended)

    async def _end(self, command: Command, ended: Ended) -> None:
        await self._store.end_command(command, ended.outcome, ended.detail, ended.remember)
        _log.info("command %s: %s", command.kind, ended.outcome.value)
        if ended.then is not None:
            ended.then()
