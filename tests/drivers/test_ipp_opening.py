"""Addresses of sheet printers as people write them, and how one becomes a driver."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from drivers import added
from drivers.contract import CannotOpen, Reason
from drivers.printers.ipp.address import IppAddress
from drivers.printers.ipp.driver import IppPrinter
from drivers.printers.sheet_opening import EXAMPLES, BadSheetUri, open_sheet_printer, parse_sheet_uri

PRINT = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "address", "uri"),
    [
        ("ipp://192.0.2.20/ipp/print", IppAddress("192.0.2.20", 631, "/ipp/print"), "ipp://192.0.2.20:631/ipp/print"),
        (" ipp://localhost:8631/printers/a4 ", IppAddress("localhost", 8631, "/printers/a4"),
         "ipp://localhost:8631/printers/a4"),
        ("ipps://p.example/ipp/print", IppAddress("p.example", 631, "/ipp/print", True),
         "ipps://p.example:631/ipp/print"),
        (f"ipps://p.example/x?sha256={PRINT.upper()}", IppAddress("p.example", 631, "/x", True, PRINT),
         "ipps://p.example:631/x"),
        ("ipp://[2001:db8::1]/ipp/print", IppAddress("2001:db8::1", 631, "/ipp/print"),
         "ipp://[2001:db8::1]:631/ipp/print"),
    ],
)  # fmt: skip
def test_right_addresses_are_read(text: str, address: IppAddress, uri: str) -> None:
    assert parse_sheet_uri(text) == address
    assert address.uri == uri


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "does not start with ipp:// or ipps://"),
        ("192.0.2.20", "does not start with ipp:// or ipps://"),
        ("tcp://192.0.2.20:9100", "right are ipp://192.0.2.20/ipp/print"),
        ("ipp://", "should be a host"),
        ("ipp://192.0.2.20", "names no queue after the host"),
        ("ipp://192.0.2.20/", "names no queue after the host"),
        ("ipp://192.0.2.20/a b", "names no queue after the host"),
        ("ipp://192.0.2.20/é", "names no queue after the host"),
        ("ipp://192.0.2.20/" + "x" * 600, "names no queue after the host"),
        ("ipp://192.0.2.20:0/x", "should be a host"),
        ("ipp://192.0.2.20:port/x", "is not an address"),
        ("ipp://192.0.2.20:99999/x", "is not an address"),
        ("ipp://[::1/x", "is not an address"),
        ("ipp://192.0.2.20/x#y", "should be a host"),
        ("ipp://jan:geheim@192.0.2.20/x", "has no place in the address"),
        ("ipp://192.0.2.20/x?sha256=" + PRINT, "of an ipps address"),
        ("ipps://192.0.2.20/x?waitjob=false", "the only setting after a question mark is sha256"),
        ("ipps://192.0.2.20/x?sha256=12", "64 hexadecimal digits"),
    ],
)
def test_wrong_addresses_are_told_what_would_be_right(text: str, hint: str) -> None:
    with pytest.raises(BadSheetUri) as caught:
        parse_sheet_uri(text)
    assert hint in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_every_example_is_right() -> None:
    assert {parse_sheet_uri(text).uri.partition(":")[0] for text in EXAMPLES.values()} == set(EXAMPLES)


def test_an_address_becomes_a_driver_that_is_not_open_yet() -> None:
    driver = open_sheet_printer("ipp://192.0.2.20/ipp/print")()
    assert isinstance(driver, IppPrinter)
    driver.close()


def test_other_schemes_are_looked_up_among_the_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    def entry_points(*, group: str, name: str) -> EntryPoints:
        assert group == "zuil.drivers"
        point = EntryPoint("acme", "tests.drivers.test_ipp_opening:acme_printer", group)
        return EntryPoints([point] if name == "acme" else [])

    monkeypatch.setattr(added, "entry_points", entry_points)
    assert open_sheet_printer("acme://tray")() == CannotOpen(Reason.UNREACHABLE, "acme://tray")
    for text in ("other://tray", "acme://[::1"):
        with pytest.raises(BadSheetUri):
            open_sheet_printer(text)


def acme_printer(uri: str) -> CannotOpen:
    """A third party's factory."""
    return CannotOpen(Reason.UNREACHABLE, uri)
