"""How people and programs steer any simulated device: faults by name, lines in and out.

Not for: what a fault does, which each device knows itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Protocol, TextIO, TypeVar

E = TypeVar("E", bound=Enum)

Reply = Callable[[str], None]
_QUIT = ("quit", "exit")


class UnknownFault(ValueError):
    """There is no such fault; the text lists those there are."""


def fault_of(faults: type[E], name: str, what: str) -> E:
    """The fault called `name`.

    Args:
        what: "printer fault" and the like, for the text.

    Raises:
        UnknownFault: listing the names there are.
    """
    try:
        return faults(name)
    except ValueError:
        there = ", ".join(str(fault.value) for fault in faults)
        raise UnknownFault(f"no {what} {name!r}; there are {there}") from None


class Faulty(Protocol):
    """A device whose faults are switched by name."""

    def set_fault(self, name: str) -> None:
        """Make something go wrong; `UnknownFault` for a name there is not."""
        ...

    def clear_faults(self) -> None:
        """Be well again."""
        ...


def steer_faults(device: Faulty, faults: Mapping[str, str], words: list[str]) -> str | None:
    """Carry out a command about faults; None when it is about something else."""
    match words:
        case ["fault", name]:
            try:
                device.set_fault(name)
            except UnknownFault as problem:
                return str(problem)
            return f"{name}: {faults[name]}"
        case ["clear"]:
            device.clear_faults()
            return "all faults cleared"
        case ["faults"]:
            return listed(faults)
        case _:
            return None


def listed(table: Mapping[str, str]) -> str:
    """Names and sentences, one a line."""
    return "\n".join(f"{name:20} {sentence}" for name, sentence in table.items())


def replying(out: TextIO) -> Reply:
    """Writes one line at a time, so that a program that waits for it hears it at once."""

    def reply(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    return reply


def obey(steer: Callable[[str], str], commands: Iterable[str], reply: Reply) -> None:
    """Carry out each line until one says quit, or they end."""
    for line in commands:
        if line.strip() in _QUIT:
            return
        reply(steer(line))
