"""Points of a payment at which a process may be killed, numbered as they come. Not a test.

A point lies just before and just after each transaction of the store, between its statements and its COMMIT, around
each file the driver keeps, and around each message that leaves for the terminal or comes from it. Questions about the
terminal's state between payments are no part of one. Not for: deciding what is right after a kill (`killing`).
"""

from __future__ import annotations

import functools
import os
import signal
import ssl
import threading
from collections.abc import Callable
from typing import Any

from drivers.payments.adyen.numbers import FileNumbers
from drivers.payments.adyen.transport import HttpsTransport
from drivers.payments.opi.memory import FileMemory
from drivers.payments.opi.wire import Wire
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.link import StreamLink
from drivers.runner import DeviceRunner
from kiosk.payment_journal import AttemptJournal
from kiosk.store.writer import Writer

Call = Callable[..., Any]
LATE = " (its note not written)"
"""What stands behind the name of a point where money may move without a note on disk; only in the control."""


class Points:
    """Counts points while it is armed, and ends the process at one of them.

    Attributes:
        kill_at: number of that point, from 1; 0 kills never.
        passed: names of the points, in order.
        pending: a note that the control writes only after the message it belongs to.
    """

    def __init__(self, kill_at: int = 0) -> None:
        self.kill_at = kill_at
        self.armed = False
        self.passed: list[str] = []
        self.pending: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._quiet = threading.local()

    def at(self, name: str) -> None:
        """Here is one."""
        if not self.armed or getattr(self._quiet, "now", False):
            return
        with self._lock:
            self.passed.append(name + (LATE if self.pending else ""))
            if len(self.passed) == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def sent(self) -> None:
        """A message has left."""
        self.at("message sent")
        pending, self.pending = self.pending, None
        if pending is not None:
            pending()

    def around(self, call: Call, what: str) -> Call:
        """The same with a point before and one behind."""

        @functools.wraps(call)
        def watched(*given: Any, **named: Any) -> Any:
            self.at(f"before {what}")
            result = call(*given, **named)
            self.at(f"after {what}")
            return result

        return watched

    def sending(self, call: Call) -> Call:
        """The same for what hands a message to the line."""

        @functools.wraps(call)
        def watched(*given: Any, **named: Any) -> Any:
            self.at("message about to leave")
            result = call(*given, **named)
            self.sent()
            return result

        return watched

    def hearing(self, call: Call, heard: Callable[[Any], bool]) -> Call:
        """The same for what takes a message from the line, where it brought one."""

        @functools.wraps(call)
        def watched(*given: Any, **named: Any) -> Any:
            result = call(*given, **named)
            if heard(result):
                self.at("message came")
            return result

        return watched

    def quietly(self, call: Call) -> Call:
        """The same with no points in it."""

        @functools.wraps(call)
        def unwatched(*given: Any, **named: Any) -> Any:
            self._quiet.now = True
            try:
                return call(*given, **named)
            finally:
                self._quiet.now = False

        return unwatched


def lay(points: Points, *, late: bool = False) -> None:
    """Watch every place of this process; for a process that does nothing else, nothing is put back.

    Args:
        late: the control: the note of a command is written only after the command has left.
    """
    _replace(DeviceRunner, "_refresh", points.quietly)
    _replace(Writer, "_run", lambda run: _watched_transaction(points, run))
    _replace(FileNumbers, "_write", lambda call: points.around(call, "the counter"))
    _replace(FileMemory, "_write", lambda call: points.around(call, "the memory of callbacks"))
    _replace(StreamLink, "send", points.sending)
    _replace(StreamLink, "receive", lambda call: points.hearing(call, lambda came: isinstance(came, Apdu)))
    _replace(Wire, "send", points.sending)
    _replace(Wire, "read", lambda call: points.hearing(call, lambda came: isinstance(came, tuple) and bool(came)))
    _replace(ssl.SSLSocket, "sendall", points.sending)
    _replace(HttpsTransport, "_connected", lambda call: points.around(call, "the line stands"))
    _replace(HttpsTransport, "_answer", lambda call: points.hearing(call, bool))
    if late:
        _replace(AttemptJournal, "sending", lambda call: _later(points, call))


def _replace(kind: type, name: str, wrap: Callable[[Call], Call]) -> None:
    setattr(kind, name, wrap(getattr(kind, name)))


def _watched_transaction(points: Points, run: Call) -> Call:
    @functools.wraps(run)
    def watched(writer: Writer, work: Call, tell: bool) -> Any:  # as the writer calls it
        if not tell:
            return run(writer, work, tell)

        def inside(connection: Any) -> Any:
            result = work(connection)
            points.at("before COMMIT")
            return result

        return points.around(functools.partial(run, writer, inside, tell), "a transaction")()

    return watched


def _later(points: Points, sending: Call) -> Call:
    @functools.wraps(sending)
    def later(journal: AttemptJournal, *given: Any) -> None:
        points.pending = functools.partial(sending, journal, *given)

    return later
