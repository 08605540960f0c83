"""Looks after the file: opens it in the right epoch, replaces it when damaged, keeps room and order.

Everything but `salvage` runs on the writer's thread. Not for: what callers see (`kiosk.store.store`).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete
from sqlalchemy.exc import DBAPIError, OperationalError

from kiosk.store import attests, commands, leases, outbox, payments, periods, prints
from kiosk.store.ballast import Ballast
from kiosk.store.epochs import Ledger, new_provisional
from kiosk.store.errors import StoreRefused
from kiosk.store.opening import (
    WHOLE_CHECK_BYTES,
    Damaged,
    Database,
    Lock,
    is_full,
    move_aside,
    open_database,
    quick_check,
)
from kiosk.store.salvage import salvage
from kiosk.store.schema import sync_state
from kiosk.store.state import begin_chain, epochs, read_state, write_state
from kiosk.store.tickets import COUNTER
from kiosk.store.timekeeping import Timekeeper
from sync.client.column import Column

_log = logging.getLogger("zuil.store")

_OLD_COUNTERS = delete(sync_state).where(sync_state.c.key >= f"{COUNTER}:", sync_state.c.key < bindparam("until"))


class Keeper:
    """The writer's host.

    Attributes:
        moved_aside: where the last damaged file went.
        listeners: called after each commit that appended an event.

    Raises:
        kiosk.store.errors.AlreadyOpen: when another process has the store.
    """

    def __init__(self, path: Path, column: Column, times: Timekeeper, ballast: Ballast) -> None:
        self.column = column
        self.moved_aside: Path | None = None
        self.listeners: list[Callable[[], None]] = []
        self.lock = Lock(path)
        self._path = path
        self._times = times
        self._ballast = ballast
        self._ledger = Ledger(path)
        self._unsalvaged: list[Path] = []

    def open(self) -> Database:
        """Open the file, or a fresh one in place of a damaged one; settle what a stop left open.

        Raises:
            kiosk.store.errors.StoreRefused: also when the disk is full and giving up the ballast did not help.
        """
        try:
            return self._open()
        except DBAPIError as error:
            if not is_full(error.orig):
                raise
        self._ballast.release()
        try:
            return self._open()
        except DBAPIError as error:
            if not is_full(error.orig):
                raise
            raise StoreRefused(self._path, "the disk is full; free some room on its partition") from error

    def _open(self) -> Database:
        try:
            database, _ = open_database(self._path)
        except Damaged as damage:
            return self.replace(str(damage))
        return self._prepare(database)

    def replace(self, why: str) -> Database:
        """Move the damaged file aside and go on in a fresh one."""
        self.moved_aside = move_aside(self._path)
        self._unsalvaged.append(self.moved_aside)
        _log.error("the store was damaged (%s); moved to %s, going on in a fresh file", why, self.moved_aside.name)
        database, _ = open_database(self._path)
        return self._prepare(database)

    def make_room(self, database: Database) -> None:
        """Give up the ballast, drop what is acknowledged and old, empty the write-ahead log."""
        _log.error("the disk is full; ballast %s", "given up" if self._ballast.release() else "was already spent")
        # Each may fail for want of room as well; whether there is enough now, the next attempt will show.
        with suppress(sqlite3.OperationalError):
            _checkpoint(database)
        with suppress(OperationalError), database.engine.begin() as connection:
            outbox.compact(connection, self._times.stamp().unix_ms)
        with suppress(sqlite3.OperationalError):
            _checkpoint(database)

    def committed(self) -> None:
        """Tell the listeners."""
        for listener in self.listeners:
            listener()

    def fork(self, database: Database, epoch: int) -> None:
        """Stop sending an epoch the back office knows otherwise; if it is current, begin a provisional one."""
        with database.engine.begin() as connection:
            stopped = outbox.stop(connection, epoch, "chainFork")
            if stopped is None:
                return
            if stopped.current:
                self._begin_provisional(connection)
        _log.error("the back office holds another history of epoch %s; it is not sent any more", epoch)
        self.note_epochs(database)

    def note_epochs(self, database: Database) -> None:
        """Bring the ledger up to date with the file."""
        with database.engine.begin() as connection:
            for epoch in epochs(connection):
                self._ledger.add(epoch, self.column.source)

    def tidy(self, connection: Connection, day: date) -> None:
        """Compact the outbox; drop leases and number counters of days before `day`; note the last known time.

        A clock that was set wrong must not make us forget which numbers were promised, so days are believed to be past
        only by the back office's own clock.
        """
        stamp = self._times.stamp()
        outbox.compact(connection, stamp.unix_ms)
        if stamp.state == "synced":
            leases.forget_before(connection, day)
            commands.forget(connection, stamp.unix_ms)
            connection.execute(_OLD_COUNTERS, {"until": f"{COUNTER}:{day}"})
        write_state(connection, {"clock_known_ms": self._times.known_ms})

    def look_after(self, database: Database, whole_check: bool) -> None:
        """Checkpoint, ballast, and a check of the whole file when it was too large for that at start.

        Raises:
            Damaged: when that check fails; the writer then replaces the file.
        """
        _checkpoint(database)
        if not self._ballast.ensure():
            _log.info("no room for the ballast file")
        if whole_check and self._path.stat().st_size > WHOLE_CHECK_BYTES:
            quick_check(database.raw, whole=True)

    def salvage(self) -> None:
        """Export what can be read of damaged files; on the caller's thread, as they may be large."""
        while self._unsalvaged:
            export = salvage(self._unsalvaged.pop())
            _log.info("salvage: %s", export.name if export else "nothing readable")

    def _prepare(self, database: Database) -> Database:
        try:
            with database.engine.begin() as connection:
                self._enter_epoch(connection)
                self._times.remember(int(read_state(connection, "clock_known_ms").get("clock_known_ms", 0)))
                self._settle_open(connection)
            self.note_epochs(database)
        except BaseException:
            database.close()
            raise
        self._ballast.ensure()
        return database

    def _settle_open(self, connection: Connection) -> None:
        """Papers first: what became of one decides about its attest, and that about its fee."""
        stamp = self._times.stamp()
        for what, settle in (
            ("print jobs", prints.settle_open),
            ("attests", attests.void_unreached),
            ("fees", payments.settle_open),
            ("closings of the terminal", periods.settle_open),
        ):
            if settled := settle(connection, stamp):
                _log.info("%s %s were open at the last stop", settled, what)

    def _enter_epoch(self, connection: Connection) -> None:
        """Go on in the epoch of the file, or begin the one of a new receipt; never begin one twice on this disk."""
        column = self.column
        if read_state(connection, "receipt").get("receipt") == column.birth:
            return
        write_state(connection, {"receipt": column.birth})
        if (column.epoch, column.source) in self._ledger.read():
            _log.error("epoch %s was begun in a file that is gone", column.epoch)
            self._begin_provisional(connection)
        else:
            begin_chain(connection, column.epoch, column.source, column.birth)

    def _begin_provisional(self, connection: Connection) -> None:
        begun = {epoch for epoch, _ in self._ledger.read()} | set(epochs(connection))
        begin_chain(connection, new_provisional(begun), self.column.source, self.column.birth)


def _checkpoint(database: Database) -> None:
    database.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
