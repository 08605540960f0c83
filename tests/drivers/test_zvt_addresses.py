"""Addresses of ZVT terminals as people write them."""

from __future__ import annotations

import pytest

from drivers.contract import CannotOpen, Reason
from drivers.payments.zvt.address import BadTerminalUri, ZvtAddress, ZvtSerial, ZvtTcp, format_zvt_uri, parse_zvt_uri
from drivers.payments.zvt.driver import ZvtTerminal
from drivers.payments.zvt.opening import connect, open_zvt


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("zvt+tcp://192.0.2.30:20007", ZvtTcp("192.0.2.30", 20007)),
        ("zvt+tcp://terminal.example", ZvtTcp("terminal.example", 20007)),
        (" zvt+tcp://[2001:db8::1]:5577/ ", ZvtTcp("2001:db8::1", 5577)),
        ("zvt+tcp://h?password=123456", ZvtTcp("h", 20007, "123456")),
        ("zvt+serial:///dev/ttyUSB0", ZvtSerial("/dev/ttyUSB0", 9600)),
        ("zvt+serial:///dev/ttyUSB0?baud=115200&password=000001", ZvtSerial("/dev/ttyUSB0", 115200, "000001")),
    ],
)
def test_right_addresses(text: str, address: ZvtAddress) -> None:
    assert parse_zvt_uri(text) == address
    again = parse_zvt_uri(format_zvt_uri(address))
    assert repr(again) == repr(address)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("", "zvt+tcp://192.0.2.30:20007"),
        ("tcp://192.0.2.30", "zvt+tcp://192.0.2.30:20007"),
        ("zvt+tcp://[", "zvt+tcp://192.0.2.30:20007"),
        ("zvt+tcp://", "a host and a port"),
        ("zvt+tcp://h:0", "a host and a port"),
        ("zvt+tcp://h/x", "a host and a port"),
        ("zvt+tcp://me@h", "a host and a port"),
        ("zvt+tcp://h:99999", "1 to 65535"),
        ("zvt+tcp://h?baud=9600", "password"),
        ("zvt+tcp://h?password=000000&password=1", "each once"),
        ("zvt+serial://dev/ttyUSB0", "three slashes"),
        ("zvt+serial:///", "three slashes"),
        ("zvt+serial:///dev/x?baud=1", "9600, 19200, 38400, 57600, 115200"),
        ("zvt+serial:///dev/x?speed=9600", "baud and password"),
        ("zvt+serial:///dev/x#a", "baud and password"),
    ],
)
def test_a_wrong_address_names_what_is_right(text: str, right: str) -> None:
    with pytest.raises(BadTerminalUri, match=right.replace("+", r"\+")):
        parse_zvt_uri(text)


@pytest.mark.parametrize("password", ["12345", "1234567", "12345a", "１２３４５６"])
def test_a_wrong_password_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(BadTerminalUri, match="six digits") as refused:
        parse_zvt_uri(f"zvt+tcp://h?password={password}")
    assert password not in str(refused.value)


def test_the_password_stands_in_no_text() -> None:
    address = parse_zvt_uri("zvt+tcp://h?password=271828")
    assert "271828" not in repr(address) + format_zvt_uri(address)


def test_a_driver_is_made_without_opening_anything() -> None:
    made = open_zvt("zvt+tcp://192.0.2.1:1")()
    assert isinstance(made, ZvtTerminal)
    made.close()


def test_a_serial_line_that_is_not_there() -> None:
    opened = connect(ZvtSerial("/dev/there-is-no-such-line"))
    assert isinstance(opened, CannotOpen)
    assert opened.reason is Reason.UNREACHABLE
    assert not opened.permanent
