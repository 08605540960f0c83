"""A column with its real drivers over simulated cables, and limits so short that nobody waits. Not a test.

The limits of a driver are for citizens; here a device that never answers must be found out in a fraction of a second.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from unittest.mock import patch

from drivers.card_contract import Cards
from drivers.card_runner import CardRunner
from drivers.cards.beid.trust import load_trust
from drivers.cards.driver import BeidDriver
from drivers.cards.transports.virtual import VirtualTransport
from drivers.contract import CannotOpen, ReceiptPrinter, Sheet, SheetPrinter
from drivers.payments.zvt.opening import open_zvt
from drivers.payments.zvt.profile import Timing as TerminalTiming
from drivers.printers.escpos.driver import EscPosPrinter
from drivers.printers.escpos.profiles import profile_named
from drivers.printers.escpos.session import Timing as ReceiptTiming
from drivers.printers.ipp.driver import IppPrinter
from drivers.printers.ipp.session import Timing as SheetTiming
from drivers.printers.opening import connect
from drivers.printers.sheet_opening import parse_sheet_uri
from drivers.printers.uri import parse_printer_uri
from drivers.runner import DeviceRunner, PrinterRunner
from drivers.terminal_runner import TerminalRunner
from kiosk.app import NoNetwork
from kiosk.app_devices import DeviceDiary, Devices
from kiosk.attest_link import AttestLink
from kiosk.attesting import ColumnAttests
from kiosk.caretaking import ColumnCare
from kiosk.clock import DrivenClock, settle
from kiosk.core.attests import RegisterReply
from kiosk.demo.power import PluggedKiosk
from kiosk.journeys.ports import AttestDesk, Network, Screen
from kiosk.journeys.visit import Column
from kiosk.paper_watch import PaperWatch
from kiosk.paths import FONTS
from kiosk.store.store import KioskStore
from sync.client.client import SyncClient
from sync.client.identity import Identity
from sync.protocol.sealing import SealingKey

RECEIPT = ReceiptTiming(
    answer=0.6,
    clear=0.2,
    probe=0.2,
    write=0.6,
    settle=0.6,
    poll=0.02,
    millimetres_per_second=10_000.0,
    recover_every=0.2,
)
SHEET = SheetTiming(answer=0.6, document=1.5, poll=0.03, patience=0.4, lost=0.4, finish=3.0, withdraw=0.6)
TERMINAL = TerminalTiming(answer=1, silence=0.6, quiet=1, after_abort=0.3, goods=0.02, longest=5, tick=0.01, minute=0.3)
POLL_S = 0.1
CARD_ANSWER_S = 0.6
REGISTER_S = 1
FASTER = 20.0
TURNS = 4


class SlowHands(DrivenClock):
    """A driven clock whose date moves a hundredth as fast as waiting does, so that a long run stays within one day."""

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed / 100)

    async def pass_time(self, seconds: float) -> None:
        """As the other, with few turns of the loop: real time passes as well, and does the rest."""
        until = self._passed + seconds
        while self._sleepers and self._sleepers[0][0] <= until:
            due, _, wake = heapq.heappop(self._sleepers)
            self._passed = max(self._passed, due)
            if not wake.done():
                wake.set_result(None)
                await settle(TURNS)
        self._passed = until
        await settle(TURNS)


class FastPace:
    """Pauses of the sync client, a twentieth as long."""

    def __init__(self) -> None:
        from sync.client.pace import ThreadPace

        self._real = ThreadPace()

    def monotonic(self) -> float:
        return self._real.monotonic() * FASTER

    def wait(self, seconds: float) -> None:
        self._real.wait(seconds / FASTER)

    def wake(self) -> None:
        self._real.wake()


class HurriedLink(AttestLink):
    """Nobody waits long for a register."""

    def answer(
        self, national_number: str, key: SealingKey, *, request_id: str | None, code: str | None, seconds: int
    ) -> RegisterReply:
        return super().answer(national_number, key, request_id=request_id, code=code, seconds=min(seconds, REGISTER_S))


class HurriedKiosk(PluggedKiosk):
    """The column as `kiosk.app` puts it together, with the limits above.

    Attributes:
        column: its ports, once it serves.
        runners: of its devices, by name.
    """

    column: Column
    runners: dict[str, DeviceRunner]  # type: ignore[type-arg]

    async def _open(self, stack: AsyncExitStack, screen: Screen) -> tuple[Column, PaperWatch, ColumnCare]:
        self.runners = {}
        opened = await super()._open(stack, screen)
        self.column = opened[0]
        return opened

    @property
    def store(self) -> KioskStore:
        """Its memory."""
        assert self._store is not None
        return self._store

    def _run(self, stack: AsyncExitStack, name: str, runner: DeviceRunner, store: KioskStore) -> None:  # type: ignore[type-arg]
        runner.on_change(DeviceDiary(store, name))
        runner.start()
        stack.callback(runner.stop)
        self.runners[name] = runner

    def _open_printer(self, stack: AsyncExitStack, store: KioskStore) -> ReceiptPrinter:
        settings = self._config.settings.printer
        cable = partial(connect, parse_printer_uri(settings.uri))
        driver = partial(EscPosPrinter, cable, profile_named(settings.profile), FONTS, RECEIPT)
        runner = PrinterRunner(driver, "receipt printer", POLL_S)
        self._run(stack, "printer", runner, store)
        return runner

    def _open_sheets(self, stack: AsyncExitStack, store: KioskStore) -> SheetPrinter:
        address = parse_sheet_uri(self._config.settings.sheet_printer.uri)
        runner: PrinterRunner[Sheet] = PrinterRunner(partial(IppPrinter, address, SHEET), "sheet printer", POLL_S)
        self._run(stack, "sheetPrinter", runner, store)
        return runner

    def _open_terminal(self, stack: AsyncExitStack, store: KioskStore) -> TerminalRunner:
        opening = open_zvt(self._config.settings.terminal.uri, timing=TERMINAL)
        runner = TerminalRunner(opening, "payment terminal", 2 * POLL_S)
        self._run(stack, "terminal", runner, store)
        return runner

    def _open_cards(self, stack: AsyncExitStack, store: KioskStore) -> Cards:
        settings = self._config.settings.card
        trust = load_trust(settings.trust, None, specimens=True)
        port = int(settings.reader.rpartition(":")[2])

        def opened() -> BeidDriver | CannotOpen:
            return BeidDriver(VirtualTransport("127.0.0.1", port, CARD_ANSWER_S), trust, self._clock.now, time.sleep)

        runner = CardRunner(opened, "card reader", 0.02)
        self._run(stack, "reader", runner, store)
        return runner

    def _open_attests(self, stack: AsyncExitStack, store: KioskStore, identity: Identity) -> AttestDesk:
        desk = super()._open_attests(stack, store, identity)
        assert isinstance(desk, ColumnAttests)
        settings = self._config.settings
        desk.link = lambda: HurriedLink(identity, settings.sync.url, settings.attests.public_url, store.now)
        return desk

    def _open_sync(
        self, stack: AsyncExitStack, store: KioskStore, identity: Identity, devices: Devices, care: ColumnCare
    ) -> Network:
        if not self._config.settings.sync.url:
            return NoNetwork()
        client = SyncClient(
            store,
            identity,
            self._config.settings.sync.url,
            queues=self._config.here.queues,
            today=lambda: self._clock.now().date(),
            pace=FastPace(),
        )
        client.start()
        stack.callback(client.stop)
        return client


@contextmanager
def short_limits() -> Iterator[None]:
    """Limits that are no settings, as short as the others: HTTP to the back office, a slow sheet, slow answers."""
    with ExitStack() as stack:
        for name, seconds in {
            "sync.client.transport.CONNECT_SECONDS": 0.5,
            "sync.client.transport.READ_SECONDS": 2.0,
            "sync.client.transport.WHOLE_SECONDS": 3.0,
            "drivers.simulated.ipp.machine.SLOW_SECONDS": 0.5,
            "drivers.runner.LONGEST_RETRY_SECONDS": 0.5,
            "drivers.simulated.card.faulty.SLOW_SECONDS": 0.02,
            "kiosk.demo.cards.EMPTY_S": 0.1,
        }.items():
            stack.enter_context(patch(name, seconds))
        yield
