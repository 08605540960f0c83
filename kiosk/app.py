"""The composition root: settings and site in, a served column out. The only place that knows everything.

`Kiosk.serve` opens the parts in order, serves visitors until it is cancelled, and closes them in reverse. Not for:
screens' own loops (`kiosk.ui`, `kiosk.terminal`) or the command line (`kiosk.cli`).
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from config.column import ColumnConfig
from config.settings import NO_PRINTER, NO_TERMINAL, Settings
from config.texts import Catalog
from drivers.card_contract import Cards
from drivers.card_runner import CardRunner, NoCards
from drivers.cards.address import ReaderAddress, parse_reader
from drivers.cards.opening import CardFilesAtHand, open_cards
from drivers.contract import ReceiptPrinter, Sheet, SheetPrinter
from drivers.payments.opening import OpenTerminal, open_terminal
from drivers.printers.opening import open_printer
from drivers.printers.sheet_opening import open_sheet_printer
from drivers.runner import NoPrinter, PrinterRunner
from drivers.terminal_runner import TerminalRunner
from kiosk import __version__
from kiosk.app_devices import DeviceDiary, Devices, describe_all, named_devices
from kiosk.app_staff import StaffParts, open_staff, watched
from kiosk.attesting import ColumnAttests
from kiosk.caretaking import ColumnCare
from kiosk.clock import CLOCK_FILE, SystemClock, TurnedClock, turned_by_file
from kiosk.core.events import DEVICE_STARTED, DEVICE_STOPPED
from kiosk.fees import COUNTER, CounterDesk, NoFees, PracticeFees
from kiosk.journeys.card_desk import CardDesk
from kiosk.journeys.ports import AttestDesk, Clock, Network, Payments, Screen
from kiosk.journeys.printing import Printing
from kiosk.journeys.serve import serve
from kiosk.journeys.visit import Column, Timing
from kiosk.loudness import Loudness
from kiosk.paper_watch import PaperWatch
from kiosk.paths import FONTS
from kiosk.paying import Patience, TerminalDesk
from kiosk.payment_orders import payment_handlers
from kiosk.remote_care import RemoteCare, retirement_of
from kiosk.route import route_of
from kiosk.snapshot_care import SnapshotCare
from kiosk.snapshots import Snapshots
from kiosk.staff_till import StaffTill
from kiosk.store.store import KioskStore, open_store
from kiosk.watchdog import Watchdog, beat_along
from sync.client.client import SyncClient
from sync.client.column import OtherKind
from sync.client.door import SyncDoor, socket_in
from sync.client.identity import Identity, load_identity
from sync.client.ports import SyncStore

if TYPE_CHECKING:
    from kiosk.attest_link import AttestLink

T = TypeVar("T")
_log = logging.getLogger("zuil.sync")

_READ = "watchdog"
"""What the watchdog's read looks for; nothing is ever kept there."""
STANDING_LIMIT_S = 5.0
"""A screen that never comes must not keep the devices shut."""


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
        watchdog: is given the beats of the journeys' loop and of the store, where a service manager asks for them.

    Attributes:
        loudness: of everything that sounds; staff change it.
        restarting: whether serving ended because somebody wants the program to start anew.
    """

    def __init__(
        self,
        config: ColumnConfig,
        texts: Catalog,
        clock: Clock | None = None,
        standing: threading.Event | None = None,
        file: Path | None = None,
        watchdog: Watchdog | None = None,
    ) -> None:
        self._file = file
        self._standing = standing
        self._watchdog = watchdog
        self._config = config
        self._texts = texts
        self._clock = clock or column_clock(config)
        self._remote: RemoteCare | None = None
        self.loudness = Loudness(config.settings.speech.volume)
        self.restarting = False

    async def serve(self, screen: Screen) -> None:
        """Open everything, serve until cancelled or until it is to start anew, close everything.

        Raises:
            kiosk.store.errors.StoreRefused: when the store cannot be opened; the text says what to do.
            sync.client.column.NotEnrolled: when the column never joined a back office.
            sync.client.column.OtherKind: when it joined one of the other kind.
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
            column, watch, care = await self._open(stack, await self._shared(stack, screen))
            stack.push_async_callback(watch.finish)
            stack.push_async_callback(column.printing.finish)
            if isinstance(column.payments, TerminalDesk):
                stack.push_async_callback(column.payments.finish)
                await column.payments.start()
            await self._serve_in_care(column)
            self.restarting = care.restarting

    async def _serve_in_care(self, column: Column) -> None:
        """Serve until cancelled, or until the column is out of service for good."""
        if self._remote is None:
            await serve(column)
            return
        remote = self._remote
        tasks = [asyncio.create_task(work) for work in (serve(column), remote.run(), remote.retired.wait())]
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

    async def _shared(self, stack: AsyncExitStack, screen: Screen) -> Screen:
        """The screen itself; on a practice column with a dock, one the dock may touch too."""
        folder = self._config.settings.practice.dock
        if folder is None:
            return screen
        from kiosk.practice_hand import SOCKET, SharedScreen

        shared = SharedScreen(screen, folder / SOCKET, self._texts)
        await stack.enter_async_context(shared.shared())
        return shared

    async def _open(self, stack: AsyncExitStack, screen: Screen) -> tuple[Column, PaperWatch, ColumnCare]:
        settings, site = self._config.settings, self._config.site
        identity = self._identity()
        store = open_store(self._data / "kiosk.db", identity.column, self._clock)
        stack.callback(store.close)
        if self._watchdog is not None:
            _beside(stack, beat_along(self._watchdog, lambda: store.remembered(_READ)))
        self._record_start(stack, store)
        terminal = self._open_terminal(stack, store)
        watch = watched(self._open_printer(stack, store), store, self._config)
        devices = self._open_devices(stack, store, watch, terminal)
        payments = self._payments(store, terminal)
        care = ColumnCare(store, self._clock.now)
        network = self._open_sync(stack, store, identity, devices, care)
        desk, printing = CardDesk(devices, screen_pin=settings.card.screen_pin), Printing(store, devices)
        staff = StaffParts(
            config=self._config,
            store=store,
            clock=self._clock,
            care=care,
            watch=watch,
            devices=named_devices(devices),
            network=network if settings.sync.url else None,
            desk=desk,
            loudness=self.loudness,
            badges=devices.badges,
        )
        column = Column(
            screen=screen,
            store=store,
            devices=devices,
            network=network,
            clock=self._clock,
            texts=self._texts,
            site=site,
            here=self._config.here,
            kiosk_id=identity.column.kiosk_id,
            printing=printing,
            desk=desk,
            attests=self._open_attests(stack, store, identity),
            payments=payments,
            counter_fees=CounterDesk(store, offered=settings.fees.method == COUNTER),
            cards_accepted=settings.terminal.cards,
            timing=_timing(settings),
            till=self._open_till(store, payments, printing),
            follow_url=settings.sync.follow_url,
            bulletin=(lambda: None) if self._remote is None else self._remote.bulletin,
            staff=await open_staff(staff),
        )
        return column, watch, care

    def _record_start(self, stack: AsyncExitStack, store: KioskStore) -> None:
        sqlite = store.sqlite
        started = {"appVersion": __version__, "sqliteVersion": sqlite.version, "sqliteAffected": sqlite.affected}
        store.record_now(DEVICE_STARTED, started)
        stack.callback(store.record_now, DEVICE_STOPPED, {"reason": "asked"})

    def _open_devices(
        self, stack: AsyncExitStack, store: KioskStore, watch: PaperWatch, terminal: TerminalRunner | None
    ) -> Devices:
        cards, badges = self._open_cards(stack, store), self._open_badges(stack, store)
        return Devices(watch, self._open_sheets(stack, store), cards, terminal, badges)

    def _open_printer(self, stack: AsyncExitStack, store: KioskStore) -> ReceiptPrinter:
        settings = self._config.settings.printer
        if settings.uri == NO_PRINTER:
            return NoPrinter()
        opening = self._once_standing(open_printer(settings.uri, settings.profile, FONTS))
        runner = PrinterRunner(opening, "receipt printer")
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

    def _open_till(self, store: KioskStore, payments: Payments, printing: Printing) -> StaffTill:
        desk = payments if isinstance(payments, TerminalDesk) else None
        till = StaffTill(store, desk, printing.slip, self._config.site, self._texts)
        if self._remote is not None:
            self._remote.also(lambda: payment_handlers(till))
        return till

    def _open_terminal(self, stack: AsyncExitStack, store: KioskStore) -> TerminalRunner | None:
        if self._config.settings.terminal.uri == NO_TERMINAL:
            return None
        runner = TerminalRunner(self._once_standing(terminal_of(self._config)), "payment terminal")
        runner.on_change(DeviceDiary(store, "terminal"))
        runner.start()
        stack.callback(runner.stop)
        return runner

    def _payments(self, store: KioskStore, terminal: TerminalRunner | None) -> Payments:
        settings = self._config.settings
        if terminal is None:
            return PracticeFees(store) if settings.fees.method == "practice" else NoFees()
        patience = Patience(card=settings.terminal.card_seconds)
        return TerminalDesk(
            store,
            terminal,
            self._clock,
            patience,
            reverses=settings.terminal.reverses,
            day_end=settings.terminal.day_end,
        )

    def _open_cards(self, stack: AsyncExitStack, store: KioskStore) -> Cards:
        address = parse_reader(self._config.settings.card.reader)
        return NoCards() if address is None else self._open_reader(stack, store, address, ("card reader", "reader"))

    def _open_badges(self, stack: AsyncExitStack, store: KioskStore) -> Cards | None:
        address = parse_reader(self._config.settings.staff.reader)
        names = ("badge reader", "badgeReader")
        return None if address is None else self._open_reader(stack, store, address, names)

    def _open_reader(
        self, stack: AsyncExitStack, store: KioskStore, address: ReaderAddress, names: tuple[str, str]
    ) -> Cards:
        """A reader in service.

        Args:
            names: of its thread, and in events.
        """
        settings = self._config.settings.card
        at_hand = CardFilesAtHand(settings.trust, settings.revocations, specimens=self._config.site.practice)
        runner = CardRunner(self._once_standing(open_cards(address, at_hand, self._clock.now)), names[0])
        runner.on_change(DeviceDiary(store, names[1]))
        runner.start()
        stack.callback(runner.stop)
        return runner

    def _once_standing(self, open_driver: Callable[[], T]) -> Callable[[], T]:
        def opened() -> T:
            if self._standing is not None:
                self._standing.wait(STANDING_LIMIT_S)
            return open_driver()

        return opened

    def _open_sync(
        self, stack: AsyncExitStack, store: KioskStore, identity: Identity, devices: Devices, care: ColumnCare
    ) -> Network:
        if not self._config.settings.sync.url:
            return NoNetwork()
        self._remote = RemoteCare(
            store,
            identity,
            self._config,
            care,
            self._clock,
            self._snapshot_care(store, care),
        )
        self._remote.visited = lambda: care.visited
        if self._config.settings.sync.apart:
            return self._open_door(stack, store, devices)
        client = self._sync_client(store, identity, lambda: describe_all(devices))
        client.start()
        stack.callback(client.stop)
        return client

    def _snapshot_care(self, store: KioskStore, care: ColumnCare) -> SnapshotCare | None:
        if self._file is None:
            return None

        async def healthy() -> bool:
            await store.open_commands()
            return self._standing is None or self._standing.is_set()

        def restart(why: str) -> None:
            care.restart(why)

        return SnapshotCare(self._file, self._config, store, self._clock, restart, healthy)

    def _open_door(self, stack: AsyncExitStack, store: KioskStore, devices: Devices) -> Network:
        """For a sync process of its own; a column that cannot have one serves without network."""
        door = SyncDoor(store, socket_in(self._data), lambda: describe_all(devices))
        try:
            door.start()
        except OSError as error:
            _log.error("the sync process cannot be let in (%s); this column stays offline", error)
            return NoNetwork()
        stack.callback(door.stop)
        return door

    def fetch_numbers(self) -> int:
        """Ask the back office for numbers once, without serving, as a technician does right after enrolment.

        Returns:
            How many numbers the column now has for today, over all queues.
        """
        identity = self._identity()
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

    def _identity(self) -> Identity:
        """Who the column is; practice and reality never share one.

        Raises:
            sync.client.column.OtherKind: when the back office is not of the site's kind.
        """
        directory, practice = self._data / "identity", self._config.site.practice
        identity = load_identity(directory)
        if identity.column.practice is not practice:
            raise OtherKind(directory, practice=practice)
        return identity

    @property
    def _data(self) -> Path:
        return self._config.settings.column.data

    def _sync_client(
        self, store: KioskStore, identity: Identity, devices: Callable[[], Mapping[str, str]]
    ) -> SyncClient:
        return sync_client(self._config, store, identity, self._clock, devices)


