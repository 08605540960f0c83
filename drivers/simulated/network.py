"""A network that can be broken: stands between a client and a server and does one bad thing at a time, by name.

Switch it at any moment; connections of the mode before end at once. The modes that change answers understand plain
HTTP; `open`, `cut`, `slow` and `drip` pass anything. Not for: TLS, which it passes unseen.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Callable

from drivers.simulated.cables import listen
from drivers.simulated.http_frames import read_answer, read_request

MODES: dict[str, str] = {
    "open": "Everything passes.",
    "cut": "The cable is out: connections are refused, live ones reset.",
    "portal": "A login page answers everything with 200, as in a hotel.",
    "redirect": "Everything is sent on to a login page with 302.",
    "slow": "Every packet comes late.",
    "drip": "Answers come a byte at a time.",
    "drop-answer": "The server gets the request; its answer is lost.",
    "truncate-answer": "The connection ends in the middle of the answer.",
    "reset-mid-request": "The connection is reset before the whole request is through.",
    "error-500": "Something on the way answers every request with 500.",
    "delay-past-timeout": "The server gets the request; its answer comes when nobody waits any more.",
}
"""Every mode by name, and what it does."""

_PAGE = b"<!doctype html><title>Wi-Fi</title><h1>Please log in</h1>"
_HTML = b"Content-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(_PAGE), _PAGE)
_FIXED = {
    "portal": b"HTTP/1.1 200 OK\r\n" + _HTML,
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n" + _HTML,
    "error-500": b"HTTP/1.1 500 Internal Server Error\r\n" + _HTML,
}
_HELD = ("drop-answer", "truncate-answer", "delay-past-timeout")


class UnknownMode(ValueError):
    """A name that is no mode; the message lists the names there are."""


class FaultProxy:
    """A TCP proxy on 127.0.0.1 in front of `target`."""

    def __init__(
        self, target: tuple[str, int], port: int = 0, *, latency: float = 0.5, drip: float = 0.02, delay: float = 60.0
    ) -> None:
        """Open the port; `start` begins to pass bytes.

        Args:
            latency: seconds a packet is late in the mode `slow`.
            drip: seconds between two bytes in the mode `drip`.
            delay: seconds an answer is held back in the mode `delay-past-timeout`.
        """
        self.target = target
        self.latency = latency
        self.drip = drip
        self.delay = delay
        self._listening: socket.socket | None = listen(port)
        self.port: int = self._listening.getsockname()[1]
        self._mode = "open"
        self._lock = threading.Lock()
        self._visits: set[_Visit] = set()
        self._stop = threading.Event()
        self._wake_in, self._wake_out = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="fault proxy", daemon=True)

    @property
    def mode(self) -> str:
        """The mode in force."""
        return self._mode

    def start(self) -> FaultProxy:
        """Begin."""
        self._thread.start()
        return self

    def set_mode(self, name: str) -> None:
        """Break the network in another way; live connections end.

        Raises:
            UnknownMode: listing the names there are.
        """
        if name not in MODES:
            raise UnknownMode(f"no network mode {name!r}; there are {', '.join(MODES)}")
        with self._lock:
            self._mode = name
            if name == "cut":
                self._refuse()
            elif self._listening is None and not self._stop.is_set():
                self._listening = listen(self.port)
            visits = tuple(self._visits)
        self._wake()
        for visit in visits:
            visit.end()

    def stop(self) -> None:
        """End every connection, free the port, join every thread."""
        self._stop.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join()
        with self._lock:
            self._refuse()
            visits = tuple(self._visits)
        for visit in visits:
            visit.end()
            visit.join()
        self._wake_in.close()
        self._wake_out.close()

    def __enter__(self) -> FaultProxy:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_out.send(b"!")

    def _refuse(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def _accept(self) -> None:
        while not self._stop.is_set():
            with selectors.DefaultSelector() as selector:
                selector.register(self._wake_in, selectors.EVENT_READ)
                with self._lock:
                    listening = self._listening
                    if listening is not None:
                        selector.register(listening, selectors.EVENT_READ)
                ready = {key.fileobj for key, _ in selector.select()}
            if self._wake_in in ready:
                self._wake_in.recv(4096)
            if listening in ready:
                self._welcome()

    def _welcome(self) -> None:
        with self._lock:
            if self._listening is None or self._stop.is_set():
                return
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            client.setblocking(True)
            visit = _Visit(self, client, self._mode, self._visits.discard)
            self._visits.add(visit)
            visit.start()


class _Visit:
    """One client, from its connection to its end, in one mode."""

    def __init__(self, proxy: FaultProxy, client: socket.socket, mode: str, ended: Callable[[_Visit], None]) -> None:
        self._proxy = proxy
        self._client = client
        self._server: socket.socket | None = None
        self._mode = mode
        self._ended = ended
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"fault proxy {mode}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def end(self) -> None:
        """Wake whatever waits; the visit's own thread closes the sockets."""
        self._over.set()
        for end in (self._client, self._server):
            if end is not None:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        try:
            self._play()
        except OSError:
            _reset(self._client)
        finally:
            for end in (self._client, self._server):
                if end is not None:
                    end.close()
            self._ended(self)

    def _play(self) -> None:
        if self._mode in _FIXED:
            if read_request(self._client):
                self._client.sendall(_FIXED[self._mode])
        elif self._mode in _HELD:
            while not self._over.is_set() and self._hold():
                continue
        elif self._mode == "reset-mid-request":
            self._break_request()
        elif self._mode != "cut":
            self._pass()
        if self._over.is_set():
            _reset(self._client)

    def _connect(self) -> socket.socket:
        if self._server is None:
            self._server = socket.create_connection(self._proxy.target, timeout=5)
            self._server.settimeout(None)
        return self._server

    def _hold(self) -> bool:
        """Deliver one request, do something to its answer; True when the connection may go on."""
        request = read_request(self._client)
        if not request:
            return False
        server = self._connect()
        server.sendall(request)
        answer = read_answer(server)
        match self._mode:
            case "drop-answer":
                _reset(self._client)
            case "truncate-answer":
                self._client.sendall(_without_end(answer))
            case _:
                if not self._over.wait(self._proxy.delay):
                    self._client.sendall(answer)
                    return True
        return False

    def _break_request(self) -> None:
        request = self._client.recv(65536)
        if request:
            self._connect().sendall(request[: len(request) // 2])
        _reset(self._client)

    def _pass(self) -> None:
        """Bytes both ways until one end closes, late or in drops when the mode says so."""
        server = self._connect()
        others = {self._client: server, server: self._client}
        with selectors.DefaultSelector() as selector:
            for end in others:
                selector.register(end, selectors.EVENT_READ)
            while not self._over.is_set():
                for key, _ in selector.select():
                    source = key.fileobj
                    if not isinstance(source, socket.socket):
                        continue
                    data = source.recv(65536)
                    if not data:
                        return
                    self._forward(data, others[source], answer=source is server)

    def _forward(self, data: bytes, to: socket.socket, *, answer: bool) -> None:
        if self._mode == "slow" and self._over.wait(self._proxy.latency):
            return
        if self._mode != "drip" or not answer:
            to.sendall(data)
            return
        for at in range(len(data)):
            to.sendall(data[at : at + 1])
            if self._over.wait(self._proxy.drip):
                return


def _without_end(answer: bytes) -> bytes:
    """All headers and half of the body: an end among the headers passes for an empty answer with some clients."""
    body = answer.find(b"\r\n\r\n") + 4
    return answer[: body + (len(answer) - body) // 2]


def _reset(end: socket.socket) -> None:
    """Close so that the other end sees a reset and not an end."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()
