"""The line itself: whose certificate is believed, what certainly did not leave, and how much of an answer is read."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contract import Reason
from drivers.payment_contract import NotSent
from drivers.payments.adyen.transport import Answer, Failure, HttpsTransport, NoAnswer, is_this_terminal
from drivers.simulated.terminal.adyen.certificate import make_identity
from drivers.simulated.terminal.adyen.terminal import POI_ID, SimulatedAdyenTerminal
from drivers.simulated.terminal.scripts import Script
from tests.drivers.adyen_bench import ORDER, QUICK, Notes, opened, quiet

IDENTITY = make_identity(f"{POI_ID}.test.terminal.adyen.com")


@pytest.fixture
def terminal() -> Iterator[SimulatedAdyenTerminal]:
    with SimulatedAdyenTerminal() as simulated:
        yield simulated


class OneAnswer:
    """A TLS server that reads one request and does what it is told with the line."""

    def __init__(self, act: Callable[[socket.socket], None]) -> None:
        self._act = act
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> OneAnswer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                bare, _ = self._listening.accept()
                with bare, IDENTITY.context().wrap_socket(bare, server_side=True) as line:
                    self.requests.append(line.recv(65536))
                    self._act(line)


def transport(terminal: SimulatedAdyenTerminal, folder: Path, port: int | None = None) -> HttpsTransport:
    address = terminal.address(folder)
    authority = terminal.ca_pem if port is None else IDENTITY.authority
    return HttpsTransport(replace(address, port=port or address.port), authority, 2.0, 0.01)


def test_only_a_certificate_of_the_right_authority_is_believed(
    terminal: SimulatedAdyenTerminal, tmp_path: Path
) -> None:
    stranger = HttpsTransport(terminal.address(tmp_path), IDENTITY.authority)
    found = stranger.post(b"{}", 5.0)
    assert isinstance(found, NoAnswer)
    assert (found.failure, found.sent) == (Failure.NO_TRUST, False)


@pytest.mark.parametrize(
    ("name", "believed"),
    [
        (f"{POI_ID}.test.terminal.adyen.com", True),
        (f"{POI_ID.lower()}.test.terminal.adyen.com", True),
        ("legacy-terminal-certificate.test.terminal.adyen.com", True),
        (f"{POI_ID}.live.terminal.adyen.com", False),
        ("S1U2-000000000000001.test.terminal.adyen.com", False),
        (f"{POI_ID}.test.terminal.adyen.com.example", False),
        (f"x{POI_ID}.test.terminal.adyen.com", False),
        (f"{POI_ID}.testXterminal.adyen.com", False),
        ("terminal.example", False),
    ],
)
def test_only_the_terminal_that_is_set_is_believed(tmp_path: Path, name: str, believed: bool) -> None:
    assert is_this_terminal([name], POI_ID, "test") is believed
    with SimulatedAdyenTerminal(common_name=name) as simulated:
        notes = Notes()
        evidence = opened(simulated, tmp_path).pay(ORDER, notes, quiet)
        assert bool(simulated.ledger.bookings) is believed
        if not believed:
            assert isinstance(evidence, NotSent)
            assert evidence.reason is Reason.NOT_CONFIGURED


@pytest.mark.parametrize("host", ["", "no such host.invalid", "x" * 300])
def test_a_host_that_cannot_be_is_not_reached(terminal: SimulatedAdyenTerminal, tmp_path: Path, host: str) -> None:
    address = replace(terminal.address(tmp_path), host=host, port=1)
    found = HttpsTransport(address, terminal.ca_pem).post(b"{}", 2.0)
    assert isinstance(found, NoAnswer)
    assert (found.failure, found.sent) == (Failure.UNREACHABLE, False)


def test_a_port_that_takes_and_never_greets_has_had_nothing(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = replace(terminal.address(tmp_path), port=mute.getsockname()[1])
        found = HttpsTransport(address, terminal.ca_pem, 0.2).post(b"{}", 2.0)
    assert isinstance(found, NoAnswer)
    assert (found.failure, found.sent) == (Failure.SILENT, False)


def test_a_port_without_tls_has_had_nothing(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def talk() -> None:
            line, _ = plain.accept()
            with line:
                line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        address = replace(terminal.address(tmp_path), port=plain.getsockname()[1])
        found = HttpsTransport(address, terminal.ca_pem).post(b"{}", 5.0)
        thread.join()
    assert isinstance(found, NoAnswer)
    assert not found.sent


def test_no_proxy_of_the_environment_is_asked(
    terminal: SimulatedAdyenTerminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert opened(terminal, tmp_path).status().usable


def test_the_request_says_its_length_and_comes_once(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    with OneAnswer(lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) as server:
        assert transport(terminal, tmp_path, server.port).post(b'{"a":1}', 5.0) == Answer(200, b"ok")
    assert server.requests == [
        b"POST /nexo HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: 7\r\n"
        b"Connection: close\r\nUser-Agent: zuil\r\n\r\n" % server.port + b'{"a":1}'
    ]


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        (b"", Failure.LOST),
        (b"\x00\x01\x02\r\n\r\n", Failure.LOST),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Failure.LOST),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", Failure.LOST),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n", Failure.LOST),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", Failure.LOST),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_100_000, Failure.TOO_LONG),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 50_000, Failure.TOO_LONG),
    ],
)
def test_an_answer_that_is_none_may_have_had_everything(
    terminal: SimulatedAdyenTerminal, tmp_path: Path, said: bytes, failure: Failure
) -> None:
    def say(line: socket.socket) -> None:
        line.sendall(said)

    with OneAnswer(say) as server:
        found = transport(terminal, tmp_path, server.port).post(b"{}", 20.0)
        assert isinstance(found, NoAnswer)
        assert (found.failure, found.sent) == (failure, True)
    assert len(server.requests) == 1


def test_a_redirect_is_not_followed(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    other = f"HTTP/1.1 307 Elsewhere\r\nLocation: https://127.0.0.1:{terminal.port}/nexo\r\nContent-Length: 0\r\n\r\n"
    with OneAnswer(lambda line: line.sendall(other.encode())) as server:
        assert transport(terminal, tmp_path, server.port).post(b"{}", 5.0) == Answer(307, b"")
    assert terminal.machine.memories == {}


def test_an_answer_in_pieces_and_chunks_is_put_together(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    def say(line: socket.socket) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n":
            line.sendall(bytes((byte,)))

    with OneAnswer(say) as server:
        assert transport(terminal, tmp_path, server.port).post(b"{}", 10.0) == Answer(200, b"abcde")


def test_a_dripping_answer_ends_in_time(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    over = threading.Event()

    def drip(line: socket.socket) -> None:
        while not over.wait(0.02):
            line.sendall(b"H")

    with OneAnswer(drip) as server:
        found = transport(terminal, tmp_path, server.port).post(b"{}", 0.5)
        over.set()
    assert isinstance(found, NoAnswer)
    assert (found.failure, found.sent) == (Failure.SILENT, True)


def test_a_body_that_is_not_for_this_terminal_or_not_nexo_is_turned_away(
    terminal: SimulatedAdyenTerminal, tmp_path: Path
) -> None:
    found = transport(terminal, tmp_path).post(b"{}", 5.0)
    assert isinstance(found, Answer)
    assert b"Reject" in found.body
    other = replace(terminal.address(tmp_path), poi_id="S1U2-1")
    assert not is_this_terminal([f"{terminal.poi_id}.test.terminal.adyen.com"], other.poi_id, "test")


def test_several_exchanges_are_open_at_the_same_time(terminal: SimulatedAdyenTerminal, tmp_path: Path) -> None:
    terminal.script = Script.WAITS_FOR_CANCEL
    driver = opened(terminal, tmp_path, QUICK)
    paying = threading.Thread(target=driver.pay, args=(ORDER, Notes(), quiet))
    paying.start()
    assert terminal.machine.wait_until_running()
    beside = opened(terminal, tmp_path / "beside", QUICK)
    assert beside.status().raw == "Success Busy 1 of 1 banks"
    driver.ask_to_cancel()
    paying.join()
    assert beside.status().raw == "Success OK 1 of 1 banks"
