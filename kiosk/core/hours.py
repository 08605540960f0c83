"""Whether a counter is open, until when, and when it opens next.

Pure rules over opening hours and a moment. Everything is the wall time of the site: the moment carries the site's zone,
and the answer of "opens" carries it too, so that the hours stay right when summer time begins or ends. Not for: where
to go when it is closed (`kiosk.core.ways`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kiosk.core.catalogue import ClosedDay, Interval, OpeningHours
from kiosk.core.texts import Localized

HORIZON_DAYS = 400
"""How far ahead an opening is looked for; a closing for longer than a year has no known end."""


@dataclass(frozen=True)
class Open:
    """Open now, without a break until `until` (wall time of the same day)."""

    until: time


@dataclass(frozen=True)
class Closed:
    """Closed now.

    Attributes:
        opens: next opening, in the zone of the question; None when none is known.
        reason: why it is closed today, when today is an exception.
    """

    opens: datetime | None
    reason: Localized | None = None


OpenState = Open | Closed
"""Whether a counter is open at one moment."""


def state(hours: OpeningHours, at: datetime) -> OpenState:
    """Whether the counter is open at a moment.

    Args:
        at: timezone-aware, in the zone of the site.
    """
    now = at.time()
    current = next((part for part in _day(hours, at.date()) if part.opens <= now < part.closes), None)
    if current is not None:
        return Open(_until(hours, at.date(), current))
    closing = _closing(hours, at.date())
    return Closed(_next_opening(hours, at), closing.reason if closing else None)


def _until(hours: OpeningHours, day: date, current: Interval) -> time:
    """The end of `current`, or of the last interval that follows it without a break."""
    until = current.closes
    for part in _day(hours, day):
        if part.opens <= until < part.closes:
            until = part.closes
    return until


def _next_opening(hours: OpeningHours, at: datetime) -> datetime | None:
    now = at.replace(tzinfo=None)
    openings = (moment for day in _days(at.date()) for moment in _openings(hours, day) if moment > now)
    first = next(openings, None)
    return first.replace(tzinfo=at.tzinfo) if first else None


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(HORIZON_DAYS + 1))


def _openings(hours: OpeningHours, day: date) -> Iterator[datetime]:
    return (datetime.combine(day, part.opens) for part in _day(hours, day))


def _day(hours: OpeningHours, day: date) -> tuple[Interval, ...]:
    return () if _closing(hours, day) else hours.week.get(day.isoweekday(), ())


def _closing(hours: OpeningHours, day: date) -> ClosedDay | None:
    return next((closed for closed in hours.closed if closed.covers(day)), None)
