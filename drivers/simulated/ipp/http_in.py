"""The printer's end of HTTP: one request off a socket, and where it breaks when it is told to.

Not for: what is in it (`operations`).
"""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader

LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Head:
    """The first lines of a request; `length` is None when the body comes in chunks."""

    method: str
    path: str
    kind: str
    length: int | None
    last: bool


def read_head(source: BufferedReader, send: Callable[[bytes], None]) -> Head | None:
    """The next request; None when the client is gone or talks no HTTP. A client that waits is told to go on."""
    words = source.readline(4096).decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    try:
        said = http.client.parse_headers(source)
        length = int(said.get("Content-Length", "0"))
    except (http.client.HTTPException, ValueError):
        return None
    if "100-continue" in said.get("Expect", "").lower():
        send(b"HTTP/1.1 100 Continue\r\n\r\n")
    chunked = "chunked" in said.get("Transfer-Encoding", "").lower()
    last = said.get("Connection", "").lower() == "close" or words[2] == "HTTP/1.0"
    return Head(words[0], words[1], said.get_content_type(), None if chunked else length, last)


def read_body(source: BufferedReader, head: Head, first: bytes = b"") -> bytes | None:
    """The body, of which `first` was read before; None when it does not come."""
    if head.length is None:
        return _chunks(source)
    wanted = min(head.length, LARGEST) - len(first)
    data = source.read(wanted)
    return first + data if len(data) == wanted else None


def read_half(source: BufferedReader, head: Head) -> bytes:
    """The first half of the body, where its length is known."""
    return source.read(min(head.length or 0, LARGEST) // 2)


def _chunks(source: BufferedReader) -> bytes | None:
    data = bytearray()
    while True:
        line = source.readline(64).partition(b";")[0].strip()
        try:
            size = int(line, 16)
        except ValueError:
            return None
        chunk = source.read(size)
        if len(chunk) != size or len(data) > LARGEST:
            return None
        data += chunk
        source.readline(8)
        if size == 0:
            return bytes(data)


def answer(status: int, body: bytes, kind: str = "application/ipp") -> bytes:
    """An HTTP answer."""
    words = http.client.responses.get(status, "")
    head = f"HTTP/1.1 {status} {words}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
