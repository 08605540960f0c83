"""The simulated printer of sheets for other processes: one line a command, one line an answer.

Not for: the dock, which calls the printer itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from drivers.simulated.console import obey, replying, steer_faults
from drivers.simulated.ipp.faults import FAULTS
from drivers.simulated.ipp.machine import SimulatedSheet
from drivers.simulated.ipp.printer import SimulatedIppPrinter

HELP = "commands: fault NAME, clear, state, faults, quit"


def run_sheet_printer_simulator(port: int, out: Path, commands: TextIO, replies: TextIO) -> int:
    """Print into `out` until `commands` ends or says quit.

    Args:
        port: TCP port on 127.0.0.1; 0 takes a free one and the first reply names it.

    Returns:
        Exit status: 0, or 1 when the port is taken.
    """

    reply = replying(replies)

    def announce(_: SimulatedSheet, file: Path) -> None:
        reply(f"sheet: {file}")

    try:
        printer = SimulatedIppPrinter(out, port, on_sheet=announce)
    except OSError as problem:
        reply(f"cannot listen on port {port}: {problem.strerror}; is another printer running?")
        return 1
    with printer:
        reply(f"listening on {printer.uri}, sheets go to {out}; {HELP}")
        obey(lambda line: steer_sheet_printer(printer, line), commands, reply)
    return 0


def steer_sheet_printer(printer: SimulatedIppPrinter, line: str) -> str:
    """Carry out one command; the answer says what was done or what would be right."""
    words = line.split()
    if words == ["state"]:
        now = printer.state
        faults = ", ".join(now.faults) or "none"
        return f"{now.state}; faults: {faults}; sheets: {now.sheets}; waiting jobs: {now.waiting}"
    return steer_faults(printer, FAULTS, words) or HELP
