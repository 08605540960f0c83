"""One request on channel 0, with channel 1 served until its answer has come. One thread does both.

Not for: what is asked (`driver`), or what an answer proves (`evidence`).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from drivers.contract import CannotOpen
from drivers.payments.opi.address import OpiAddress
from drivers.payments.opi.desk import Desk, Unanswerable
from drivers.payments.opi.device import DeviceRequest, decode_device_request, encode_device_answer
from drivers.payments.opi.goods import GoodsBox
from drivers.payments.opi.listener import Listener
from drivers.payments.opi.malformed import Malformed
from drivers.payments.opi.patience import Hooks, Limits, Patience
from drivers.payments.opi.profile import Timing
from drivers.payments.opi.responses import Response, decode_response
from drivers.payments.opi.wire import Bell, Ended, Wire, connect, wait_for

_LOG = logging.getLogger("zuil.payment")
_LONGEST_LINGER = 10


@dataclass(frozen=True)
class Answered:
    """The answer and its document, which may hold card data."""

    response: Response
    document: bytes


@dataclass(frozen=True)
class Lost:
    """The request may have arrived, and no answer did.

    Attributes:
        garbled: something came, and it was no answer.
    """

    why: str
    garbled: bool = False


Reply = Answered | CannotOpen | Lost


class Exchange:
    """Both channels of one terminal."""

    def __init__(
        self,
        address: OpiAddress,
        listener: Listener,
        desk: Desk,
        box: GoodsBox,
        bell: Bell,
        timing: Timing,
        clock: Callable[[], float],
    ) -> None:
        self._address = address
        self._listener = listener
        self._desk = desk
        self._box = box
        self._bell = bell
        self._timing = timing
        self._clock = clock
        self._held: list[tuple[Wire, DeviceRequest]] = []

    def connect(self) -> Wire | CannotOpen:
        """A connection to channel 0."""
        return connect(self._address.host, self._address.port, self._timing.connect)

    def ask(self, document: bytes, limits: Limits, hooks: Hooks) -> Reply:
        """Send one request once, and wait for its answer."""
        opened = self.connect()
        if isinstance(opened, CannotOpen):
            return opened
        try:
            hooks.sending()
            if not opened.send(document, self._timing.write):
                return Lost("the request could not be written whole")
            hooks.written()
            reply = self._wait(opened, limits, hooks)
        finally:
            opened.close()
            if hooks.aborts is not None:
                hooks.aborts.close()
        self._linger(limits.linger)
        return reply

    def catch_up(self) -> None:
        """Answer what the terminal said while nobody listened; waits for nothing."""
        self._listener.accept()
        while self._serve(self._ready([], 0)):
            self._listener.accept()

    def pause(self, seconds: float) -> None:
        """Let time pass, and answer the terminal meanwhile."""
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            self._serve(self._ready([], left))

    def _wait(self, line: Wire, limits: Limits, hooks: Hooks) -> Reply:
        watch = Patience(limits, hooks, self._timing, self._clock)
        while True:
            if not watch.still():
                return Lost("no answer came in time")
            aborts = hooks.aborts.filenos() if hooks.aborts is not None else []
            ready = self._ready([line.fileno(), *aborts], watch.seconds(self._due()))
            if self._serve(ready):
                watch.heard()
            if hooks.aborts is not None:
                hooks.aborts.step()
            if line.fileno() in ready:
                reply = _read_answer(line)
                if reply is not None:
                    return reply

    def _due(self) -> float | None:
        return self._box.until if self._held else None

    def _ready(self, others: list[int], seconds: float) -> frozenset[int]:
        ready = wait_for([self._bell.fileno(), *self._listener.filenos(), *others], seconds)
        if self._bell.fileno() in ready:
            self._bell.hush()
        return ready

    def _linger(self, seconds: float) -> None:
        most = self._clock() + seconds * _LONGEST_LINGER
        until = self._clock() + seconds
        while (left := min(until, most) - self._clock()) > 0:
            if self._serve(self._ready([], left)):
                until = self._clock() + seconds
        for wire, _ in self._held:
            self._listener.drop(wire)
        self._held.clear()

    def _serve(self, ready: frozenset[int]) -> bool:
        """Read and answer what has come on channel 1; whether there was anything."""
        heard = False
        self._listener.accept()
        for wire in tuple(self._listener.wires):
            if wire.fileno() in ready:
                heard = self._hear(wire) or heard
        waiting, self._held = self._held, []
        for wire, request in waiting:
            if wire.fileno() >= 0:
                self._answer(wire, request)
        return heard

    def _hear(self, wire: Wire) -> bool:
        came = wire.read()
        if isinstance(came, (Malformed, Ended)):
            if isinstance(came, Malformed):
                _LOG.info("payment terminal: channel 1 was closed: %s", came.what)
            self._listener.drop(wire)
            return False
        for document in came:
            request = decode_device_request(document)
            if isinstance(request, Malformed):
                _LOG.info("payment terminal: channel 1 was closed: %s", request.what)
                self._listener.drop(wire)
                return False
            self._answer(wire, request)
        return bool(came)

    def _answer(self, wire: Wire, request: DeviceRequest) -> None:
        try:
            answer = self._desk.answer(request)
        except Unanswerable as why:
            _LOG.info("payment terminal: not answered: %s", why)
            self._listener.drop(wire)
            return
        except BaseException:
            # What the journal did not take is not acknowledged: the terminal sees its connection end.
            self._listener.drop(wire)
            raise
        if answer is None:
            self._held.append((wire, request))
        elif not wire.send(encode_device_answer(answer), self._timing.write):
            self._listener.drop(wire)

    def close(self) -> None:
        """Free everything; may be called twice."""
        self._held.clear()
        self._listener.close()
        with contextlib.suppress(OSError):
            self._bell.close()


def _read_answer(line: Wire) -> Reply | None:
    came = line.read()
    if isinstance(came, Ended):
        return Lost("the connection ended before the answer")
    if isinstance(came, Malformed):
        return Lost(came.what, garbled=True)
    if not came:
        return None
    response = decode_response(came[0])
    return Lost(response.what, garbled=True) if isinstance(response, Malformed) else Answered(response, came[0])
