"""From an address and a profile to a driver that opens itself.

Not for: threads and opening again (`drivers.runner`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from drivers.contract import CannotOpen, Reason
from drivers.payments.zvt.address import ZvtAddress, ZvtSerial, ZvtTcp, parse_zvt_uri
from drivers.payments.zvt.driver import ZvtTerminal
from drivers.payments.zvt.link import Link, StreamLink
from drivers.payments.zvt.profile import Timing, ZvtProfile
from drivers.payments.zvt.serial_link import SerialLink
from drivers.printers.transports.descriptor import DescriptorTransport
from drivers.printers.transports.tcp import open_tcp

BITS_PER_BYTE = 11  # start bit, eight data bits, two stop bits


def open_zvt(
    uri: str, profile: ZvtProfile | None = None, timing: Timing | None = None
) -> Callable[[], ZvtTerminal | CannotOpen]:
    """Check the settings now; what is returned makes the driver later, in the thread of its bus.

    Raises:
        drivers.payments.zvt.address.BadTerminalUri: naming what would be right.
    """
    address = parse_zvt_uri(uri)
    return partial(ZvtTerminal, partial(connect, address), address.password, profile, timing)


def connect(address: ZvtAddress) -> Link | CannotOpen:
    """Open the line at `address`."""
    match address:
        case ZvtTcp(host, port):
            opened = open_tcp(host, port)
            return opened if isinstance(opened, CannotOpen) else StreamLink(opened)
        case ZvtSerial():
            return _open_serial(address)


def _open_serial(address: ZvtSerial) -> Link | CannotOpen:
    import serial  # loaded here: only columns with a serial terminal pay for it

    try:
        port = serial.Serial(address.path, baudrate=address.baud, stopbits=serial.STOPBITS_TWO, exclusive=True)
    except ValueError as problem:
        return CannotOpen(Reason.NOT_CONFIGURED, f"{address.path}: {problem}", permanent=True)
    except (serial.SerialException, OSError) as problem:
        return CannotOpen(Reason.UNREACHABLE, f"{address.path}: {problem}")
    return SerialLink(DescriptorTransport(port.fileno(), port.close, address.baud / BITS_PER_BYTE))
