"""One column that lives on from cell to cell, the world around it, and a hand on every lever. Not a test.

Not for: what a citizen does (`citizen`) or whether the screen told the truth (`judge`).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.column import load_column
from drivers.simulated.card.faulty import FaultyCard
from drivers.simulated.receipt.paper import Paper
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits
from kiosk.clock import TurnedClock, settle
from kiosk.demo.attest_world import AttestWorld
from kiosk.demo.cards import OUT, SOUND
from kiosk.demo.disk_image import put_back
from kiosk.demo.fault_scripts import ScriptRun
from kiosk.demo.world import World
from kiosk.store.opening import Database
from kiosk.terminal.moment import moment
from kiosk.terminal.script_screen import ScriptScreen
from tests.faults.faults import MENDED, Fault
from tests.faults.hurry import HurriedKiosk, SlowHands, short_limits

HERE = "districtshuis"
MORNING = datetime(2026, 11, 23, 10, 24, tzinfo=ZoneInfo("Europe/Brussels"))
PATIENCE_S = 20.0
TURN_S = 0.01


class Stand:
    """A column being served.

    Attributes:
        world: everything around it.
        fault: what is wrong now.
    """

    def __init__(self, world: World, clock: SlowHands) -> None:
        assert world.attests is not None
        self.world = world
        self.attests: AttestWorld = world.attests
        self.clock = clock
        self.screen = ScriptScreen(world.texts)
        self.kiosk: HurriedKiosk
        self.fault: Fault | None = None
        self.off = False
        self._images = itertools.count()
        self._image: Path | None = None
        self._line = "open"
        self._script: ScriptRun | None = None
        self._serving: asyncio.Task[None] | None = None
        self._settings = world.column(HERE)

    @property
    def paper(self) -> int:
        """Number of the newest paper of the receipt printer."""
        papers = self.world.printer.papers
        return papers[-1].number if papers else 0

    def papers(self, since: int) -> list[Paper]:
        """The papers after that number; the printer keeps its last hundred."""
        return [paper for paper in tuple(self.world.printer.papers) if paper.number > since]

    @property
    def file(self) -> Path:
        """The column's store."""
        return self._settings.parent / "kiosk.db"

    async def begin(self) -> None:
        """Start the column."""
        watcher = self.screen.watcher
        self.screen = ScriptScreen(self.world.texts)
        self.screen.watcher = watcher
        clock = TurnedClock(self.clock, lambda: self.world.turned)
        self.kiosk = HurriedKiosk(load_column(self._settings), self.world.texts, clock)
        self._serving = asyncio.create_task(self.kiosk.serve(self.screen))
        self.off = False
        await self.until(lambda: self.screen.view is not None, "the first screen")

    async def end(self) -> None:
        """Stop it in order."""
        if self._serving is not None:
            serving, self._serving = self._serving, None
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    async def start_again(self) -> None:
        """After a power cut or a restart: what was on the disk then is what there is."""
        await self.end()
        if self._image is not None:
            put_back(self._image, self.file)
            self._image = None
            self.world.set_network(self._line)
        await self.begin()

    async def turn(self, seconds: float = 0.1) -> None:
        """A moment of real time for devices, and some seconds for whoever waits."""
        await asyncio.sleep(TURN_S)
        await self.clock.pass_time(seconds)
        self.tick()

    async def until(self, true: Callable[[], object], what: str) -> None:
        """Until something real is true.

        Raises:
            AssertionError: naming it, and what stands on the screen.
        """
        limit = time.monotonic() + PATIENCE_S
        while not true():
            if self._serving is not None and self._serving.done():
                self._serving.result()
            if time.monotonic() > limit:
                raise AssertionError(f"waited in vain for {what}; on screen: {self.screen.lines()}")
            await self.turn()

    async def put_in(self, name: str) -> None:
        """Put a card in the slot, with what is wrong with it."""
        await asyncio.to_thread(self.world.cards.put_in, name)
        await settle()

    # --- levers ---------------------------------------------------------------------------------------------------

    def throw(self, fault: Fault) -> None:
        """Make it go wrong, at once."""
        self.fault = fault
        match fault.lever:
            case "store":
                self._limit_disk(full=True)
            case "column":
                self._cut(fault.state)
            case "card":
                self._spoil_card(fault.state)
            case "script":
                self._script = ScriptRun(fault.state, self.clock.monotonic())
                self.tick()
            case _:
                self._set(fault.lever, fault.state)

    def tick(self) -> None:
        """Move what a script moves now."""
        if self._script is None or self.screen.view is None or self.off:
            return
        for lever, state in tuple(self._script.due(self.clock.monotonic(), moment(self.screen.view))):
            match lever:
                case "column":
                    self._cut(state)
                case "card-condition":
                    self._spoil_card(state)
                case _:
                    self._set(lever, state)

    def _set(self, lever: str, state: str) -> None:
        world = self.world
        set_state = {
            "printer": world.set_printer,
            "sheet-printer": self.attests.set_printer,
            "terminal": self.attests.set_terminal,
            "register": self.attests.set_register,
            "network": world.set_network,
            "clock": world.set_clock,
        }[lever]
        set_state(state)

    def _spoil_card(self, state: str) -> None:
        cards = self.world.cards
        if state == "pulled":
            cards._slot.pull()
            return
        cards.condition = state
        card = cards._slot.card
        if isinstance(card, FaultyCard) and state != SOUND:
            card.set_fault(state)

    def _cut(self, state: str) -> None:
        if state == "power-cut":
            # A column without power sends nothing either.
            self._line = self.world.network_state
            self.world.set_network("cut")
            self._image = self.file.parent / f"image-{next(self._images)}"
            self.kiosk.pull_plug(self._image)
        if self._serving is not None:
            self._serving.cancel()
        self.off = True

    def _limit_disk(self, *, full: bool) -> None:
        def limit(database: Database) -> None:
            pages = int(database.raw.execute("PRAGMA page_count").fetchone()[0])
            database.raw.execute(f"PRAGMA max_page_count = {pages if full else 1_000_000}")

        self.kiosk.store._writer.apart(limit)

    async def mend(self) -> None:
        """Everything works again, the column knows it, and the slot is empty."""
        self.fault = self._script = None
        self.world.cards.condition = SOUND
        for lever, state in MENDED.items():
            # A network that is whole is left alone: to set it breaks every connection.
            if lever != "card" and (lever, state) != ("network", self.world.network_state):
                self._set(lever, state)
        self.world.printer.refill()
        self._limit_disk(full=False)
        await self.put_in(OUT)
        await self.until(self._usable, "the devices to work again")

    def _usable(self) -> bool:
        for runner in self.kiosk.runners.values():
            if not runner.status.usable:
                runner.check_now()
        column = self.kiosk.column
        usable = all(runner.status.usable for runner in self.kiosk.runners.values())
        return usable and column.network.online and column.devices.cards.slot.card is None


@asynccontextmanager
async def stand(folder: Path) -> AsyncIterator[Stand]:
    """A column in a world of its own, ready for visitors, until the context is left."""
    clock = SlowHands(MORNING)
    with short_limits(), World(folder, clock=clock, attests=True) as world:
        assert world.attests is not None
        world.attests.register._slow_seconds = 2 * 1.0
        world.attests.terminal.habits = Habits(goods_pause=0.01)
        world.attests.terminal.script = Script.APPROVE
        made = await asyncio.to_thread(Stand, world, clock)
        await made.begin()
        try:
            await made.until(lambda: made.kiosk.column.attests.ready and made.kiosk.column.network.online, "keys")
            await made.mend()
            yield made
        finally:
            await made.end()
