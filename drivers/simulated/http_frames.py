"""Just enough HTTP/1.1 to know where one message on a socket ends. Not for: understanding it."""

from __future__ import annotations

import re
import socket

LARGEST = 64 * 1024 * 1024
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d+)[ \t]*\r$")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:.*chunked.*\r$")


def read_request(source: socket.socket) -> bytes:
    """One whole request; empty when the client is gone before it is complete."""
    return _read(source, to_end=False)


def read_answer(source: socket.socket) -> bytes:
    """One whole answer; one without a length lasts until the server closes."""
    return _read(source, to_end=True)


def _read(source: socket.socket, *, to_end: bool) -> bytes:
    data = bytearray()
    while not _complete(data, to_end):
        try:
            more = source.recv(65536)
        except OSError:
            return b""
        if not more:
            return bytes(data) if to_end else b""
        data += more
        if len(data) > LARGEST:
            return b""
    return bytes(data)


def _complete(data: bytearray, to_end: bool) -> bool:
    head_end = data.find(b"\r\n\r\n")
    if head_end < 0:
        return False
    head = bytes(data[: head_end + 2])
    if _CHUNKED.search(head):
        return data.endswith(b"0\r\n\r\n")
    length = _LENGTH.search(head)
    if length is not None:
        return len(data) >= head_end + 4 + int(length[1])
    return not to_end or head.split(b" ", 2)[1][:3] in (b"204", b"304")
