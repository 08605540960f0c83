"""Printers and card readers on USB, by what their descriptors say, as the kernel shows them in files.

A printer says so (class 7), or is of a maker of receipt printers that hides behind a class of its own. Nothing is
opened. Not for: talking to them (`drivers.printers.transports.usb`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.setup.found import FoundPrinter

DEVICES = Path("/sys/bus/usb/devices")
PRINTER_CLASS, READER_CLASS, VENDOR_CLASS = "07", "0b", "ff"
MAKERS = {"04b8": "Epson", "0519": "Star", "0dd4": "Custom", "1504": "Bixolon", "1d90": "Citizen", "0fe6": "ICS"}
"""Vendor numbers of makers of receipt printers."""
_LONGEST = 60


@dataclass(frozen=True)
class UsbDevice:
    """One device.

    Attributes:
        vendor, product: four hexadecimal digits.
        classes: of its interfaces, two hexadecimal digits each.
    """

    vendor: str
    product: str
    serial: str
    name: str
    classes: frozenset[str]

    @property
    def uri(self) -> str:
        """The address of this very device."""
        usable = self.serial.isascii() and self.serial.isalnum()
        return f"usb://{self.vendor}:{self.product}" + (f"/{self.serial}" if usable else "")


def usb_devices(folder: Path = DEVICES) -> tuple[UsbDevice, ...]:
    """Every device, in the order of its port; what cannot be read is left out."""
    return tuple(device for place in sorted(folder.glob("*")) if (device := _device(place)))


def printers_on_usb(devices: tuple[UsbDevice, ...]) -> tuple[FoundPrinter, ...]:
    """Those that print, or may."""
    found = [device for device in devices if PRINTER_CLASS in device.classes or _maybe(device)]
    return tuple(FoundPrinter(device.uri, device.name, profile_of(device.name)) for device in found)


def readers_on_usb(devices: tuple[UsbDevice, ...]) -> tuple[str, ...]:
    """Names of those that read cards."""
    return tuple(device.name for device in devices if READER_CLASS in device.classes)


def profile_of(name: str) -> str:
    """The profile of the model with that name, or "" when it names none of those that are shipped."""
    from drivers.printers.escpos.profiles import shipped_profiles

    plain = _plain(name)
    for key, profile in shipped_profiles().items():
        models = (_plain(model) for model in profile.name.partition("(")[0].split(","))
        if not key.startswith(("generic", "pc858")) and any(model and model in plain for model in _whole(models)):
            return key
    return ""


def _whole(models: Iterator[str]) -> Iterator[str]:
    """The first model has the maker's name before it, the others only what differs: "epsontmt20ii", "t20iii"."""
    for model in models:
        yield model.removeprefix("epson")


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _maybe(device: UsbDevice) -> bool:
    return device.vendor in MAKERS and VENDOR_CLASS in device.classes


def _device(place: Path) -> UsbDevice | None:
    vendor, product = _text(place / "idVendor").lower(), _text(place / "idProduct").lower()
    if not (_is_number(vendor) and _is_number(product)):
        return None
    classes = frozenset(_text(each).lower() for each in place.glob("*:*/bInterfaceClass"))
    maker, model = _text(place / "manufacturer") or MAKERS.get(vendor, ""), _text(place / "product")
    name = model if model.startswith(maker) else f"{maker} {model}".strip()
    return UsbDevice(vendor, product, _text(place / "serial"), name or f"{vendor}:{product}", classes)


def _is_number(text: str) -> bool:
    return len(text) == 4 and set(text) <= set("0123456789abcdef")


def _text(path: Path) -> str:
    """What a device says in a descriptor: anything, so only what can be shown is kept."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST]
