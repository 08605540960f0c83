"""Play visit files: a whole column with a scripted screen, in a simulated world, step by step.

Time is driven, devices and network are real bytes. A step that is not true within a few seconds stops the visit and
says what was there instead. Not for: the form of the files (`kiosk.terminal.visit_file`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.column import load_column
from config.site import load_site
from kiosk.clock import DrivenClock, TurnedClock, settle
from kiosk.core.events import STAFF_ACTED
from kiosk.core.pages import Tool
from kiosk.demo.attest_world import AttestWorld
from kiosk.demo.cards import CONDITION, SLOT
from kiosk.demo.clock_lever import CLOCK
from kiosk.demo.disk_image import put_back
from kiosk.demo.fault_scripts import NONE, SCRIPT_LEVER, ScriptRun
from kiosk.demo.pins import RIGHT, WRONG, digits
from kiosk.demo.power import STORE, PluggedKiosk
from kiosk.demo.world import World
from kiosk.paths import DEMO_SITE
from kiosk.store.journal_file import JournalFile
from kiosk.terminal.moment import moment
from kiosk.terminal.script_screen import NotOnScreen, ScriptScreen
from kiosk.terminal.visit_file import Step, VisitFile, read_visit_file

PATIENCE_S = 20.0
"""How long a device, the network or the back office may take to make a step true."""
TURN_S = 0.01
"""How often that is looked at."""


class VisitFailed(AssertionError):
    """A step was not true; the text names file, line, step and what was there instead."""


@dataclass
class Player:
    """Plays the steps of one file.

    Attributes:
        world: printer, network and back office.
        clock: moved by `wait`.
    """

    file: VisitFile
    world: World
    clock: DrivenClock

    def __post_init__(self) -> None:
        self._serving: asyncio.Task[None] | None = None
        self._screen = ScriptScreen(self.world.texts)
        self._does: dict[str, Callable[..., Awaitable[None]]] = {
            "touch": self._touch,
            "type": self._type,
            "key": self._key,
            "pin": self._pin,
            "back": self._back,
            "tool": self._tool,
            "wait": self._wait,
            "see": self._see,
            "unseen": self._unseen,
            "paper": self._paper,
            "papers": self._papers,
            "printer": self._printer,
            "sheets": self._sheets,
            "sheet-printer": self._sheet_printer,
            "register": self._register,
            "terminal": self._terminal,
            "charged": self._charged,
            "backoffice-attest": self._backoffice_attest,
            "card": self._card,
            "card-condition": self._card_condition,
            "network": self._network,
            "backoffice": self._backoffice,
            "backoffice-lacks": self._backoffice_lacks,
            "hosts": self._hosts,
            "column-clock": self._column_clock,
            "script": self._script,
            "restart": self._restart,
            "knock": self._knock,
            "acted": self._acted,
            "restarted": self._restarted,
            "power-cut": self._power_cut,
        }
        self._running: ScriptRun | None = None
        self._off = False
        self._image: Path | None = None
        self._kiosk: PluggedKiosk | None = None
        self._line = "open"

    async def play(self) -> None:
        """Start the column, play every step, stop the column.

        Raises:
            VisitFailed: at the first step that is not true.
        """
        await self._start()
        try:
            for step in self.file.steps:
                await self._step(step)
        finally:
            await self._stop()

    async def _step(self, step: Step) -> None:
        try:
            await self._back_on()
            await self._does[step.verb](*step.words)
        except (NotOnScreen, VisitFailed) as problem:
            shown = "\n    ".join(self._screen.lines())
            raise VisitFailed(f"{self.file.path}:{step.line}: {step}: {problem}\n  on screen:\n    {shown}") from None

    async def _start(self) -> None:
        self._screen = ScriptScreen(self.world.texts)
        self._screen.watcher = lambda _: self._run_script()
        clock = TurnedClock(self.clock, lambda: self.world.turned)
        self._kiosk = kiosk = PluggedKiosk(
            load_column(self.world.column(self.file.contact_point)), self.world.texts, clock
        )
        self._serving = asyncio.create_task(kiosk.serve(self._screen))
        await self._until(lambda: self._screen.view is not None, "the column did not start")

    async def _stop(self) -> None:
        if self._serving:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)

    async def _until(self, true: Callable[[], bool], otherwise: str) -> None:
        """Wait for something real (a thread, a socket, a server) to become true; time passes meanwhile, as it does."""
        limit = time.monotonic() + PATIENCE_S
        while not true():
            await self._back_on()
            if self._serving and self._serving.done():
                self._serving.result()
            if time.monotonic() > limit:
                raise VisitFailed(otherwise)
            await asyncio.sleep(TURN_S)
            await self.clock.pass_time(TURN_S)

    async def _touch(self, name: str) -> None:
        await self._at_the_screen(lambda: self._screen.touch(name))

    async def _at_the_screen(self, act: Callable[[], None]) -> None:
        """Do it as soon as it can be done: what is touched may still be on its way to the screen."""
        limit = time.monotonic() + PATIENCE_S
        while True:
            try:
                act()
                break
            except NotOnScreen:
                if time.monotonic() > limit:
                    raise
            await self._back_on()
            await asyncio.sleep(0.01)
        await self._answered()

    async def _answered(self) -> None:
        """Give the journey a moment of real time: its store and devices live on other threads."""
        await settle()
        await asyncio.sleep(0.05)
        await settle()

    async def _type(self, text: str) -> None:
        self._screen.type(text)
        await self._answered()

    async def _key(self, keys: str) -> None:
        await self._at_the_screen(lambda: self._screen.key(keys))

    async def _pin(self, word: str) -> None:
        if word not in (RIGHT, WRONG):
            raise VisitFailed(f"a PIN is '{RIGHT}' or '{WRONG}', not '{word}'")
        await self._at_the_screen(
            lambda: self._screen.key(digits(self.world, moment(self._screen.view) if self._screen.view else "", word))
        )

    async def _back(self) -> None:
        await self._at_the_screen(lambda: self._screen.back())

    async def _tool(self, name: str, argument: str = "") -> None:
        self._screen.use(Tool(name.replace("-", "_")), argument)
        await self._answered()

    async def _wait(self, seconds: str) -> None:
        left = float(seconds)
        while left > 0 and self._running is not None:
            await self.clock.pass_time(min(1.0, left))
            left -= 1.0
            self._run_script()
        await self.clock.pass_time(max(0.0, left))
        await self._answered()

    async def _see(self, words: str) -> None:
        await self._until(lambda: any(words in line for line in self._screen.lines()), "not on screen")

    async def _unseen(self, words: str) -> None:
        await self._until(lambda: not any(words in line for line in self._screen.lines()), "still on screen")

    async def _paper(self, words: str) -> None:
        papers = self.world.papers
        newest = papers()[-1] if papers() else "no paper at all"
        await self._until(lambda: bool(papers()) and words in papers()[-1], f"the newest paper says:\n{newest}")

    async def _papers(self, number: str) -> None:
        await self._until(lambda: len(self.world.papers()) == int(number), f"{len(self.world.papers())} came out")

    async def _printer(self, fault: str) -> None:
        self.world.set_printer(fault)

    async def _sheets(self, number: str) -> None:
        sheets = self._attests.sheets
        await self._until(lambda: len(sheets()) == int(number), f"{len(sheets())} came out")

    async def _sheet_printer(self, fault: str) -> None:
        self._attests.set_printer(fault)

    async def _register(self, fault: str) -> None:
        self._attests.set_register(fault)

    async def _terminal(self, script: str) -> None:
        self._attests.set_terminal(script)

    async def _charged(self, cents: str) -> None:
        ledger = self._attests.terminal.ledger
        await self._until(lambda: ledger.balance_cents == int(cents), f"the terminal has {ledger.balance_cents}")

    async def _backoffice_attest(self, product: str, state: str, paper: str) -> None:
        known = self.world.backoffice_attest
        await self._until(lambda: known(product) == (state, paper), f"the back office says {known(product)}")

    @property
    def _attests(self) -> AttestWorld:
        if self.world.attests is None:
            raise VisitFailed("write 'attests' in a line of its own at the top: this world has no printer of sheets")
        return self.world.attests

    async def _card(self, name: str) -> None:
        if name not in SLOT:
            raise VisitFailed(f"there is no card '{name}'; there are {', '.join(SLOT)}")
        await asyncio.to_thread(self.world.cards.put_in, name)

    async def _card_condition(self, name: str) -> None:
        if name not in CONDITION:
            raise VisitFailed(f"there is no condition '{name}'; there are {', '.join(CONDITION)}")
        await asyncio.to_thread(self.world.cards.set_condition, name)

    async def _network(self, mode: str) -> None:
        self.world.set_network(mode)

    async def _backoffice(self, label: str, state: str, paper: str | None = None) -> None:
        def known() -> bool:
            ticket = self.world.backoffice_ticket(label)
            return ticket is not None and ticket[0] == state and paper in (None, ticket[1])

        await self._until(known, f"the back office says {self.world.backoffice_ticket(label)}")

    async def _backoffice_lacks(self, label: str) -> None:
        if self.world.backoffice_ticket(label):
            raise VisitFailed("the back office knows it")

    async def _hosts(self, number: str) -> None:
        await self._until(lambda: self.world.host_calls() == int(number), f"there are {self.world.host_calls()}")

    async def _knock(self) -> None:
        self._screen.knock()
        await self._answered()

    async def _acted(self, action: str) -> None:
        def last() -> str:
            with JournalFile(self._store) as journal:
                told = [each.event["data"] for each in journal.events() if each.event.get("type") == STAFF_ACTED.type]
            return str(told[-1]["action"]) if told and isinstance(told[-1], dict) else "nothing"

        await self._until(lambda: last() == action, f"staff last did: {last()}")

    async def _restarted(self) -> None:
        await self._until(lambda: self._serving is None or self._serving.done(), "the column serves on")
        await self._start()

    async def _column_clock(self, state: str) -> None:
        if state not in CLOCK:
            raise VisitFailed(f"there is no clock '{state}'; there are {', '.join(CLOCK)}")
        self.world.set_clock(state)

    async def _script(self, name: str) -> None:
        if name not in SCRIPT_LEVER:
            raise VisitFailed(f"there is no script '{name}'; there are {', '.join(SCRIPT_LEVER)}")
        self._running = ScriptRun(name, self.clock.monotonic()) if name != NONE else None
        self._run_script()
        await self._back_on()

    def _run_script(self) -> None:
        """Move every lever of the running script whose time has come, also in the middle of a step."""
        if self._running is None or self._screen.view is None:
            return
        for lever, state in tuple(self._running.due(self.clock.monotonic(), moment(self._screen.view))):
            if lever == "column":
                self._go_off(state)
            else:
                self.world.move(lever, state)

    def _go_off(self, how: str) -> None:
        """The column is off from here on; `_back_on` starts it again."""
        self._off = True
        if how == "power-cut" and self._kiosk is not None:
            # A column without power sends nothing either.
            self._line, self._image = self.world.network_state, self._store.parent / "power-cut"
            self.world.set_network("cut")
            self._kiosk.pull_plug(self._image)
        if self._serving is not None:
            self._serving.cancel()

    async def _back_on(self) -> None:
        if not self._off:
            return
        await self._stop()
        if self._image is not None:
            put_back(self._image, self._store)
            self.world.set_network(self._line)
        self._off, self._image = False, None
        await self._start()

    @property
    def _store(self) -> Path:
        return self.world.folder / self.file.contact_point / STORE

    async def _restart(self) -> None:
        self._go_off("restart")
        await self._back_on()

    async def _power_cut(self) -> None:
        self._go_off("power-cut")
        await self._back_on()


def start_of(file: VisitFile, timezone: str) -> DrivenClock:
    """The driven clock of a visit file: its own start, or now."""
    zone = ZoneInfo(timezone)
    return DrivenClock(file.clock.replace(tzinfo=zone) if file.clock else datetime.now(zone))


async def play_file(path: Path, folder: Path) -> None:
    """Play one visit file in a fresh world kept in `folder`.

    Raises:
        VisitFailed: at the first step that is not true.
        kiosk.terminal.visit_file.VisitFileError: when the file is no visit file.
    """
    file = read_visit_file(path)
    clock = start_of(file, load_site(DEMO_SITE).timezone)
    with World(folder, clock=clock, attests=file.attests) as world:
        await Player(file, world, clock).play()
