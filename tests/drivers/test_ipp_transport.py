"""HTTP to a printer: in pieces, cut at any byte, too long, too slow, without trust; never more than one request."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from drivers.contract import Health, Printed, Reason, Refused
from drivers.printers.ipp import transport
from drivers.printers.ipp.address import IppAddress
from drivers.printers.ipp.driver import IppPrinter
from drivers.printers.ipp.transport import Answer, Failure, HttpTransport, NoAnswer
from drivers.printers.sheet_opening import parse_sheet_uri
from drivers.simulated.cables import listen
from drivers.simulated.ipp.printer import SimulatedIppPrinter
from tests.drivers.ipp_bench import QUICK, SHEET

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"
GOOD = HEAD + b"Content-Length: 5\r\n\r\nhello"
SECONDS = 5.0


@contextmanager
def server(serve: Callable[[socket.socket], None], connections: int = 1) -> Iterator[IppAddress]:
    """One that does what it is told with so many connections, one after the other."""
    listening = listen(0)
    listening.setblocking(True)

    def run() -> None:
        for _ in range(connections):
            line, _ = listening.accept()
            with line:
                serve(line)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield IppAddress("127.0.0.1", listening.getsockname()[1], "/ipp/print")
    finally:
        thread.join(10)
        listening.close()


def read_request(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(4096)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


def ask(address: IppAddress, seconds: float = SECONDS, body: bytes = b"question") -> Answer | NoAnswer:
    link = HttpTransport(address)
    answer = link.post(body, seconds)
    link.close()
    link.close()
    return answer


def test_the_request_in_bytes() -> None:
    seen: list[bytes] = []

    def serve(line: socket.socket) -> None:
        seen.append(read_request(line))
        line.sendall(GOOD)

    with server(serve) as address:
        assert ask(address) == Answer(200, "application/ipp", b"hello")
    assert seen == [
        f"POST /ipp/print HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\nAccept-Encoding: identity\r\n"
        "Content-Length: 8\r\nContent-Type: application/ipp\r\nAccept: application/ipp\r\nUser-Agent: zuil\r\n\r\n"
        "question".encode()
    ]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_an_answer_in_small_pieces_is_whole(size: int) -> None:
    def serve(line: socket.socket) -> None:
        read_request(line)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(GOOD), size):
            line.sendall(GOOD[at : at + size])

    with server(serve) as address:
        assert ask(address) == Answer(200, "application/ipp", b"hello")


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        HEAD + b"\r\nhello",
        b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD,
        b"HTTP/1.0 200 OK\r\nContent-Type: Application/IPP; x=y\r\n\r\nhello",
    ],
)
def test_every_way_to_end_an_answer(answer: bytes) -> None:
    def serve(line: socket.socket) -> None:
        read_request(line)
        line.sendall(answer)

    with server(serve) as address:
        assert ask(address) == Answer(200, "application/ipp", b"hello")


@pytest.mark.parametrize("cut", range(0, len(GOOD), 9))
def test_an_answer_cut_anywhere_is_never_taken_for_a_whole_one(cut: int) -> None:
    def serve(line: socket.socket) -> None:
        read_request(line)
        line.sendall(GOOD[:cut])

    with server(serve) as address:
        answer = ask(address)
    if isinstance(answer, NoAnswer):
        assert (answer.failure, answer.sent) == (Failure.LOST, True)
    else:
        assert answer.body == b"", "an end in the head looks like an empty answer, which is no message of IPP"


def test_two_messages_share_a_connection_and_an_ended_one_is_opened_again() -> None:
    def serve(line: socket.socket) -> None:
        for last in (b"", b"Connection: close\r\n"):
            read_request(line)
            line.sendall(GOOD.replace(b"\r\n\r\n", b"\r\n" + last + b"\r\n"))

    with server(serve, connections=2) as address:
        link = HttpTransport(address)
        assert [link.post(b"x", SECONDS) for _ in range(4)] == [Answer(200, "application/ipp", b"hello")] * 4
        link.close()


def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    def serve(line: socket.socket) -> None:
        read_request(line)
        line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")

    with server(serve) as address:
        assert ask(address) == Answer(302, "text/plain", b"")


def test_an_endless_answer_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1000)

    def serve(line: socket.socket) -> None:
        read_request(line)
        line.sendall(HEAD + b"\r\n" + b"x" * 5000)

    with server(serve) as address:
        answer = ask(address)
    assert isinstance(answer, NoAnswer)
    assert answer.failure is Failure.TOO_LONG


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_an_answer_that_drips_in_ends_when_its_time_is_over(said: bytes) -> None:
    over = threading.Event()

    def serve(line: socket.socket) -> None:
        read_request(line)
        line.sendall(said)
        while not over.wait(0.02):
            line.sendall(b"x" if said else b"")

    with server(serve) as address:
        answer = ask(address, 0.2)
        over.set()
    assert isinstance(answer, NoAnswer)
    assert (answer.failure, answer.sent) == (Failure.SILENT, True)


def test_a_refusal_while_we_are_still_talking_is_heard() -> None:
    def serve(line: socket.socket) -> None:
        line.recv(1000)
        line.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        line.shutdown(socket.SHUT_WR)
        line.recv(1)

    with server(serve) as address:
        answer = ask(address, SECONDS, b"x" * 20_000_000)
    heard = isinstance(answer, Answer) and answer.status == 413
    assert heard or (isinstance(answer, NoAnswer) and answer.failure is Failure.LOST and answer.sent)


def test_what_never_connected_has_certainly_not_left() -> None:
    with listen(0) as taken:
        port: int = taken.getsockname()[1]
    for host in ("127.0.0.1", "nowhere.invalid", "a..b"):
        answer = ask(IppAddress(host, port, "/x"))
        assert isinstance(answer, NoAnswer)
        assert (answer.failure, answer.sent) == (Failure.UNREACHABLE, False)


def self_signed(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A context as printers have one, and the fingerprint of its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "printer")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("192.0.2.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "printer.pem").write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "printer.pem")
    return context, hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def test_a_printer_with_its_own_certificate_is_known_by_its_fingerprint(tmp_path: Path) -> None:
    context, fingerprint = self_signed(tmp_path)
    with SimulatedIppPrinter(tmp_path, tls=context) as simulated:
        device = IppPrinter(parse_sheet_uri(f"{simulated.uri}?sha256={fingerprint}"), QUICK)
        assert isinstance(device.print("a", SHEET), Printed)
        strange = IppPrinter(parse_sheet_uri(f"{simulated.uri}?sha256={'0' * 64}"), QUICK)
        refused = strange.print("b", SHEET)
        unknown = IppPrinter(parse_sheet_uri(simulated.uri), QUICK).status()
        assert len(simulated.sheets) == 1
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NOT_CONFIGURED
    assert fingerprint in refused.raw, "the technician is told the fingerprint that is there"
    assert (unknown.health, unknown.reason) == (Health.UNAVAILABLE, Reason.NOT_CONFIGURED)


def test_a_large_document_has_the_time_its_bytes_need() -> None:
    got: list[int] = []

    def serve(line: socket.socket) -> None:
        got.append(len(read_request(line)))
        line.sendall(GOOD)

    with server(serve) as address:
        link = HttpTransport(address)
        assert isinstance(link.post(b"x" * 3_000_000, 0.5), Answer)
        link.close()
    assert got[0] > 3_000_000
