"""What may stand on the way to a back office, on loopback: a door that speaks TLS, and a forward proxy."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

LIMIT_S = 20.0


@dataclass
class Seen:
    """A server that runs.

    Attributes:
        port: where it listens.
        requests: first line of everything it was asked; of a TLS door, one empty line a connection.
    """

    port: int
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, as the settings have it."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def tls_door(target: int, context: ssl.SSLContext) -> Iterator[Seen]:
    """Takes TLS and hands the plain bytes to that port."""

    def handle(line: socket.socket, seen: Seen) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(line, server_side=True) as plain:
            seen.requests.append("")
            with socket.create_connection(("127.0.0.1", target), LIMIT_S) as onward:
                _pump(plain, onward)

    with _serving(handle) as seen:
        yield seen


@contextmanager
def forward_proxy(refuses: str = "") -> Iterator[Seen]:
    """A proxy that takes CONNECT and whole addresses.

    Args:
        refuses: status line of a proxy that lets nobody through, like "403 Forbidden".
    """

    def handle(line: socket.socket, seen: Seen) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (more := line.recv(65536)):
            head += more
        if not head:
            return  # somebody only looked whether a proxy is there
        first, _, rest = head.partition(b"\r\n")
        seen.requests.append(first.decode())
        if refuses:
            line.sendall(f"HTTP/1.1 {refuses}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            return
        method, target, version = first.split(b" ")
        if method == b"CONNECT":
            host, _, port = target.decode().rpartition(":")
            with socket.create_connection((host, int(port)), LIMIT_S) as onward:
                line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _pump(line, onward)
            return
        parts = urlsplit(target.decode())
        with socket.create_connection((str(parts.hostname), parts.port or 80), LIMIT_S) as onward:
            onward.sendall(b" ".join((method, (parts.path or "/").encode(), version)) + b"\r\n" + rest)
            _pump(line, onward)

    with _serving(handle) as seen:
        yield seen


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False


@contextmanager
def _serving(handle: Any) -> Iterator[Seen]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(LIMIT_S)
            with contextlib.suppress(OSError):
                handle(self.request, seen)

    with _Server(("127.0.0.1", 0), Handler) as server:
        seen = Seen(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until either end has closed."""
    ends = {one: other, other: one}
    while True:
        waiting = [line for line in ends if isinstance(line, ssl.SSLSocket) and line.pending()]
        readable = waiting or select.select(list(ends), [], [], LIMIT_S)[0]
        if not readable:
            return
        for line in readable:
            data = line.recv(65536)
            if not data:
                return
            ends[line].sendall(data)
