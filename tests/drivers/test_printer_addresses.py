"""Addresses as people write them, and how one becomes a driver."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from drivers import added
from drivers.contract import CannotOpen, Reason
from drivers.printers.escpos.driver import EscPosPrinter
from drivers.printers.escpos.profiles import BadProfile, profile_named, read_profiles, shipped_profiles
from drivers.printers.opening import connect, open_printer
from drivers.printers.uri import (
    BadPrinterUri,
    FileAddress,
    Flow,
    PrinterAddress,
    SerialAddress,
    TcpAddress,
    UsbAddress,
    format_printer_uri,
    parse_printer_uri,
)
from drivers.simulated.cables import listen


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://192.0.2.10:9100", TcpAddress("192.0.2.10", 9100)),
        ("tcp://printer.example", TcpAddress("printer.example", 9100)),
        ("tcp://[2001:db8::1]:9101/", TcpAddress("2001:db8::1", 9101)),
        ("serial:///dev/ttyUSB0", SerialAddress("/dev/ttyUSB0")),
        ("serial:///dev/ttyS1?baud=9600&flow=xonxoff", SerialAddress("/dev/ttyS1", 9600, Flow.XONXOFF)),
        ("file:///dev/usb/lp0", FileAddress(Path("/dev/usb/lp0"))),
        ("usb://04b8:0E28", UsbAddress(0x04B8, 0x0E28)),
        (" usb://04b8:0e28/J4DF0123 ", UsbAddress(0x04B8, 0x0E28, "J4DF0123")),
    ],
)
def test_right_addresses_are_read_and_written_back(text: str, address: PrinterAddress) -> None:
    assert parse_printer_uri(text) == address
    assert parse_printer_uri(format_printer_uri(address)) == address


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "right are tcp://"),
        ("192.0.2.10", "does not start with a known kind of cable"),
        ("ipp://printer/queue", "right are tcp://"),
        ("tcp://", "should be a host and a port"),
        ("tcp://host:port", "not a number from 1 to 65535"),
        ("tcp://host:99999", "not a number from 1 to 65535"),
        ("tcp://host:0", "should be a host and a port"),
        ("tcp://host/queue", "should be a host and a port"),
        ("tcp://host:9100?x=1", "only serial addresses"),
        ("tcp://[::1", "is not an address"),
        ("serial://ttyUSB0", "three slashes: serial:///dev/ttyUSB0"),
        ("serial:///dev/ttyUSB0?baud=115000", "9600, 19200"),
        ("serial:///dev/ttyUSB0?baud=fast", "not a speed of printers"),
        ("serial:///dev/ttyUSB0?flow=maybe", "none, xonxoff, rtscts, dsrdtr"),
        ("serial:///dev/ttyUSB0?parity=odd", "there are baud and flow"),
        ("file://dev/usb/lp0", "three slashes: file:///dev/usb/lp0"),
        ("usb://epson", "four hexadecimal digits"),
    ],
)
def test_wrong_addresses_are_told_what_would_be_right(text: str, hint: str) -> None:
    with pytest.raises(BadPrinterUri) as caught:
        parse_printer_uri(text)
    assert hint in str(caught.value)


def test_an_address_and_a_profile_become_a_driver_that_is_not_open_yet() -> None:
    driver = open_printer("tcp://192.0.2.10", "epson-tm-m30")()
    assert isinstance(driver, EscPosPrinter)
    driver.close()


def test_wrong_settings_are_told_before_anything_is_opened() -> None:
    with pytest.raises(BadPrinterUri):
        open_printer("lpt1:")
    with pytest.raises(BadProfile, match="no printer profile 'tm-t20'; there are epson-eu-m30, epson-tm-m30"):
        open_printer("tcp://192.0.2.10", "tm-t20")


def test_other_schemes_are_looked_up_among_the_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    def entry_points(*, group: str, name: str) -> EntryPoints:
        assert group == "zuil.drivers"
        point = EntryPoint("acme", "tests.drivers.test_printer_addresses:acme_printer", group)
        return EntryPoints([point] if name == "acme" else [])

    monkeypatch.setattr(added, "entry_points", entry_points)
    assert open_printer("acme://roll", "any", None)() == CannotOpen(Reason.UNREACHABLE, "acme://roll any None")
    with pytest.raises(BadPrinterUri):
        open_printer("other://roll")


def acme_printer(uri: str, profile: str, fonts: Path | None) -> CannotOpen:
    """A third party's factory."""
    return CannotOpen(Reason.UNREACHABLE, f"{uri} {profile} {fonts}")


def free_port() -> int:
    with listen(0) as taken:
        port: int = taken.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("uri", "reason", "hint", "permanent"),
    [
        ("tcp://127.0.0.1:{port}", Reason.UNREACHABLE, "refused", False),
        ("tcp://nowhere.invalid:9100", Reason.UNREACHABLE, "no such host nowhere.invalid", False),
        ("file://{folder}/lp9", Reason.UNREACHABLE, "No such file", False),
        ("file://{folder}", Reason.NOT_CONFIGURED, "is a folder", True),
        ("file://{folder}/text", Reason.NOT_CONFIGURED, "try /dev/usb/lp0", True),
        ("serial://{folder}/ttyUSB9", Reason.UNREACHABLE, "ttyUSB9", False),
        ("serial://{folder}/text", Reason.UNREACHABLE, "text", False),
    ],
)
def test_what_cannot_be_opened_says_why(uri: str, reason: Reason, hint: str, permanent: bool, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no printer")
    opened = connect(parse_printer_uri(uri.format(port=free_port(), folder=tmp_path)))
    assert isinstance(opened, CannotOpen)
    assert opened.reason is reason
    assert hint in opened.detail
    assert opened.permanent is permanent


def test_a_device_file_belongs_to_one_program_at_a_time(tmp_path: Path) -> None:
    from drivers.simulated.cables import TerminalCable

    cable = TerminalCable(tmp_path / "lp0")
    address = FileAddress(tmp_path / "lp0")
    first = connect(address)
    assert not isinstance(first, CannotOpen)
    second = connect(address)
    assert isinstance(second, CannotOpen)
    assert "in use by another program" in second.detail
    first.close()
    first.close()
    cable.close()


def test_shipped_profiles_are_sound() -> None:
    assert {"generic-80mm", "epson-tm-t20iii"} <= set(shipped_profiles())
    for profile in shipped_profiles().values():
        assert profile.columns * 12 <= profile.dots
        assert "é€".encode(profile.code_page.codec)
    assert profile_named("epson-tm-t20iii").dots_of(25.4) == 203
    assert profile_named("epson-tm-t88").millimetres_of(180) == 25.4


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ("cutter = 'sharp'", "cutter"),
        ("speed = 3", "speed"),
        ("code_page = { number = 16, codec = 'klingon' }", "klingon is no codec; cp1252"),
        ("dots = 3", "dots"),
        ("dots =", "not a table"),
    ],
)
def test_wrong_profiles_are_told_by_field(change: str, hint: str) -> None:
    wrong = {"code_page = { number = 16, codec = 'cp1252' }": "", "cutter = 'full'": "", "dots = 576": ""}
    kept = [line for line in wrong if line.split()[0] != change.split()[0]]
    rest = (
        "name = 'x'\ndpi = 203\ncolumns = 48\nnative_qr = true\nprocess_id = 'yes'\nclear_buffers = 'yes'\n"
        "near_end_sensor = true\nsmoothing = true\n"
    )
    with pytest.raises(BadProfile) as caught:
        read_profiles("[mine]\n" + rest + "\n".join([*kept, change]))
    assert hint in str(caught.value)
