"""List A: everything that can be made to go wrong around a column, from the tables of the simulated devices.

Not for: which steps there are (`steps`), or what a fault does (`drivers.simulated`).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.simulated.card.faults import CARD_FAULTS
from drivers.simulated.faults import FAULTS as PRINTER_FAULTS
from drivers.simulated.ipp.faults import FAULTS as SHEET_FAULTS
from drivers.simulated.network import MODES
from drivers.simulated.terminal.scripts import SCRIPTS, Script
from kiosk.demo.clock_lever import CLOCK, RIGHT
from kiosk.demo.fault_scripts import FAULT_SCRIPTS
from kiosk.demo.world import OK
from sync.backoffice.registers.simulated.faults import REGISTER_FAULTS

STORE = {"disk-full": "The disk of the column has no room for another page."}
COLUMN = {
    "power-cut": "The column loses its power; what is on its disk then is all that stays.",
    "restart": "The column stops in order and starts again.",
}
PULLED = {"pulled": "Somebody pulls the card and does not put it in again."}


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong: a lever and its state."""

    lever: str
    state: str

    def __str__(self) -> str:
        return f"{self.lever}: {self.state}"


_LISTS = {
    "printer": PRINTER_FAULTS,
    "sheet-printer": SHEET_FAULTS,
    "card": PULLED | CARD_FAULTS,
    "terminal": {name: does for name, does in SCRIPTS.items() if name != Script.APPROVE.value},
    "register": REGISTER_FAULTS,
    "network": {name: does for name, does in MODES.items() if name != "open"},
    "clock": {name: does for name, does in CLOCK.items() if name != RIGHT},
    "store": STORE,
    "column": COLUMN,
    "script": {name: script.does for name, script in FAULT_SCRIPTS.items()},
}
FAULTS = tuple(Fault(lever, state) for lever, states in _LISTS.items() for state in states)
"""Every fault, by lever."""
DOES = {Fault(lever, state): does for lever, states in _LISTS.items() for state, does in states.items()}
"""What each does, in a sentence."""
ALWAYS = frozenset({"network", "clock", "store", "column"})
"""Levers of what every journey uses at every step: the others matter where their device is still to be used."""


def needs(fault: Fault) -> frozenset[str]:
    """Levers of which at least one must still matter for the fault to matter."""
    if fault.lever != "script":
        return frozenset({fault.lever})
    moved = {"card" if step.lever == "card-condition" else step.lever for step in FAULT_SCRIPTS[fault.state].steps}
    return frozenset(moved - ALWAYS or moved)


MENDED = {
    "printer": OK,
    "sheet-printer": OK,
    "card": OK,
    "terminal": Script.APPROVE.value,
    "register": OK,
    "network": "open",
    "clock": RIGHT,
}
"""The state in which nothing is wrong."""
