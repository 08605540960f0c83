"""One HTTP request at a time, with a result for everything that can go wrong. Never raises.

Retries, redirects, cookies, compression and the proxy of the environment are switched off: the loop owns retries, and
anything a hotel or town-hall network does in between must be seen as what it is. Not for: what an answer means
(`sync.client.answers`).
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from socket import SHUT_RDWR
from ssl import SSLCertVerificationError
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import RequestException, SSLError, Timeout
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from sync.client.route import ca_problem

CONNECT_SECONDS = 3.0
READ_SECONDS = 30.0
WHOLE_SECONDS = 60.0
"""A body that drips in longer than this is given up."""
MAX_ANSWER_BYTES = 1024 * 1024
UNKNOWN_AUTHORITY = frozenset({18, 19, 20, 21})
"""OpenSSL's numbers for a certificate that leads to nobody who is believed."""
_CHUNK = 64 * 1024
# What it warns about, once per request, comes back as a value; the loop says it once.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class Failure(Enum):
    """Why there is no answer."""

    UNREACHABLE = "unreachable"
    TIME_OUT = "timeOut"
    TLS = "tls"
    CUT_OFF = "cutOff"
    TOO_LONG = "tooLong"
    BAD_ADDRESS = "badAddress"


@dataclass(frozen=True)
class NoAnswer:
    """Nothing that could be read came back. The request may or may not have arrived.

    Attributes:
        detail: technical words for the log.
    """

    failure: Failure
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer, from whoever gave it.

    Attributes:
        retry_after: the header of that name, as it came.
        seconds: how long the request took, first byte out to last byte in.
    """

    status: int
    body: bytes
    retry_after: str | None = None
    seconds: float = 0.0


class Transport(Protocol):
    """A way to post bytes."""

    def post(self, url: str, body: bytes) -> Answer | NoAnswer:
        """Post JSON bytes and wait for the answer."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class _Session(requests.Session):
    """A session that follows no redirect: `requests` would read the whole body of one even when told not to follow."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - name given by requests
        return None


class _Line(threading.local):
    """The transport that is posting on this thread."""

    transport: HttpTransport | None = None


_line = _Line()


class _Plain(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _remember(self)


class _Secure(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _remember(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS = {"http": _PlainPool, "https": _SecurePool}


def _remember(connection: HTTPConnection) -> None:
    if _line.transport is not None:
        _line.transport.connection = connection


class _Adapter(HTTPAdapter):
    """One pooled connection, which its transport can cut off from another thread."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=Retry(0, read=False))
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> ProxyManager:
        """See `HTTPAdapter`; a connection through a proxy can be cut off, too."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class HttpTransport:
    """HTTP through `requests`.

    Args:
        ca_bundle: file of certificate authorities to trust instead of the usual ones.
        proxies: proxy address by scheme, from the settings; the environment is not asked.

    Attributes:
        connection: the connection last opened.
    """

    def __init__(self, *, ca_bundle: str | None = None, proxies: dict[str, str] | None = None) -> None:
        self._session = _Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.verify = ca_bundle or True
        self._ca_bundle = ca_bundle
        self._session.proxies.update(proxies or {})
        self._session.mount("http://", _Adapter())
        self._session.mount("https://", _Adapter())
        self.connection: HTTPConnection | None = None
        self._session.headers.clear()
        self._session.headers.update(
            {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        )

    def post(self, url: str, body: bytes) -> Answer | NoAnswer:
        """Post JSON bytes; every failure is a value."""
        _line.transport = self
        try:
            return self._post(url, body)
        except Timeout as error:
            return NoAnswer(Failure.TIME_OUT, _words(error))
        except SSLError as error:
            return self._not_believed(error)
        except RequestsConnectionError as error:
            return NoAnswer(Failure.UNREACHABLE, _words(error))
        except (HTTPError, HTTPException, OSError) as error:
            wrong = self._ca_problem()
            return NoAnswer(Failure.TLS, wrong) if wrong else NoAnswer(Failure.CUT_OFF, _words(error))
        except (RequestException, ValueError) as error:
            return NoAnswer(Failure.BAD_ADDRESS, _words(error))

    def close(self) -> None:
        """Cut off a request that is under way and close the connection; from any thread."""
        socket = self.connection.sock if self.connection is not None else None
        if socket is not None:
            with suppress(OSError):
                socket.shutdown(SHUT_RDWR)
        self._session.close()

    def _not_believed(self, error: SSLError) -> NoAnswer:
        """TLS did not come about; says what would be right where the settings can put it right."""
        words = self._ca_problem() or _words(error)
        cause = _innermost(error)
        if isinstance(cause, SSLCertVerificationError) and cause.verify_code in UNKNOWN_AUTHORITY:
            known = "the authority under sync.ca did not issue it" if self._ca_bundle else "its authority is not known"
            words = f"{known}; write the PEM file of a town's own authority under sync.ca: {words}"
        return NoAnswer(Failure.TLS, words)

    def _ca_problem(self) -> str | None:
        return ca_problem(Path(self._ca_bundle)) if self._ca_bundle else None

    def _post(self, url: str, body: bytes) -> Answer | NoAnswer:
        begun = time.monotonic()
        timeouts = (CONNECT_SECONDS, READ_SECONDS)
        response = self._session.post(url, data=body, timeout=timeouts, allow_redirects=False, stream=True)
        try:
            answer = _read(response, begun)
        finally:
            response.close()
        if isinstance(answer, NoAnswer):
            return answer
        retry_after = response.headers.get("Retry-After")
        return Answer(response.status_code, answer, retry_after, time.monotonic() - begun)


def _read(response: requests.Response, begun: float) -> bytes | NoAnswer:
    """The body, up to a size and a time."""
    parts: list[bytes] = []
    size = 0
    while chunk := response.raw.read1(_CHUNK, decode_content=False):
        parts.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            return NoAnswer(Failure.TOO_LONG, f"more than {MAX_ANSWER_BYTES} bytes")
        if time.monotonic() - begun > WHOLE_SECONDS:
            return NoAnswer(Failure.TIME_OUT, f"the body took more than {WHOLE_SECONDS:.0f} s")
    promised = response.headers.get("Content-Length", "")
    if promised.isdigit() and int(promised) != size:
        return NoAnswer(Failure.CUT_OFF, f"{size} of {promised} bytes")
    return b"".join(parts)


def _words(error: BaseException) -> str:
    """The innermost cause, short."""
    cause = _innermost(error)
    return f"{type(cause).__name__}: {cause}"[:200]


def _innermost(error: BaseException) -> BaseException:
    """What it came from; through a proxy that is only told along, and not the cause."""
    while (inner := error.__cause__ or error.__context__ or _told_along(error)) is not None:
        error = inner
    return error


def _told_along(error: BaseException) -> BaseException | None:
    return next((each for each in error.args if isinstance(each, BaseException)), None)
