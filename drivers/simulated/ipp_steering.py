"""The simulated printer of sheets for other processes: one line a command, one line an answer.

Not for: the dock, which calls the printer itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from drivers.simulated.faults import UnknownFault
from drivers.simulated.ipp.faults import FAULTS
from drivers.simulated.ipp.machine import SimulatedSheet
from drivers.simulated.ipp.printer import SimulatedIppPrinter

HELP = "commands: fault NAME, clear, state, faults, quit"


def run_sheet_printer_simulator(port: int, out: Path, stdin: TextIO, stdout: TextIO) -> int:
    """Print into `out` until `stdin` ends or says quit.

    Args:
        port: TCP port on 127.0.0.1; 0 takes a free one and the first reply names it.

    Returns:
        Exit status: 0, or 1 when the port is taken.
    """

    def reply(line: str) -> None:
        stdout.write(line + "\n")
        stdout.flush()

    def announce(_: SimulatedSheet, file: Path) -> None:
        reply(f"sheet: {file}")

    try:
        printer = SimulatedIppPrinter(out, port, on_sheet=announce)
    except OSError as problem:
        reply(f"cannot listen on port {port}: {problem.strerror}; is another printer running?")
        return 1
    with printer:
        reply(f"listening on {printer.uri}, sheets go to {out}; {HELP}")
        for line in stdin:
            if line.strip() in ("quit", "exit"):
                break
            reply(steer_sheet_printer(printer, line))
    return 0


def steer_sheet_printer(printer: SimulatedIppPrinter, line: str) -> str:
    """Carry out one command; the answer says what was done or what would be right."""
    match line.split():
        case ["fault", name]:
            try:
                printer.set_fault(name)
            except UnknownFault as problem:
                return str(problem)
            return f"{name}: {FAULTS[name]}"
        case ["clear"]:
            printer.clear_faults()
            return "all faults cleared"
        case ["state"]:
            now = printer.state
            faults = ", ".join(now.faults) or "none"
            return f"{now.state}; faults: {faults}; sheets: {now.sheets}; waiting jobs: {now.waiting}"
        case ["faults"]:
            return "\n".join(f"{name}: {what}" for name, what in FAULTS.items())
        case _:
            return HELP
