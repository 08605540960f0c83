"""A simulated card for other programs: connects to a virtual reader as the `vpcd` driver of vsmartcard has it.

Two bytes of length, then the payload; one byte is a command to the slot, everything longer a command to the card. A
connection is a card that is in, its end a card that was pulled. Not for: the reader (`drivers.cards.transports`).
"""

from __future__ import annotations

import contextlib
import socket
import threading

from drivers.simulated.card.interface import Card, CardGone

POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
EMPTY_SECONDS = 0.8
"""How long a slot stays empty between two connections: pcscd looks every 0.4 s, and must see a card go."""
RETRY_SECONDS = 0.2
"""Between two attempts while nobody listens."""
CONNECT_SECONDS = 5.0


class VpcdCard:
    """A slot of a virtual reader on HOST:PORT, with a card in it or not, in a thread of its own.

    Args:
        empty_seconds: see `EMPTY_SECONDS`; a reader that does not poll needs none.
    """

    def __init__(self, host: str, port: int, empty_seconds: float = EMPTY_SECONDS) -> None:
        self._address = (host, port)
        self._empty_seconds = empty_seconds
        self._changed = threading.Condition()
        self._card: Card | None = None
        self._socket: socket.socket | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated card", daemon=True)

    @property
    def card(self) -> Card | None:
        """What is to be in the slot."""
        with self._changed:
            return self._card

    @property
    def connected(self) -> bool:
        """Whether the reader has the card."""
        with self._changed:
            return self._socket is not None

    def start(self) -> VpcdCard:
        """Begin to connect as soon as there is a card."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Pull the card and end the thread."""
        self._stopping.set()
        self.pull()
        if self._thread.ident is not None:
            self._thread.join()

    def __enter__(self) -> VpcdCard:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def insert(self, card: Card) -> None:
        """Put a card in; one that is in comes out first."""
        with self._changed:
            self._break()
            self._card = card
            self._changed.notify_all()

    def pull(self) -> None:
        """Take the card out, whatever is going on."""
        with self._changed:
            self._card = None
            self._break()
            self._changed.notify_all()

    def wait_until_connected(self, connected: bool = True, seconds: float = 10.0) -> bool:
        """Wait until the reader has the card, or has it no longer; False when that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: (self._socket is not None) == connected, seconds)

    def _break(self) -> None:
        """The thread finds its connection ended and closes it."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._card is not None or self._stopping.is_set())
                card = self._card
            if card is None:
                continue
            try:
                line = socket.create_connection(self._address, CONNECT_SECONDS)
            except OSError:
                self._stopping.wait(RETRY_SECONDS)
                continue
            self._serve(line, card)
            self._stopping.wait(self._empty_seconds)

    def _serve(self, line: socket.socket, card: Card) -> None:
        """Answer until one of both sides ends it."""
        line.settimeout(None)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._changed:
            if self._card is not card:
                line.close()
                return
            self._socket = line
            self._changed.notify_all()
        try:
            self._converse(line, card)
        except CardGone:
            with self._changed:
                self._card = None if self._card is card else self._card
        except OSError:
            pass
        finally:
            with self._changed:
                self._socket = None
                self._changed.notify_all()
            line.close()
            card.reset()

    def _converse(self, line: socket.socket, card: Card) -> None:
        while (payload := _received(line)) is not None:
            if payload in (POWER_OFF, POWER_ON, RESET):
                card.reset()
            else:
                # A mute card says nothing in no bytes; a reader left waiting would wait for ever.
                answer = card.atr if payload == GET_ATR else card.transmit(payload)
                line.sendall(len(answer).to_bytes(2, "big") + answer)


def _received(line: socket.socket) -> bytes | None:
    """One payload, or None at the end."""
    head = _exactly(line, 2)
    return None if head is None else _exactly(line, int.from_bytes(head, "big"))


def _exactly(line: socket.socket, length: int) -> bytes | None:
    data = b""
    while len(data) < length:
        part = line.recv(length - len(data))
        # The driver sends length and payload apart; an acknowledgement that waits costs 40 ms a command.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if not part:
            return None
        data += part
    return data
