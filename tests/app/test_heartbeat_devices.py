"""What the heartbeat tells of the devices, each in one word."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from drivers.card_contract import Cards
from drivers.card_runner import CardRunner, NoCards
from drivers.contract import CannotOpen, DeviceStatus, Health, Reason
from drivers.runner import NoPrinter
from kiosk.app_devices import Devices, describe_all, named_devices
from kiosk.core.column_health import Subject


@dataclass
class Printer(NoPrinter):
    """A printer in a given state."""

    state: DeviceStatus

    @property
    def status(self) -> DeviceStatus:
        return self.state


def told(cards: Cards, printer: DeviceStatus | None = None, sheets: NoPrinter | None = None) -> dict[str, str]:
    return describe_all(Devices(Printer(printer or DeviceStatus(Health.READY)), sheets or NoPrinter(), cards))


@pytest.mark.parametrize(
    ("printer", "word"),
    [
        (DeviceStatus(Health.READY), "ready"),
        (DeviceStatus(Health.ATTENTION, Reason.PAPER_LOW, "raw"), "paper_low"),
        (DeviceStatus(Health.UNAVAILABLE, Reason.UNREACHABLE), "unreachable"),
    ],
)
def test_a_column_without_a_card_reader_has_none_to_tell_of(printer: DeviceStatus, word: str) -> None:
    assert told(NoCards(), printer) == {"printer": word}


@pytest.mark.expects_log("zuil.card")
def test_a_reader_that_is_set_and_cannot_be_opened_is_not_kept_from_the_back_office() -> None:
    wrong = CardRunner(lambda: CannotOpen(Reason.NOT_CONFIGURED, "no roots", permanent=True), "card reader")
    assert told(wrong)["reader"] == "busy", "not opened yet"
    wrong.start()
    wrong.check_now()
    assert wrong.stop()
    assert told(wrong)["reader"] == "not_configured"


def test_a_printer_of_sheets_is_told_of_where_there_is_one() -> None:
    class Sheets:
        status = DeviceStatus(Health.UNAVAILABLE, Reason.PAPER_OUT)

    assert told(NoCards(), sheets=Sheets())["sheetPrinter"] == "paper_out"  # type: ignore[arg-type]


def test_a_reader_of_badges_is_told_of_and_named_where_there_is_one() -> None:
    devices = Devices(Printer(DeviceStatus(Health.READY)), NoPrinter(), NoCards(), badges=NoCards())
    assert describe_all(devices)["badgeReader"] == "not_configured"
    assert Subject.BADGES in named_devices(devices)
    assert Subject.BADGES not in named_devices(Devices(Printer(DeviceStatus(Health.READY)), NoPrinter(), NoCards()))
