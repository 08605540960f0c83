"""How long an answer is waited for, and when the terminal is asked to stop. Not for: waiting (`exchange`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.payments.opi.aborts import Aborts
from drivers.payments.opi.profile import Timing


@dataclass(frozen=True)
class Limits:
    """Seconds: of silence on both channels, for the whole, and of listening on after the answer."""

    idle: float
    longest: float
    linger: float = 0.0


@dataclass(frozen=True)
class Hooks:
    """What happens around the bytes of a request.

    Attributes:
        sending: just before the first byte; one that raises keeps it from leaving.
        written: just after the last.
        aborts: for a payment.
        cancelled: whether somebody wishes that it ends.
    """

    sending: Callable[[], None] = lambda: None
    written: Callable[[], None] = lambda: None
    aborts: Aborts | None = None
    cancelled: Callable[[], bool] = lambda: False


class Patience:
    """Of one open request."""

    def __init__(self, limits: Limits, hooks: Hooks, timing: Timing, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._hooks = hooks
        self._timing = timing
        self._clock = clock
        self._end = clock() + limits.longest
        self._quiet = clock() + limits.idle
        self._asked = False

    def still(self) -> bool:
        """Whether to wait on; asks the terminal to stop where that is due."""
        aborts = self._hooks.aborts
        if aborts is not None and not self._asked and self._hooks.cancelled():
            self._asked = True
            aborts.want()
            aborts.step()
            self.heard()
        if self._clock() < min(self._end, self._quiet):
            return True
        if aborts is None or self._asked:
            return False
        self._asked = True
        aborts.want()
        aborts.step()
        self._end = self._quiet = self._clock() + self._timing.after_abort
        return True

    def heard(self) -> None:
        """The terminal lives: the silence begins anew."""
        self._quiet = self._clock() + (self._timing.after_abort if self._asked else self._limits.idle)

    def seconds(self, due: float | None) -> float:
        """Until something is to be done without being told."""
        times = [self._end, self._quiet]
        aborts = self._hooks.aborts.due() if self._hooks.aborts is not None else None
        times += [each for each in (due, aborts) if each is not None]
        return max(0.0, min(times) - self._clock())
