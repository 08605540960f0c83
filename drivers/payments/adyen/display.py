"""News of the terminal's screen, and what it means to a citizen; decoration, on which no decision depends.

The terminal posts each step to a port of the kiosk, locked like every message. Steps wait here until the thread of the
bus takes them. Not for: evidence.
"""

from __future__ import annotations

import collections
import contextlib
import socket
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Protocol

from drivers.payment_contract import Step
from drivers.payments.adyen.crypto import Key
from drivers.payments.adyen.envelope import Opened, open_sealed
from drivers.payments.adyen.reading import read_message
from drivers.payments.adyen.values import Shown

FINAL = "TENDER_FINAL"
_LARGEST = 64 * 1024
_MOST_WAITING = 100
_SECONDS = 2.0
_LOOK_SECONDS = 0.1
_ON_CARD = ("CARD_INSERTED", "CARD_PRESENTED", "CARD_SWIPED")
_STEPS = {
    "TENDER_CREATED": Step.WAITING_FOR_CARD,
    **dict.fromkeys(_ON_CARD, Step.CARD_SEEN),
    "PIN_ENTERED": Step.ASKING_BANK,
    "PRINT_RECEIPT": Step.BUSY,
}


class News(Protocol):
    """Where steps of the screen come from."""

    def take(self) -> list[str]:
        """Events since the last call, by the protocol's names."""
        ...

    def close(self) -> None:
        """Hear no more."""
        ...


class Screen:
    """The screen during one payment."""

    def __init__(self) -> None:
        self._card_inside = self._pin_asked = False

    def step(self, event: str) -> Step | None:
        """What an event means here; None when nothing new to the citizen."""
        if event == "WAIT_FOR_PIN":
            again, self._pin_asked = self._pin_asked, True
            return Step.PIN_WRONG if again else Step.ENTER_PIN
        if event == "CARD_INSERTED":
            self._card_inside = True
        if event == "CARD_REMOVED":
            self._card_inside = False
        if event == FINAL and self._card_inside:
            return Step.TAKE_CARD
        return _STEPS.get(event)


class Listener:
    """Hears one terminal on a port of this machine."""

    def __init__(self, keys: Sequence[Key], poi_id: str, port: int, host: str = "0.0.0.0") -> None:  # noqa: S104
        """Listen at once; the terminal is another machine.

        Raises:
            OSError: when the port is taken.
        """
        self._keys = tuple(keys)
        self._poi_id = poi_id
        self._waiting: collections.deque[str] = collections.deque(maxlen=_MOST_WAITING)
        self._closing = threading.Event()
        self._line: socket.socket | None = None
        self._server = HTTPServer((host, port), _handler(self))
        self._server.timeout = _LOOK_SECONDS
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._listen, name="news of the terminal", daemon=True)
        self._thread.start()

    def take(self) -> list[str]:
        """See `News`."""
        taken = []
        while self._waiting:
            taken.append(self._waiting.popleft())
        return taken

    def close(self) -> None:
        """See `News`; may be called twice."""
        self._closing.set()
        line = self._line
        if line is not None:  # who sends a byte now and then must not hold us
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.server_close()

    def begin(self, line: socket.socket) -> bool:
        """Note a line that begins to talk; False when nobody listens any more."""
        self._line = line
        return not self._closing.is_set()

    def _listen(self) -> None:
        while not self._closing.is_set():
            self._server.handle_request()

    def hear(self, data: bytes) -> bool:
        """Whether this was news of our terminal."""
        opened = open_sealed(data, self._keys)
        found = read_message(opened) if isinstance(opened, Opened) else None
        if not isinstance(found, tuple) or found[0].poi_id != self._poi_id:
            return False
        if isinstance(found[1], Shown):
            self._waiting.extend(found[1].events)
        return True


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS

        def handle(self) -> None:
            if listener.begin(self.connection):
                super().handle()

        def do_POST(self) -> None:  # the library's name for it
            length = self.headers.get("Content-Length", "")
            if not length.isascii() or not length.isdigit() or len(length) > 6 or int(length) > _LARGEST:
                self._end(413)
                return
            self._end(200 if listener.hear(self.rfile.read(int(length))) else 400)

        def _end(self, status: int) -> None:
            self.close_connection = True
            self.send_response_only(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing that anybody posts is logged."""

    return Handler
