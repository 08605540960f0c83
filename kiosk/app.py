"""The composition root: settings and site in, a served column out. The only place that knows everything.

`Kiosk.serve` opens the parts in order, serves visitors until it is cancelled, and closes them in reverse. Not for:
screens' own loops (`kiosk.ui`, `kiosk.terminal`) or the command line (`kiosk.cli`).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from config.column import ColumnConfig
from config.settings import NO_PRINTER, NO_TERMINAL, Settings
from config.texts import Catalog
from drivers.card_contract import Cards
from drivers.card_runner import CardRunner, NoCards
from drivers.cards.address import parse_reader
from drivers.cards.opening import CardFilesAtHand, open_cards
from drivers.contract import DeviceStatus, Health, ReceiptPrinter, Sheet, SheetPrinter
from drivers.payments.opening import open_terminal
from drivers.printers.opening import open_printer
from drivers.printers.sheet_opening import open_sheet_printer
from drivers.runner import NoPrinter, PrinterRunner
from drivers.terminal_runner import TerminalRunner
from kiosk import __version__
from kiosk.attesting import ColumnAttests
from kiosk.clock import SystemClock
from kiosk.core.events import DEVICE_DEGRADED, DEVICE_RECOVERED, DEVICE_STARTED, DEVICE_STOPPED
from kiosk.fees import NoFees, PracticeFees
from kiosk.journeys.card_desk import CardDesk
from kiosk.journeys.ports import AttestDesk, Caretaker, Clock, Network, Payments, Screen
from kiosk.journeys.printing import Printing
from kiosk.journeys.serve import serve
from kiosk.journeys.visit import Column, Timing
from kiosk.paths import FONTS
from kiosk.paying import Patience, TerminalDesk
from kiosk.remote_care import RemoteCare, retirement_of
from kiosk.snapshot_care import SnapshotCare
from kiosk.snapshots import Snapshots
from kiosk.store.store import KioskStore, open_store
from sync.client.client import SyncClient
from sync.client.identity import Identity, load_identity

if TYPE_CHECKING:
    from kiosk.attest_link import AttestLink

T = TypeVar("T")

STANDING_LIMIT_S = 5.0
"""A screen that never comes must not keep the devices shut."""


@dataclass(frozen=True)
class Devices:
    """The devices of the column; fits `kiosk.journeys.ports.Devices`."""

    printer: ReceiptPrinter
    sheets: SheetPrinter
    cards: Cards


class NoNetwork:
    """A column without a back office is never online."""

    online = False


class Kiosk:
    """One column.

    Args:
        config: settings and site, checked.
        texts: the catalogue of texts.
        clock: another clock than the machine's (scripts).
        standing: set once the first screen stands; None where nothing is drawn. What nobody needs before somebody
            touches the screen waits for it, because loading it would delay the screen.
        file: the settings file, when new versions of settings and offer may come from the back office.
    """

    def __init__(
        self,
        config: ColumnConfig,
        texts: Catalog,
        clock: Clock | None = None,
        standing: threading.Event | None = None,
        file: Path | None = None,
    ) -> None:
        self._file = file
        self._standing = standing
        self._config = config
        self._texts = texts
        self._clock = clock or column_clock(config)
        self._care: RemoteCare | None = None
        self._caretaker: Caretaker | None = None

    async def serve(self, screen: Screen) -> None:
        """Open everything, serve until cancelled, close everything.

        Raises:
            kiosk.store.errors.StoreRefused: when the store cannot be opened; the text says what to do.
            sync.client.column.NotEnrolled: when the column never joined a back office.
        """
        if retirement_of(self._config) is None:
            try:
                await self._serve_whole(screen)
            except Exception as problem:
                if self._file is not None:
                    Snapshots(self._data).roll_back(f"serving ended: {type(problem).__name__}")
                raise
        if retirement_of(self._config) is not None:
            await self._retire(screen)

    async def _serve_whole(self, screen: Screen) -> None:
        async with AsyncExitStack() as stack:
            column = self._open(stack, screen)
            stack.push_async_callback(column.printing.finish)
            if isinstance(column.payments, TerminalDesk):
                stack.push_async_callback(column.payments.finish)
                await column.payments.start()
            await self._serve_in_care(column)

    async def _serve_in_care(self, column: Column) -> None:
        """Serve until cancelled, or until the column is out of service for good."""
        if self._care is None:
            await serve(column)
            return
        care = self._care
        tasks = [asyncio.create_task(work) for work in (serve(column), care.run(), care.retired.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for result in ended:
            if isinstance(result, Exception):
                raise result

    async def _retire(self, screen: Screen) -> None:
        from kiosk.retiring import retire

        def connect(store: KioskStore) -> SyncClient | None:
            identity = load_identity(self._data / "identity")
            return self._sync_client(store, identity, dict) if self._config.settings.sync.url else None

        await retire(screen, self._config, self._clock, connect)

    def _open(self, stack: AsyncExitStack, screen: Screen) -> Column:
        settings, site = self._config.settings, self._config.site
        identity = load_identity(self._data / "identity")
        store = open_store(self._data / "kiosk.db", identity.column, self._clock)
        stack.callback(store.close)
        self._record_start(stack, store)
        devices = Devices(
            self._open_printer(stack, store), self._open_sheets(stack, store), self._open_cards(stack, store)
        )
        network = self._open_sync(stack, store, identity, devices)
        return Column(
            screen=screen,
            store=store,
            devices=devices,
            network=network,
            clock=self._clock,
            texts=self._texts,
            site=site,
            here=self._config.here,
            kiosk_id=identity.column.kiosk_id,
            printing=Printing(store, devices),
            desk=CardDesk(devices, screen_pin=settings.card.screen_pin),
            attests=self._open_attests(stack, store, identity),
            payments=self._open_payments(stack, store),
            cards_accepted=settings.terminal.cards,
            timing=_timing(settings),
            follow_url=settings.sync.follow_url,
            bulletin=(lambda: None) if self._care is None else self._care.bulletin,
        )

    def _record_start(self, stack: AsyncExitStack, store: KioskStore) -> None:
        sqlite = store.sqlite
        started = {"appVersion": __version__, "sqliteVersion": sqlite.version, "sqliteAffected": sqlite.affected}
        store.record_now(DEVICE_STARTED, started)
        stack.callback(store.record_now, DEVICE_STOPPED, {"reason": "asked"})

    def _open_printer(self, stack: AsyncExitStack, store: KioskStore) -> ReceiptPrinter:
        settings = self._config.settings.printer
        if settings.uri == NO_PRINTER:
            return NoPrinter()
        runner = PrinterRunner(open_printer(settings.uri, settings.profile, FONTS), "receipt printer")
        runner.on_change(DeviceDiary(store, "printer"))
        runner.start()
        stack.callback(runner.stop)
        return runner

    def _open_sheets(self, stack: AsyncExitStack, store: KioskStore) -> SheetPrinter:
        uri = self._config.settings.sheet_printer.uri
        if uri == NO_PRINTER:
            return NoPrinter()
        runner: PrinterRunner[Sheet] = PrinterRunner(self._once_standing(open_sheet_printer(uri)), "sheet printer")
        runner.on_change(DeviceDiary(store, "sheetPrinter"))
        runner.start()
        stack.callback(runner.stop)
        return runner

    def _open_attests(self, stack: AsyncExitStack, store: KioskStore, identity: Identity) -> AttestDesk:
        settings, config = self._config.settings, self._config
        attests = ColumnAttests(
            store,
            config.site,
            config.here,
            self._texts,
            self._data / "identity",
            store.now,
            verify_url=f"{settings.attests.public_url}/verify" if settings.attests.public_url else "",
        )
        if settings.sync.url:
            attests.link = lambda: open_link(identity, settings, store.now)
        stack.callback(attests.close)
        return attests

    def _open_payments(self, stack: AsyncExitStack, store: KioskStore) -> Payments:
        settings = self._config.settings
        if settings.terminal.uri == NO_TERMINAL:
            return PracticeFees(store) if settings.fees.method == "practice" else NoFees()
        runner = TerminalRunner(self._once_standing(open_terminal(settings.terminal.uri)), "payment terminal")
        runner.on_change(DeviceDiary(store, "terminal"))
        runner.start()
        stack.callback(runner.stop)
        patience = Patience(card=settings.terminal.card_seconds)
        return TerminalDesk(store, runner, self._clock, patience, reverses=settings.terminal.reverses)

    def _open_cards(self, stack: AsyncExitStack, store: KioskStore) -> Cards:
        settings = self._config.settings.card
        address = parse_reader(settings.reader)
        if address is None:
            return NoCards()
        at_hand = CardFilesAtHand(settings.trust, settings.revocations, specimens=self._config.site.practice)
        runner = CardRunner(self._once_standing(open_cards(address, at_hand, self._clock.now)), "card reader")
        runner.on_change(DeviceDiary(store, "reader"))
        runner.start()
        stack.callback(runner.stop)
        return runner

    def _once_standing(self, open_driver: Callable[[], T]) -> Callable[[], T]:
        def opened() -> T:
            if self._standing is not None:
                self._standing.wait(STANDING_LIMIT_S)
            return open_driver()

        return opened

    def _open_sync(self, stack: AsyncExitStack, store: KioskStore, identity: Identity, devices: Devices) -> Network:
        if not self._config.settings.sync.url:
            return NoNetwork()
        client = self._sync_client(store, identity, lambda: describe_all(devices))
        self._care = RemoteCare(
            store,
            identity,
            self._config,
            lambda: _states(devices),
            self._caretaker,
            self._clock,
            self._snapshot_care(store),
        )
        client.start()
        stack.callback(client.stop)
        return client

    def _snapshot_care(self, store: KioskStore) -> SnapshotCare | None:
        if self._file is None:
            return None

        async def healthy() -> bool:
            await store.open_commands()
            return self._standing is None or self._standing.is_set()

        def restart(why: str) -> None:
            if self._caretaker is not None:
                self._caretaker.restart(why)

        return SnapshotCare(self._file, self._config, store, self._clock, restart, healthy)

    def fetch_numbers(self) -> int:
        """Ask the back office for numbers once, without serving, as a technician does right after enrolment.

        Returns:
            How many numbers the column now has for today, over all queues.
        """
        identity = load_identity(self._data / "identity")
        store = open_store(self._data / "kiosk.db", identity.column, self._clock)
        client = self._sync_client(store, identity, dict)
        try:
            client.loop().tick()
            today = self._clock.now().date()
            stock = store.stock(self._config.here.queues, today)
            return sum(each.working + each.reserve for each in stock if each.service_date == today)
        finally:
            client.stop()
            store.close()

    @property
    def _data(self) -> Path:
        return self._config.settings.column.data

    def _sync_client(
        self, store: KioskStore, identity: Identity, devices: Callable[[], Mapping[str, str]]
    ) -> SyncClient:
        settings = self._config.settings.sync
        return SyncClient(
            store,
            identity,
            settings.url,
            queues=self._config.here.queues,
            today=lambda: self._clock.now().date(),
            devices=devices,
            heartbeat_seconds=settings.heartbeat_seconds,
            app_version=__version__,
        )


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


def column_clock(config: ColumnConfig) -> SystemClock:
    """The clock of a column: the machine's, shifted only for practice."""
    return SystemClock(config.site.timezone, config.settings.practice.clock_shift_seconds)


