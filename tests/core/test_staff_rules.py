"""Rules around staff: the lockout, the roll, the steps of a new one, when the report of the morning is due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.catalogue import ClosedDay, Interval, OpeningHours
from kiosk.core.lockout import LONGEST_WAIT_S, Lockout, wait_seconds
from kiosk.core.paper import ChangeStep, PaperCount, Sensed, change_step, rounded
from kiosk.core.readiness import Report, due, kept_report, report_of
from kiosk.core.staff import MEANINGS, Act
from kiosk.core.texts import Localized

ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 23, 10, 24, tzinfo=ZONE)
ROLL = 80_000.0


def failed(times: int) -> Lockout:
    lockout = Lockout()
    for _ in range(times):
        lockout = lockout.after_failure(NOW)
    return lockout


@pytest.mark.parametrize(
    ("times", "seconds"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (13, 3840), (14, 7680), (15, 7680), (400, 7680)]
)
def test_each_wait_is_twice_the_one_before_up_to_a_cap(times: int, seconds: int) -> None:
    assert failed(times).left_seconds(NOW) == seconds


def test_a_wait_ends_and_a_clock_that_was_set_back_does_not_make_it_longer() -> None:
    lockout = failed(6)
    assert lockout.left_seconds(NOW + timedelta(seconds=29.5)) == 1
    assert lockout.left_seconds(NOW + timedelta(seconds=30)) == 0
    assert lockout.left_seconds(NOW - timedelta(days=3)) == 30


@given(st.integers(0, 10_000))
def test_no_wait_is_longer_than_the_longest_or_shorter_than_the_one_before(failures: int) -> None:
    assert wait_seconds(failures) <= wait_seconds(failures + 1) <= LONGEST_WAIT_S


def used(mm: float, count: PaperCount | None = None, paper: float = 150.0) -> PaperCount:
    count = count or PaperCount()
    for _ in range(round(mm / paper)):
        count = count.printed(paper)
    return count


def test_the_forecast_counts_down_with_the_paper() -> None:
    assert PaperCount().tickets_left(ROLL) == 500
    assert used(40_000).tickets_left(ROLL) == 250
    assert used(79_000).tickets_left(ROLL) == 6
    assert used(90_000).tickets_left(ROLL) == 0


def test_longer_tickets_mean_fewer_of_them() -> None:
    assert used(40_000, paper=300).tickets_left(ROLL) == 100


def test_what_a_roll_really_holds_is_learned_and_one_that_was_changed_early_hardly_counts() -> None:
    count = PaperCount()
    for length in (60_000, 61_000, 59_000):
        count = used(length, count).new_roll(ROLL, ran_out=True)
    assert count.length(ROLL) == pytest.approx(60_000, abs=150)
    count = used(20_000, count).new_roll(ROLL, ran_out=True)
    assert count.length(ROLL) == pytest.approx(59_500, abs=200)
    assert len(used(59_000, count).new_roll(ROLL, ran_out=True).new_roll(ROLL, ran_out=True).rolls) == 5


def test_the_set_length_has_a_vote_until_three_rolls_have_run_out() -> None:
    count = used(60_000).new_roll(ROLL, ran_out=True)
    assert 60_000 < count.length(ROLL) < ROLL
    assert PaperCount().length(ROLL) == ROLL


def test_a_roll_that_was_not_at_its_end_or_cannot_be_true_teaches_nothing() -> None:
    assert used(60_000).new_roll(ROLL, ran_out=False).rolls == ()
    assert used(3_000).new_roll(ROLL, ran_out=True).rolls == ()
    assert used(60_000).new_roll(ROLL, ran_out=False).used == 0


def test_the_sensor_corrects_the_count_in_both_directions() -> None:
    early, late = used(30_000).low(), used(79_900).low()
    assert early.tickets_left(ROLL) == late.tickets_left(ROLL) == 20
    assert early.printed(150).low().low_at == early.low_at, "only its first word counts"
    taught = used(4_500, late, 150).new_roll(ROLL, ran_out=True)
    assert used(30_000, taught).low().left(ROLL) == pytest.approx(4_500, abs=1)


def test_numbers_are_said_as_people_say_them() -> None:
    assert [rounded(n) for n in (7, 12, 99, 140, 499)] == [7, 10, 90, 100, 450]


OPEN_FULL, OPEN_EMPTY = Sensed(True, False), Sensed(True, True)
SHUT_FULL, SHUT_EMPTY = Sensed(False, False), Sensed(False, True)


def walk(*seen: Sensed) -> list[ChangeStep]:
    step, steps = ChangeStep.OPEN, []
    for each in seen:
        step = change_step(step, each)
        steps.append(step)
    return steps


def test_the_steps_follow_the_sensors() -> None:
    assert walk(SHUT_EMPTY, OPEN_FULL, OPEN_EMPTY, OPEN_FULL, SHUT_FULL) == [
        ChangeStep.OPEN,
        ChangeStep.OLD_OUT,
        ChangeStep.NEW_IN,
        ChangeStep.CLOSE,
        ChangeStep.TEST,
    ]


def test_whoever_closes_too_early_begins_again() -> None:
    assert walk(OPEN_FULL, SHUT_FULL)[-1] is ChangeStep.OPEN
    assert walk(OPEN_EMPTY, SHUT_EMPTY)[-1] is ChangeStep.OPEN
    assert walk(OPEN_EMPTY, OPEN_FULL, OPEN_EMPTY)[-1] is ChangeStep.NEW_IN


@given(st.lists(st.sampled_from([OPEN_FULL, OPEN_EMPTY, SHUT_FULL, SHUT_EMPTY])))
def test_nothing_is_tested_before_paper_was_gone_and_back_under_a_closed_cover(seen: list[Sensed]) -> None:
    steps = walk(*seen)
    if ChangeStep.TEST in steps:
        before = seen[: steps.index(ChangeStep.TEST) + 1]
        assert OPEN_EMPTY in before
        assert before[-1] == SHUT_FULL


HOURS = OpeningHours(
    {day: (Interval(time(9), time(12)), Interval(time(13), time(17))) for day in range(1, 6)},
    (ClosedDay(date(2026, 12, 25), Localized({"nl": "Kerstmis"})),),
)
AHEAD = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("at", "last", "expected"),
    [
        ("2026-11-23T08:29:00", None, False),
        ("2026-11-23T08:30:00", None, True),
        ("2026-11-23T08:45:00", "2026-11-23T08:30:00", False),
        ("2026-11-23T08:45:00", "2026-11-22T08:30:00", True),
        ("2026-11-23T10:00:00", None, False),
        ("2026-11-23T12:31:00", "2026-11-23T08:30:00", True),
        ("2026-11-22T08:45:00", None, False),
        ("2026-12-25T08:45:00", None, False),
    ],
)
def test_the_report_is_due_once_before_each_opening(at: str, last: str | None, expected: bool) -> None:
    before = datetime.fromisoformat(last).replace(tzinfo=ZONE) if last else None
    assert due(HOURS, datetime.fromisoformat(at).replace(tzinfo=ZONE), AHEAD, before) is expected


def test_zero_minutes_make_no_report() -> None:
    assert not due(HOURS, datetime(2026, 11, 23, 8, 45, tzinfo=ZONE), timedelta(0), None)


def test_a_report_survives_the_disk_and_a_strange_one_is_none() -> None:
    report = Report(NOW, ("printer", "network"), ("numbers",), 40)
    assert kept_report(report.kept()) == report
    assert report.told() == {"worst": "broken", "broken": "printer network", "attention": "numbers", "papersLeft": 40}
    for strange in (None, 3, {}, {"at": "?", "broken": [], "attention": [], "ticketsLeft": None}):
        assert kept_report(strange) is None
    assert report_of(NOW, (), None).worst.value == "ok"


def test_every_action_of_staff_is_documented() -> None:
    assert set(MEANINGS) == set(Act)
