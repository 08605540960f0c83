"""The dock: everything around the column that a person may steer, by name, and what came out of the printer.

One object behind the window and the page. Not for: how it looks (`dock_page`, `kiosk.ui.dock_window`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.demo.attest_world import REGISTER, SHEET_PRINTER, TERMINAL
from kiosk.demo.cards import CONDITION, SLOT
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import NETWORK, PRINTER, World


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
        pages: title to address of the pages around the column.
    """

    levers: tuple[Lever, ...]
    papers: int
    column_running: bool
    sheets: int = 0
    pages: Mapping[str, str] = field(default_factory=dict)


COLUMN: dict[str, str] = {
    "on": "The column runs.",
    "restart": "Stops in order and starts again.",
    "power-cut": "Loses power in the middle of whatever it does, and starts again.",
}


class UnknownLever(LookupError):
    """There is no such lever or state; the text names those there are."""


class Dock:
    """Steers a world and its column.

    Args:
        world: simulated devices, network and back office.
        column: the kiosk's process.
        pages: title to address of the pages worth opening.
    """

    def __init__(self, world: World, column: KioskProcess, pages: Mapping[str, str]) -> None:
        self._world = world
        self._column = column
        self._pages = pages
        self._set: dict[str, Callable[[str], None]] = {
            "card": world.cards.put_in,
            "card-condition": world.cards.set_condition,
            "printer": world.set_printer,
            "network": world.set_network,
            "column": self._set_column,
        }
        if world.attests is not None:
            self._set |= {
                "sheet-printer": world.attests.set_printer,
                "terminal": world.attests.set_terminal,
                "register": world.attests.set_register,
            }

    def state(self) -> DockState:
        """Everything as it stands now."""
        world = self._world
        levers = (
            Lever("card", "Card in the slot", SLOT, world.cards.card),
            Lever("card-condition", "Condition of the card", CONDITION, world.cards.condition),
            Lever("printer", "Printer", PRINTER, world.printer_state),
            *self._attest_levers(),
            Lever("network", "Network", NETWORK, world.network_state),
            Lever("column", "Column", COLUMN, "on" if self._column.running else "off"),
        )
        return DockState(levers, len(world.printer.papers), self._column.running, len(self._sheets()), self._pages)

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
        """
        states = {lever.id: lever.states for lever in self.state().levers}
        if state not in states.get(lever, ()):
            raise UnknownLever(
                f"'{lever}' '{state}': there are {', '.join(f'{k}: {list(v)}' for k, v in states.items())}"
            )
        self._set[lever](state)

    def paper(self, number: int) -> bytes | None:
        """Picture (PNG) of the paper with that number, from 1; None when there is none."""
        papers = self._world.printer.papers
        return papers[number - 1].png if 1 <= number <= len(papers) else None

    def sheet(self, number: int) -> bytes | None:
        """The document (PDF) with that number, from 1; None when there is none."""
        sheets = self._sheets()
        return sheets[number - 1] if 1 <= number <= len(sheets) else None

    def _set_column(self, state: str) -> None:
        if state == "power-cut":
            self._column.cut_power()
        elif state == "restart":
            self._column.stop()
        self._column.start()
