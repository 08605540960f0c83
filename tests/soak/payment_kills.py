"""Rows of columns that are killed while they pay: at every point of every script and protocol, then at any moment.

The terminal's own ledger is the judge. Not for: power cuts (`payments`), quick runs (`tests/payments`).
"""

from __future__ import annotations

import itertools
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from drivers.simulated.terminal.scripts import Script
from tests.payments.cuts import PROTOCOLS
from tests.payments.killing import GOES_ON, Column, Kill, Lives, Verdict, column, lives
from tests.payments.points import LATE
from tests.soak.report import Row

KILLS = 2_200
NAME, CONTROL = "column killed in a payment", "payment noted after it was sent, and killed"
LONGEST_S = 0.2
"""About as long as a start, a payment and its undoing take."""
_AT_ONCE = 25
"""Random kills of one column."""
_SCRIPTS = (
    Script.APPROVE,
    Script.DECLINE,
    Script.WRONG_PIN,
    Script.CANCEL_BY_CITIZEN,
    Script.TALKATIVE,
    Script.RECEIPTS,
    Script.ANSWER_LOST,
    Script.RESTARTS,
)


@dataclass
class _Tally:
    """What a run saw.

    Attributes:
        kills: processes that were really killed.
        missed: payments that were over before the kill.
    """

    kills: int = 0
    missed: int = 0
    doubled: int = 0
    owed: list[str] = field(default_factory=list)

    def add(self, what: str, verdict: Verdict) -> None:
        """One more."""
        self.kills += verdict.killed
        self.missed += not verdict.killed
        self.doubled += verdict.bookings > 1
        self.owed += [f"{what}: {each}" for each in verdict.owed]


def kill_payments(kills: int, seed: int) -> Iterator[Row]:
    """At least so many kills: all points where that is not more, then random moments; then the control."""
    chance, tally = random.Random(seed), _Tally()
    with lives() as making, tempfile.TemporaryDirectory(prefix="zuil-soak-") as name:
        points = list(_points(making, Path(name) / "points"))
        if len(points) > kills:
            points = chance.sample(points, kills)
        for protocol in PROTOCOLS:
            _kill(making, protocol, Path(name) / protocol, [kill for each, kill in points if each == protocol], tally)
        for protocol in itertools.cycle(PROTOCOLS):
            if tally.kills >= kills:
                break
            moments = [_moment(chance) for _ in range(_AT_ONCE)]
            _kill(making, protocol, Path(name) / f"moments-{tally.kills}-{tally.missed}", moments, tally)
        notes = tuple(tally.owed[:10])
        yield Row(NAME, injections=tally.kills, lost=len(tally.owed), doubled=tally.doubled, notes=notes)
        yield Row(CONTROL, injections=len(PROTOCOLS), lost=_found_guilty(making, Path(name)), control=True)


def _points(making: Lives, folder: Path) -> Iterator[tuple[str, Kill]]:
    """Every point of every script, counted by a run without a kill."""
    for protocol in PROTOCOLS:
        for script in _SCRIPTS:
            with column(making, protocol, folder / f"{protocol}-{script.value}") as at:
                whole = at.killed(Kill(script, give_back=True))
            for number in range(1, len(whole.points) + 1):
                yield protocol, Kill(script, number, give_back=True)


def _moment(chance: random.Random) -> Kill:
    """A payment killed from outside, and its next start at one of its first points, or not."""
    after, again = chance.uniform(0, LONGEST_S), chance.choice((0, chance.randrange(1, 40)))
    return Kill(chance.choice(_SCRIPTS), after=after, again=again, give_back=chance.random() < 0.5)


def _kill(making: Lives, protocol: str, folder: Path, kills: list[Kill], tally: _Tally) -> None:
    """All of them; a column with a case for staff takes no payment any more, and another takes its place."""
    waiting = list(reversed(kills))
    for number in range(len(kills)):
        if not waiting:
            return
        with column(making, protocol, folder / str(number)) as at:
            while waiting and not at.cases:
                _one(at, protocol, waiting.pop(), tally)


def _one(at: Column, protocol: str, kill: Kill, tally: _Tally) -> None:
    tally.add(f"{protocol} {kill}", at.killed(kill))


def _found_guilty(making: Lives, folder: Path) -> int:
    """In how many protocols the judge sees a note that comes after its message."""
    guilty = 0
    for protocol in PROTOCOLS:
        with column(making, protocol, folder / f"control-{protocol}", GOES_ON) as at:
            late = Kill(late=True)
            number = 1 + at.killed(late).points.index("message sent" + LATE)
            guilty += bool(at.killed(replace(late, at=number)).owed)
    return guilty
