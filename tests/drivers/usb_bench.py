"""A USB bus in memory for pyusb, with one simulated printer on it: real library, real bytes, no hub."""

from __future__ import annotations

import array
import time
from types import SimpleNamespace

import usb.backend
import usb.core

from drivers.simulated.receipt.mechanism import Mechanism

VENDOR, PRODUCT, SERIAL = 0x04B8, 0x0E28, "J4DF0123"
OUT, BACK = 0x01, 0x82


class UsbBench(usb.backend.IBackend):
    """What libusb would say of one printer.

    Attributes:
        plugged: pull the plug by setting it to False.
        stuck: the printer takes no more bytes.
        speaks_back: whether it has an endpoint for answers.
    """

    def __init__(self) -> None:
        self.printer = Mechanism(576, time.monotonic)
        self.plugged = True
        self.stuck = False
        self.speaks_back = True
        self.interface_class = 7
        self.kernel_driver = True
        self.serial = SERIAL
        self.claimed = 0

    def enumerate_devices(self) -> list[str]:
        return ["printer"] if self.plugged else []

    def get_device_descriptor(self, dev: str) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT, bcdDevice=0x100, iManufacturer=1, iProduct=2,
            iSerialNumber=3, bNumConfigurations=1, address=5, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: str, config: int) -> SimpleNamespace:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: str, intf: int, alt: int, config: int) -> SimpleNamespace:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=self.interface_class, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: str, ep: int, intf: int, alt: int, config: int) -> SimpleNamespace:
        back = BACK if self.speaks_back else 0x03
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(OUT, back)[ep], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: str) -> str:
        self._there()
        return dev

    def close_device(self, dev_handle: str) -> None:
        return None

    def get_configuration(self, dev_handle: str) -> int:
        return 1

    def claim_interface(self, dev_handle: str, intf: int) -> None:
        assert not self.kernel_driver, "the kernel still holds it"
        self.claimed += 1

    def release_interface(self, dev_handle: str, intf: int) -> None:
        self.claimed -= 1

    def is_kernel_driver_active(self, dev_handle: str, intf: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, dev_handle: str, intf: int) -> None:
        self.kernel_driver = False

    def ctrl_transfer(
        self, handle: str, kind: int, request: int, value: int, index: int, data: array.array[int], timeout: int
    ) -> int:
        text = b"\x09\x04" if value & 0xFF == 0 else self.serial.encode("utf-16-le")
        answer = bytes((len(text) + 2, 3)) + text
        data[: len(answer)] = array.array("B", answer)
        return len(answer)

    def bulk_write(self, handle: str, ep: int, intf: int, data: array.array[int], timeout: int) -> int:
        self._there()
        assert timeout > 0, "0 would wait for ever"
        if self.stuck:
            raise usb.core.USBTimeoutError("timed out")
        short = bytes(data)[:600]  # the host has to go on where a short write stopped
        self.printer.receive(short)
        self.printer.work()
        return len(short)

    def bulk_read(self, handle: str, ep: int, intf: int, buff: array.array[int], timeout: int) -> int:
        self._there()
        assert timeout > 0, "0 would wait for ever"
        reply = bytes(self.printer.replies[: len(buff)])
        del self.printer.replies[: len(buff)]
        if not reply:
            raise usb.core.USBTimeoutError("timed out")
        buff[: len(reply)] = array.array("B", reply)
        return len(reply)

    def _there(self) -> None:
        if not self.plugged:
            raise usb.core.USBError("No such device", -4, 19)
