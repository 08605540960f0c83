"""The part of the composition root that gives staff their desk: door, caretaker, roll, house, report.

Not for: what staff see and do (`kiosk.journeys.staff_mode`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.column import ColumnConfig
from config.settings import NO_TERMINAL
from drivers.card_contract import Cards
from drivers.contract import ReceiptPrinter
from drivers.runner import DeviceRunner
from kiosk.caretaking import ColumnCare
from kiosk.core.column_health import Subject
from kiosk.fees import COUNTER
from kiosk.journeys.card_desk import CardDesk
from kiosk.journeys.ports import Clock, Network
from kiosk.journeys.staff_desk import StaffDesk
from kiosk.loudness import Loudness
from kiosk.paper_watch import PaperWatch
from kiosk.readiness import Readiness
from kiosk.staffing import StaffDoor
from kiosk.store.store import KioskStore
from kiosk.surroundings import Device, Surroundings

_MM_PER_METRE = 1000.0


@dataclass(frozen=True)
class StaffParts:
    """What a staff desk is made of.

    Attributes:
        devices: those of the column, by what they are called.
        network: None where there is no back office.
        desk: the card reader as visits share it.
        badges: a reader for badges alone; None where there is none.
        loudness: of voice and chime.
    """

    config: ColumnConfig
    store: KioskStore
    clock: Clock
    care: ColumnCare
    watch: PaperWatch
    devices: Mapping[Subject, Device]
    network: Network | None
    desk: CardDesk
    loudness: Loudness
    badges: Cards | None = None


def watched(printer: ReceiptPrinter, store: KioskStore, config: ColumnConfig) -> PaperWatch:
    """The receipt printer with its count of paper."""
    look = printer.check_now if isinstance(printer, DeviceRunner) else None
    return PaperWatch(printer, store, config.settings.printer.roll_metres * _MM_PER_METRE, look)


async def open_staff(parts: StaffParts) -> StaffDesk:
    """Take up what an earlier run left, and put the desk together."""
    settings, store = parts.config.settings, parts.store
    await parts.care.start()
    await parts.watch.start()
    await parts.loudness.start(store)
    house = Surroundings(
        devices=parts.devices,
        tests=[each.check_now for each in parts.devices.values() if isinstance(each, DeviceRunner)],
        network=parts.network,
        queues=parts.config.here.queues,
        shelf=store,
        roll=parts.watch,
        care=parts.care,
        desk=parts.desk,
        clock=parts.clock,
        folder=settings.column.data,
        charges=settings.terminal.uri != NO_TERMINAL or settings.fees.method == COUNTER,
        certificate_end=lambda: certificate_end(settings.column.data / "identity"),
    )
    return StaffDesk(
        care=parts.care,
        door=StaffDoor(settings.staff, store, settings.column.data, parts.clock.now),
        roll=parts.watch,
        house=house,
        sound=parts.loudness,
        book=store,
        mornings=Readiness(house, store, parts.clock, parts.config.here.hours, settings.staff.ahead),
        badges=parts.badges,
        technician_phone=settings.staff.technician_phone,
        column_name=settings.column.name,
    )


def certificate_end(identity: Path) -> datetime | None:
    """When the certificate that seals attests ends; None where there is none."""
    from kiosk.attesting import ATTEST_FOLDER

    if not (identity / ATTEST_FOLDER).exists():
        return None
    from kiosk.documents.seal.keys import FileAttestKey, NoAttestKey

    try:
        return FileAttestKey.load(identity / ATTEST_FOLDER).valid_to
    except NoAttestKey:
        return None
