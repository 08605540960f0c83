"""Open or closed, until when, and when next: examples at the edges, and properties over any hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given

from kiosk.core.catalogue import ClosedDay, OpeningHours
from kiosk.core.hours import HORIZON_DAYS, Closed, Open, OpenState, state
from tests.core.towns import BRUSSELS, MOMENTS, at, hours, opening_hours, text

OFFICE = hours({1: "09:00-12:30 13:30-16:00", 2: "09:00-12:30", 5: "09:00-12:00 12:00-13:00"})
"""Monday with a break, Tuesday morning, Friday in two parts without a break. 2026-11-23 is a Monday."""


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 08:59", Closed(at("2026-11-23 09:00"))),
        ("2026-11-23 09:00", Open(time(12, 30))),
        ("2026-11-23 12:29", Open(time(12, 30))),
        ("2026-11-23 12:30", Closed(at("2026-11-23 13:30"))),
        ("2026-11-23 16:00", Closed(at("2026-11-24 09:00"))),
        ("2026-11-24 13:00", Closed(at("2026-11-27 09:00"))),
        ("2026-11-27 11:59", Open(time(13))),
        ("2026-11-28 10:00", Closed(at("2026-11-30 09:00"))),
    ],
)
def test_the_edges_of_a_week(moment: str, expected: OpenState) -> None:
    assert state(OFFICE, at(moment)) == expected


def test_a_closing_says_why_and_the_next_opening_is_after_it() -> None:
    christmas = text("Kerstmis")
    closed = ClosedDay(date(2026, 12, 21), christmas, date(2027, 1, 3))
    holidays = OpeningHours(OFFICE.week, (closed,))
    assert state(holidays, at("2026-12-21 10:00")) == Closed(at("2027-01-04 09:00"), christmas)
    assert state(holidays, at("2026-12-20 10:00")) == Closed(at("2027-01-04 09:00"), None)


def test_before_the_counter_opens_on_a_usual_day_there_is_no_reason() -> None:
    assert state(OFFICE, at("2026-11-23 07:00")) == Closed(at("2026-11-23 09:00"), None)


def test_a_counter_that_never_opens_has_no_next_opening() -> None:
    assert state(OpeningHours(), at("2026-11-23 10:00")) == Closed(None)
    works = text("Werken")
    for_years = OpeningHours(OFFICE.week, (ClosedDay(date(2026, 1, 1), works, date.max),))
    assert state(for_years, at("2026-11-23 10:00")) == Closed(None, works)


@pytest.mark.parametrize(
    ("before", "hours_away"),
    [("2026-03-28 10:00", 46), ("2026-10-24 10:00", 48), ("2026-11-21 10:00", 47)],
)
def test_the_hour_on_the_wall_holds_when_summer_time_begins_or_ends(before: str, hours_away: int) -> None:
    monday_only = hours({1: "09:00-12:00"})
    found = state(monday_only, at(before))
    assert isinstance(found, Closed)
    assert found.opens is not None
    assert found.opens.time() == time(9)
    assert found.opens.astimezone(UTC) - at(before).astimezone(UTC) == timedelta(hours=hours_away)


def test_the_hour_that_comes_twice_counts_by_the_wall_both_times() -> None:
    night = hours({7: "02:00-02:45"})
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS, fold=0)
    assert state(night, first) == Open(time(2, 45))
    assert state(night, first.replace(fold=1)) == Open(time(2, 45))


def inside(opening: OpeningHours, moment: datetime) -> bool:
    """Whether a moment lies in the hours: the plain definition, to judge the rule by."""
    if any(closed.covers(moment.date()) for closed in opening.closed):
        return False
    return any(p.opens <= moment.time() < p.closes for p in opening.week.get(moment.isoweekday(), ()))


@given(opening_hours(), MOMENTS)
def test_open_is_said_exactly_within_the_hours(opening: OpeningHours, moment: datetime) -> None:
    found = state(opening, moment)
    assert isinstance(found, Open) == inside(opening, moment)
    if isinstance(found, Open):
        last_minute = moment.replace(hour=found.until.hour, minute=found.until.minute) - timedelta(minutes=1)
        assert inside(opening, last_minute)
        assert not inside(opening, last_minute + timedelta(minutes=1))


@given(opening_hours(), MOMENTS)
def test_the_next_opening_opens_and_nothing_opens_before_it(opening: OpeningHours, moment: datetime) -> None:
    found = state(opening, moment)
    if not isinstance(found, Closed):
        return
    last = found.opens or moment + timedelta(days=HORIZON_DAYS)
    step = moment.replace(minute=moment.minute // 15 * 15) + timedelta(minutes=15)
    while step < last:
        assert not inside(opening, step)
        step += timedelta(minutes=15)
    if found.opens:
        assert found.opens > moment
        assert found.opens.tzinfo is moment.tzinfo
        assert isinstance(state(opening, found.opens), Open)


@given(opening_hours(), MOMENTS)
def test_a_reason_is_given_exactly_on_exceptional_days(opening: OpeningHours, moment: datetime) -> None:
    found = state(opening, moment)
    closed_today = any(closed.covers(moment.date()) for closed in opening.closed)
    assert (isinstance(found, Closed) and found.reason is not None) == closed_today
