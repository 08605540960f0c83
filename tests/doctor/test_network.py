"""The way to the back office, against real servers: DNS, connection, TLS with an authority of its own, a login page."""

from __future__ import annotations

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from drivers.simulated.network import MODES, FaultProxy
from kiosk.doctor.finding import Finding, Severity
from kiosk.doctor.network import Way, examine_way
from tests.sync_client.ways import forward_proxy

OK, ATTENTION, BROKEN = Severity.OK, Severity.ATTENTION, Severity.BROKEN


class Health(http.server.BaseHTTPRequestHandler):
    """Answers as a back office does about its health."""

    date: str | None = None
    answer: tuple[int, str, bytes] = (200, "application/json", b'{"status": "UP"}')

    def do_GET(self) -> None:
        """One answer."""
        status, kind, body = self.answer
        self.send_response_only(status)
        self.send_header("Date", self.date or self.date_time_string())
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(handler: type[Health] = Health, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server; its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def found(way: Way) -> dict[str, Finding]:
    """Findings by id, without the first part."""
    return {finding.id.removeprefix("network."): finding for finding in examine_way(way)}


def severities(way: Way) -> dict[str, Severity]:
    """How bad each step is."""
    return {name: finding.severity for name, finding in found(way).items()}


PLAIN: dict[str, str] = {}


def test_a_back_office_that_is_well_is_well_in_every_step() -> None:
    with serving() as port:
        steps = severities(Way(f"http://localhost:{port}", environment=PLAIN))
    assert steps == dict.fromkeys(("proxy", "name", "connection", "backoffice", "clock"), OK)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("portal", "text/html"),
        ("redirect", "sends on to 'http://login.example/'"),
        ("error-500", "answers as a back office does: 500"),
        ("truncate-answer", "gave no whole answer"),
        ("drop-answer", "gave no whole answer"),
        ("reset-mid-request", "gave no whole answer"),
    ],
)
def test_whatever_stands_on_the_way_is_not_taken_for_a_back_office(mode: str, said: str) -> None:
    assert mode in MODES
    with serving() as port, FaultProxy(("127.0.0.1", port)) as proxy:
        proxy.set_mode(mode)
        steps = found(Way(f"http://127.0.0.1:{proxy.port}", environment=PLAIN))
    assert steps["backoffice"].severity is BROKEN
    assert said.replace("answers", "answer") in steps["backoffice"].found.replace("answers", "answer")
    assert steps["backoffice"].next_step
    assert "clock" not in steps


def test_the_first_step_that_fails_is_the_last_that_is_told() -> None:
    with serving() as port, FaultProxy(("127.0.0.1", port)) as proxy:
        proxy.set_mode("cut")
        assert severities(Way(f"http://127.0.0.1:{proxy.port}", environment=PLAIN)) == {
            "proxy": OK,
            "name": OK,
            "connection": BROKEN,
        }
    assert severities(Way("http://office.invalid", environment=PLAIN)) == {"proxy": OK, "name": BROKEN}


def test_a_proxy_of_the_machine_is_told_because_the_column_asks_none() -> None:
    with serving() as port:
        way = Way(f"http://127.0.0.1:{port}", environment={"HTTPS_PROXY": "http://192.0.2.1:3128", "no_proxy": "x"})
        steps = found(way)
    assert (steps["proxy"].severity, "HTTPS_PROXY" in steps["proxy"].found) == (ATTENTION, True)
    assert steps["backoffice"].severity is OK


def test_a_clock_that_is_off_is_told() -> None:
    class Late(Health):
        date = "Mon, 23 Nov 2020 10:00:00 GMT"

    class Wordless(Health):
        date = "soon"

    with serving(Late) as port:
        assert severities(Way(f"http://127.0.0.1:{port}", environment=PLAIN))["clock"] is BROKEN
    with serving(Wordless) as port:
        assert "cannot be known" in found(Way(f"http://127.0.0.1:{port}", environment=PLAIN))["clock"].found


def test_a_back_office_that_is_not_well_is_not_taken_for_a_login_page() -> None:
    class Ill(Health):
        answer = (503, "application/json", b'{"status": "DOWN"}')

    with serving(Ill) as port:
        step = found(Way(f"http://127.0.0.1:{port}", environment=PLAIN))["backoffice"]
    assert (step.severity, "503: it is not well" in step.found) == (BROKEN, True)


