"""Printer addresses as people write them: `tcp://host:9100`, `serial:///dev/ttyUSB0?baud=115200`, `file:///dev/usb/lp0`,
`usb://04b8:0e28/serial`.

Not for: opening anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import assert_never
from urllib.parse import SplitResult, parse_qsl, urlsplit

DEFAULT_PORT = 9100
EXAMPLES = {
    "tcp": "tcp://192.0.2.10:9100",
    "serial": "serial:///dev/ttyUSB0?baud=115200",
    "file": "file:///dev/usb/lp0",
    "usb": "usb://04b8:0e28 or usb://04b8:0e28/J4DF012345",
}
BAUD_RATES = (9600, 19200, 38400, 57600, 115200)


class BadPrinterUri(ValueError):
    """An address that cannot be a printer's; the message says what would be right."""


class Flow(Enum):
    """Flow control of a serial line."""

    NONE = "none"
    XONXOFF = "xonxoff"
    RTSCTS = "rtscts"
    DSRDTR = "dsrdtr"


@dataclass(frozen=True)
class TcpAddress:
    """Host name or address, and port."""

    host: str
    port: int = DEFAULT_PORT


@dataclass(frozen=True)
class SerialAddress:
    """Device path, speed in bits a second and flow control of a serial line."""

    path: str
    baud: int = 115200
    flow: Flow = Flow.DSRDTR


@dataclass(frozen=True)
class FileAddress:
    """Path of a device file."""

    path: Path


@dataclass(frozen=True)
class UsbAddress:
    """Vendor and product number, and the serial number when there may be two of the same model."""

    vendor: int
    product: int
    serial: str | None = None


PrinterAddress = TcpAddress | SerialAddress | FileAddress | UsbAddress


def parse_printer_uri(text: str) -> PrinterAddress:
    """Read an address.

    Raises:
        BadPrinterUri: naming the mistake and a right example.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError as problem:
        raise BadPrinterUri(f"{text!r} is not an address ({problem}); {_examples()}") from None
    reader = _READERS.get(parts.scheme)
    if reader is None:
        raise BadPrinterUri(f"{text!r} does not start with a known kind of cable; {_examples()}")
    if parts.query and parts.scheme != "serial":
        raise BadPrinterUri(f"{text!r}: only serial addresses take settings after a question mark")
    return reader(parts)


def format_printer_uri(address: PrinterAddress) -> str:
    """The address as text again."""
    match address:
        case TcpAddress(host, port):
            return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
        case SerialAddress(path, baud, flow):
            return f"serial://{path}?baud={baud}&flow={flow.value}"
        case FileAddress(path):
            return f"file://{path}"
        case UsbAddress(vendor, product, serial):
            return f"usb://{vendor:04x}:{product:04x}" + (f"/{serial}" if serial else "")
        case _:
            assert_never(address)


def _tcp(parts: SplitResult) -> TcpAddress:
    try:
        port = parts.port
    except ValueError:
        raise BadPrinterUri(f"the port in {parts.geturl()!r} is not a number from 1 to 65535") from None
    if not parts.hostname or port == 0 or parts.path not in ("", "/") or parts.username is not None:
        raise BadPrinterUri(f"{parts.geturl()!r} should be a host and a port, such as {EXAMPLES['tcp']}")
    return TcpAddress(parts.hostname, port or DEFAULT_PORT)


def _serial(parts: SplitResult) -> SerialAddress:
    path = _device_path(parts, "serial")
    settings = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(settings) - {"baud", "flow"})
    if unknown:
        raise BadPrinterUri(f"unknown setting {unknown[0]!r} of a serial line; there are baud and flow")
    baud = settings.get("baud", "115200")
    if not baud.isascii() or not baud.isdigit() or int(baud) not in BAUD_RATES:
        raise BadPrinterUri(f"baud={baud} is not a speed of printers: {', '.join(map(str, BAUD_RATES))}")
    flow = settings.get("flow", Flow.DSRDTR.value)
    if flow not in {kind.value for kind in Flow}:
        raise BadPrinterUri(f"flow={flow} is not one of {', '.join(kind.value for kind in Flow)}")
    return SerialAddress(path, int(baud), Flow(flow))


def _file(parts: SplitResult) -> FileAddress:
    return FileAddress(Path(_device_path(parts, "file")))


def _device_path(parts: SplitResult, scheme: str) -> str:
    if parts.netloc or not parts.path.startswith("/") or "\0" in parts.path:
        raise BadPrinterUri(f"{parts.geturl()!r} should name a full path after three slashes: {EXAMPLES[scheme]}")
    return parts.path


def _usb(parts: SplitResult) -> UsbAddress:
    found = re.fullmatch(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", parts.netloc)
    if found is None:
        raise BadPrinterUri(
            f"{parts.geturl()!r} should name vendor and product as four hexadecimal digits each, as lsusb shows them: "
            f"{EXAMPLES['usb']}"
        )
    return UsbAddress(int(found[1], 16), int(found[2], 16), parts.path.strip("/") or None)


def _examples() -> str:
    return "right are " + ", ".join(EXAMPLES.values())


_READERS: dict[str, Callable[[SplitResult], PrinterAddress]] = {
    "tcp": _tcp,
    "serial": _serial,
    "file": _file,
    "usb": _usb,
}
