"""The way to the back office, step by step: name, connection, TLS, whoever answers, its clock.

Every step is tried for real and the first that fails is the one to repair. Not for: sending anything.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, urlsplit

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Row
from sync.client.route import ca_problem

NAME = Row("network.name", "name of the back office", "its name has an address (DNS)")
LINE = Row("network.connection", "connection", "the back office's port takes a connection")
TLS = Row("network.tls", "TLS", "the certificate has a chain the column trusts, fits the name, and is not at its end")
PROXY = Row("network.proxy", "proxy", "the column goes by the proxy of its settings, or directly; it asks no other")
ANSWER = Row("network.backoffice", "back office", "what answers is a back office in good health, no login page")
SKEW = Row("network.clock", "clock and back office", "the two clocks differ by less than 30 seconds")

CONNECT_S, READ_S = 3.0, 10.0
SOON = timedelta(days=21)
SKEW_S = 30.0
_MOST_BYTES = 64 * 1024
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_REDIRECTS = range(300, 400)
_OWN_CA = "write the PEM file of the town's own certificate authority under sync.ca"
_LOGIN = "somebody logs this network in, or the column is exempt from its login page; ask who runs the network"


@dataclass(frozen=True)
class Way:
    """Where the back office is said to be.

    Attributes:
        ca: file of certificate authorities instead of the usual ones.
        environment: where variables about proxies stand.
        proxy: `http://host:port` on the way, or "".
    """

    url: str
    ca: Path | None = None
    environment: Mapping[str, str] | None = None
    proxy: str = ""

    @property
    def parts(self) -> SplitResult:
        """The address in parts."""
        return urlsplit(self.url)

    @property
    def end(self) -> tuple[str, int]:
        """Host and port."""
        parts = self.parts
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def first(self) -> tuple[str, int]:
        """Host and port this machine itself connects to: the proxy's, or the end."""
        proxy = urlsplit(self.proxy)
        return (proxy.hostname or "", proxy.port or 0) if self.proxy else self.end

    @property
    def setting(self) -> str:
        """Where that name stands."""
        return "sync.proxy" if self.proxy else "sync.url"


def examine_way(way: Way) -> Iterator[Finding]:
    """Every step until one fails."""
    yield _proxy(way)
    for step in (_name, _connection, _tls):
        finding = step(way)
        if finding is not None:
            yield finding
            if finding.severity.status == 2:
                return
    yield from _answer(way)


def _proxy(way: Way) -> Finding:
    environment = os.environ if way.environment is None else way.environment
    named = sorted(name for name in environment if name.lower() in _PROXIES and environment[name])
    if way.proxy:
        return PROXY.ok(f"{way.proxy}, for everything that goes to the back office")
    if not named:
        return PROXY.ok("none is set")
    return PROXY.attention(
        f"{', '.join(named)} is set, and the column asks no proxy",
        "let the column reach the back office directly, or write its proxy under sync.proxy",
    )


def _name(way: Way) -> Finding:
    host, port = way.first
    try:
        return NAME.ok(f"{ipaddress.ip_address(host)} is an address, there is nothing to look up")
    except ValueError:
        pass
    try:
        addresses = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        found = f"{host} has no address ({error})"
        return NAME.broken(found, f"look at the name in {way.setting} and at the DNS servers")
    return NAME.ok(f"{host} is {', '.join(sorted(addresses))}")


def _connection(way: Way) -> Finding:
    host, port = way.first
    begun = time.monotonic()
    try:
        socket.create_connection(way.first, CONNECT_S).close()
    except OSError as error:
        why = "no answer" if isinstance(error, TimeoutError) else error.strerror or str(error)
        return LINE.broken(f"{host} port {port}: {why}", "look at the cable, the switch and the firewall on the way")
    return LINE.ok(f"{host} port {port}, {(time.monotonic() - begun) * 1000:.0f} ms")


def _tls(way: Way) -> Finding | None:
    if way.parts.scheme != "https":
        return None
    wrong = ca_problem(way.ca) if way.ca else None
    if wrong:
        return TLS.broken(wrong, _OWN_CA)
    try:
        line = _line(way)
    except OSError as error:
        host, port = way.end
        return TLS.broken(f"{way.proxy or host}: {error}", f"have the proxy let CONNECT through to {host} port {port}")
    return _certified(way, line)


