"""The devices of a column as its parts see them: together, by name, in words for the heartbeat, and their diary.

Not for: opening them (`kiosk.app`).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.card_contract import Cards
from drivers.card_runner import NoCards
from drivers.contract import DeviceStatus, Health, ReceiptPrinter, SheetPrinter
from drivers.payment_contract import Terminal
from drivers.runner import NoPrinter
from kiosk.core.column_health import Subject
from kiosk.core.events import DEVICE_DEGRADED, DEVICE_RECOVERED
from kiosk.store.store import KioskStore
from kiosk.surroundings import Device


@dataclass(frozen=True)
class Devices:
    """The devices of the column; fits `kiosk.journeys.ports.Devices`.

    Attributes:
        badges: a reader for badges alone; None where there is none.
    """

    printer: ReceiptPrinter
    sheets: SheetPrinter
    cards: Cards
    terminal: Terminal | None = None
    badges: Cards | None = None


class DeviceDiary:
    """Writes down when a device stops being simply ready, and when it is again."""

    def __init__(self, store: KioskStore, device: str) -> None:
        self._store = store
        self._device = device
        self._reason: str | None = None

    def __call__(self, status: DeviceStatus) -> None:
        """Take note of a new state; only a change of reason is an event."""
        if status.health is Health.BUSY:
            return
        reason = status.reason.value if status.reason else None
        if reason == self._reason:
            return
        self._reason = reason
        if reason:
            self._store.record_now(DEVICE_DEGRADED, {"device": self._device, "reason": reason})
        else:
            self._store.record_now(DEVICE_RECOVERED, {"device": self._device})


def describe(status: DeviceStatus) -> str:
    """A device's state in one word, for the heartbeat."""
    return status.reason.value if status.reason else status.health.value


def named_devices(devices: Devices) -> dict[Subject, Device]:
    """The devices by what staff call them; one that is not there says so itself."""
    named: dict[Subject, Device] = {
        Subject.PRINTER: devices.printer,
        Subject.SHEETS: devices.sheets,
        Subject.READER: devices.cards,
    }
    if devices.badges is not None:
        named[Subject.BADGES] = devices.badges
    if devices.terminal is not None:
        named[Subject.TERMINAL] = devices.terminal
    return named


def describe_all(devices: Devices) -> dict[str, str]:
    """Every device's state, for the heartbeat; what a column does not have it does not tell of."""
    told = {"printer": describe(devices.printer.status)}
    if not isinstance(devices.sheets, NoPrinter):
        told["sheetPrinter"] = describe(devices.sheets.status)
    if not isinstance(devices.cards, NoCards):
        told["reader"] = describe(devices.cards.status)
    if devices.badges is not None:
        told["badgeReader"] = describe(devices.badges.status)
    if devices.terminal is not None:
        told["terminal"] = describe(devices.terminal.status)
    return told
