"""The USB cable with the real library on a bus in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from drivers.contract import CannotOpen, Health, Printed, Reason, Unknown
from drivers.printers.escpos.driver import EscPosPrinter
from drivers.printers.escpos.profiles import profile_named
from drivers.printers.transport import LinkFault, Transport
from drivers.printers.transports.usb import open_usb
from drivers.printers.uri import UsbAddress
from tests.drivers.rigs import QUICK, ticket
from tests.drivers.usb_bench import PRODUCT, SERIAL, VENDOR, UsbBench

ADDRESS = UsbAddress(VENDOR, PRODUCT)


@pytest.fixture
def bench() -> UsbBench:
    return UsbBench()


@pytest.fixture
def cable(bench: UsbBench) -> Iterator[Transport]:
    opened = open_usb(ADDRESS, bench)
    assert not isinstance(opened, CannotOpen)
    yield opened
    opened.close()


def driver(bench: UsbBench, address: UsbAddress = ADDRESS) -> EscPosPrinter:
    return EscPosPrinter(lambda: open_usb(address, bench), profile_named("epson-tm-m30"), timing=QUICK)


def test_a_ticket_over_usb(bench: UsbBench) -> None:
    device = driver(bench)
    assert device.status().health is Health.READY
    assert device.print("a", ticket()) == Printed()
    assert "B042" in bench.printer.cuttings[0].words
    device.close()
    assert bench.claimed == 0


def test_pulled_out_and_put_back_it_is_found_anew(bench: UsbBench) -> None:
    device = driver(bench)
    assert device.status().usable
    bench.plugged = False
    assert device.status().reason is Reason.UNREACHABLE
    bench.plugged = True
    assert device.print("a", ticket()) == Printed()
    device.close()


def test_a_serial_number_tells_two_of_the_same_model_apart(bench: UsbBench) -> None:
    right = driver(bench, UsbAddress(VENDOR, PRODUCT, SERIAL))
    assert right.status().usable
    right.close()
    wrong = open_usb(UsbAddress(VENDOR, PRODUCT, "other"), bench)
    assert wrong == CannotOpen(Reason.UNREACHABLE, "usb 04b8:0e28 other is not plugged in")


def test_a_device_that_is_no_printer_or_cannot_answer_is_told(bench: UsbBench) -> None:
    bench.speaks_back = False
    deaf = open_usb(ADDRESS, bench)
    assert isinstance(deaf, CannotOpen)
    assert "no endpoint back" in deaf.detail
    assert deaf.permanent
    bench.interface_class = 8
    storage = open_usb(ADDRESS, bench)
    assert isinstance(storage, CannotOpen)
    assert "no printer interface" in storage.detail


def test_every_transfer_has_a_limit(bench: UsbBench, cable: Transport) -> None:
    assert cable.read(0) == b""
    bench.stuck = True
    assert cable.write_all(b"x", 0.01) is LinkFault.BLOCKED


def test_a_pulled_cable_and_a_closed_one_are_values(bench: UsbBench, cable: Transport) -> None:
    bench.plugged = False
    assert cable.write_all(b"x", 1.0) is LinkFault.CLOSED
    assert cable.read(0.01) is LinkFault.CLOSED
    cable.close()
    cable.close()
    assert cable.write_all(b"x", 1.0) is LinkFault.CLOSED
    assert cable.read(0.01) is LinkFault.CLOSED


def test_pulled_in_the_middle_of_a_job_is_unknown(bench: UsbBench) -> None:
    device = driver(bench)
    device.status()
    real = bench.bulk_write

    def pulled(handle: str, ep: int, intf: int, data: bytes, timeout: int) -> int:
        bench.plugged = len(data) < 100
        return real(handle, ep, intf, data, timeout)  # type: ignore[arg-type]

    bench.bulk_write = pulled  # type: ignore[assignment, method-assign]
    result = device.print("a", ticket())
    assert isinstance(result, Unknown)
    assert result.reason is Reason.UNREACHABLE
    device.close()
