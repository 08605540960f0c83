"""Hints: each kind of rule by example at its edges, and by property against the plain meaning of the words."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_contract import DocumentKind
from kiosk.core.hints import CHILD_DOCUMENTS, CardFacts, HintRule, HintWhen, ages, hints, months_later
from tests.core.towns import text

TODAY = date(2026, 11, 25)
CITIZEN = DocumentKind.CITIZEN.value
SILENT = CardFacts(CITIZEN)
"""A card that says nothing but what it is."""
SAYS = text("Dit kan u helpen")
EXPIRED = HintRule("expired", HintWhen.EXPIRED, SAYS, "renew")
SOON = HintRule("soon", HintWhen.EXPIRES_WITHIN, SAYS, "renew-soon", months=6)
CHILD = HintRule("child", HintWhen.CHILD_CARD, SAYS, "kids")
SENIOR = HintRule("senior", HintWhen.AGE_BETWEEN, SAYS, "pension", from_age=64, to_age=66)
MOVED = HintRule("moved", HintWhen.LIVES_ELSEWHERE, SAYS, "move")
TAXES = HintRule("taxes", HintWhen.SEASON, SAYS, "key", from_day=(5, 1), until_day=(7, 15))
WINTER = HintRule("winter", HintWhen.SEASON, SAYS, "heating", from_day=(11, 15), until_day=(2, 29))


def applies(rule: HintRule, facts: CardFacts = SILENT, today: date = TODAY) -> bool:
    """Whether this one rule gives its hint."""
    return hints((rule,), facts, today) == (rule,)


@pytest.mark.parametrize(
    ("until", "expired", "soon"),
    [
        ("2026-11-24", True, False),
        ("2026-11-25", False, True),
        ("2027-05-25", False, True),
        ("2027-05-26", False, False),
        (None, False, False),
    ],
)
def test_a_card_is_valid_up_to_and_including_its_last_day(until: str | None, expired: bool, soon: bool) -> None:
    facts = CardFacts(CITIZEN, date.fromisoformat(until) if until else None)
    assert (applies(EXPIRED, facts), applies(SOON, facts)) == (expired, soon)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-06-30", 1, "2026-07-30"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-11-25", 1, "2026-12-25"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-11-25", 120, "2036-11-25"),
    ],
)
def test_months_are_those_of_the_calendar(day: str, months: int, later: str) -> None:
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


def test_only_documents_of_children_are_for_children() -> None:
    assert [kind for kind in DocumentKind if applies(CHILD, CardFacts(kind.value))] == [
        DocumentKind.KIDS,
        DocumentKind.FOREIGN_CHILD,
    ]
    assert {kind.value for kind in DocumentKind} >= CHILD_DOCUMENTS


@pytest.mark.parametrize(("lives_here", "hinted"), [(False, True), (True, False), (None, False)])
def test_somebody_who_lives_elsewhere_may_have_moved(lives_here: bool | None, hinted: bool) -> None:
    assert applies(MOVED, CardFacts(CITIZEN, lives_here=lives_here)) is hinted


@pytest.mark.parametrize(
    ("born", "hinted"),
    [
        ((1962, 11, 25), True),  # 64 today
        ((1962, 11, 26), False),  # 63 until tomorrow
        ((1959, 11, 26), True),  # 66 until tomorrow
        ((1959, 11, 25), False),  # 67 today
        ((1961, None, None), True),  # 64 or 65
        ((1962, None, None), False),  # 63 or 64
        ((1962, 10, None), True),
        ((1962, 11, None), False),
        ((None, None, None), False),
        ((None, 1, 1), False),
    ],
)
def test_an_age_counts_only_when_it_is_certain(born: tuple[int | None, int | None, int | None], hinted: bool) -> None:
    assert applies(SENIOR, born_on(*born)) is hinted


def test_one_born_on_29_february_is_a_year_older_on_1_march() -> None:
    facts, rule = born_on(2008, 2, 29), replace(SENIOR, from_age=18, to_age=18)
    assert not applies(rule, facts, date(2026, 2, 28))
    assert applies(rule, facts, date(2026, 3, 1))


def test_when_a_short_month_is_over_nobody_born_in_it_is_still_younger() -> None:
    assert list(ages(born_on(2000, 6, None), date(2026, 6, 30)) or ()) == [26]
    assert list(ages(born_on(2000, None, None), date(2026, 12, 31)) or ()) == [26]


@pytest.mark.parametrize(
    ("rule", "day", "hinted"),
    [
        (TAXES, "2027-04-30", False),
        (TAXES, "2027-05-01", True),
        (TAXES, "2027-07-15", True),
        (TAXES, "2027-07-16", False),
        (WINTER, "2026-11-14", False),
        (WINTER, "2026-11-15", True),
        (WINTER, "2026-12-31", True),
        (WINTER, "2027-01-01", True),
        (WINTER, "2027-02-28", True),
        (WINTER, "2027-03-01", False),
        (WINTER, "2028-02-29", True),
    ],
)
def test_a_season_has_both_its_ends_and_may_cross_the_new_year(rule: HintRule, day: str, hinted: bool) -> None:
    assert applies(rule, today=date.fromisoformat(day)) is hinted


def test_hints_keep_the_order_of_the_table_and_a_service_is_hinted_once() -> None:
    again = replace(SOON, id="again", service="renew")
    facts = CardFacts(DocumentKind.KIDS.value, TODAY, lives_here=False)
    found = hints((MOVED, CHILD, again, replace(SOON, service="renew"), EXPIRED), facts, TODAY)
    assert [rule.id for rule in found] == ["moved", "child", "again"]


DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
RULES = st.builds(
    HintRule,
    st.sampled_from("abc"),
    st.sampled_from(HintWhen),
    st.just(SAYS),
    st.sampled_from(("s", "t", "u")),
    months=st.integers(1, 120),
    from_age=st.integers(0, 60),
    to_age=st.integers(60, 120),
    from_day=st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: (day.month, day.day)),
    until_day=st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: (day.month, day.day)),
)
MAYBE_DATES = st.one_of(st.none(), DAYS)


@st.composite
def births(draw: st.DrawFn) -> CardFacts:
    """A date of birth as cards have them: whole, without day, without month and day, or none."""
    born = draw(st.dates(date(1900, 1, 1), date(2039, 12, 31)))
    known = draw(st.integers(0, 3))
    return born_on(*(part if place < known else None for place, part in enumerate((born.year, born.month, born.day))))


FACTS = st.builds(
    lambda born, document, until, here: replace(born, document=document, valid_until=until, lives_here=here),
    births(),
    st.sampled_from([kind.value for kind in DocumentKind]),
    MAYBE_DATES,
    st.sampled_from((None, False, True)),
)


@given(st.lists(RULES), FACTS, DAYS)
def test_hints_are_rules_of_the_table_each_on_its_own_account(
    rules: list[HintRule], facts: CardFacts, today: date
) -> None:
    found = hints(tuple(rules), facts, today)
    assert len({rule.service for rule in found}) == len(found)
    assert {rule.service for rule in found} == {rule.service for rule in rules if applies(rule, facts, today)}
    assert list(found) == [rule for rule in dict.fromkeys(rules) if rule in found]


@given(RULES, DAYS)
def test_what_a_card_does_not_say_triggers_nothing(rule: HintRule, today: date) -> None:
    assert not applies(rule, SILENT, today) or rule.when is HintWhen.SEASON


@given(births(), DAYS)
def test_the_ages_are_those_of_every_day_somebody_may_be_born_on(facts: CardFacts, today: date) -> None:
    possible = ages(facts, today)
    if facts.birth_year is None:
        assert possible is None
    else:
        assert set(possible or ()) == {age(born, today) for born in possible_births(facts)}


@given(births(), DAYS, st.integers(0, 120), st.integers(0, 120))
def test_an_age_rule_means_that_nobody_of_these_can_be_out_of_its_range(
    facts: CardFacts, today: date, one: int, other: int
) -> None:
    rule = replace(SENIOR, from_age=min(one, other), to_age=max(one, other))
    certain = facts.birth_year is not None and all(
        rule.from_age <= age(born, today) <= rule.to_age for born in possible_births(facts)
    )
    assert applies(rule, facts, today) is certain


@given(DAYS, st.integers(0, 240))
def test_so_many_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(1, 120))
def test_no_card_is_both_expired_and_about_to_expire(until: date, today: date, months: int) -> None:
    facts, soon = CardFacts(CITIZEN, until), replace(SOON, months=months)
    assert applies(EXPIRED, facts, today) is (until < today)
    assert applies(soon, facts, today) is (today <= until <= months_later(today, months))


@given(RULES, DAYS)
def test_a_season_goes_round_the_calendar_from_its_first_day_to_its_last(rule: HintRule, today: date) -> None:
    first, last, now = (_place(*day) for day in (rule.from_day, rule.until_day, (today.month, today.day)))
    season = replace(rule, when=HintWhen.SEASON)
    assert applies(season, today=today) is ((now - first) % 366 <= (last - first) % 366)


def _place(month: int, day: int) -> int:
    return date(2028, month, day).timetuple().tm_yday  # a leap year has every day there is


def born_on(year: int | None, month: int | None, day: int | None) -> CardFacts:
    """A card that says only this of a birth."""
    return CardFacts(CITIZEN, birth_year=year, birth_month=month, birth_day=day)


def age(born: date, today: date) -> int:
    """Years lived: birthdays there have been."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def possible_births(facts: CardFacts) -> Iterator[date]:
    """Every day that fits what the card says."""
    if facts.birth_year is None:
        return
    for month in [facts.birth_month] if facts.birth_month else range(1, 13):
        last = calendar.monthrange(facts.birth_year, month)[1]
        for day in [facts.birth_day] if facts.birth_day else range(1, last + 1):
            yield date(facts.birth_year, month, day)
