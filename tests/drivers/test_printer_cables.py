"""Thin cables: limits, broken ends and closed handles are values, never exceptions."""

from __future__ import annotations

import os
import socket
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.contract import CannotOpen
from drivers.printers.opening import connect
from drivers.printers.transport import LinkFault, Transport
from drivers.printers.transports import tcp
from drivers.printers.transports.device_file import open_device_file
from drivers.printers.transports.tcp import TcpTransport, open_tcp
from drivers.printers.uri import UsbAddress

MORE_THAN_ANY_BUFFER = bytes(32 * 1024 * 1024)


@pytest.fixture
def pair() -> Iterator[tuple[TcpTransport, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    cable = TcpTransport(ours)
    with theirs:
        yield cable, theirs
        cable.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[tuple[Transport, int]]:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    cable = open_device_file(Path(os.ttyname(theirs)))
    assert not isinstance(cable, CannotOpen)
    os.close(theirs)
    yield cable, ours
    cable.close()


def test_tcp_passes_bytes_both_ways(pair: tuple[TcpTransport, socket.socket]) -> None:
    cable, theirs = pair
    assert cable.write_all(b"ticket", 1) is None
    assert theirs.recv(10) == b"ticket"
    theirs.sendall(b"\x12")
    assert cable.read(5) == b"\x12"
    assert cable.read(0) == b""


def test_tcp_gives_up_on_a_host_that_takes_nothing(pair: tuple[TcpTransport, socket.socket]) -> None:
    cable, _ = pair
    assert cable.write_all(MORE_THAN_ANY_BUFFER, 0.05) is LinkFault.BLOCKED


def test_tcp_tells_a_host_that_is_gone(pair: tuple[TcpTransport, socket.socket]) -> None:
    cable, theirs = pair
    theirs.close()
    assert cable.read(5) is LinkFault.CLOSED
    assert cable.write_all(MORE_THAN_ANY_BUFFER, 5) is LinkFault.CLOSED


def test_tcp_after_closing(pair: tuple[TcpTransport, socket.socket]) -> None:
    cable, _ = pair
    cable.close()
    cable.close()
    assert cable.read(1) is LinkFault.CLOSED
    assert cable.write_all(b"x", 1) is LinkFault.CLOSED


def test_tcp_that_never_connects_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(address: tuple[str, int], timeout: float) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(tcp.socket, "create_connection", never)
    opened = open_tcp("192.0.2.1", 9100, 0.5)
    assert isinstance(opened, CannotOpen)
    assert opened.detail == "192.0.2.1:9100 did not answer within 0.5 s"


def test_a_device_file_passes_bytes_both_ways(terminal: tuple[Transport, int]) -> None:
    cable, ours = terminal
    assert cable.write_all(b"ticket", 1) is None
    assert os.read(ours, 10) == b"ticket"
    os.write(ours, b"\x12")
    assert cable.read(5) == b"\x12"
    assert cable.read(0) == b""
    os.close(ours)


def test_a_device_file_that_takes_nothing_and_one_that_is_gone(terminal: tuple[Transport, int]) -> None:
    cable, ours = terminal
    assert cable.write_all(MORE_THAN_ANY_BUFFER, 0.05) is LinkFault.BLOCKED
    os.close(ours)
    assert cable.read(5) in (LinkFault.CLOSED, b"")
    assert cable.write_all(b"x", 1) is LinkFault.CLOSED
    cable.close()
    assert cable.read(1) is LinkFault.CLOSED


def test_a_device_file_without_permission_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    opened = open_device_file(Path("/dev/usb/lp0"))
    assert isinstance(opened, CannotOpen)
    assert "group that owns it (lp)" in opened.detail


def test_usb_without_its_library_is_permanent(monkeypatch: pytest.MonkeyPatch) -> None:
    import usb.core

    def missing(**_: object) -> None:
        raise usb.core.NoBackendError("No backend available")

    monkeypatch.setattr(usb.core, "find", missing)
    opened = connect(UsbAddress(0x04B8, 0x0E28))
    assert isinstance(opened, CannotOpen)
    assert opened.permanent
    assert "install libusb-1.0-0" in opened.detail
