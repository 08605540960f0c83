"""The sync client: one thread that brings events to the back office and numbers and news back.

It serves nobody directly: whatever happens here, tickets go on. Not for: what an answer means (`uploader`, `updates`)
or what is kept (`kiosk.store`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import assert_never

from sync.client.answers import Defect, NotOurServer, Refused, ServerTrouble, Trouble, TryLater, Unreachable
from sync.client.identity import Identity
from sync.client.pace import Pace, Task, ThreadPace
from sync.client.ports import SyncStore
from sync.client.transport import HttpTransport, Transport
from sync.client.updates import Facts, Updated, Updater
from sync.client.uploader import Delivered, Empty, Forked, Moved, Uploader

DEBOUNCE = 0.2
"""Seconds after a commit, so that the events of one action travel together."""
LEASES_AGAIN = 1.0
"""Seconds between two requests for numbers that ran low."""
TECHNICIAN = 300.0
"""Seconds between attempts while only a technician can help."""
DEFECT = 3600.0
"""Seconds between attempts while only another version of a program can help."""
_LOOK_AGAIN = 60.0
_MAINTENANCE = 3600.0
_log = logging.getLogger("zuil.sync")


class SyncClient:
    """Keeps a store and its back office in step. Fits `kiosk.journeys.ports.Network`.

    Args:
        url: root address of the back office.
        queues: ids of the queues this column serves.
        today: the service date now.
        devices: device name to state or reason, for the heartbeat.
        heartbeat_seconds: longest time between two requests for updates.
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
        transport: Transport | None = None,
        pace: Pace | None = None,
        random: Random | None = None,
    ) -> None:
        root = url.rstrip("/")
        facts = Facts(app_version, queues, today, devices)
        self._store = store
        self._transport = transport or HttpTransport()
        self._pace = pace or ThreadPace()
        self._random = random or Random()  # noqa: S311 - jitter, not a secret
        self._heartbeat = heartbeat_seconds
        self._uploader = Uploader(store, identity.key, identity.backoffice, self._transport, f"{root}/kiosk/v1/batches")
        self._updater = Updater(store, identity, facts, self._transport, f"{root}/kiosk/v1/updates")
        now = self._pace.monotonic()
        self._upload = Task(now, random=self._random)
        self._update = Task(now, longest=heartbeat_seconds, random=self._random)
        self._maintenance = Task(now + _LOOK_AGAIN, random=self._random)
        self._last_update = float("-inf")
        self._committed = threading.Event()
        self._stopping = threading.Event()
        self._listeners: list[Callable[[bool], None]] = []
        self._online = False
        self._told_down = False
        self._alarm: str | None = None
        self._thread = threading.Thread(target=self._run, name="zuil-sync", daemon=True)
        store.on_commit(self._note_commit)

    @property
    def online(self) -> bool:
        """Whether the back office answered the last time it was asked."""
        return self._online

    @property
    def alarm(self) -> str | None:
        """What only a person can put right ("kioskRevoked", …), or None."""
        return self._alarm

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
        self._stopping.set()
        self._pace.wake()
        self._transport.close()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def tick(self) -> float:
        """Do what is due; returns the seconds until something is due again."""
        self._see_commit()
        if self._is_due(self._upload):
            self._upload_once()
        if self._is_due(self._update):
            self._update_once()
        if self._is_due(self._maintenance):
            self._store.maintain()
            self._maintenance.worked(self._pace.monotonic() + _MAINTENANCE)
        next_due = min(self._upload.due, self._update.due, self._maintenance.due)
        return max(0.0, next_due - self._pace.monotonic())

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self.tick()
            except Exception:  # noqa: BLE001 - a defect here must not end the thread; the next tick may work
                _log.exception("sync stumbled; again in %s s", _LOOK_AGAIN)
                pause = _LOOK_AGAIN
            if pause and not self._stopping.is_set():
                self._pace.wait(pause)

    def _is_due(self, task: Task) -> bool:
        return not self._stopping.is_set() and task.due <= self._pace.monotonic()

    def _note_commit(self) -> None:
        self._committed.set()
        self._pace.wake()

    def _see_commit(self) -> None:
        if not self._committed.is_set():
            return
        self._committed.clear()
        now = self._pace.monotonic()
        self._upload.wish(now + DEBOUNCE)
        if self._updater.running_low():
            self._ask_numbers()

    def _ask_numbers(self) -> None:
        """Ask for updates soon, but not again within `LEASES_AGAIN` of the last time, nor inside a pause."""
        if self._update.trouble is None:
            self._update.not_before = min(self._update.not_before, self._last_update + LEASES_AGAIN)
        self._update.wish(self._pace.monotonic() + DEBOUNCE)

    def _upload_once(self) -> None:
        step = self._uploader.step()
        now = self._pace.monotonic()
        match step:
            case Delivered():
                self._delivered(step, now)
            case Empty():
                self._upload.worked(now + _LOOK_AGAIN)
                self._upload.not_before = now
            case Moved():
                _log.info("upload goes on: %s", step.why)
                self._upload.due = now
            case Forked():
                self._alarm = "chainFork"
                self._upload.failed(now, "chainFork")
            case _:
                self._trouble(self._upload, step, now)
        self._tell()

    def _delivered(self, step: Delivered, now: float) -> None:
        self._alarm = None
        if step.dead_lettered:
            _log.info("%s events were put aside by the back office", step.dead_lettered)
        if step.heard is not None:
            self._store.anchor_time(step.heard.server_time, step.heard.error_ms)
        spread = self._random.uniform(0.0, 0.1 * step.wait_seconds)
        self._upload.worked(now + step.wait_seconds + spread)
        self._update.link_is_back(now)
        if step.leases_low:
            self._ask_numbers()

    def _update_once(self) -> None:
        outcome = self._updater.step()
        now = self._pace.monotonic()
        self._last_update = now
        if isinstance(outcome, Updated):
            self._update.worked(now + self._random.uniform(0.5, 1.0) * self._heartbeat)
            self._upload.link_is_back(now)
            if outcome.leases and self._updater.running_low():
                self._ask_numbers()
        else:
            self._trouble(self._update, outcome, now)
        self._tell()

    def _trouble(self, task: Task, trouble: Trouble, now: float) -> None:
        match trouble:
            case Unreachable():
                task.failed(now, "unreachable")
            case NotOurServer():
                task.failed(now, "notOurServer")
            case ServerTrouble():
                task.failed(now, "serverTrouble")
            case TryLater():
                spread = self._random.uniform(0.0, 1.0 + 0.1 * trouble.seconds)
                task.failed(now, "busy", trouble.seconds + spread)
            case Refused():
                self._raise_alarm(trouble.problem)
                task.failed(now, "refused", self._random.uniform(0.5, 1.0) * TECHNICIAN)
            case Defect():
                self._raise_alarm(trouble.problem)
                task.failed(now, "defect", DEFECT)
            case _:
                assert_never(trouble)
        _log.debug("no success: %s", trouble)

    def _raise_alarm(self, problem: str) -> None:
        if self._alarm != problem:
            _log.error("the back office refuses this column: %s; a technician is needed, tickets go on", problem)
        self._alarm = problem

    def _tell(self) -> None:
        """Say once that the way is gone and once that it is back: in the log, in the journal, to listeners."""
        trouble = self._upload.trouble or self._update.trouble
        online = trouble is None
        if online and self._told_down:
            _log.info("the back office answers again")
            self._told_down = False
            self._store.network_changed(None)
        elif trouble is not None and not self._told_down:
            _log.warning("no back office (%s); tickets go on", trouble)
            self._told_down = True
            self._store.network_changed(trouble)
        if online != self._online:
            self._online = online
            for listener in self._listeners:
                listener(online)
