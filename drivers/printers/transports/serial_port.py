"""A printer on a serial line, or on a USB port that poses as one.

Not for: finding the right speed; it stands in the printer's self-test and belongs in the settings.
"""

from __future__ import annotations

from drivers.contract import CannotOpen, Reason
from drivers.printers.transport import Transport
from drivers.printers.transports.descriptor import DescriptorTransport
from drivers.printers.uri import Flow, SerialAddress

BITS_PER_BYTE = 10  # start bit, eight data bits, stop bit


def open_serial(address: SerialAddress) -> Transport | CannotOpen:
    """Open the line with its speed and flow control; no other process may have it open."""
    import serial  # loaded here: only kiosks with a serial printer pay for it

    try:
        port = serial.Serial(
            address.path,
            baudrate=address.baud,
            xonxoff=address.flow is Flow.XONXOFF,
            rtscts=address.flow is Flow.RTSCTS,
            dsrdtr=address.flow is Flow.DSRDTR,
            exclusive=True,
        )
    except ValueError as problem:
        return CannotOpen(Reason.NOT_CONFIGURED, f"{address.path}: {problem}", permanent=True)
    except (serial.SerialException, OSError) as problem:
        return CannotOpen(Reason.UNREACHABLE, f"{address.path}: {problem}")
    return DescriptorTransport(port.fileno(), port.close, address.baud / BITS_PER_BYTE)
