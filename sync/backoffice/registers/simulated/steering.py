"""The simulated register for other processes: one line a command, one line an answer.

Not for: tests, which have the server in their own process.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TextIO

from drivers.simulated.console import obey, replying, steer_faults
from sync.backoffice.registers.simulated.faults import REGISTER_FAULTS
from sync.backoffice.registers.simulated.registry import households
from sync.backoffice.registers.simulated.server import RegisterServer

HELP = "commands: fault NAME, clear, state, people, faults, quit"


def steer(server: RegisterServer, line: str) -> str:
    """Carry out one command; the answer says what was done or what would be right."""
    match line.split():
        case ["state"]:
            return f"{server.url} {server.fault.value if server.fault else 'well'}, {len(server.asked)} questions"
        case ["people"]:
            return listed_people(date.today())  # noqa: DTZ011 - invented people, of any day
        case words:
            return steer_faults(server, REGISTER_FAULTS, words) or HELP


def listed_people(today: date) -> str:
    """Every invented person with their national number, a line each, a household after the other."""
    return "\n\n".join(
        "\n".join(f"  {who.national_number}  {who.given_names} {who.surname}" for who in household.members)
        for household in households(today)
    )


def run(server: RegisterServer, lines: Iterable[str], out: TextIO) -> None:
    """Obey lines until `quit` or their end; where there is no input at all, serve until stopped."""
    reply = replying(out)
    reply(server.url)
    obey(lambda line: steer(server, line), lines, reply)
