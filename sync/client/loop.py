"""What the sync thread does and when: upload, updates, certificate, housekeeping, backing off, saying the way is gone.

A `tick` does what is due and says when something is due again; time and chance are given, so tests run hours in
milliseconds. Not for: the thread (`client`), what an answer means (`uploader`, `updates`) or what is kept
(`kiosk.store`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from random import Random
from typing import assert_never

from sync.client.answers import Defect, NotOurServer, Refused, ServerTrouble, Trouble, TryLater, Unreachable
from sync.client.asking import Asker
from sync.client.certificates import Certified, Certifier
from sync.client.identity import Identity
from sync.client.pace import Pace, Task
from sync.client.ports import Facts, StoreGone, SyncStore
from sync.client.rotation import Rotated, Rotator
from sync.client.transport import Transport
from sync.client.updates import Revoked, Updated, Updater
from sync.client.uploader import Delivered, Empty, Forked, Moved, Uploader

DEBOUNCE = 0.2
"""Seconds after a commit, so that the events of one action travel together."""
LEASES_AGAIN = 1.0
"""Seconds between two requests for numbers that ran low."""
TECHNICIAN = 300.0
"""Seconds between attempts while only a technician can help."""
DEFECT = 3600.0
"""Seconds between attempts while only another version of a program can help."""
CERTIFICATE = 3600.0
"""Seconds between two looks whether the certificate of the sealing key lasts, and after a refusal of a new one."""
_FORKED = "chainFork"
_REVOKED = "kioskRevoked"
_LOOK_AGAIN = 60.0
_MAINTENANCE = 3600.0
_log = logging.getLogger("zuil.sync")


class Loop:
    """Keeps a store and its back office in step.

    Args:
        url: root address of the back office.
        facts: what the column says of itself.
        heartbeat_seconds: longest time between two requests for updates.
        tell: called with `online` whenever it changes.

    Attributes:
        alarm: what only a person can put right ("kioskRevoked", …), or None.
    """

    def __init__(
        self,
        store: SyncStore,
        identity: Identity,
        url: str,
        facts: Facts,
        *,
        heartbeat_seconds: float,
        transport: Transport,
        pace: Pace,
        random: Random,
        tell: Callable[[bool], None],
    ) -> None:
        root = url.rstrip("/")
        self.alarm: str | None = None
        self._store = store
        self._pace = pace
        self._random = random
        self._heartbeat = heartbeat_seconds
        self._listener = tell
        asker = Asker(identity, transport, root, store.now)
        self._uploader = Uploader(store, identity, transport, f"{root}/kiosk/v1/batches")
        self._updater = Updater(store, identity, facts, transport, f"{root}/kiosk/v1/updates")
        now = pace.monotonic()
        self._upload = Task(now, random=random)
        self._update = Task(now, longest=heartbeat_seconds, random=random)
        self._certifier = _certifier(asker)
        self._rotator = None if identity.directory is None else Rotator(asker, identity.directory)
        self._rotation = Task(now, random=random)
        self._certificate = Task(now, random=random)
        self._maintenance = Task(now + _LOOK_AGAIN, random=random)
        self._last_update = float("-inf")
        self._committed = threading.Event()
        self._stopping = threading.Event()
        self._online = False
        self._told_down = False

    def committed(self) -> None:
        """An event was committed; from any thread."""
        self._committed.set()
        self._pace.wake()

    def drain(self) -> bool:
        """Send every event there is, now; whether the back office has them all. For a column that ends."""
        while not self._stopping.is_set():
            step = self._uploader.step()
            if not isinstance(step, Delivered | Moved):
                return isinstance(step, Empty)
        return False

    def stop(self) -> None:
        """Begin nothing more; from any thread."""
        self._stopping.set()
        self._pace.wake()

    def run(self) -> None:
        """Tick until stopped."""
        while not self._stopping.is_set():
            try:
                pause = self.tick()
            except StoreGone as gone:
                _log.info("%s", gone)
                pause = _LOOK_AGAIN
            except Exception:  # noqa: BLE001 - a defect here must not end the thread; the next tick may work
                _log.exception("sync stumbled; again in %s s", _LOOK_AGAIN)
                pause = _LOOK_AGAIN
            if pause and not self._stopping.is_set():
                self._pace.wait(pause)

    def tick(self) -> float:
        """Do what is due; returns the seconds until something is due again."""
        self._see_commit()
        if self._rotating() and self._is_due(self._rotation):
            self._rotate_once()
        if self._is_due(self._upload):
            self._upload_once()
        if self._is_due(self._update):
            self._update_once()
        if self._certifier is not None and self._heard() and self._is_due(self._certificate):
            self._certify_once(self._certifier)
        if self._is_due(self._maintenance):
            self._store.maintain()
            self._maintenance.worked(self._pace.monotonic() + _MAINTENANCE)
        due = [self._upload.due, self._update.due, self._maintenance.due]
        if self._certifier is not None and self._heard():
            due.append(self._certificate.due)
        if self._rotating():
            due.append(self._rotation.due)
        return max(0.0, min(due) - self._pace.monotonic())

    def _rotating(self) -> bool:
        return self._rotator is not None and self._rotator.pending

    def _rotate_once(self) -> None:
        """Until the back office has answered, nobody knows which of two keys it takes, so this comes first."""
        if self._rotator is None:
            return
        outcome, now = self._rotator.step(), self._pace.monotonic()
        match outcome:
            case None | Rotated():
                self._rotation.worked(now)
                self._upload.link_is_back(now)
                self._update.link_is_back(now)
            case TryLater():
                self._rotation.failed(now, "busy", outcome.seconds)
            case Refused() | Defect():
                self._rotation.failed(now, "refused", self._random.uniform(0.5, 1.0) * TECHNICIAN)
            case _:
                self._rotation.failed(now, "unreachable")
        _log.info("signing key: %s", outcome)

    def _heard(self) -> bool:
        """Whether the back office answered the last request for updates."""
        return self._update.trouble is None and self._last_update > float("-inf")

    def _is_due(self, task: Task) -> bool:
        return not self._stopping.is_set() and task.due <= self._pace.monotonic()

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
                self.alarm = _FORKED
                self._upload.failed(now, _FORKED)
            case _:
                self._trouble(self._upload, step, now)
        self._tell()

    def _delivered(self, step: Delivered, now: float) -> None:
        if self.alarm != _FORKED:  # that one ends only with a new enrolment
            self.alarm = None
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
            if outcome.snapshot:
                self._store.newest_snapshot(outcome.snapshot)
        elif isinstance(outcome, Revoked):
            self._raise_alarm(_REVOKED)
            self._update.failed(now, "refused", self._random.uniform(0.5, 1.0) * TECHNICIAN)
            self._upload.link_is_back(now)
            self._store.revoked(outcome.drain_until)
        else:
            self._trouble(self._update, outcome, now)
        self._tell()

    def _certify_once(self, certifier: Certifier) -> None:
        """A back office without attests, or trouble with this, is no matter of the way and raises no alarm."""
        outcome = certifier.step()
        now = self._pace.monotonic()
        match outcome:
            case None:
                self._certificate.worked(now + CERTIFICATE)
            case Certified():
                _log.info("attests can be sealed until %s", outcome.valid_to)
                self._certificate.worked(now + CERTIFICATE)
            case Refused() | Defect():
                self._certificate.failed(now, "refused", self._random.uniform(1.0, 1.2) * CERTIFICATE)
            case TryLater():
                self._certificate.failed(now, "busy", max(_LOOK_AGAIN, outcome.seconds))
            case _:
                self._certificate.failed(now, "unreachable", _LOOK_AGAIN)
        if outcome is not None:
            _log.debug("certificate: %s", outcome)

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
            case Refused() if self._rotating() and trouble.problem == "invalidSignature":
                # The back office may know only the next key already; the rotation finds out.
                task.failed(now, "refused")
                self._rotation.due = now
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
        if self.alarm != problem:
            _log.error("the back office refuses this column: %s; a technician is needed, tickets go on", problem)
        self.alarm = problem

    def _tell(self) -> None:
        """Say once that the way is gone and once that it is back: in the log, in the journal, to listeners."""
        if self._stopping.is_set():
            # A request we cut off ourselves says nothing about the way.
            return
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
            self._listener(online)


def _certifier(asker: Asker) -> Certifier | None:
    """Where the identity is only in memory there is no place for a key."""
    directory = asker.identity.directory
    return None if directory is None else Certifier(asker, directory)
