"""From an address and a profile's name to a driver that opens itself.

Schemes of this tree first; any other scheme may be somebody else's (`drivers.added`).
Not for: threads (`drivers.runner`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import assert_never

from drivers.added import added_factory
from drivers.contract import CannotOpen, ReceiptDriver
from drivers.printers.escpos.profiles import Profile, profile_named
from drivers.printers.transport import Transport
from drivers.printers.transports.device_file import open_device_file
from drivers.printers.transports.serial_port import open_serial
from drivers.printers.transports.tcp import open_tcp
from drivers.printers.transports.usb import open_usb
from drivers.printers.uri import (
    EXAMPLES,
    FileAddress,
    PrinterAddress,
    SerialAddress,
    TcpAddress,
    UsbAddress,
    parse_printer_uri,
)

OpenPrinter = Callable[[], ReceiptDriver | CannotOpen]
"""Makes a driver, in the thread of its bus."""
PrinterFactory = Callable[[str, str, Path | None], ReceiptDriver | CannotOpen]
"""What an entry point of the group names: called with the address, the profile's name and the folder of fonts."""


def open_printer(uri: str, profile: str = "generic-80mm", fonts: Path | None = None) -> OpenPrinter:
    """Check the settings now; what is returned makes the driver later.

    Args:
        uri: such as tcp://192.0.2.10:9100, serial:///dev/ttyUSB0?baud=115200, file:///dev/usb/lp0 or usb://04b8:0e28.
        profile: a name from `profiles.toml`; a third party's driver reads it as it likes.
        fonts: folder with the shipped fonts, for letters outside the printer's code page.

    Raises:
        drivers.printers.uri.BadPrinterUri: naming what would be right.
        drivers.printers.escpos.profiles.BadProfile: listing the profiles there are.
    """
    added: PrinterFactory | None = added_factory(uri, EXAMPLES)
    if added is not None:
        return partial(added, uri, profile, fonts)
    address = parse_printer_uri(uri)
    return partial(_escpos_printer, address, profile_named(profile), fonts)


def _escpos_printer(address: PrinterAddress, profile: Profile, fonts: Path | None) -> ReceiptDriver:
    # Loaded here, in the thread of its bus: pictures and codes cost the first screen a moment it can do without.
    from drivers.printers.escpos.driver import EscPosPrinter

    return EscPosPrinter(partial(connect, address), profile, fonts)


def connect(address: PrinterAddress) -> Transport | CannotOpen:
    """Open the cable at `address`."""
    match address:
        case TcpAddress(host, port):
            return open_tcp(host, port)
        case SerialAddress():
            return open_serial(address)
        case FileAddress(path):
            return open_device_file(path)
        case UsbAddress():
            return open_usb(address)
        case _:
            assert_never(address)
