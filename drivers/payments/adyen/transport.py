"""One HTTPS exchange with one terminal on a line of its own, and certain knowledge whether a byte of it left.

The line is ours down to the socket, because a library that opens it again by itself would send a payment twice. No
redirect is followed, no proxy asked, an answer has a limit. The certificate must come from the authority that is set,
and be this terminal's. Never raises, save what a `Watch` raises. Not for: what is in the messages (`session`).
"""

from __future__ import annotations

import io
import re
import select
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar, cast

from cryptography import x509

from drivers.payments.adyen.address import AdyenAddress

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PATH = "/nexo"
MAX_ANSWER_BYTES = 1024 * 1024
_CHUNK = 65536
_KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4}
"""A terminal that lost its power says nothing; after half a minute the line breaks by itself."""


class Failure(Enum):
    """Why there is no answer."""

    UNREACHABLE = "unreachable"
    NO_TRUST = "no trust"
    SILENT = "silent"
    LOST = "lost"
    TOO_LONG = "too long"
    GIVEN_UP = "given up"


@dataclass(frozen=True)
class NoAnswer:
    """Nothing that could be read came back.

    Attributes:
        sent: whether a byte of the message was handed to the line.
        detail: technical words, never personal.
    """

    failure: Failure
    sent: bool
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, from whoever gave it."""

    status: int
    body: bytes


class Watch(Protocol):
    """Somebody who goes on living while an answer is waited for; called on the thread that waits."""

    def written(self) -> None:
        """The message was written whole."""
        ...

    def waiting(self) -> bool:
        """Called several times a second; False gives up."""
        ...


class Transport(Protocol):
    """A way to one terminal."""

    def post(self, body: bytes, seconds: float, watch: Watch | None = None) -> Answer | NoAnswer:
        """Send a message at most once and wait at most so long for its answer."""
        ...


class HttpsTransport:
    """HTTPS to one address, a new connection for every message."""

    def __init__(
        self,
        address: AdyenAddress,
        authority: str,
        connect_seconds: float = 5.0,
        tick_seconds: float = 0.1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the settings; nothing is opened yet.

        Args:
            authority: certificates in PEM; no other is trusted.

        Raises:
            ssl.SSLError: when that is no certificate.
        """
        self._address = address
        self._connect_seconds = connect_seconds
        self._tick_seconds = tick_seconds
        self._clock = clock
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # A terminal is called by its number; whose certificate it is, is checked after the handshake.
        self._context.check_hostname = False
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.load_verify_locations(cadata=authority)

    def post(self, body: bytes, seconds: float, watch: Watch | None = None) -> Answer | NoAnswer:
        """See `Transport`."""
        until = self._clock() + seconds
        try:
            line = self._connected(min(self._connect_seconds, seconds))
        except ssl.SSLError as problem:
            return _no_answer(Failure.NO_TRUST, False, problem)
        except _Mute as problem:
            return _no_answer(Failure.SILENT, False, problem)
        except (OSError, ValueError) as problem:  # ValueError: a name that no host can have
            return _no_answer(Failure.UNREACHABLE, False, problem)
        with line:
            try:
                return self._exchange(line, body, until, watch)
            except _WatchRaised as raised:
                raise raised.problem from None

    def _connected(self, seconds: float) -> ssl.SSLSocket:
        bare = socket.create_connection((self._address.host, self._address.port), seconds)
        try:
            bare.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for name, value in _KEEPALIVE.items():
                bare.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
            line = self._context.wrap_socket(bare)
        except TimeoutError:
            bare.close()
            raise _Mute("it takes the connection and says nothing") from None
        except BaseException:
            bare.close()
            raise
        if not is_this_terminal(names_of(line), self._address.poi_id, self._address.environment):
            line.close()
            raise ssl.SSLError("the certificate is another terminal's than the one that is set")
        return line

    def _exchange(self, line: ssl.SSLSocket, body: bytes, until: float, watch: Watch | None) -> Answer | NoAnswer:
        try:
            line.sendall(self._request(body))
            if watch is not None:
                _told(watch.written)
            line.setblocking(False)
            return self._answer(_Waiting(line, until, self._clock, self._tick_seconds, watch))
        except TimeoutError as problem:
            return _no_answer(Failure.SILENT, True, problem)
        except _GivenUp as problem:
            return _no_answer(Failure.GIVEN_UP, True, problem)
        except _TooLong as problem:
            return _no_answer(Failure.TOO_LONG, True, problem)
        except (OSError, HTTPException, ValueError) as problem:
            return _no_answer(Failure.LOST, True, problem)

    def _request(self, body: bytes) -> bytes:
        host = f"[{self._address.host}]" if ":" in self._address.host else self._address.host
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: {host}:{self._address.port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\nUser-Agent: zuil\r\n\r\n"
        )
        return head.encode("ascii", "replace") + body

    def _answer(self, source: _Waiting) -> Answer:
        response = HTTPResponse(cast("socket.socket", source), method="POST")
        with response:
            response.begin()
            data = bytearray()
            while chunk := response.read(_CHUNK):
                data += chunk
            if response.length:  # such a short answer is no error to the library
                raise ConnectionError("the answer ends too early")
            return Answer(response.status, bytes(data))


