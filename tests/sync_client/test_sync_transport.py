"""The transport against real sockets that misbehave: a value for everything, nothing followed, nothing kept."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from sync.client import transport
from sync.client.transport import Answer, Failure, HttpTransport, NoAnswer

Play = Callable[[socket.socket], None]


@contextmanager
def serving(*plays: Play) -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that plays one script per connection; gives its address and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            for play in plays:
                with listener.accept()[0] as line:
                    line.settimeout(20)
                    heard.append(request(line))
                    play(line)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
        finally:
            thread.join(20)


def request(line: socket.socket) -> bytes:
    """One whole request."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += line.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
    while len(body) < length:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


def says(content: bytes) -> Play:
    """Send these bytes and hang up."""
    return lambda line: line.sendall(content)


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.fixture
def http() -> Iterator[HttpTransport]:
    """The transport under test."""
    made = HttpTransport()
    yield made
    made.close()


def test_a_whole_answer_comes_back_as_it_was(http: HttpTransport) -> None:
    with serving(says(answer(b'{"a":1}', "503 Away", "Retry-After: 7"))) as (url, heard):
        got = http.post(f"{url}/kiosk/v1/batches", b'{"x":2}')
    assert isinstance(got, Answer)
    assert (got.status, got.body, got.retry_after) == (503, b'{"a":1}', "7")
    assert heard[0].startswith(b"POST /kiosk/v1/batches HTTP/1.1\r\n")
    assert b"content-type: application/json" in heard[0].lower()
    assert b"accept-encoding: identity" in heard[0].lower()
    assert heard[0].endswith(b'\r\n\r\n{"x":2}')


def test_a_redirect_is_not_followed_and_its_cookie_not_kept(http: HttpTransport) -> None:
    portal = answer(b"", "302 Found", "Location: http://127.0.0.1:1/login", "Set-Cookie: portal=1; Path=/")
    with serving(says(portal), says(answer(b"{}"))) as (url, heard):
        first = http.post(url, b"{}")
        second = http.post(url, b"{}")
    assert isinstance(first, Answer)
    assert first.status == 302
    assert isinstance(second, Answer)
    assert b"cookie" not in heard[1].lower()


CUTS = {
    "hangs up": b"",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{}",
    "a chunk of no size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "endless head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_or_senseless_answer_is_no_answer(http: HttpTransport, cut: str) -> None:
    with serving(says(CUTS[cut])) as (url, _):
        assert isinstance(http.post(url, b"{}"), NoAnswer)


def test_half_a_head_has_no_body_and_says_nothing_in_the_log(
    http: HttpTransport, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(says(b"HTTP/1.1 200 OK\r\nContent-Le")) as (url, _):
        got = http.post(url, b"{}")
    assert isinstance(got, Answer)
    assert got.body == b"", "which no reader of answers believes"
    assert caplog.records == []


def test_an_endless_body_is_given_up(http: HttpTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1000)
    with serving(says(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 5000)) as (url, _):
        got = http.post(url, b"{}")
    assert isinstance(got, NoAnswer)
    assert got.failure is Failure.TOO_LONG


def test_a_dripping_body_is_given_up(http: HttpTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "WHOLE_SECONDS", 0.0)
    with serving(says(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{")) as (url, _):
        got = http.post(url, b"{}")
    assert isinstance(got, NoAnswer)
    assert got.failure is Failure.TIME_OUT


def test_silence_is_a_time_out(http: HttpTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_SECONDS", 0.05)
    with serving(lambda line: _wait_for_end(line)) as (url, _):
        got = http.post(url, b"{}")
        http.close()
    assert isinstance(got, NoAnswer)
    assert got.failure is Failure.TIME_OUT


def test_nobody_there_and_no_address_are_told_apart(http: HttpTransport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    refused = http.post(f"http://127.0.0.1:{port}", b"{}")
    assert isinstance(refused, NoAnswer)
    assert refused.failure is Failure.UNREACHABLE
    assert "refused" in refused.detail
    for address in ("", "backoffice", "ftp://x", "http://", "http://[::1", "http://127.0.0.1:99999"):
        got = http.post(address, b"{}")
        assert isinstance(got, NoAnswer), address


def test_tls_that_is_none_is_told(http: HttpTransport) -> None:
    with serving_raw(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        got = http.post(f"https://127.0.0.1:{port}", b"{}")
    assert isinstance(got, NoAnswer)
    assert got.failure is Failure.TLS


def test_closing_cuts_off_a_request_that_is_under_way(http: HttpTransport) -> None:
    asked = threading.Event()

    def hang(line: socket.socket) -> None:
        asked.set()
        _wait_for_end(line)

    results: list[Answer | NoAnswer] = []
    with serving(hang) as (url, _):
        poster = threading.Thread(target=lambda: results.append(http.post(url, b"{}")))
        poster.start()
        assert asked.wait(20)
        http.close()
        poster.join(20)
    assert isinstance(results[0], NoAnswer)


def test_the_environment_is_not_asked_for_a_proxy(http: HttpTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(says(answer(b"{}"))) as (url, _):
        assert isinstance(http.post(url, b"{}"), Answer)


def _wait_for_end(line: socket.socket) -> None:
    """Say nothing until the other side hangs up."""
    try:
        while line.recv(1000):
            pass
    except OSError:
        return


@contextmanager
def serving_raw(content: bytes) -> Iterator[int]:
    """A server that answers whatever comes with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            with listener.accept()[0] as line:
                line.recv(1000)
                line.sendall(content)

        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(20)
