"""Kills columns at points of a payment (SIGKILL, real processes), starts them again, and asks the terminal's ledger.

The terminal lives here and outlives every kill. Not a test. Not for: power cuts, where the disk is copied (`cuts`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drivers.simulated.terminal.opi.knobs import Oddity
from drivers.simulated.terminal.opi.terminal import SimulatedOpiTerminal
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from tests.payments.cuts import simulated
from tests.payments.till import BRISK, FEE, KEPT, OWED, Machine

GOES_ON = replace(BRISK, lingers=2)
"""A ZVT terminal that finishes what the till no longer sees, as the others do by themselves."""


@dataclass(frozen=True)
class Kill:
    """One payment that is killed.

    Attributes:
        at: number of the point, from 1; 0 is nowhere.
        after: seconds from its start until it is killed from outside; None for never.
        again: number of the point at which the next start is killed too; 0 is nowhere.
        give_back: what was paid is undone at once, and the kill may fall into that.
        late: the control: the note of a command is written after it has left.
    """

    script: Script = Script.APPROVE
    at: int = 0
    after: float | None = None
    again: int = 0
    give_back: bool = False
    late: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the ledger says.

    Attributes:
        points: names of the points that the payment passed, or the next start where the payment was killed.
        owed: what was found against the column.
        states: of the attempt that was killed, after the next start.
        bookings: what the terminal booked for it.
    """

    killed: bool
    points: tuple[str, ...]
    owed: tuple[str, ...]
    states: tuple[PaymentState, ...]
    bookings: int


class Column:
    """A column and its terminal, over many lives.

    Attributes:
        cases: attempts that were left to staff; the column takes no payment any more.
    """

    def __init__(self, lives: Lives, terminal: Machine, path: Path, uri: str) -> None:
        self._lives = lives
        self._terminal = terminal
        self._path = path
        self._uri = uri
        self._states: list[PaymentState] = []
        self.cases = 0

    def warm(self) -> None:
        """One payment: a terminal with nothing in its memory cannot prove that nothing was added to it."""
        told = self._live("pay", Kill())
        self._states = _states(told)
        if self._states != [PaymentState.SPENT]:
            raise AssertionError(f"the first payment was not paid: {told}")

    def killed(self, kill: Kill) -> Verdict:
        """Pay, be killed, start again, and hear the judge."""
        bookings, balance = len(self._terminal.ledger.bookings), self._terminal.ledger.balance_cents
        self._terminal.script = kill.script
        first = self._live("pay", kill)
        self._terminal.script = Script.APPROVE
        if kill.again:
            self._live("start again", replace(kill, at=kill.again, after=None))
        again = self._live("start again", Kill())
        states, known = _states(again), len(self._states)
        booked = len(self._terminal.ledger.bookings) - bookings
        owed = [each["fault"] for each in (first, again) if each["fault"]]
        if states[:known] != self._states:
            owed.append(f"earlier attempts changed: {self._states} became {states[:known]}")
        owed += judged(states[known:], booked, self._terminal.ledger.balance_cents - balance)
        self.cases += PaymentState.CASE in states[known:]
        self._states = states
        points = tuple(first["points"] or again["points"])
        return Verdict(first["killed"], points, tuple(owed), tuple(states[known:]), booked)

    def _live(self, life: str, kill: Kill) -> dict[str, Any]:
        return self._lives.live(
            {
                "life": life,
                "path": str(self._path),
                "uri": self._uri,
                "killAt": kill.at,
                "killAfter": kill.after,
                "giveBack": kill.give_back,
                "late": kill.late,
            }
        )


class Lives:
    """The process that makes columns."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def live(self, given: dict[str, Any]) -> dict[str, Any]:
        """One life, and what it left."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(given) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told


def judged(states: list[PaymentState], booked: int, balance_cents: int) -> list[str]:
    """What the ledger says against the column about one payment: charged twice, charged and unknown, or given for
    nothing. What staff decide is known."""
    owed = []
    held = sum(FEE.amount_cents for state in states if state in KEPT | OWED | {PaymentState.CASE})
    said = [state.value for state in states]
    if booked > 1:
        owed.append(f"charged {booked} times: {said}")
    if balance_cents > held:
        owed.append(f"charged {balance_cents} cents, of which we know {held}: {said}")
    if balance_cents < FEE.amount_cents * sum(state in KEPT for state in states):
        owed.append(f"given without being paid: {said}")
    if any(state in UNDECIDED - {PaymentState.CASE} for state in states):
        owed.append(f"nobody finds out: {said}")
    return owed


@contextmanager
def lives() -> Iterator[Lives]:
    """The process, until it is left."""
    words = [sys.executable, "-m", "tests.payments.killed_child"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Lives(process)
        finally:
            assert process.stdin
            process.stdin.close()


@contextmanager
def column(making: Lives, protocol: str, folder: Path, habits: Habits = BRISK) -> Iterator[Column]:
    """A column with a terminal of that protocol that has booked before; each call makes both anew."""
    folder.mkdir(parents=True, exist_ok=True)
    with simulated(protocol, folder, habits) as (terminal, uri):
        if isinstance(terminal, SimulatedOpiTerminal) and habits.lingers:
            terminal.oddities.add(Oddity.CARRIES_ON)
        made = Column(making, terminal, folder / "kiosk.db", uri)
        made.warm()
        yield made


def _states(told: dict[str, Any]) -> list[PaymentState]:
    return [PaymentState(each) for each in told["states"]]
