"""Opening hours as people write them in a site file: `monday = ["09:00-12:30", "13:30-16:00"]`.

Not for: telling whether a counter is open (`kiosk.core.hours`).
"""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from config.checked import Table, refusal
from config.words import Words
from kiosk.core.catalogue import ClosedDay, Interval, OpeningHours

_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_WRITE = 'write it like "09:00-12:30"'


def interval(text: str) -> Interval:
    """Read `"09:00-12:30"`.

    Raises:
        pydantic_core.PydanticCustomError: when it is written otherwise or closes before it opens.
    """
    match = _INTERVAL.fullmatch(text)
    if match is None:
        raise refusal(f'"{text}" is no interval of a day', _WRITE)
    opens = time(int(match[1]), int(match[2]))
    closes = time(int(match[3]), int(match[4]))
    if opens >= closes:
        raise refusal(f'"{text}" closes before it opens', f"{_WRITE}, the earlier time first")
    return Interval(opens, closes)


def _read_once(text: str) -> str:
    interval(text)
    return text


def _in_order(texts: list[str]) -> list[str]:
    ordered = sorted(texts)
    for earlier, later in pairwise(ordered):
        if interval(later).opens < interval(earlier).closes:
            raise refusal(f'"{earlier}" and "{later}" overlap', "let each interval begin after the one before")
    return ordered


Day = Annotated[list[Annotated[str, AfterValidator(_read_once)]], AfterValidator(_in_order)]


class HoursTable(Table):
    """The week; a day that is not named is closed."""

    monday: Day = Field(default_factory=list)
    tuesday: Day = Field(default_factory=list)
    wednesday: Day = Field(default_factory=list)
    thursday: Day = Field(default_factory=list)
    friday: Day = Field(default_factory=list)
    saturday: Day = Field(default_factory=list)
    sunday: Day = Field(default_factory=list)

    def week(self) -> dict[int, tuple[Interval, ...]]:
        """ISO weekday to intervals, open days only."""
        days = [getattr(self, name) for name in HoursTable.model_fields]
        return {number: tuple(map(interval, day)) for number, day in enumerate(days, start=1) if day}


class ClosedTable(Table):
    """A day, or several, on which the usual hours do not count."""

    day: date
    until: date | None = None
    reason: Words

    @model_validator(mode="after")
    def _forwards(self) -> ClosedTable:
        if self.until and self.until < self.day:
            raise refusal(f"the closing ends on {self.until}, before it begins", f"name a day after {self.day}")
        return self

    def closed_day(self) -> ClosedDay:
        """The same as a value of the core."""
        return ClosedDay(self.day, self.reason.localized(), self.until)


def opening_hours(hours: HoursTable, closed: list[ClosedTable]) -> OpeningHours:
    """Counter hours as a value of the core."""
    return OpeningHours(hours.week(), tuple(table.closed_day() for table in closed))
