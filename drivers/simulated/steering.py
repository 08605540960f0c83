"""The simulated printer for other processes: one line a command, one line an answer.

Not for: the dock, which calls the printer itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from drivers.simulated.console import obey, replying, steer_faults
from drivers.simulated.faults import FAULTS
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.receipt.paper import Paper

HELP = "commands: fault NAME, clear, refill, state, faults, quit"


def run_printer_simulator(port: int, out: Path, commands: TextIO, replies: TextIO) -> int:
    """Print into `out` until `commands` ends or says quit.

    Args:
        port: TCP port on 127.0.0.1; 0 takes a free one and the first reply names it.

    Returns:
        Exit status: 0, or 1 when the port is taken.
    """

    reply = replying(replies)

    def announce(paper: Paper) -> None:
        reply(f"paper: {out / paper.name}.png")

    try:
        printer = SimulatedPrinter(port, out, on_paper=announce)
    except OSError as problem:
        reply(f"cannot listen on port {port}: {problem.strerror}; is another printer running?")
        return 1
    with printer:
        reply(f"listening on {printer.uri}, paper goes to {out}; {HELP}")
        obey(lambda line: steer(printer, line), commands, reply)
    return 0


def steer(printer: SimulatedPrinter, line: str) -> str:
    """Carry out one command; the answer says what was done or what would be right."""
    match line.split():
        case ["refill"]:
            printer.refill()
            return "new roll"
        case ["state"]:
            return _state(printer)
        case words:
            return steer_faults(printer, FAULTS, words) or HELP


def _state(printer: SimulatedPrinter) -> str:
    state = printer.state
    return (
        f"{'online' if state.online else 'offline'}; faults: {', '.join(state.faults) or 'none'}; "
        f"papers: {state.papers}; hosts: {state.hosts}; waiting bytes: {state.waiting_bytes}; "
        f"unknown commands: {state.unknown_commands}"
    )
