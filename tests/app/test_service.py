"""What the program and its service manager say to each other."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import pytest

from kiosk.service import on_stop, tell_ready


def test_ready_reaches_the_service_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(address))
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        tell_ready()
        assert manager.recv(64) == b"READY=1"


def test_an_abstract_address_works_too(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"zuil-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + name)
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
        tell_ready()
        assert manager.recv(64) == b"READY=1"


def test_without_a_service_manager_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    opened: list[object] = []
    monkeypatch.setattr(socket, "socket", opened.append)
    tell_ready()
    assert opened == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_calls_stop_from_another_thread(number: signal.Signals) -> None:
    stopped = threading.Event()
    callers: list[threading.Thread] = []

    def stop() -> None:
        callers.append(threading.current_thread())
        stopped.set()

    with on_stop(stop):
        os.kill(os.getpid(), number)
        assert stopped.wait(5)
    assert callers[0] is not threading.main_thread()


def test_afterwards_signals_are_as_before() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with on_stop(lambda: None):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
