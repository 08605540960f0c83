"""Puts remote care of a column together: commands from the back office, the line for everybody, revocation.

Not for: what each command does (`kiosk.remote`) or the end of a retired column (`kiosk.retiring`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from config.column import ColumnConfig
from kiosk.commanding import MESSAGE, Commander, Handler
from kiosk.core.commands import moment
from kiosk.core.hours import state
from kiosk.core.texts import Localized
from kiosk.core.updates import Doings
from kiosk.journeys.ports import Caretaker, Clock
from kiosk.route import route_of
from kiosk.snapshot_care import SnapshotCare
from kiosk.store.store import KioskStore
from kiosk.updating import UpdateCare
from sync.client.identity import Identity, load_key

if TYPE_CHECKING:
    from kiosk.retired import Retirement
    from sync.client.answers import Trouble
    from sync.client.asking import Asker
    from sync.client.reports import Sent

T = TypeVar("T")

_AGAIN_S = 60.0
_log = logging.getLogger("zuil.commands")


class RemoteCare:
    """Looks after one column on behalf of the back office.

    Args:
        identity: of this process; its key is renewed when another took its place.
        caretaker: closes, opens and restarts; without one those commands are unknown here.
        snapshots: versions of settings and offer; None where the column has no settings file.

    Attributes:
        retired: set once the column is out of service for good.
        visited: whether somebody is being served now.
    """

    def __init__(
        self,
        store: KioskStore,
        identity: Identity,
        config: ColumnConfig,
        caretaker: Caretaker | None,
        clock: Clock,
        snapshots: SnapshotCare | None = None,
    ) -> None:
        self.retired = asyncio.Event()
        self.visited: Callable[[], bool] = lambda: False
        self._store = store
        self._identity = identity
        self._config = config
        self._caretaker = caretaker
        self._clock = clock
        self._told: object = None
        self._more = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._snapshots = snapshots
        self._newest = 0
        self._named = asyncio.Event()
        self._also: list[Callable[[], Mapping[str, Handler]]] = []
        self._updates = UpdateCare(self._data, store, clock, self._doings, caretaker)
        store.on_revoked(self._revoked)
        store.on_snapshot(self._newest_is)

    def also(self, make: Callable[[], Mapping[str, Handler]]) -> None:
        """Carry out other kinds too; `make` gives their handlers when the first command comes."""
        self._also.append(make)

    async def run(self) -> None:
        """Carry out commands until cancelled; a defect of ours here must not end serving."""
        self._told = await self._store.remembered(MESSAGE)
        tasks = [asyncio.create_task(work) for work in (self._watch(), self._updates.run())]
        try:
            while True:
                try:
                    await self._carry_out()
                except Exception:  # noqa: BLE001 - logged once, and tried again
                    _log.exception("remote care stumbled; again in %s s", _AGAIN_S)
                    await asyncio.sleep(_AGAIN_S)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _doings(self) -> Doings:
        here, now = self._config.here, self._clock.now()
        return Doings(
            closure=None if self._caretaker is None else self._caretaker.closure,
            hours=state(here.hours, now) if here.queues else None,
            visited=self.visited(),
            payments=len(await self._store.open_payments()),
            prints=await self._store.open_prints(),
        )

    async def _watch(self) -> None:
        """A version on trial first, then every newer one the back office names."""
        if self._snapshots is None:
            return
        try:
            await self._snapshots.watch()
        except OSError as error:
            _log.error("the trial of a version cannot be written down: %s", error.strerror)
        while True:
            await self._named.wait()
            self._named.clear()
            if self._newest > self._snapshots.highest:
                await self._on_a_line(self._snapshots.fetch)

    async def _send(self, command_id: str, name: str, media_type: str, content: bytes) -> Sent | Trouble:
        from sync.client.reports import send_report

        return await self._on_a_line(lambda asker: send_report(asker, command_id, name, media_type, content))

    async def _on_a_line(self, work: Callable[[Asker], T]) -> T:
        """Have something asked on a connection of its own, which is cut off when nobody waits for it any more."""
        from sync.client.asking import Asker

        transport = route_of(self._config.settings).open()
        asker = Asker(self._identity, transport, self._config.settings.sync.url, self._store.now)
        try:
            return await asyncio.to_thread(work, asker)
        finally:
            transport.close()

    def _renew(self) -> None:
        self._identity.key = load_key(self._data / "identity")

    def _newest_is(self, version: int) -> None:
        """On the sync thread."""
        self._newest = version
        self._wake(self._named)

    async def _carry_out(self) -> None:
        """What commands need is loaded with the first of them, so that no screen waits for it."""
        self._store.on_command(lambda: self._wake(self._more))
        if not await self._store.open_commands():
            await self._more.wait()
        from kiosk.remote import Remote, handlers

        remote = Remote(
            caretaker=self._caretaker,
            send=self._send,
            renewed=self._renew,
            examine=self._examine,
            logs=self._config.settings.log.folder,
            identity=self._data / "identity",
            data=self._data,
            languages=self._config.site.profile.languages,
            told=self._tell,
            retire=self.retired.set,
        )
        known = dict(handlers(remote))
        for make in self._also:
            known |= make()
        commander = Commander(self._store, known, self._store.now)
        self._store.on_command(commander.wake)
        await commander.run()

    def _wake(self, event: asyncio.Event) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(event.set)

    def bulletin(self) -> Localized | None:
        """The line staff have for everybody now, or None."""
        if not isinstance(self._told, dict):
            return None
        until = moment(self._told, "until")
        return None if until is not None and self._clock.now() >= until else Localized(self._told["words"])

    @property
    def _data(self) -> Path:
        return self._config.settings.column.data

    def _tell(self, value: object) -> None:
        self._told = value

    def _examine(self) -> list[dict[str, object]]:
        from kiosk.doctor.examination import examine_column

        findings = examine_column(self._config)
        return [{"subject": each.subject, "wrong": each.wrong, "says": each.says} for each in findings]

    def _revoked(self, drain_until: datetime | None) -> None:
        """On the sync thread; the mark is on disk before anything else happens."""
        from kiosk.retired import Retirement, announce

        until = None if drain_until is None else drain_until.isoformat()
        announce(self._data, Retirement("revoked", "backoffice", until, drains=drain_until is not None))
        self._wake(self.retired)


def retirement_of(config: ColumnConfig) -> Retirement | None:
    """The mark of a column that is out of service for good, without loading anything for one that is not."""
    if not (config.settings.column.data / "retired.json").exists():
        return None
    from kiosk.retired import read_retirement

    return read_retirement(config.settings.column.data)
