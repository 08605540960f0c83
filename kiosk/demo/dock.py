"""The dock: everything around the column that a person may steer, by name, and what came out of the printer.

One object behind the window and the page. Not for: how it looks (`dock_page`, `kiosk.ui.dock_window`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from kiosk.demo.attest_world import REGISTER, SHEET_PRINTER, TERMINAL
from kiosk.demo.cards import CONDITION, SLOT
from kiosk.demo.clock_lever import CLOCK
from kiosk.demo.day import NOBODY, VISITORS, Counts, Day
from kiosk.demo.fault_scripts import NONE, SCRIPT_LEVER, ScriptRun
from kiosk.demo.hand import Hand
from kiosk.demo.pins import right_pins
from kiosk.demo.recording import NotAtTheStart, Recorder
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import NETWORK, PRINTER, World
from kiosk.terminal.visit_file import LEVERS


@dataclass(frozen=True)
class Lever:
    """One thing that can be set: a device and the states it may be put in.

    Attributes:
        id: stable name, part of the page's addresses.
        title: what a person reads.
        states: state name to a sentence on what it does.
        now: the state it is in.
    """

    id: str
    title: str
    states: Mapping[str, str]
    now: str


@dataclass(frozen=True)
class DockState:
    """What the dock shows.

    Attributes:
        papers: how many papers came out of the receipt printer so far.
        sheets: how many documents came out of the printer of sheets.
        visitors: how the day of visitors goes, in a sentence; "" before the first.
        day: the same as numbers.
        recorded: whether there is a visit file to take home.
        pages: title to address of the pages around the column.
    """

    levers: tuple[Lever, ...]
    papers: int
    column_running: bool
    sheets: int = 0
    visitors: str = ""
    recorded: bool = False
    pages: Mapping[str, str] = field(default_factory=dict)
    day: Counts = field(default_factory=Counts)


COLUMN: dict[str, str] = {
    "on": "The column runs.",
    "restart": "Stops in order and starts again.",
    "power-cut": "Loses power in the middle of whatever it does, and starts again.",
}


RECORD: dict[str, str] = {
    "off": "Nothing is written down.",
    "on": "Every touch and lever becomes a step of a visit file, from the attract screen on.",
}
RECORDINGS = "recordings"
"""Folder of recorded visit files, in the demo's data."""
_TICK_S = 0.1


class CannotMove(RuntimeError):
    """The lever cannot be put there now; the text says why, and what to do.

    Attributes:
        problem: the same by name, for whoever reads another language.
    """

    def __init__(self, why: str, problem: str) -> None:
        super().__init__(why)
        self.problem = problem


class UnknownLever(LookupError):
    """There is no such lever or state; the text names those there are."""


