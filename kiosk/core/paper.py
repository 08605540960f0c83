"""The roll of the receipt printer: how much is left of it, and what to do next while it is changed.

Counted in millimetres that were printed and fed; how long a roll really is, is learned from rolls that ran out. Pure.
Not for: keeping the count (`kiosk.paper_watch`) or talking to the printer (`drivers`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from statistics import median

REMEMBERED_ROLLS = 5
REMEMBERED_PAPERS = 20
BELIEVED_AFTER = 3
"""Until so many rolls have run out, the length from the settings has one vote, too."""
PLAUSIBLE = (0.2, 2.0)
"""Shares of the set length between which a used roll teaches something; others were changed for another reason."""
USUAL_PAPER_MM = 150.0
"""Length of a ticket before any was printed."""
USUAL_LOW_MM = 4000.0
"""Left on a roll when the sensor first says "nearly empty", before that was ever seen to the end."""


@dataclass(frozen=True)
class PaperCount:
    """What is known of the roll. Lengths in millimetres.

    Attributes:
        used: since the roll was put in.
        low_at: `used` when the sensor first said that little is left, or None.
        rolls: what was used of the last rolls that ran out, newest last.
        lows: what came off after the first "nearly empty" of those, newest last.
        papers: lengths of the last papers.
    """

    used: float = 0.0
    low_at: float | None = None
    rolls: tuple[float, ...] = ()
    lows: tuple[float, ...] = ()
    papers: tuple[float, ...] = ()

    def printed(self, millimetres: float) -> PaperCount:
        """One paper more."""
        return replace(self, used=self.used + millimetres, papers=(*self.papers, millimetres)[-REMEMBERED_PAPERS:])

    def low(self) -> PaperCount:
        """The sensor says that little is left; only the first time counts."""
        return self if self.low_at is not None else replace(self, low_at=self.used)

    def new_roll(self, set_mm: float, *, ran_out: bool) -> PaperCount:
        """A new roll is in.

        Args:
            set_mm: length of a roll according to the settings.
            ran_out: whether the old one was at its end, so that its length is known now.
        """
        fresh = replace(self, used=0.0, low_at=None)
        if not ran_out or not PLAUSIBLE[0] * set_mm <= self.used <= PLAUSIBLE[1] * set_mm:
            return fresh
        lows = self.lows if self.low_at is None else (*self.lows, self.used - self.low_at)
        return replace(fresh, rolls=(*self.rolls, self.used)[-REMEMBERED_ROLLS:], lows=lows[-REMEMBERED_ROLLS:])

    def length(self, set_mm: float) -> float:
        """How long a roll is: the middle one of those seen, so that one that was changed early does not count much."""
        votes = self.rolls if len(self.rolls) >= BELIEVED_AFTER else (*self.rolls, set_mm)
        return median(votes)

    def left(self, set_mm: float) -> float:
        """Millimetres left; the sensor corrects the count in both directions."""
        counted = self.length(set_mm) - self.used
        if self.low_at is None:
            return max(0.0, counted)
        after_low = median(self.lows) if self.lows else USUAL_LOW_MM
        return max(0.0, after_low - (self.used - self.low_at))

    def tickets_left(self, set_mm: float) -> int:
        """About how many papers more, rounded down to what a person would say."""
        usual = median(self.papers) if self.papers else USUAL_PAPER_MM
        return rounded(int(self.left(set_mm) / max(usual, 1.0)))


def rounded(count: int) -> int:
    """A number nobody takes for exact: tens below hundred, fifties above."""
    return count if count < 10 else count // 10 * 10 if count < 100 else count // 50 * 50


class ChangeStep(Enum):
    """Where a change of the roll stands; the sensors say it."""

    OPEN = "open"
    OLD_OUT = "old_out"
    NEW_IN = "new_in"
    CLOSE = "close"
    TEST = "test"


@dataclass(frozen=True)
class Sensed:
    """What the printer says of its cover and its paper; `out` is None where it does not say."""

    cover_open: bool
    out: bool | None


def change_step(before: ChangeStep, seen: Sensed) -> ChangeStep:
    """The step that is to be done now.

    The roll counts as taken out once the sensor saw none under an open cover; closing the cover before that leads back
    to the beginning, and so does closing it over nothing.
    """
    if not seen.cover_open:
        closed_well = before in (ChangeStep.CLOSE, ChangeStep.TEST) and not seen.out
        return ChangeStep.TEST if closed_well else ChangeStep.OPEN
    if seen.out:
        return ChangeStep.NEW_IN
    was_out = before in (ChangeStep.NEW_IN, ChangeStep.CLOSE)
    return ChangeStep.CLOSE if was_out else ChangeStep.OLD_OUT
