"""The report of the morning: when it is due, what stands in it, and its form on disk.

Pure. Not for: testing the devices (`kiosk.readiness`) or the page and paper of it (`kiosk.journeys`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.core.catalogue import OpeningHours
from kiosk.core.column_health import Condition, Finding, worst
from kiosk.core.hours import Closed, state


@dataclass(frozen=True)
class Report:
    """What one test of everything found.

    Attributes:
        at: when.
        broken: subjects that do not work, as in `kiosk.core.column_health.Subject`.
        attention: subjects that need somebody.
        tickets_left: papers left on the roll, about, or None.
    """

    at: datetime
    broken: tuple[str, ...] = ()
    attention: tuple[str, ...] = ()
    tickets_left: int | None = None

    @property
    def worst(self) -> Condition:
        """The worst condition found."""
        return Condition.BROKEN if self.broken else Condition.ATTENTION if self.attention else Condition.OK

    def kept(self) -> dict[str, object]:
        """The report as JSON can hold it."""
        return {
            "at": self.at.isoformat(),
            "broken": list(self.broken),
            "attention": list(self.attention),
            "ticketsLeft": self.tickets_left,
        }

    def told(self) -> dict[str, object]:
        """The data of its event."""
        left = {} if self.tickets_left is None else {"papersLeft": self.tickets_left}
        return {
            "worst": self.worst.value,
            "broken": " ".join(self.broken),
            "attention": " ".join(self.attention),
            **left,
        }


def report_of(at: datetime, found: tuple[Finding, ...], tickets_left: int | None) -> Report:
    """The report of what was found."""
    names = {
        condition: tuple(each.subject.value for each in found if each.condition is condition) for condition in Condition
    }
    report = Report(at, names[Condition.BROKEN], names[Condition.ATTENTION], tickets_left)
    if report.worst is not worst(found):
        raise AssertionError("a finding was lost")
    return report


def kept_report(value: object) -> Report | None:
    """A report from disk; None for none, or for one of another form."""
    if not isinstance(value, Mapping):
        return None
    try:
        left = value["ticketsLeft"]
        return Report(
            datetime.fromisoformat(str(value["at"])),
            tuple(map(str, value["broken"])),
            tuple(map(str, value["attention"])),
            None if left is None else int(left),
        )
    except (KeyError, ValueError, TypeError):
        return None


def due(hours: OpeningHours, now: datetime, ahead: timedelta, last: datetime | None) -> bool:
    """Whether the report before the next opening has to be made now.

    Args:
        ahead: how long before opening; zero for no reports.
        last: when one was made last.
    """
    if not ahead:
        return False
    match state(hours, now):
        case Closed(opens=opens) if opens is not None and opens - ahead <= now:
            return last is None or last < opens - ahead
        case _:
            return False
