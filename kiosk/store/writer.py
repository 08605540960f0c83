"""The one thread that owns the one connection: every transaction of the column runs here, in order.

Callers may be synchronous or asynchronous. A full disk gives up the ballast and tries once more; a file found damaged
is replaced and the transaction runs again on the fresh one. Not for: what a transaction does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from kiosk.store.errors import PowerGone, StoreFull
from kiosk.store.opening import Damaged, Database, is_damage, is_full

T = TypeVar("T")
_log = logging.getLogger("zuil.store")


class Host(Protocol):
    """Who opens files for the writer and helps it out of trouble; all calls come on the writer's thread."""

    def open(self) -> Database:
        """Open the store's file."""
        ...

    def replace(self, why: str) -> Database:
        """Move the damaged file (already closed) aside and start a fresh one."""
        ...

    def make_room(self, database: Database) -> None:
        """The disk is full: give up what can be given up."""
        ...

    def committed(self) -> None:
        """A transaction of `write` has committed."""
        ...


class Writer:
    """The writer thread.

    Args:
        host: opens the file at once, on the writer's thread; what it raises is raised here.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._dark = False
        self._pool = ThreadPoolExecutor(1, "zuil-store")
        try:
            self._database = self._pool.submit(host.open).result()
        except BaseException:
            self._pool.shutdown()
            raise

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that appends events; returns after COMMIT."""
        return self._pool.submit(self._run, work, True).result()

    async def write_async(self, work: Callable[[Connection], T]) -> T:
        """`write` for a coroutine. Cancelling it does not undo a transaction that has begun."""
        future: Future[T] = self._pool.submit(self._run, work, True)
        return await asyncio.wrap_future(future)

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that appends no event."""
        return self._pool.submit(self._run, work, False).result()

    async def run_async(self, work: Callable[[Connection], T]) -> T:
        """`run` for a coroutine."""
        future: Future[T] = self._pool.submit(self._run, work, False)
        return await asyncio.wrap_future(future)

    def go_dark(self) -> None:
        """After what was submitted before, every transaction fails; for practising a power cut."""
        self._pool.submit(setattr, self, "_dark", True).result()

    def apart(self, work: Callable[[Database], None]) -> None:
        """Run `work` outside any transaction, as a checkpoint needs."""
        self._pool.submit(self._apart, work).result()

    def close(self) -> None:
        """Finish what was submitted, close the file, end the thread."""
        self._pool.submit(lambda: self._database.close()).result()
        self._pool.shutdown()

    def _run(self, work: Callable[[Connection], T], tell: bool) -> T:
        if self._dark:
            raise PowerGone("the power is gone")
        try:
            result = self._transact(work)
        except DBAPIError as error:
            result = self._again(work, error)
        if tell:
            self._host.committed()
        return result

    def _transact(self, work: Callable[[Connection], T]) -> T:
        with self._database.engine.begin() as connection:
            return work(connection)

    def _again(self, work: Callable[[Connection], T], error: DBAPIError) -> T:
        if is_damage(error.orig):
            self._replace(str(error.orig))
            return self._transact(work)
        if not is_full(error.orig):
            raise error
        self._host.make_room(self._database)
        try:
            return self._transact(work)
        except DBAPIError as second:
            if is_full(second.orig):
                raise StoreFull("the disk is full; free some room on the store's partition") from second
            raise

    def _apart(self, work: Callable[[Database], None]) -> None:
        try:
            work(self._database)
        except Damaged as error:
            self._replace(str(error))

    def _replace(self, why: str) -> None:
        self._database.close()
        self._database = self._host.replace(why)
