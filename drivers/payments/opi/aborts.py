"""The wish to end an open payment, on a connection of its own: at most three times, and never when none is open.

Its answer proves nothing; the payment's own answer is still waited for. Not for: who wishes it (`driver`).
"""

from __future__ import annotations

from collections.abc import Callable

from drivers.contract import CannotOpen
from drivers.payments.opi.malformed import Malformed
from drivers.payments.opi.profile import Timing
from drivers.payments.opi.responses import decode_response
from drivers.payments.opi.wire import Ended, Wire

MOST_TRIES = 3

Prepare = Callable[[], bytes | None]
"""The next AbortRequest, already in the journal; None when there can be none."""


class Aborts:
    """The tries of one payment; stepped by whoever waits for its answer.

    Attributes:
        tries: how many left, or were about to.
    """

    def __init__(
        self, prepare: Prepare, connect: Callable[[], Wire | CannotOpen], timing: Timing, clock: Callable[[], float]
    ) -> None:
        self._prepare = prepare
        self._connect = connect
        self._timing = timing
        self._clock = clock
        self._wire: Wire | None = None
        self._wanted = self._taken = False
        self._started = self._until = 0.0
        self.tries = 0

    def want(self) -> None:
        """Begin, once."""
        self._wanted = True

    @property
    def started(self) -> bool:
        """Whether the terminal may have heard of it."""
        return self.tries > 0

    def filenos(self) -> list[int]:
        """Descriptors to wait for."""
        return [self._wire.fileno()] if self._wire is not None else []

    def due(self) -> float | None:
        """When `step` should come again even if nothing has come."""
        if self._wire is not None:
            return self._until
        return self._next() if self._more() else None

    def step(self) -> None:
        """Do what there is to do now."""
        if self._wire is not None:
            self._look(self._wire)
        if self._wire is None and self._more() and self._clock() >= self._next():
            self._try()

    def close(self) -> None:
        """Free the connection; may be called twice."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _more(self) -> bool:
        return self._wanted and not self._taken and self.tries < MOST_TRIES

    def _next(self) -> float:
        return self._started + self._timing.abort_gap if self.tries else self._started

    def _try(self) -> None:
        self._started = self._clock()
        self.tries += 1
        opened = self._connect()
        if isinstance(opened, CannotOpen):
            return
        self._wire = opened
        document = self._prepare()
        if document is None or not opened.send(document, self._timing.write):
            self.close()
            return
        self._until = self._clock() + self._timing.abort_answer

    def _look(self, wire: Wire) -> None:
        came = wire.read()
        if isinstance(came, tuple) and came:
            reply = decode_response(came[0])
            self._taken = not isinstance(reply, Malformed) and reply.result == "Success"
            self.close()
        elif isinstance(came, (Malformed, Ended)) or self._clock() >= self._until:
            self.close()