def names_of(line: ssl.SSLSocket) -> list[str]:
    """Common name and alternative names of the other side's certificate."""
    try:
        certificate = x509.load_der_x509_certificate(line.getpeercert(binary_form=True) or b"")
    except ValueError:
        return []
    names = [str(each.value) for each in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    try:
        more = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return names
    return names + more.get_values_for_type(x509.DNSName)


def is_this_terminal(names: list[str], poi_id: str, environment: str) -> bool:
    """Whether a certificate is that of the terminal, or the old one that terminals share."""
    place = f"{re.escape(environment)}\\.terminal\\.adyen\\.com"
    right = re.compile(rf"({re.escape(poi_id)}|legacy-terminal-certificate)\.{place}", re.IGNORECASE)
    return any(right.fullmatch(name) for name in names)


def read_authority(path: Path) -> str:
    """The file of certificates; raises OSError or UnicodeDecodeError."""
    return path.read_text(encoding="ascii")


def _no_answer(failure: Failure, sent: bool, problem: Exception) -> NoAnswer:
    return NoAnswer(failure, sent, f"{type(problem).__name__}: {problem}"[:200])


T = TypeVar("T")


def _told(watch: Callable[[], T]) -> T:
    """What a watch raises (a journal that cannot write) is not taken for trouble of the line."""
    try:
        return watch()
    except Exception as problem:
        raise _WatchRaised(problem) from problem


class _WatchRaised(Exception):
    def __init__(self, problem: Exception) -> None:
        self.problem = problem


class _Mute(Exception):
    """Connected, and no handshake comes."""


class _GivenUp(Exception):
    """The watch wants to wait no longer."""


class _TooLong(Exception):
    """More came than any answer has."""


class _Waiting:
    """What `HTTPResponse` uses of a socket: a reader that lets the watch live while nothing comes."""

    def __init__(
        self, line: ssl.SSLSocket, until: float, clock: Callable[[], float], tick: float, watch: Watch | None
    ) -> None:
        self.line = line
        self.until = until
        self.clock = clock
        self.tick = tick
        self.watch = watch
        self.taken = 0

    def makefile(self, mode: Literal["rb"]) -> io.BufferedReader:  # noqa: ARG002  # the library always says "rb"
        return io.BufferedReader(_Reader(self))

    def wait(self, events: int) -> None:
        left = self.until - self.clock()
        if left <= 0:
            raise TimeoutError("no answer in time")
        if self.watch is not None and not _told(self.watch.waiting):
            raise _GivenUp("waited long enough")
        poll = select.poll()
        poll.register(self.line, events)
        poll.poll(1000 * min(left, self.tick))


class _Reader(io.RawIOBase):
    def __init__(self, source: _Waiting) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, into: WriteableBuffer) -> int:
        source = self._source
        if source.clock() >= source.until:
            raise TimeoutError("no whole answer in time")
        while True:
            try:
                count = source.line.recv_into(into)
            except ssl.SSLWantReadError:
                source.wait(select.POLLIN)
            except ssl.SSLWantWriteError:
                source.wait(select.POLLOUT)
            else:
                source.taken += count
                if source.taken > MAX_ANSWER_BYTES:
                    raise _TooLong(f"more than {MAX_ANSWER_BYTES} bytes")
                return count
