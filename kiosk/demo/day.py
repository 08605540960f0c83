"""A day of visitors at the column of the demonstration: their hands, their cards, and how many there were.

They use the screen as a person does, so that it can be watched. Not for: who comes (`visitors`).
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.demo.cards import OUT, DemoCards
from kiosk.demo.hand import Hand
from kiosk.demo.person import Person
from kiosk.demo.visitors import Visitor, day_of
from kiosk.terminal.glimpse import Act, Glimpse

SPEED = 60.0
"""A minute of the day is a second."""
NOBODY = "nobody"
DAYS: dict[str, int] = {"quiet-day": 60, "day": 180, "busy-day": 400}
"""Visitors of each kind of day."""
VISITORS: dict[str, str] = {
    NOBODY: "Nobody comes by themselves.",
    **{name: f"{count} visitors, the day passes {SPEED:.0f} times as fast." for name, count in DAYS.items()},
}
"""What the lever says."""
STAYED, LEFT, TURNED_AWAY = "stayed", "left", "turned away"
MOVES = 80
PATIENCE_S = 120.0
"""Seconds of the day in which whoever stands there may go on, before the next person starts over."""
COLUMN_S = 30.0
"""How long visitors wait for a column that is off."""


@dataclass(frozen=True)
class Counts:
    """How a day goes.

    Attributes:
        came: visitors so far.
        stayed: of them, those who went on to the end.
        left: those who walked away.
        turned_away: those who found the column off, or could not get away from it.
    """

    of: int = 0
    came: int = 0
    stayed: int = 0
    left: int = 0
    turned_away: int = 0
    by_wish: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        if not self.of:
            return ""
        wishes = ", ".join(f"{name} {count}" for name, count in self.by_wish)
        ends = f"{self.stayed} to the end, {self.left} walked away, {self.turned_away} turned away"
        return f"{self.came} of {self.of} visitors: {ends}" + (f" ({wishes})" if wishes else "")


class Day:
    """Visitors one after the other, on a thread of their own.

    Args:
        hand: at the column's screen.
        cards: the slot.
        speed: how much faster the day passes.
    """

    def __init__(self, hand: Hand, cards: DemoCards, speed: float = SPEED) -> None:
        self._hand = hand
        self._cards = cards
        self._speed = speed
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._ends: Counter[str] = Counter()
        self._wishes: Counter[str] = Counter()
        self._of = 0
        self.name = NOBODY

    @property
    def counts(self) -> Counts:
        """How it goes."""
        with self._lock:
            ends, wishes = dict(self._ends), tuple(sorted(self._wishes.items()))
        stayed, left, away = (ends.get(name, 0) for name in (STAYED, LEFT, TURNED_AWAY))
        return Counts(self._of, sum(ends.values()), stayed, left, away, wishes)

    def set(self, name: str, seed: int = 1) -> None:
        """Begin a kind of day, in place of the one that passes; `NOBODY` only ends that."""
        self.stop()
        self.name = name
        if name != NOBODY:
            self.begin(day_of(DAYS[name], seed))

    def begin(self, visitors: Sequence[Visitor]) -> None:
        """Let them come."""
        self._ends.clear()
        self._wishes.clear()
        self._of = len(visitors)
        self._stopping.clear()
        self._thread = threading.Thread(target=self._pass, args=(visitors,), name="zuil-day", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Whoever stands there walks away, and nobody comes any more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.name = NOBODY

    def wait(self, seconds: float) -> bool:
        """Wait until the day is over; false when that takes longer."""
        if self._thread is not None:
            self._thread.join(seconds)
            return not self._thread.is_alive()
        return True

    def _pass(self, visitors: Sequence[Visitor]) -> None:
        opened, first = time.monotonic(), visitors[0].at if visitors else 0.0
        for each in visitors:
            if self._stopping.wait(max(0.0, (each.at - first) / self._speed - (time.monotonic() - opened))):
                return
            end = self._visit(each)
            with self._lock:
                self._ends[end] += 1
                self._wishes[each.wish.name] += 1
        self.name = NOBODY

    def _visit(self, visitor: Visitor) -> str:
        """One visit; how it ended."""
        if not self._free():
            return TURNED_AWAY
        person = Person(visitor.wish, tools=visitor.tools)
        try:
            for _ in range(MOVES):
                seen = self._hand.glimpse
                if self._stopping.is_set() or seen is None:
                    return TURNED_AWAY
                if person.begun and seen.moment == "welcome":
                    return STAYED
                if not self._move(person, seen):
                    return LEFT
            return TURNED_AWAY
        finally:
            if self._cards.card != OUT:
                self._cards.put_in(OUT)

    def _free(self) -> bool:
        """Wait for the attract screen; what somebody left standing is started over, as people do."""
        if self._hand.wait_for(_is_free, PATIENCE_S / self._speed):
            return True
        self._hand.do(Act("tool", ("start_over",)))
        return self._hand.wait_for(_is_free, COLUMN_S)

    def _move(self, person: Person, seen: Glimpse) -> bool:
        """One move; false when they walk away."""
        move = person.next(seen, card_in=self._cards.card != OUT)
        if move.leaves:
            return False
        if move.card:
            self._cards.put_in(person.wish.card if move.card == "in" else OUT)
        if move.act is not None:
            self._hand.do(move.act)
        self._hand.wait_for(lambda now: self._stopping.is_set() or now != seen, move.patience)
        return True


def _is_free(seen: Glimpse | None) -> bool:
    return seen is not None and seen.moment == "welcome"
