"""Whether another version of the program may be put in place now: only while closed, with nothing under way.

Not for: doing it (`kiosk.updating` asks for it, the update unit does it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.core.closure import Closure
from kiosk.core.hours import Open, OpenState


@dataclass(frozen=True)
class Doings:
    """What goes on at the column now.

    Attributes:
        closure: why nobody is served, or None.
        hours: whether the contact point is open by its opening hours; None where it has none.
        visited: whether somebody is being served.
        payments: attempts to pay that are not over.
        prints: papers asked for of which nobody knows yet what became.
    """

    closure: Closure | None
    hours: OpenState | None
    visited: bool
    payments: int
    prints: int


def reason_to_wait(doings: Doings, now: datetime) -> str | None:
    """Why an update must wait, in one word for the log; None when it may go on.

    A payment that is open may still take somebody's money, so it waits whoever closed the column.
    """
    if doings.payments:
        return "payment"
    if doings.prints:
        return "print"
    if doings.visited:
        return "visit"
    closed = doings.closure is not None and not doings.closure.over(now)
    if not closed and (doings.hours is None or isinstance(doings.hours, Open)):
        return "open"
    return None