class Dock:
    """Steers a world and its column.

    Args:
        world: simulated devices, network and back office.
        column: the kiosk's process.
        pages: title to address of the pages worth opening.
        contact_point: where the column stands; a recording names it.

    Attributes:
        hand: at the column's screen.
    """

    def __init__(
        self, world: World, column: KioskProcess, pages: Mapping[str, str], contact_point: str = "districtshuis"
    ) -> None:
        self._world = world
        self._column = column
        self._pages = pages
        self.hand = Hand(world.dock_folder)
        self._day = Day(self.hand, world.cards)
        self._recorder = Recorder(
            contact_point,
            lambda: world.now() + world.turned,
            lambda: (self._papers, len(self._sheets())),
            partial(right_pins, world),
        )
        self._recording = ""
        self._script: ScriptRun | None = None
        self._moving = threading.Lock()
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="zuil-scripts", daemon=True)
        self._set: dict[str, Callable[[str], None]] = {
            "column": self._set_column,
            "script": self._set_script,
            "visitors": self._set_visitors,
            "record": self._set_record,
        }

    def __enter__(self) -> Dock:
        """Listen to the column and let scripts move levers."""
        self.hand.on_view(self._recorder.saw)
        self.hand.on_view(lambda _: self._move_due())
        self.hand.on_act(self._recorder.did)
        self.hand.start()
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End what moves by itself."""
        self._over.set()
        self._ticker.join()
        self._day.stop()
        self.hand.stop()

    def state(self) -> DockState:
        """Everything as it stands now."""
        world, counts = self._world, self._day.counts
        levers = (
            Lever("card", "Card in the slot", SLOT, world.cards.card),
            Lever("card-condition", "Condition of the card", CONDITION, world.cards.condition),
            Lever("printer", "Printer", PRINTER, world.printer_state),
            *self._attest_levers(),
            Lever("network", "Network", NETWORK, world.network_state),
            Lever("clock", "Clock of the column", CLOCK, world.clock_state),
            Lever("column", "Column", COLUMN, "on" if self._column.running else "off"),
            Lever("script", "Fault script", SCRIPT_LEVER, self._script.name if self._script else NONE),
            Lever("visitors", "Visitors", VISITORS, self._day.name),
            Lever("record", "Record", RECORD, "on" if self._recorder.on else "off"),
        )
        return DockState(
            levers,
            len(world.printer.papers),
            self._column.running,
            len(self._sheets()),
            str(counts),
            bool(self._recording),
            self._pages,
            counts,
        )

    def _attest_levers(self) -> tuple[Lever, ...]:
        attests = self._world.attests
        if attests is None:
            return ()
        return (
            Lever("sheet-printer", "A4 printer", SHEET_PRINTER, attests.printer_state),
            Lever("terminal", "Payment terminal", TERMINAL, attests.terminal_state),
            Lever("register", "Register", REGISTER, attests.register_state),
        )

    def _sheets(self) -> list[bytes]:
        return self._world.attests.sheets() if self._world.attests else []

    def set(self, lever: str, state: str) -> None:
        """Put a lever into a state.

        Raises:
            UnknownLever: when there is no such lever or state.
            CannotMove: when it cannot be put there now.
        """
        states = {lever.id: lever.states for lever in self.state().levers}
        if state not in states.get(lever, ()):
            raise UnknownLever(
                f"'{lever}' '{state}': there are {', '.join(f'{k}: {list(v)}' for k, v in states.items())}"
            )
        self._recorder.moved(lever, state)
        self._move(lever, state)

    def _move(self, lever: str, state: str) -> None:
        if lever in self._set:
            self._set[lever](state)
        else:
            self._world.move(lever, state)

    def paper(self, number: int) -> bytes | None:
        """Picture (PNG) of the paper with that number, from 1; None when there is none."""
        papers = self._world.printer.papers
        return papers[number - 1].png if 1 <= number <= len(papers) else None

    def sheet(self, number: int) -> bytes | None:
        """The document (PDF) with that number, from 1; None when there is none."""
        sheets = self._sheets()
        return sheets[number - 1] if 1 <= number <= len(sheets) else None

    @property
    def recording(self) -> str:
        """The newest recorded visit file, or ""."""
        return self._recording

    @property
    def _papers(self) -> int:
        papers = self._world.printer.papers
        return papers[-1].number if papers else 0

    def _set_script(self, name: str) -> None:
        self._script = ScriptRun(name, time.monotonic()) if name != NONE else None

    def _tick(self) -> None:
        while not self._over.wait(_TICK_S):
            self._move_due()

    def _move_due(self) -> None:
        """Move what a script moves now; on the thread of the hand, as soon as the column shows it, or of the clock."""
        with self._moving:
            script, seen = self._script, self.hand.glimpse
            due = tuple(script.due(time.monotonic(), seen.moment if seen else "")) if script else ()
            if script is not None and script.over:
                self._script = None
        for lever, state in due:
            if lever == "column":
                # It waits for the column's end, which the hand must hear of meanwhile.
                threading.Thread(target=self._set_column, args=(state,), name="zuil-script-column").start()
            else:
                self._move(lever, state)

    def _set_visitors(self, name: str) -> None:
        if name != NOBODY and self._recorder.on:
            raise CannotMove("end the recording first: it writes down one person", "record-first")
        self._day.set(name)

    def _set_record(self, state: str) -> None:
        if state == "on" and self._day.name != NOBODY:
            raise CannotMove("send the visitors home first: a recording writes down one person", "visitors-first")
        if state == "on" and not self._recorder.on:
            try:
                self._recorder.start(self.hand.glimpse, self._unwell(), attests=self._world.attests is not None)
            except NotAtTheStart as why:
                raise CannotMove(str(why), "not-at-the-start") from why
        elif state == "off" and self._recorder.on:
            self._recording = self._recorder.stop()
            folder = self._world.folder / RECORDINGS
            folder.mkdir(exist_ok=True)
            (folder / f"{self._world.now():%Y%m%d-%H%M%S}.visit").write_text(self._recording)

    def _unwell(self) -> dict[str, str]:
        """Levers that do not stand as they do when nothing is wrong: the first of their states."""
        return {
            lever.id: lever.now
            for lever in self.state().levers
            if lever.id in LEVERS and lever.now != next(iter(lever.states))
        }

    def _set_column(self, state: str) -> None:
        if state == "power-cut":
            self._column.cut_power()
        elif state == "restart":
            self._column.stop()
        self._column.start()