def _beside(stack: AsyncExitStack, work: Coroutine[None, None, None]) -> None:
    """Have something done beside everything else, until the stack is left."""
    task = asyncio.get_running_loop().create_task(work)

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(end)


def sync_client(
    config: ColumnConfig, store: SyncStore, identity: Identity, clock: Clock, devices: Callable[[], Mapping[str, str]]
) -> SyncClient:
    """The way of a column to its back office, in whichever process it runs."""
    settings = config.settings.sync
    return SyncClient(
        store,
        identity,
        settings.url,
        queues=config.here.queues,
        today=lambda: clock.now().date(),
        devices=devices,
        heartbeat_seconds=settings.heartbeat_seconds,
        app_version=__version__,
        route=route_of(config.settings),
    )


def terminal_of(config: ColumnConfig) -> OpenTerminal:
    """What makes the driver of a column's payment terminal; for practice, everything it writes stays with the data."""
    settings = config.settings
    return open_terminal(settings.terminal.uri, settings.column.data if config.site.practice else None)


def column_clock(config: ColumnConfig) -> Clock:
    """The clock of a column: the machine's; for practice it may be shifted, or turned by the dock at any moment."""
    practice = config.settings.practice
    clock = SystemClock(config.site.timezone, practice.clock_shift_seconds)
    return TurnedClock(clock, turned_by_file(practice.dock / CLOCK_FILE)) if practice.dock else clock


def open_link(identity: Identity, settings: Settings, now: Callable[[], datetime]) -> AttestLink:
    """The way to registers and downloads; loaded when somebody needs it."""
    from kiosk.attest_link import AttestLink

    return AttestLink(identity, settings.sync.url, settings.attests.public_url, now, route_of(settings))


def _timing(settings: Settings) -> Timing:
    visit = settings.visit
    return Timing(idle=visit.idle_seconds, warning=visit.warning_seconds, ticket=visit.ticket_seconds)
