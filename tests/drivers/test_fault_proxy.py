"""The breakable network, with a real HTTP client and a real HTTP server at its ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from drivers.simulated.network import MODES, FaultProxy, UnknownMode


class Handler(BaseHTTPRequestHandler):
    """Answers with what was posted and counts requests."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(body)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.seen.append(b"GET")  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nhello\r\n0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        return None


class Server(ThreadingHTTPServer):
    """Remembers what reached it."""

    daemon_threads = False
    seen: list[bytes]

    def handle_error(self, request: object, client_address: object) -> None:
        return None  # resets are what these tests are about


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.seen = []
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def proxy(server: Server) -> Iterator[FaultProxy]:
    with FaultProxy(("127.0.0.1", server.server_port), latency=0.05, drip=0.0, delay=30) as running:
        yield running


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def post(client: requests.Session, proxy: FaultProxy, timeout: float = 10) -> requests.Response:
    return client.post(f"http://127.0.0.1:{proxy.port}/x", data=b"body" * 10, timeout=timeout, allow_redirects=False)


@pytest.mark.parametrize("mode", ["open", "slow", "drip"])
def test_everything_arrives(mode: str, proxy: FaultProxy, client: requests.Session, server: Server) -> None:
    proxy.set_mode(mode)
    for _ in range(2):
        assert post(client, proxy).content == b"body" * 10
    assert client.get(f"http://127.0.0.1:{proxy.port}/", timeout=10).content == b"hello"
    assert server.seen == [b"body" * 10] * 2 + [b"GET"]


@pytest.mark.parametrize(("mode", "status"), [("portal", 200), ("redirect", 302), ("error-500", 500)])
def test_somebody_else_answers(
    mode: str, status: int, proxy: FaultProxy, client: requests.Session, server: Server
) -> None:
    proxy.set_mode(mode)
    answer = post(client, proxy)
    assert answer.status_code == status
    assert "log in" in answer.text
    assert server.seen == []


def test_cut_refuses_and_resets_and_open_heals(proxy: FaultProxy, client: requests.Session, server: Server) -> None:
    live = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
    assert post(client, proxy).ok
    proxy.set_mode("cut")
    assert not still_open(live)
    with pytest.raises(requests.ConnectionError):
        post(client, proxy)
    proxy.set_mode("open")
    assert post(client, proxy).ok
    assert len(server.seen) == 2


def still_open(live: socket.socket) -> bool:
    with live:
        try:
            return bool(live.recv(1))
        except ConnectionResetError:
            return False


@pytest.mark.parametrize("mode", ["drop-answer", "truncate-answer"])
def test_the_server_got_it_and_the_answer_is_lost(
    mode: str, proxy: FaultProxy, client: requests.Session, server: Server
) -> None:
    proxy.set_mode(mode)
    with pytest.raises(requests.RequestException):
        post(client, proxy)
    assert server.seen == [b"body" * 10]


def test_a_request_reset_on_its_way_does_not_arrive(
    proxy: FaultProxy, client: requests.Session, server: Server
) -> None:
    proxy.set_mode("reset-mid-request")
    with pytest.raises(requests.ConnectionError):
        post(client, proxy)
    assert b"body" * 10 not in server.seen


def test_an_answer_that_comes_too_late(proxy: FaultProxy, client: requests.Session, server: Server) -> None:
    proxy.set_mode("delay-past-timeout")
    with pytest.raises(requests.Timeout):
        post(client, proxy, timeout=0.3)
    assert server.seen == [b"body" * 10]


def test_an_answer_that_comes_late_but_in_time(server: Server, client: requests.Session) -> None:
    with FaultProxy(("127.0.0.1", server.server_port), delay=0.01) as proxy:
        proxy.set_mode("delay-past-timeout")
        assert post(client, proxy).content == post(client, proxy).content == b"body" * 10


def test_a_server_that_is_not_there_looks_like_one(client: requests.Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port: int = gone.getsockname()[1]
    with FaultProxy(("127.0.0.1", port)) as proxy, pytest.raises(requests.ConnectionError):
        post(client, proxy)


def test_stopping_ends_waiting_connections(server: Server) -> None:
    proxy = FaultProxy(("127.0.0.1", server.server_port)).start()
    live = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
    proxy.stop()
    assert not still_open(live)


def test_modes_have_names_and_sentences(proxy: FaultProxy) -> None:
    assert all(sentence.endswith(".") for sentence in MODES.values())
    assert proxy.mode == "open"
    with pytest.raises(UnknownMode, match="no network mode 'fog'; there are open, cut"):
        proxy.set_mode("fog")
