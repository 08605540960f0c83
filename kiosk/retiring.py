"""The last hours of a column: hand in what is left where that is allowed, destroy everything, show "out of service".

Not for: the mark and the destroying themselves (`kiosk.retired`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from config.column import ColumnConfig
from kiosk.core.commands import CommandState, Outcome
from kiosk.core.events import COLUMN_RETIRED
from kiosk.journeys.out_of_service import out_of_service
from kiosk.journeys.ports import Clock, Screen
from kiosk.retired import IDENTITY, Retirement, destroy, read_retirement
from kiosk.store.errors import StoreRefused
from kiosk.store.store import KioskStore, open_store
from sync.client.client import SyncClient
from sync.client.column import IdentityDamaged, NotEnrolled
from sync.client.identity import load_identity

ATTEMPTS = 6
"""To hand in what is left, over about two minutes; a column without a network is destroyed all the same."""
AGAIN_S = 60.0
"""Between two attempts to destroy what could not be."""
_log = logging.getLogger("zuil.column")

Connect = Callable[[KioskStore], SyncClient | None]
"""Makes the way to the back office over the open store; None where there is none."""


async def retire(screen: Screen, config: ColumnConfig, clock: Clock, connect: Connect) -> None:
    """Show the page for ever; hand in and destroy behind it."""
    ending = asyncio.create_task(_end(config, clock, connect))
    try:
        await out_of_service(screen, config.site, config.here, clock)
    finally:
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)


async def _end(config: ColumnConfig, clock: Clock, connect: Connect) -> None:
    data, logs = config.settings.column.data, config.settings.log.folder
    mark = read_retirement(data)
    if mark is None or mark.destroyed:
        return
    await _last_words(config, clock, connect, mark)
    while True:
        try:
            await asyncio.to_thread(destroy, data, logs)
        except OSError as error:
            _log.error("not everything could be destroyed (%s); again in %s s", error.strerror, AGAIN_S)
            await clock.sleep(AGAIN_S)
        else:
            _log.info("keys and data of this column are destroyed")
            return


async def _last_words(config: ColumnConfig, clock: Clock, connect: Connect, mark: Retirement) -> None:
    """Whatever goes wrong here keeps nothing from being destroyed."""
    data = config.settings.column.data
    try:
        identity = await asyncio.to_thread(load_identity, data / IDENTITY)
        store = open_store(data / "kiosk.db", identity.column, clock)
    except (NotEnrolled, IdentityDamaged, StoreRefused) as gone:
        _log.info("nothing is left to hand in: %s", type(gone).__name__)
        return
    try:
        await _settle(store, mark)
        client = connect(store) if mark.may_drain(store.now()) else None
        if client is not None:
            await _hand_in(client, clock)
    finally:
        store.close()


async def _settle(store: KioskStore, mark: Retirement) -> None:
    """The command that wiped the column was done, and no other begins any more."""
    for kept in await store.open_commands():
        if kept.state is CommandState.BEGUN and kept.command.id == mark.by:
            await store.end_command(kept.command, Outcome.DONE)
    await store.record(COLUMN_RETIRED, {"reason": mark.reason, "by": mark.by})


async def _hand_in(client: SyncClient, clock: Clock) -> None:
    try:
        for attempt in range(ATTEMPTS):
            if await asyncio.to_thread(lambda: client.loop().drain()):
                _log.info("the back office has every event")
                return
            await clock.sleep(2.0**attempt)
        _log.warning("the back office does not have every event; they are destroyed")
    finally:
        await asyncio.to_thread(client.stop)