def _certified(way: Way, line: socket.socket) -> Finding:
    """What the other end of the line shows of itself; the line is closed."""
    context = ssl.create_default_context(cafile=str(way.ca or DEFAULT_CA_BUNDLE_PATH))
    try:
        with (
            line as plain,
            context.wrap_socket(plain, server_hostname=way.end[0]) as secure,
        ):
            certificate = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return TLS.broken(f"the certificate is not believed: {error.verify_message}", _advice(error, way))
    except OSError as error:
        return TLS.broken(f"no TLS there ({error.strerror or error})", "is the address https, and is it that server?")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    found = f"certificate until {ends:%d.%m.%Y}"
    if ends - datetime.now(UTC) < SOON:
        return TLS.attention(found, "renew the certificate of the back office")
    return TLS.ok(found)


def _line(way: Way) -> socket.socket:
    """A connection to the end, through the proxy where there is one.

    Raises:
        OSError: when nobody is there, or the proxy does not let it through.
    """
    if not way.proxy:
        return socket.create_connection(way.end, CONNECT_S)
    tunnel = HTTPConnection(*way.first, timeout=CONNECT_S)
    tunnel.set_tunnel(*way.end)
    tunnel.connect()
    return cast("socket.socket", tunnel.sock)


def _advice(error: ssl.SSLCertVerificationError, way: Way) -> str:
    if error.verify_code in (9, 10):  # not yet valid, expired: OpenSSL's X509_V_ERR numbers
        return "look at this column's clock, then renew the certificate of the back office"
    if error.verify_code in (62, 64):  # another name or address
        return "write the name that stands in the certificate under sync.url"
    if way.ca:
        return f"{way.ca} is not the authority that issued it; look under sync.ca, and whether somebody else answers"
    return f"{_OWN_CA}, or give the back office one of a public authority; somebody else may be answering"


def _answer(way: Way) -> Iterator[Finding]:
    try:
        answer, body = _health(way)
    except requests.RequestException as error:
        yield ANSWER.broken(f"{way.url} gave no whole answer ({type(error).__name__})", "look what stands on the way")
        return
    yield _judged(way, answer, body)
    if _is_ours(body):
        yield _skew(answer)


def _health(way: Way) -> tuple[requests.Response, object]:
    with requests.Session() as session:
        session.trust_env = False
        verify = str(way.ca) if way.ca else True
        session.proxies = {"http": way.proxy, "https": way.proxy} if way.proxy else {}
        answer = session.get(
            f"{way.url}/health", timeout=(CONNECT_S, READ_S), allow_redirects=False, verify=verify, stream=True
        )
        with answer:
            content = next(answer.iter_content(_MOST_BYTES), b"")
    try:
        return answer, json.loads(content)
    except ValueError:
        return answer, None


def _is_ours(body: object) -> bool:
    return isinstance(body, dict) and body.get("status") in ("UP", "DOWN")


def _judged(way: Way, answer: requests.Response, body: object) -> Finding:
    if answer.status_code in _REDIRECTS:
        where = str(answer.headers.get("Location", "nowhere"))[:100]
        return ANSWER.broken(f"{way.url} does not answer as a back office does: it sends on to {where!r}", _LOGIN)
    if not _is_ours(body):
        kind = answer.headers.get("Content-Type", "nothing")
        said = f"{way.url} does not answer as a back office does: {answer.status_code}, {kind}"
        return ANSWER.broken(said, _LOGIN if "html" in kind else "is it the right address under sync.url?")
    healthy = answer.status_code == 200 and isinstance(body, dict) and body["status"] == "UP"
    said = f"{way.url} answers {answer.status_code}"
    return ANSWER.either(healthy, said, f"{said}: it is not well", "look at the back office and its database")


def _skew(answer: requests.Response) -> Finding:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return SKEW.unknown("the back office does not tell its time")
    off = abs((datetime.now(UTC) - theirs).total_seconds())
    if off < SKEW_S:
        return SKEW.ok(f"{off:.0f} s apart")
    return SKEW.broken(f"{off:.0f} s apart", "look at the time synchronisation of both machines")


def _network(column: Examined) -> Iterator[Finding]:
    settings = column.config.settings.sync
    if not settings.url:
        yield ANSWER.ok("none is set; tickets stay on this column")
        return
    yield from examine_way(Way(settings.url, settings.ca, proxy=settings.proxy))


CHECKS: tuple[Check[Examined], ...] = (Check((PROXY, NAME, LINE, TLS, ANSWER, SKEW), _network, 20),)
