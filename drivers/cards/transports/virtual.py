"""A virtual slot: listens on this machine for a simulated card, with the protocol that `vpcd` of vsmartcard speaks.

For practice, demonstrations and tests without pcscd: a simulated card connects here as it would to the real virtual
reader driver. Two bytes of length, then the payload; one byte is a command to the slot (power off, on, reset, answer to
reset), everything longer is a command to the card. Not for: a real column, whose settings refuse it.
"""

from __future__ import annotations

import contextlib
import select
import socket

from drivers.cards.transport import Connection, LineBroken, LineFault, Presence, Unsupported
from drivers.contract import Reason

POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
ANSWER_SECONDS = 5.0
NAME = "virtual slot"


class VirtualTransport:
    """One slot on `host:port`; a connection is a card that was put in.

    Args:
        port: 0 takes a free one, see `port`.

    Raises:
        OSError: when the port is taken.
    """

    def __init__(self, host: str, port: int) -> None:
        self._listening = socket.create_server((host, port))
        self._listening.setblocking(False)
        self.port: int = self._listening.getsockname()[1]
        self._card: socket.socket | None = None
        self._insertion = 0

    def look(self) -> Presence:
        """See `drivers.cards.transport.Transport`."""
        if self._listening.fileno() < 0:
            return Presence(trouble=Reason.NO_READER, detail="the virtual slot is closed")
        if self._card is not None and _has_ended(self._card):
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
        with contextlib.suppress(BlockingIOError):
            card, _ = self._listening.accept()
            card.settimeout(ANSWER_SECONDS)
            card.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._card = card
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

    def __init__(self, card: socket.socket) -> None:
        self._card = card
        self._send(POWER_ON)
        self._atr = self._exchange(GET_ATR)
        if not self._atr:
            raise LineBroken(LineFault.MUTE, "no answer to reset")

    @property
    def atr(self) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        return self._atr

    def transmit(self, command: bytes) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        answer = self._exchange(command)
        if len(answer) < 2:
            raise LineBroken(LineFault.MUTE, "an answer without a status word")
        return answer

    def control(self, code: int, data: bytes) -> bytes:  # noqa: ARG002 - the port's
        """The protocol carries no control codes: this slot has no keys of its own."""
        raise Unsupported("the virtual slot has no features")

    def close(self) -> None:
        """See `drivers.cards.transport.Connection`."""
        with contextlib.suppress(LineBroken):
            self._send(POWER_OFF)

    def _exchange(self, payload: bytes) -> bytes:
        self._send(payload)
        length = int.from_bytes(self._receive(2), "big")
        return self._receive(length)

    def _send(self, payload: bytes) -> None:
        try:
            self._card.sendall(len(payload).to_bytes(2, "big") + payload)
        except OSError as gone:
            raise LineBroken(LineFault.REMOVED, type(gone).__name__) from None

    def _receive(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            try:
                part = self._card.recv(length - len(data))
            except TimeoutError:
                raise LineBroken(LineFault.MUTE, f"no answer within {ANSWER_SECONDS:.0f} s") from None
            except OSError as gone:
                raise LineBroken(LineFault.REMOVED, type(gone).__name__) from None
            if not part:
                raise LineBroken(LineFault.REMOVED, "the card ended the connection")
            data += part
        return data


def _has_ended(card: socket.socket) -> bool:
    """Whether the other end has closed; a card never speaks without being asked, so bytes are no sign of life."""
    readable, _, _ = select.select([card], [], [], 0)
    if not readable:
        return False
    with contextlib.suppress(OSError):
        return card.recv(1, socket.MSG_PEEK) == b""
    return True
