"""Bytes of the simulated terminal: frames on a connected socket, whole, in pieces, or never.

Not for: which of them (`terminal`).
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

from drivers.simulated.line_server import reset_at_close

_LIMIT = 1 << 20


class Broken(ConnectionError):
    """The line is gone: the other end left, or it was told to break here."""


def send(line: socket.socket, document: bytes, drip: float = 0.0, stopping: threading.Event | None = None) -> None:
    """Send one frame; with `drip` byte by byte, so many seconds apart."""
    whole = struct.pack(">I", len(document)) + document
    if not drip or stopping is None:
        line.sendall(whole)
        return
    for byte in whole:
        line.sendall(bytes((byte,)))
        if stopping.wait(drip):
            raise Broken


def receive(line: socket.socket) -> bytes:
    """One frame; raises `Broken` when there is none."""
    (length,) = struct.unpack(">I", _exactly(line, 4))
    if length > _LIMIT:
        raise Broken
    return _exactly(line, length)


def until_gone(line: socket.socket) -> None:
    """Wait until the other end leaves."""
    with contextlib.suppress(OSError):
        while line.recv(4096):
            pass


def reset(line: socket.socket) -> None:
    """The other end sees a reset, as from a terminal that lost its power."""
    reset_at_close(line)
    line.close()


def _exactly(line: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = line.recv(count - len(data))
        if not piece:
            raise Broken
        data += piece
    return bytes(data)
