"""The simulated register for other processes: one line a command, one line an answer.

Not for: tests, which have the server in their own process.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TextIO

from sync.backoffice.registers.simulated.faults import REGISTER_FAULTS, UnknownRegisterFault, register_fault_named
from sync.backoffice.registers.simulated.registry import households
from sync.backoffice.registers.simulated.server import RegisterServer

HELP = "commands: fault NAME, clear, state, people, faults, quit"


def steer(server: RegisterServer, line: str) -> str:
    """Carry out one command; the answer says what was done or what would be right."""
    match line.split():
        case ["fault", name]:
            try:
                server.fault = register_fault_named(name)
            except UnknownRegisterFault as problem:
                return str(problem)
            return f"{name}: {REGISTER_FAULTS[name]}"
        case ["clear"]:
            server.fault = None
            return "all faults cleared"
        case ["state"]:
            return f"{server.url} {server.fault.value if server.fault else 'well'}, {len(server.asked)} questions"
        case ["people"]:
            return listed_people(date.today())  # noqa: DTZ011 - invented people, of any day
        case ["faults"]:
            return "\n".join(f"  {name}  {what}" for name, what in REGISTER_FAULTS.items())
        case _:
            return HELP


def listed_people(today: date) -> str:
    """Every invented person with their national number, a line each, a household after the other."""
    return "\n\n".join(
        "\n".join(f"  {who.national_number}  {who.given_names} {who.surname}" for who in household.members)
        for household in households(today)
    )


def run(server: RegisterServer, lines: Iterable[str], out: TextIO) -> None:
    """Obey lines until `quit` or their end; where there is no input at all, serve until stopped."""
    out.write(f"{server.url}\n")
    out.flush()
    for line in lines:
        if line.strip() == "quit":
            return
        out.write(f"{steer(server, line)}\n")
        out.flush()
