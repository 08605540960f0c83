"""A printer on USB without the kernel's own printer driver, found by vendor, product and serial number.

Every transfer has a limit and short writes go on where they stopped. Not for: printers the kernel already shows as
/dev/usb/lp0 (use `device_file`, it needs no extra rights).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from drivers.contract import CannotOpen, Reason
from drivers.printers.transport import LinkFault, Transport
from drivers.printers.uri import UsbAddress

if TYPE_CHECKING:
    from usb.backend import IBackend
    from usb.core import Device

PRINTER_CLASS = 7
CHUNK_BYTES = 4096
_IN = 0x80
_BULK = 2


class Endpoint(Protocol):
    """The two calls of a pyusb endpoint that are used here."""

    def write(self, data: bytes, timeout: int) -> int:
        """Send; the limit is in milliseconds."""
        ...

    def read(self, size_or_buffer: int, timeout: int) -> bytes:
        """Receive at most so many bytes; the limit is in milliseconds."""
        ...


class UsbTransport:
    """Bulk transfers to the printer interface of one device.

    Attributes:
        bytes_per_second: full-speed USB to a thermal head.
    """

    bytes_per_second = 100_000.0

    def __init__(self, out: Endpoint, back: Endpoint, timed_out: type[Exception], release: Callable[[], None]) -> None:
        self._out = out
        self._back = back
        self._timed_out = timed_out
        self._release: Callable[[], None] | None = release

    def write_all(self, data: bytes, seconds: float) -> LinkFault | None:
        """See `Transport`."""
        until = time.monotonic() + seconds
        done = 0
        while done < len(data):
            if self._release is None:
                return LinkFault.CLOSED
            try:
                done += self._out.write(data[done : done + CHUNK_BYTES], _milliseconds(until - time.monotonic()))
            except self._timed_out:
                return LinkFault.BLOCKED
            except OSError:
                return LinkFault.CLOSED
            if time.monotonic() > until and done < len(data):
                return LinkFault.BLOCKED
        return None

    def read(self, seconds: float) -> bytes | LinkFault:
        """See `Transport`; an empty packet counts as nothing yet."""
        if self._release is None:
            return LinkFault.CLOSED
        try:
            return bytes(self._back.read(CHUNK_BYTES, _milliseconds(seconds)))
        except self._timed_out:
            return b""
        except OSError:
            return LinkFault.CLOSED

    def close(self) -> None:
        """See `Transport`."""
        if self._release is not None:
            release, self._release = self._release, None
            release()


def open_usb(address: UsbAddress, backend: IBackend | None = None) -> Transport | CannotOpen:
    """Find the device anew (a handle from before an unplug stays dead) and claim its printer interface."""
    import usb.core  # loaded here: only kiosks with a USB printer pay for it

    name = f"usb {address.vendor:04x}:{address.product:04x}" + (f" {address.serial}" if address.serial else "")
    try:
        device = _find(address, backend)
        if device is None:
            return CannotOpen(Reason.UNREACHABLE, f"{name} is not plugged in")
        return _claim(device, name)
    except usb.core.NoBackendError:
        return CannotOpen(Reason.NOT_CONFIGURED, "libusb is not installed: install libusb-1.0-0", permanent=True)
    except (OSError, ValueError, NotImplementedError) as problem:
        return CannotOpen(Reason.UNREACHABLE, f"{name}: {problem}; is a udev rule missing, or does CUPS hold it?")


def _find(address: UsbAddress, backend: IBackend | None) -> Device | None:
    import usb.core

    def ours(device: Device) -> bool:
        return address.serial is None or device.serial_number == address.serial

    found: Device | None = usb.core.find(
        idVendor=address.vendor, idProduct=address.product, custom_match=ours, backend=backend
    )
    return found


def _claim(device: Device, name: str) -> Transport | CannotOpen:
    import usb.core
    import usb.util

    interface = _printer_interface(device)
    if interface is None:
        return CannotOpen(Reason.NOT_CONFIGURED, f"{name} has no printer interface", permanent=True)
    out = usb.util.find_descriptor(interface, custom_match=lambda e: _is_bulk(e, 0))
    back = usb.util.find_descriptor(interface, custom_match=lambda e: _is_bulk(e, _IN))
    if out is None or back is None:
        return CannotOpen(Reason.NOT_CONFIGURED, f"{name} cannot answer: no endpoint back", permanent=True)
    number = interface.bInterfaceNumber
    with contextlib.suppress(NotImplementedError):
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
    usb.util.claim_interface(device, number)
    return UsbTransport(out, back, usb.core.USBTimeoutError, lambda: usb.util.dispose_resources(device))


def _printer_interface(device: Device):  # type: ignore[no-untyped-def]  # pyusb has no types to name
    import usb.util

    configuration = device.get_active_configuration()
    return usb.util.find_descriptor(configuration, bInterfaceClass=PRINTER_CLASS)


def _is_bulk(endpoint: object, direction: int) -> bool:
    address = getattr(endpoint, "bEndpointAddress", 0)
    kind = getattr(endpoint, "bmAttributes", 0)
    return kind & 3 == _BULK and address & _IN == direction


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))  # 0 would mean: wait for ever
