"""Both channels with bytes from anybody: strangers, torn and glued frames, hostile ones, and what is left behind."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.contract import CannotOpen, Health, Reason
from drivers.payment_contract import Approved, Inconclusive
from drivers.payments.opi.address import OpiAddress
from drivers.payments.opi.driver import OpiTerminal
from drivers.payments.opi.listener import MOST_WIRES, Listener
from drivers.payments.opi.memory import FileMemory
from drivers.payments.opi.profile import OpiProfile
from drivers.payments.opi.wire import Bell, connect
from drivers.simulated.terminal.opi.knobs import Oddity
from drivers.simulated.terminal.opi.markup import BOMB
from tests.drivers.opi_bench import (
    GOLDEN_DEVICE_REQUEST,
    ORDER,
    QUICK,
    Ears,
    Notes,
    both_ends,
    framed,
    in_background,
)


@contextmanager
def calling_back(port: int, source: str = "127.0.0.1") -> Iterator[socket.socket]:
    """A connection to channel 1."""
    with socket.create_connection(("127.0.0.1", port), 10, source_address=(source, 0)) as line:
        line.settimeout(10)
        yield line


def answers(line: socket.socket, count: int) -> list[bytes]:
    """So many frames."""
    found = []
    with line.makefile("rb") as source:
        for _ in range(count):
            length = int.from_bytes(source.read(4), "big")
            found.append(source.read(length))
    return found


def test_a_stranger_is_not_heard(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        with calling_back(simulated.till.port, "127.0.0.2") as line:
            line.sendall(framed(GOLDEN_DEVICE_REQUEST))
            assert driver.status().health is Health.READY
            with contextlib.suppress(ConnectionResetError):
                assert line.recv(100) == b""


def test_a_stranger_would_be_heard_by_a_careless_listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: it is the address that keeps him out."""
    monkeypatch.setattr("drivers.payments.opi.listener._plain", lambda _address: "somebody")
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        with calling_back(simulated.till.port, "127.0.0.2") as line:
            line.sendall(framed(GOLDEN_DEVICE_REQUEST))
            driver.status()
            assert b"Success" in answers(line, 1)[0]


def test_a_strangers_receipt_is_not_ours(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.oddities = {Oddity.STRANGER}
        ears = Ears()
        evidence = driver.pay(ORDER, Notes(), ears)
        assert isinstance(evidence, Approved)
        assert len(evidence.receipts) == 1
        assert not any("Vals" in text for _, text in ears.heard)


def test_callbacks_glued_together_are_all_answered(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        with calling_back(simulated.till.port) as line:
            second = GOLDEN_DEVICE_REQUEST.replace(b"417.1", b"417.2")
            line.sendall(framed(GOLDEN_DEVICE_REQUEST) + framed(second))
            driver.status()
            first, last = answers(line, 2)
            assert b'RequestID="417.1"' in first
            assert b'RequestID="417.2"' in last


def test_a_callback_torn_between_two_calls_is_answered_when_it_is_whole(tmp_path: Path) -> None:
    whole = framed(GOLDEN_DEVICE_REQUEST)
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        for at in (1, 3, 4, 5, len(whole) - 1):
            with calling_back(simulated.till.port) as line:
                line.sendall(whole[:at])
                driver.status()
                line.sendall(whole[at:])
                driver.status()
                assert b"Success" in answers(line, 1)[0]


@pytest.mark.parametrize(
    "bytes_", [framed(BOMB), b"\x7f\xff\xff\xff", b"\x00\x00\x00\x00", framed(b"<Other/>"), framed(b"x")]
)
def test_a_callback_that_is_none_ends_its_connection_only(bytes_: bytes, tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        with calling_back(simulated.till.port) as line:
            line.sendall(bytes_)
            assert driver.status().health is Health.READY
            assert line.recv(100) == b""
        assert isinstance(driver.pay(ORDER, Notes(), Ears()), Approved)


def test_a_callback_for_another_till_is_not_taken(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        with calling_back(simulated.till.port) as line:
            line.sendall(framed(GOLDEN_DEVICE_REQUEST.replace(b"KIOSK42", b"KASSA-2")))
            driver.status()
            assert b'OverallResult="DeviceUnavailable"' in answers(line, 1)[0]


def test_an_unknown_target_is_said_to_be_missing(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.status()
        with calling_back(simulated.till.port) as line:
            line.sendall(framed(GOLDEN_DEVICE_REQUEST.replace(b"CustomerDisplay", b"Till-Drawer")))
            driver.status()
            assert b'OutResult="DeviceUnavailable"' in answers(line, 1)[0]


def test_no_more_connections_than_there_is_room_for() -> None:
    listener = Listener("127.0.0.1", 0)
    assert listener.open() is None
    with contextlib.ExitStack() as lines:
        for _ in range(MOST_WIRES + 3):
            lines.enter_context(calling_back(listener.port))
            listener.accept()
        assert len(listener.wires) == MOST_WIRES
        assert listener.strangers == 3
        listener.close()
        listener.close()
        assert listener.filenos() == []


def test_a_listener_keeps_its_port() -> None:
    listener = Listener("127.0.0.1", 0)
    assert listener.open() is None
    port = listener.port
    assert listener.open() is None
    assert listener.port == port != 0
    listener.close()


def test_a_terminal_without_a_name_has_no_way() -> None:
    trouble = Listener("no-such-terminal.invalid", 0).open()
    assert isinstance(trouble, CannotOpen)
    assert trouble.reason is Reason.UNREACHABLE
    refused = connect("no-such-terminal.invalid", 4100, 1.0)
    assert isinstance(refused, CannotOpen)


def test_a_bell_that_was_closed_is_silent() -> None:
    bell = Bell()
    bell.ring()
    bell.close()
    bell.ring()
    bell.hush()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.binary(max_size=60).map(framed))
def test_any_answer_to_a_payment_is_never_taken_for_a_result(tmp_path: Path, said: bytes) -> None:
    """A peer that is no terminal: the payment stays open, and nobody is told that it was not charged."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        answered = []

        def serve() -> None:
            for reply in (b"", said):
                line, _ = server.accept()
                with line:
                    line.settimeout(10)
                    with line.makefile("rb") as source:
                        source.read(int.from_bytes(source.read(4), "big"))
                    with contextlib.suppress(OSError):
                        line.sendall(reply)
                    answered.append(reply)

        thread = in_background(serve)
        address = OpiAddress("127.0.0.1", "KIOSK42", server.getsockname()[1], 0)
        profile = OpiProfile(login=None)
        driver = OpiTerminal(address, profile, QUICK, memory=FileMemory(tmp_path / "m.json"))
        evidence = driver.pay(ORDER, Notes(), Ears())
        thread.join()
        driver.close()
    assert isinstance(evidence, Inconclusive)
    assert answered == [b"", said]
