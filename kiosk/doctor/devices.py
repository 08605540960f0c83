"""Receipt printer, A4 printer, payment terminal, card reader: asked how they are, and nothing else is asked of them.

While the kiosk runs it holds them, and a second asker would be in its way: then its journal tells what it last knew.
Not for: trying them out (`zuil print --test-page`, `zuil card read`, `zuil pay`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from config.settings import NO_PRINTER, NO_TERMINAL
from drivers.contract import CannotOpen, DeviceStatus, Health
from drivers.payments.opening import open_terminal
from drivers.printers.opening import open_printer
from drivers.printers.sheet_opening import open_sheet_printer
from drivers.runner import Driver
from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Row
from kiosk.doctor.held import held_device
from kiosk.paths import FONTS

PRINTER = Row("device.printer", "printer", "the receipt printer answers and has paper")
SHEETS = Row("device.sheet_printer", "A4 printer", "the printer of A4 pages answers and has paper")
TERMINAL = Row("device.terminal", "payment terminal", "the terminal answers; nothing is ever charged")

NEXT = "see the page of its driver in docs/drivers, table of troubles"


def _printer(column: Examined) -> Iterator[Finding]:
    settings = column.config.settings.printer
    if settings.uri == NO_PRINTER:
        yield PRINTER.ok("none is set; numbers stand on the screen only")
        return
    opened = partial(open_printer, settings.uri, settings.profile, FONTS)
    yield _asked(PRINTER, column, "printer", settings.uri, lambda: opened()())


def _sheets(column: Examined) -> Iterator[Finding]:
    uri = column.config.settings.sheet_printer.uri
    if uri == NO_PRINTER:
        yield SHEETS.ok("none is set; attests come on receipt paper or as a file")
        return
    yield _asked(SHEETS, column, "sheetPrinter", uri, lambda: open_sheet_printer(uri)())


def _terminal(column: Examined) -> Iterator[Finding]:
    uri = column.config.settings.terminal.uri
    if uri == NO_TERMINAL:
        yield TERMINAL.ok("none is set; what costs something is referred to the counter")
        return
    yield _asked(TERMINAL, column, "terminal", uri.partition("?")[0], lambda: open_terminal(uri)())


def _asked(row: Row, column: Examined, device: str, uri: str, open_it: Callable[[], Driver | CannotOpen]) -> Finding:
    """What the device at `uri` says of itself, or what the running kiosk knows of it."""
    if column.running:
        return held_device(row, column.store, device, uri)
    driver = open_it()
    if isinstance(driver, CannotOpen):
        return row.broken(f"{uri}: {driver.reason.value}: {driver.detail}", NEXT)
    try:
        status = driver.status()
    finally:
        driver.close()
    return told(row, uri, status)


def told(row: Row, uri: str, status: DeviceStatus) -> Finding:
    """A device's own words as a finding."""
    reason = f" ({status.reason.value}: {status.raw})" if status.reason else ""
    found = f"{uri}: {status.health.value}{reason}"
    if not status.usable:
        return row.broken(found, NEXT)
    return row.attention(found, NEXT) if status.health is Health.ATTENTION else row.ok(found)


CHECKS: tuple[Check[Examined], ...] = (
    Check((PRINTER,), _printer, 15),
    Check((SHEETS,), _sheets, 15),
    Check((TERMINAL,), _terminal, 20),
)
