"""A virtual slot: listens on this machine for a simulated card, with the protocol that `vpcd` of vsmartcard speaks.

For practice, demonstrations and tests without pcscd: a simulated card connects here as it would to the real virtual
reader driver. Two bytes of length, then the payload; one byte is a command to the slot (power off, on, reset, answer to
reset), everything longer is a command to the card. Not for: a real column, whose settings refuse it.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time

from drivers.cards.transport import Connection, LineBroken, LineFault, Presence, Unsupported
from drivers.contract import Reason

POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
ANSWER_SECONDS = 5.0
"""For one whole answer."""
NAME = "virtual slot"
_UNASKED = 65536


class VirtualTransport:
    """One slot on `host:port`; a connection is a card that was put in.

    Args:
        port: 0 takes a free one, see `port`.
        answer_seconds: how long a card may take for one whole answer.

    Raises:
        OSError: when the port is taken.
    """

    def __init__(self, host: str, port: int, answer_seconds: float = ANSWER_SECONDS) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=family)
        self._listening.setblocking(False)
        self.port: int = self._listening.getsockname()[1]
        self._answer_seconds = answer_seconds
        self._card: _Line | None = None
        self._insertion = 0

    def look(self) -> Presence:
        """See `drivers.cards.transport.Transport`."""
        if self._listening.fileno() < 0:
            return Presence(trouble=Reason.NO_READER, detail="the virtual slot is closed")
        if self._card is not None and self._card.ended():
            self._pull()
        if self._card is None:
            self._accept()
        return Presence(NAME, self._card is not None, self._insertion)

    def connect(self) -> Connection:
        """See `drivers.cards.transport.Transport`."""
        if self._card is None:
            raise LineBroken(LineFault.REMOVED, "no card is connected")
        return VirtualConnection(self._card)

    def close(self) -> None:
        """See `drivers.cards.transport.Transport`."""
        self._pull()
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            card, _ = self._listening.accept()
            self._card = _Line(card, self._answer_seconds)
            self._insertion += 1

    def _pull(self) -> None:
        card, self._card = self._card, None
        if card is not None:
            card.close()


class VirtualConnection:
    """A powered card in the virtual slot.

    Raises:
        LineBroken: when the card gives no answer to reset.
    """

    def __init__(self, card: _Line) -> None:
        self._card = card
        card.send(POWER_ON)
        self._atr = card.exchange(GET_ATR)
        if not self._atr:
            raise LineBroken(LineFault.MUTE, "no answer to reset")

    @property
    def atr(self) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        return self._atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        answer = self._card.exchange(command)
        if len(answer) < 2:
            raise LineBroken(LineFault.MUTE, "an answer without a status word")
        return answer

    def control(self, code: int, data: bytes) -> bytes:  # noqa: ARG002 - the port's
        """The protocol carries no control codes: this slot has no keys of its own."""
        raise Unsupported("the virtual slot has no features")

    def close(self) -> None:
        """See `drivers.cards.transport.Connection`."""
        with contextlib.suppress(LineBroken):
            self._card.send(POWER_OFF)


class _Line:
    """The connection that is the card.

    One that was late, or spoke without being asked, may have its next answer taken for another: it counts as mute
    until it is put in again.
    """

    def __init__(self, connected: socket.socket, answer_seconds: float) -> None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connected
        self._answer_seconds = answer_seconds
        self._in_step = True

    def ended(self) -> bool:
        """Whether the other end has closed."""
        readable, _, _ = select.select([self._socket], [], [], 0)
        if not readable:
            return False
        self._in_step = False
        try:
            return not self._socket.recv(_UNASKED)
        except OSError:
            return True

    def exchange(self, payload: bytes | bytearray) -> bytes:
        """One payload there and one back.

        Raises:
            LineBroken: as both ways do.
        """
        self.send(payload)
        limit = time.monotonic() + self._answer_seconds
        length = int.from_bytes(self._receive(2, limit), "big")
        return self._receive(length, limit)

    def send(self, payload: bytes | bytearray) -> None:
        """One payload there; no copy is made of what may be a PIN.

        Raises:
            LineBroken: REMOVED when the other end is gone, MUTE when it no longer understands or is understood.
        """
        if not self._in_step:
            raise LineBroken(LineFault.MUTE, "it was late or spoke unasked; take the card out and put it in again")
        try:
            self._socket.settimeout(self._answer_seconds)
            self._socket.sendall(len(payload).to_bytes(2, "big"))
            self._socket.sendall(payload)
        except OSError as problem:
            raise self._broken(problem) from None

    def close(self) -> None:
        """Let go of the card."""
        self._socket.close()

    def _receive(self, length: int, limit: float) -> bytes:
        data = b""
        while len(data) < length:
            try:
                self._socket.settimeout(max(limit - time.monotonic(), 0.001))
                part = self._socket.recv(length - len(data))
            except OSError as problem:
                raise self._broken(problem) from None
            if not part:
                raise LineBroken(LineFault.REMOVED, "the card ended the connection")
            data += part
        return data

    def _broken(self, problem: OSError) -> LineBroken:
        if isinstance(problem, TimeoutError):
            self._in_step = False
            return LineBroken(LineFault.MUTE, f"no whole answer within {self._answer_seconds:g} s")
        return LineBroken(LineFault.REMOVED, type(problem).__name__)
