"""A day of visitors: who comes when, in which language, for what, and who walks away; the same for the same seed.

Not for: what a person does at a page (`person`), or their hands at a column (`day`).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.core.texts import LANGUAGES, Language
from kiosk.demo.person import Wish

SHARE = (4, 9, 11, 10, 8, 6, 5, 5, 7, 8, 8, 7, 6, 4, 2)
"""How the visitors spread over the half hours of a day, from the opening on: mornings are busiest."""
HALF_HOUR_S = 1800
TOOLS = ("text_size", "contrast", "reach")
_LANGUAGES = (62, 16, 15, 7)
"""Of a hundred, in the order of `LANGUAGES`."""
_ADULTS: dict[Language, str] = {"nl": "adult", "fr": "adult-fr", "en": "adult", "de": "adult-de"}


def _ticket(service: str) -> Wish:
    return Wish("ticket", ("all", f"service:{service}", "way:0", "done"))


def _card(name: str, service: str, *options: str) -> Wish:
    return Wish(name, ("all", f"service:{service}", "way:0", *options, "done"), "adult")


WISHES: tuple[tuple[int, Wish], ...] = (
    (22, _ticket("passport")),
    (14, _ticket("identity-card")),
    (8, _ticket("driving-licence")),
    (8, Wish("ticket", ("search", "service:passport", "way:0", "done"), words="paspoort")),
    (6, Wish("way", ("all", "service:library-card", "way:1", "done"))),
    (5, Wish("help", ("continue",), help=True)),
    (6, _card("card", "card-check", "confirm")),
    (4, _card("pin", "pin-test", "confirm")),
    (10, _card("attest", "residence-attest", "bank", "make")),
    (8, _card("attest", "household-composition", "social", "ask", "make")),
    (9, _card("fee", "household-composition", "other", "ask", "make", "pay")),
)
"""Of a hundred visitors, how many come for what."""
ABANDON = 0.12
"""Share of visitors who walk away before the end."""


@dataclass(frozen=True)
class Visitor:
    """One person.

    Attributes:
        at: seconds after the opening.
        tools: ids of what they use on the first page.
    """

    at: float
    language: Language
    wish: Wish
    tools: tuple[str, ...] = ()


def day_of(count: int, seed: int) -> list[Visitor]:
    """That many visitors in the order they come."""
    chance = random.Random(seed)  # noqa: S311 - people, not secrets
    moments = sorted(_moment(chance) for _ in range(count))
    return [visitor(chance, moment) for moment in moments]


def visitor(chance: random.Random, at: float = 0.0) -> Visitor:
    """Anybody."""
    language = chance.choices(LANGUAGES, _LANGUAGES)[0]
    wish = chance.choices([wish for _, wish in WISHES], [share for share, _ in WISHES])[0]
    wish = replace(wish, options=(language, *wish.options), card=_ADULTS[language] if wish.card else "")
    if chance.random() < ABANDON:
        wish = replace(wish, leaves_after=chance.randint(2, 7))
    tools = tuple(tool for tool in TOOLS if chance.random() < 0.05)
    return Visitor(at, language, wish, tools)


def _moment(chance: random.Random) -> float:
    half_hour = chance.choices(range(len(SHARE)), SHARE)[0]
    return (half_hour + chance.random()) * HALF_HOUR_S


def names(visitors: Sequence[Visitor]) -> list[str]:
    """What they came for, once each."""
    return sorted({each.wish.name for each in visitors})
