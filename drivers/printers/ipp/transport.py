"""One HTTP request at a time to one printer, each within a time, with a value for everything that goes wrong.

Over `http.client`, because it alone tells connecting from sending: what broke before the connection stood has certainly
not reached the printer. It follows no redirect and asks no proxy of the environment. Never raises. Not for: what is in
the messages (`protocol`).
"""

from __future__ import annotations

import hashlib
import io
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import TYPE_CHECKING, Literal, Protocol, cast

from drivers.printers.ipp.address import IppAddress

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CONNECT_SECONDS = 3.0
MAX_ANSWER_BYTES = 1024 * 1024
BYTES_PER_SECOND = 100_000
"""The slowest network on which a document still gets through."""
_CHUNK = 64 * 1024
_HEADERS = {"Content-Type": "application/ipp", "Accept": "application/ipp", "User-Agent": "zuil"}


class Failure(Enum):
    """Why there is no answer."""

    UNREACHABLE = "unreachable"
    SILENT = "silent"
    LOST = "lost"
    NO_TRUST = "no trust"
    TOO_LONG = "too long"


@dataclass(frozen=True)
class NoAnswer:
    """Nothing that could be read came back.

    Attributes:
        sent: whether a byte of the request may have reached the printer.
        detail: technical words, never personal.
    """

    failure: Failure
    sent: bool
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, from whoever gave it."""

    status: int
    content_type: str
    body: bytes


class Transport(Protocol):
    """A way to one printer."""

    def post(self, body: bytes, seconds: float) -> Answer | NoAnswer:
        """Send a message and wait for the answer, at most so long and the time the bytes need."""
        ...

    def close(self) -> None:
        """Drop the connection; the next message opens a new one."""
        ...


class HttpTransport:
    """HTTP to one address, over one connection that is kept while it works."""

    def __init__(self, address: IppAddress, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the settings; nothing is opened yet."""
        self._address = address
        self._clock = clock
        self._line: HTTPConnection | None = None

    def post(self, body: bytes, seconds: float) -> Answer | NoAnswer:
        """See `Transport`; a connection that breaks is dropped."""
        until = self._clock() + seconds + len(body) / BYTES_PER_SECOND
        try:
            line = self._connected(until, min(CONNECT_SECONDS, seconds))
        except ssl.SSLError as problem:
            return self._failed(Failure.NO_TRUST, False, problem)
        except (OSError, HTTPException, ValueError) as problem:  # ValueError: a name that no host can have
            return self._failed(Failure.UNREACHABLE, False, problem)
        try:
            return self._exchange(line, body)
        except TimeoutError as problem:
            return self._failed(Failure.SILENT, True, problem)
        except (OSError, HTTPException) as problem:
            return self._failed(Failure.LOST, True, problem)

    def close(self) -> None:
        """See `Transport`."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _connected(self, until: float, seconds: float) -> HTTPConnection:
        if self._line is None:
            self._line = self._new_line(seconds)
            self._line.connect()
            self._check_certificate(self._line.sock)
        self._line.sock = cast("socket.socket", _TimedSocket(_bare(self._line.sock), until, self._clock))
        return self._line

    def _new_line(self, seconds: float) -> HTTPConnection:
        host, port = self._address.host, self._address.port
        if not self._address.secure:
            return HTTPConnection(host, port, timeout=seconds)
        context = ssl.create_default_context()
        if self._address.sha256 is not None:  # this very certificate is asked for, whoever signed it
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return HTTPSConnection(host, port, timeout=seconds, context=context)

    def _check_certificate(self, sock: socket.socket) -> None:
        if isinstance(sock, ssl.SSLSocket) and self._address.sha256 is not None:
            found = hashlib.sha256(sock.getpeercert(binary_form=True) or b"").hexdigest()
            if found != self._address.sha256:
                raise ssl.SSLError(f"the printer's certificate has the fingerprint {found}")

    def _exchange(self, line: HTTPConnection, body: bytes) -> Answer | NoAnswer:
        try:
            line.request("POST", self._address.path, body, _HEADERS)
        except (BrokenPipeError, ConnectionResetError):
            # Who refuses early answers and hangs up while we are still talking; what it said may be there.
            response = HTTPResponse(line.sock, method="POST")
            response.begin()
        else:
            response = line.getresponse()
        with response:
            data = _limited(response)
            ends = response.will_close
        if data is None:
            return self._failed(Failure.TOO_LONG, True, ValueError(f"more than {MAX_ANSWER_BYTES} bytes"))
        if ends:
            self.close()
        return Answer(response.status, response.headers.get_content_type(), data)

    def _failed(self, failure: Failure, sent: bool, problem: Exception) -> NoAnswer:
        self.close()
        return NoAnswer(failure, sent, f"{type(problem).__name__}: {problem}"[:200])


def _limited(response: HTTPResponse) -> bytes | None:
    """The body; None when it is too long."""
    data = bytearray()
    while chunk := response.read(_CHUNK):
        data += chunk
        if len(data) > MAX_ANSWER_BYTES:
            return None
    if response.length:  # such a short answer is no error to the library
        raise IncompleteRead(bytes(data), response.length)
    return bytes(data)


class _TimedSocket:
    """What `http.client` uses of a socket, all of it before one moment: an answer that drips in ends too."""

    def __init__(self, bare: socket.socket, until: float, clock: Callable[[], float]) -> None:
        self.bare = bare
        self._until = until
        self._clock = clock

    def sendall(self, data: bytes) -> None:
        self.limit()
        self.bare.sendall(data)

    def makefile(self, mode: Literal["rb"]) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self, self.bare.makefile(mode, buffering=0)))

    def close(self) -> None:
        self.bare.close()

    def limit(self) -> None:
        left = self._until - self._clock()
        if left <= 0:
            raise TimeoutError("no time left")
        self.bare.settimeout(left)


class _TimedReader(io.RawIOBase):
    def __init__(self, line: _TimedSocket, source: io.RawIOBase) -> None:
        self._line = line
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, into: WriteableBuffer) -> int | None:
        self._line.limit()
        return self._source.readinto(into)

    def close(self) -> None:
        self._source.close()
        super().close()


def _bare(sock: socket.socket | _TimedSocket) -> socket.socket:
    return sock.bare if isinstance(sock, _TimedSocket) else sock
