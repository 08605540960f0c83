"""The clock lever: the moments at which clocks go wrong, and a column's clock that is turned while it runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.clock import DrivenClock, TurnedClock, turned_by_file
from kiosk.demo.clock_lever import CLOCK, RIGHT, ClockFile, turned_to

ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 23, 10, 24, 17, tzinfo=ZONE)


def shown(state: str, later: float = 0.0) -> datetime:
    """What the turned clock says, some seconds later."""
    driven = DrivenClock(NOW + timedelta(seconds=later))
    return TurnedClock(driven, lambda: turned_to(state, NOW)).now()


@pytest.mark.parametrize(
    ("state", "moment"),
    [
        (RIGHT, NOW),
        ("year-1970", datetime(1970, 1, 1, 1, tzinfo=ZONE)),
        ("day-behind", NOW - timedelta(days=1)),
        ("summer-begins", datetime(2027, 3, 28, 1, 59, 30, tzinfo=ZONE)),
        ("summer-ends", datetime(2027, 10, 31, 2, 59, 30, tzinfo=ZONE)),
        ("month-end", datetime(2026, 11, 30, 23, 59, 30, tzinfo=ZONE)),
    ],
)
def test_every_state_is_its_moment(state: str, moment: datetime) -> None:
    assert shown(state).astimezone(UTC) == moment.astimezone(UTC)


def test_every_state_has_a_moment() -> None:
    assert all(isinstance(turned_to(state, NOW), timedelta) for state in CLOCK)
    with pytest.raises(KeyError):
        turned_to("noon", NOW)


def test_the_nights_in_which_the_hour_changes() -> None:
    assert (shown("summer-begins").hour, shown("summer-begins", 40).hour) == (1, 3)
    before, after = shown("summer-ends"), shown("summer-ends", 40)
    assert (before.hour, after.hour) == (2, 2), "three o'clock does not come: it is two again"
    assert (before.utcoffset(), after.utcoffset()) == (timedelta(hours=2), timedelta(hours=1))
    assert shown("month-end", 40).day == 1


def test_seconds_pass_as_they_did() -> None:
    driven = DrivenClock(NOW)
    assert TurnedClock(driven, lambda: timedelta(days=400)).monotonic() == driven.monotonic()


def test_a_file_turns_the_clock_of_another_process_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    clock = TurnedClock(DrivenClock(NOW), turned_by_file(path))
    assert clock.now() == NOW
    ClockFile(path).turn(timedelta(days=-1))
    assert clock.now() == NOW - timedelta(days=1)
    for nonsense in ("", "soon", "9" * 40):
        path.write_text(nonsense)
        assert clock.now() == NOW, "a clock that is not turned is right"


def test_where_the_hour_never_changes_there_is_no_such_night() -> None:
    with pytest.raises(LookupError):
        turned_to("summer-ends", NOW.astimezone(UTC))
