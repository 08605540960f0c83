"""The sync client: one thread that brings events to the back office and numbers and news back.

It serves nobody directly: whatever happens here, tickets go on. The thread itself loads what it needs (HTTP, message
models), so that the screen need not wait for it. Not for: what is done when (`loop`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from sync.client.pace import Pace, ThreadPace
from sync.client.ports import Facts, SyncStore
from sync.client.route import DIRECT, Route

if TYPE_CHECKING:
    from sync.client.identity import Identity
    from sync.client.loop import Loop
    from sync.client.transport import Transport


class SyncClient:
    """Keeps a store and its back office in step. Fits `kiosk.journeys.ports.Network`.

    Args:
        url: root address of the back office.
        queues: ids of the queues this column serves.
        today: the service date now.
        devices: device name to state or reason, for the heartbeat.
        heartbeat_seconds: longest time between two requests for updates.
        route: how the back office is reached.
        transport: another way to post than HTTP.
        pace: another time than real time.
        random: source of jitter.
    """

    def __init__(
        self,
        store: SyncStore,
        identity: Identity,
        url: str,
        *,
        queues: Sequence[str],
        today: Callable[[], date],
        devices: Callable[[], Mapping[str, str]] = dict,
        heartbeat_seconds: float = 30.0,
        app_version: str = "0",
        route: Route = DIRECT,
        transport: Transport | None = None,
        pace: Pace | None = None,
        random: Random | None = None,
    ) -> None:
        self._store = store
        self._identity = identity
        self._url = url
        self._facts = Facts(app_version, queues, today, devices)
        self._heartbeat = heartbeat_seconds
        self._route = route
        self._transport = transport
        self._pace = pace or ThreadPace()
        self._random = random or Random()  # noqa: S311 - jitter, not a secret
        self._listeners: list[Callable[[bool], None]] = []
        self._online = False
        self._loop: Loop | None = None
        self._making = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="zuil-sync", daemon=True)

    @property
    def online(self) -> bool:
        """Whether the back office answered the last time it was asked."""
        return self._online

    @property
    def alarm(self) -> str | None:
        """What only a person can put right ("kioskRevoked", …), or None."""
        return self._loop.alarm if self._loop is not None else None

    def on_change(self, listener: Callable[[bool], None]) -> None:
        """Call `listener` with `online` whenever it changes; from the sync thread."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> bool:
        """End, cutting off a request that is under way.

        Returns:
            Whether the thread has ended within `seconds`.
        """
        with self._making:
            self._stopped = True
            if self._loop is not None:
                self._loop.stop()
            if self._transport is not None:
                self._transport.close()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def loop(self) -> Loop:
        """The loop, made at the first call; with it come HTTP and message models."""
        from sync.client.loop import Loop

        with self._making:
            if self._loop is None:
                self._transport = self._transport or self._route.open()
                self._loop = Loop(
                    self._store,
                    self._identity,
                    self._url,
                    self._facts,
                    heartbeat_seconds=self._heartbeat,
                    transport=self._transport,
                    pace=self._pace,
                    random=self._random,
                    tell=self._tell,
                )
                self._store.on_commit(self._loop.committed)
                if self._stopped:
                    self._loop.stop()
            return self._loop

    def _run(self) -> None:
        self.loop().run()

    def _tell(self, online: bool) -> None:
        self._online = online
        for listener in self._listeners:
            listener(online)