def open_link(identity: Identity, settings: Settings, now: Callable[[], datetime]) -> AttestLink:
    """The way to registers and downloads; loaded when somebody needs it."""
    from kiosk.attest_link import AttestLink

    return AttestLink(identity, settings.sync.url, settings.attests.public_url, now)


def describe(status: DeviceStatus) -> str:
    """A device's state in one word, for the heartbeat."""
    return status.reason.value if status.reason else status.health.value


def _states(devices: Devices) -> dict[str, DeviceStatus]:
    """The state of every device, by the name it has in the heartbeat."""
    return {"printer": devices.printer.status, "sheetPrinter": devices.sheets.status, "reader": devices.cards.status}


def describe_all(devices: Devices) -> dict[str, str]:
    """Every device's state, for the heartbeat; a column without a card reader has none to tell of."""
    told = {"printer": describe(devices.printer.status)}
    if not isinstance(devices.sheets, NoPrinter):
        told["sheetPrinter"] = describe(devices.sheets.status)
    if not isinstance(devices.cards, NoCards):
        told["reader"] = describe(devices.cards.status)
    return told


def _timing(settings: Settings) -> Timing:
    visit = settings.visit
    return Timing(idle=visit.idle_seconds, warning=visit.warning_seconds, ticket=visit.ticket_seconds)
