"""The hands of a person at the column of the matrix, and everything they saw.

Not for: what they do next (`kiosk.demo.person`), or judging what they were told (`judge`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kiosk.clock import settle
from kiosk.core.pages import View
from kiosk.demo.cards import OUT
from kiosk.demo.person import Move, Person
from kiosk.terminal.glimpse import Glimpse
from kiosk.terminal.moment import moment
from tests.faults.faults import Fault
from tests.faults.hurry import TURNS
from tests.faults.stand import Stand
from tests.faults.steps import Journey

MOVES = 80


class NeverEnds(AssertionError):
    """Somebody cannot get away from the column; the text says where they stand."""


@dataclass
class Seen:
    """What one person saw.

    Attributes:
        views: each view and its step, in order.
        thrown_at: step at which the fault was thrown, or "".
        cut: whether the column went off under their hands.
    """

    views: list[tuple[str, View]] = field(default_factory=list)
    thrown_at: str = ""
    cut: bool = False

    @property
    def steps(self) -> list[str]:
        """Every step once, in the order they came."""
        return list(dict.fromkeys(name for name, _ in self.views))


@dataclass
class Citizen:
    """One person.

    Attributes:
        code: of an earlier request, to collect it with.
        at: step at which something goes wrong.
        fault: what.
    """

    stand: Stand
    journey: Journey
    code: str = ""
    at: str = ""
    fault: Fault | None = None
    seen: Seen = field(default_factory=Seen)
    on_step: Callable[[str], object] = field(default=lambda _: None)

    async def visit(self) -> Seen:
        """From the attract screen until it stands there again."""
        wish = self.journey.wish
        person = Person(replace(wish, words=self.code) if self.journey.collects else wish)
        screen = self.stand.screen
        screen.watcher = self._look
        if screen.view is not None:
            self._look(screen.view)
        try:
            for _ in range(MOVES):
                if self.stand.off:
                    self.seen.cut = True
                    await self.stand.start_again()
                    return self.seen
                view = self.stand.screen.view
                assert view is not None
                seen = Glimpse.of(view, self.stand.world.texts)
                if person.begun and seen.moment == "welcome":
                    return self.seen
                await self._make(person.next(seen, card_in=self.stand.world.cards.card != OUT), view)
        finally:
            self.stand.screen.watcher = None
        raise NeverEnds(f"after {MOVES} moves: {self.stand.screen.lines()}")

    def _look(self, view: View) -> None:
        name = moment(view)
        self.seen.views.append((name, view))
        self.on_step(name)
        self.stand.tick()
        if name == self.at and self.fault is not None and not self.seen.thrown_at:
            self.seen.thrown_at = name
            self.stand.throw(self.fault)

    async def _make(self, move: Move, before: View) -> None:
        """Do it, and look until something comes of it."""
        if move.card:
            await self.stand.put_in(self.journey.wish.card if move.card == "in" else OUT)
        if move.act is not None:
            self.stand.screen.give(move.act.as_input(before.serial))
        limit = time.monotonic() + move.patience
        await settle(TURNS)
        while self.stand.screen.view is before and time.monotonic() < limit and not self.stand.off:
            await self.stand.turn()