def authority(folder: Path, *, days: int, name: str = "127.0.0.1", begun: int = -1) -> tuple[Path, ssl.SSLContext]:
    """An authority of one's own and a server certificate by it, good for so many days."""
    now = datetime.now(UTC)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Own authority")])

    def built(subject: x509.Name, public: ec.EllipticCurvePublicKey, until: int) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now + timedelta(days=begun))
        return builder.not_valid_after(now + timedelta(days=until))

    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    root = (
        built(issuer, root_key.public_key(), 400)
        .add_extension(x509.BasicConstraints(True, 0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        built(x509.Name([]), key.public_key(), days)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(private + leaf.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return folder / "ca.pem", context


def test_tls_with_an_authority_of_ones_own_is_believed_only_where_it_is_trusted(tmp_path: Path) -> None:
    ca, context = authority(tmp_path, days=100)
    with serving(context=context) as port:
        url = f"https://127.0.0.1:{port}"
        assert severities(Way(url, ca, PLAIN)) == dict.fromkeys(
            ("proxy", "name", "connection", "tls", "backoffice", "clock"), OK
        )
        stranger = found(Way(url, environment=PLAIN))
        assert (stranger["tls"].severity, "backoffice" in stranger) == (BROKEN, False)
        assert "public authority" in stranger["tls"].next_step


@pytest.mark.parametrize(
    ("days", "name", "begun", "severity", "said"),
    [
        (10, "127.0.0.1", -1, ATTENTION, "certificate until"),
        (-1, "127.0.0.1", -9, BROKEN, "expired"),
        (100, "192.0.2.9", -1, BROKEN, "mismatch"),
    ],
    ids=["at its end", "over", "another address"],
)
def test_a_certificate_at_its_end_or_of_another_is_told(
    tmp_path: Path, days: int, name: str, begun: int, severity: Severity, said: str
) -> None:
    ca, context = authority(tmp_path, days=days, name=name, begun=begun)
    with serving(context=context) as port:
        step = found(Way(f"https://127.0.0.1:{port}", ca, PLAIN))["tls"]
    assert (step.severity, said in step.found) == (severity, True), str(step)


def test_https_where_none_is_spoken_is_told() -> None:
    with serving() as port:
        step = found(Way(f"https://127.0.0.1:{port}", environment=PLAIN))["tls"]
    assert (step.severity, "no TLS there" in step.found) == (BROKEN, True)


def test_a_proxy_of_the_settings_is_the_first_step_and_tls_goes_through_it(tmp_path: Path) -> None:
    ca, context = authority(tmp_path, days=100)
    environment = {"https_proxy": "http://192.0.2.1:3128"}
    with serving(context=context) as port, forward_proxy() as proxy:
        url = f"https://127.0.0.1:{port}"
        steps = found(Way(url, ca, environment, proxy.url))
        assert {name: step.severity for name, step in steps.items()} == dict.fromkeys(
            ("proxy", "name", "connection", "tls", "backoffice", "clock"), OK
        )
        assert proxy.url in steps["proxy"].found
        assert f"port {proxy.port}" in steps["connection"].found
        assert proxy.requests == [f"CONNECT 127.0.0.1:{port} HTTP/1.0"] * 2
        assert "sync.ca" in found(Way(url, None, PLAIN, proxy.url))["tls"].next_step
    gone = found(Way(url, ca, PLAIN, proxy.url))
    assert [*gone][-1] == "connection"
    nowhere = found(Way(url, ca, PLAIN, "http://proxy.invalid:3128"))["name"]
    assert (nowhere.severity, "sync.proxy" in nowhere.next_step) == (BROKEN, True)


def test_a_proxy_that_lets_nobody_through_is_told(tmp_path: Path) -> None:
    ca, context = authority(tmp_path, days=100)
    with serving(context=context) as port, forward_proxy(refuses="403 Forbidden") as proxy:
        step = found(Way(f"https://127.0.0.1:{port}", ca, PLAIN, proxy.url))["tls"]
    assert (step.severity, "403 Forbidden" in step.found) == (BROKEN, True)
    assert step.next_step == f"have the proxy let CONNECT through to 127.0.0.1 port {port}"


def test_a_file_that_is_no_authority_or_another_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    _, context = authority(tmp_path, days=100)
    other, _ = authority(tmp_path / "other", days=100)
    with serving(context=context) as port:
        url = f"https://127.0.0.1:{port}"
        missing = found(Way(url, tmp_path / "town.pem", PLAIN))["tls"]
        wrong = found(Way(url, other, PLAIN))["tls"]
        stranger = found(Way(url, None, PLAIN))["tls"]
    assert (missing.severity, wrong.severity, stranger.severity) == (BROKEN, BROKEN, BROKEN)
    assert "No such file" in missing.found
    assert "is not the authority that issued it" in wrong.next_step
    assert all("sync.ca" in step.next_step for step in (missing, wrong, stranger))
