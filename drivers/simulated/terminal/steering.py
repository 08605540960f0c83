"""A simulated payment terminal for other processes: one line a command, one answer, whatever protocol it speaks.

Not for: the dock, which calls the terminal itself, or choosing a protocol (`kiosk.commands.simulate_terminal`).
"""

from __future__ import annotations

from typing import Protocol, TextIO

from drivers.simulated.console import UnknownFault, fault_of, listed, obey, replying
from drivers.simulated.terminal.ledger import Booking, Ledger
from drivers.simulated.terminal.scripts import SCRIPTS, Script

HELP = "commands: script NAME, cut N, ledger, state, scripts, quit"


class SimulatedTerminal(Protocol):
    """What the terminals of all protocols share.

    Attributes:
        script: what it does with the next payment.
        ledger: what it booked.
    """

    script: Script
    ledger: Ledger

    @property
    def cut_at(self) -> int | None:
        """Where `Script.CUT` breaks the line, by the protocol's own numbers; None or 0 where nothing was chosen."""
        ...

    @cut_at.setter
    def cut_at(self, number: int) -> None: ...

    def start(self) -> object:
        """Begin to answer."""
        ...

    def stop(self) -> None:
        """Free the port, end the threads."""
        ...


class NoSuchCut(ValueError):
    """The line cannot break there; the text says where it can."""


class TerminalSteering:
    """Carries out commands on one terminal.

    Args:
        cuts: numbers of the places where its line can break.
    """

    def __init__(self, terminal: SimulatedTerminal, cuts: range) -> None:
        self._terminal = terminal
        self._cuts = cuts

    def cut(self, number: int) -> None:
        """Choose where the script `cut` breaks the line.

        Raises:
            NoSuchCut: saying where it can.
        """
        if number not in self._cuts:
            raise NoSuchCut(f"the line cannot break at {number}; say a number from {self._cuts[0]} to {self._cuts[-1]}")
        self._terminal.cut_at = number

    def steer(self, line: str) -> str:
        """Carry out one command; the answer says what was done or what would be right."""
        match line.split():
            case ["script", name]:
                return self._script(name)
            case ["cut", number]:
                return self._cut(number)
            case ["ledger"]:
                return _ledger(self._terminal.ledger)
            case ["state"]:
                return self._state()
            case ["scripts"]:
                return listed(SCRIPTS)
            case []:
                return HELP
            case words:
                return f"{' '.join(words)!r} is no command; {HELP}"

    def _script(self, name: str) -> str:
        try:
            script = fault_of(Script, name, "script")
        except UnknownFault as problem:
            return str(problem)
        self._terminal.script = script
        where = f" Breaks at: {self._place()}." if script is Script.CUT else ""
        return f"{name}: {SCRIPTS[name]}{where}"

    def _cut(self, text: str) -> str:
        try:
            self.cut(int(text))
        except NoSuchCut as problem:
            return str(problem)
        except ValueError:
            return f"{text!r} is no number, as in: cut {self._cuts[0]}"
        return self._script(Script.CUT.value)

    def _state(self) -> str:
        ledger = self._terminal.ledger
        return (
            f"script: {self._terminal.script.value}; breaks at: {self._place()}; "
            f"bookings: {len(ledger.bookings)}; {_balance(ledger)}"
        )

    def _place(self) -> str:
        chosen = self._terminal.cut_at
        return str(chosen) if chosen in self._cuts else "nowhere, choose with cut N"


def run_terminal_simulator(
    terminal: SimulatedTerminal, uri: str, steering: TerminalSteering, commands: TextIO, replies: TextIO
) -> int:
    """Be a terminal until `commands` ends or says quit. The terminal is stopped however it ends.

    Args:
        terminal: has its port, and was not started yet.
        uri: what a column's settings call it; the first reply is this and nothing else.

    Returns:
        Exit status 0.
    """
    reply = replying(replies)
    terminal.start()
    try:
        reply(uri)
        reply(HELP)
        obey(steering.steer, commands, reply)
    finally:
        terminal.stop()
    return 0


def _ledger(ledger: Ledger) -> str:
    return "\n".join([*map(_booking, ledger.bookings), _balance(ledger)])


def _booking(booking: Booking) -> str:
    # The till chose its reference: quoted, it cannot look like a line of ours.
    undone = "yes" if booking.reversed else "no"
    return f"booking {booking.number}: {booking.amount_cents} cents; reference: {booking.reference!r}; undone: {undone}"


def _balance(ledger: Ledger) -> str:
    return f"balance: {ledger.balance_cents} cents"
