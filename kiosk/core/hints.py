"""Proactive hints: what may be of use to somebody whose card was just read, from the municipality's table of rules.

Pure, and nothing is kept: a hint is an offer on the screen of this visit. What a card does not say triggers nothing.
Not for: showing the offers (`kiosk.journeys.use_card`).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from kiosk.core.texts import Localized

CHILD_DOCUMENTS = frozenset({"kids", "foreign_child"})


class HintWhen(Enum):
    """What a rule looks at."""

    EXPIRED = "expired"
    EXPIRES_WITHIN = "expires_within"
    """The last day of validity is today or at most `months` away."""
    CHILD_CARD = "child_card"
    AGE_BETWEEN = "age_between"
    """The holder is certainly at least `from_age` and at most `to_age` years old."""
    LIVES_ELSEWHERE = "lives_elsewhere"
    """The address on the card is not in this municipality: somebody who moved here has something to report."""
    SEASON = "season"
    """Today lies between `from_day` and `until_day`, across the new year too."""


@dataclass(frozen=True)
class HintRule:
    """One rule of the table.

    Attributes:
        says: the offer, one line.
        service: id of the service it leads to.
        from_day: month and day.
        until_day: month and day, inclusive.
    """

    id: str
    when: HintWhen
    says: Localized
    service: str
    months: int = 0
    from_age: int = 0
    to_age: int = 150
    from_day: tuple[int, int] = (1, 1)
    until_day: tuple[int, int] = (12, 31)


@dataclass(frozen=True)
class CardFacts:
    """What the rules may look at; None where the card does not say.

    Attributes:
        document: a value of `drivers.card_contract.DocumentKind`.
        lives_here: whether the address on the card is in this municipality.
    """

    document: str
    valid_until: date | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    lives_here: bool | None = None


def hints(rules: tuple[HintRule, ...], facts: CardFacts, today: date) -> tuple[HintRule, ...]:
    """The rules that apply, in the order of the table, each service once."""
    found: dict[str, HintRule] = {}
    for rule in rules:
        if _APPLIES[rule.when](rule, facts, today):
            found.setdefault(rule.service, rule)
    return tuple(found.values())


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def ages(facts: CardFacts, today: date) -> range | None:
    """Every age the holder may have today, or None when the year is unknown; one age when the date is whole."""
    year, month = facts.birth_year, facts.birth_month
    if year is None:
        return None
    day = facts.birth_day if month else None
    first = (month or 1, day or 1)
    last = (month or 12, day or calendar.monthrange(year, month or 12)[1])
    now, oldest = (today.month, today.day), today.year - year
    return range(oldest - (now < last), oldest + (now >= first))


def _expired(_rule: HintRule, facts: CardFacts, today: date) -> bool:
    return facts.valid_until is not None and facts.valid_until < today


def _expires_within(rule: HintRule, facts: CardFacts, today: date) -> bool:
    return facts.valid_until is not None and today <= facts.valid_until <= months_later(today, rule.months)


def _child_card(_rule: HintRule, facts: CardFacts, _today: date) -> bool:
    return facts.document in CHILD_DOCUMENTS


def _age_between(rule: HintRule, facts: CardFacts, today: date) -> bool:
    possible = ages(facts, today)
    return possible is not None and all(rule.from_age <= age <= rule.to_age for age in possible)


def _lives_elsewhere(_rule: HintRule, facts: CardFacts, _today: date) -> bool:
    return facts.lives_here is False


def _season(rule: HintRule, _facts: CardFacts, today: date) -> bool:
    now = (today.month, today.day)
    if rule.from_day <= rule.until_day:
        return rule.from_day <= now <= rule.until_day
    return now >= rule.from_day or now <= rule.until_day


_APPLIES: dict[HintWhen, Callable[[HintRule, CardFacts, date], bool]] = {
    HintWhen.EXPIRED: _expired,
    HintWhen.EXPIRES_WITHIN: _expires_within,
    HintWhen.CHILD_CARD: _child_card,
    HintWhen.AGE_BETWEEN: _age_between,
    HintWhen.LIVES_ELSEWHERE: _lives_elsewhere,
    HintWhen.SEASON: _season,
}
"""What each kind of rule looks at."""
