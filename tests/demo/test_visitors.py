"""A day of visitors: the same for the same seed, people of every kind, and somebody who always finds the way out."""

from __future__ import annotations

from collections import Counter

import pytest

from config.site import load_site
from kiosk.core.texts import LANGUAGES
from kiosk.demo.cards import SLOT
from kiosk.demo.day import DAYS, NOBODY, VISITORS, Counts
from kiosk.demo.person import TRIES, WAY_OUT, Person, Wish
from kiosk.demo.visitors import HALF_HOUR_S, SHARE, WISHES, day_of
from kiosk.paths import DEMO_SITE
from kiosk.terminal.glimpse import Act, Glimpse


def page(moment: str = "sheet", kind: str = "sheet", **more: object) -> Glimpse:
    return Glimpse(1, moment, kind, "", "nl", **more)  # type: ignore[arg-type]


def test_the_same_seed_is_the_same_day() -> None:
    assert day_of(50, 7) == day_of(50, 7)
    assert day_of(50, 7) != day_of(50, 8)


def test_a_day_has_people_of_every_kind_in_the_order_they_come() -> None:
    people = day_of(2000, 1)
    moments = [each.at for each in people]
    assert moments == sorted(moments)
    assert moments[-1] < len(SHARE) * HALF_HOUR_S
    assert {each.language for each in people} == set(LANGUAGES)
    assert {each.wish.name for each in people} == {wish.name for _, wish in WISHES}
    assert Counter(bool(each.wish.leaves_after) for each in people)[True] > 100
    assert any(each.tools for each in people)
    morning = sum(each.at < 4 * HALF_HOUR_S for each in people)
    assert morning > sum(each.at > 11 * HALF_HOUR_S for each in people)


def test_wishes_are_of_the_demo_site() -> None:
    services = {service.id for service in load_site(DEMO_SITE).services}
    for share, wish in WISHES:
        asked = {option.removeprefix("service:") for option in wish.options if option.startswith("service:")}
        assert share > 0
        assert asked <= services
        assert wish.card in ("", *SLOT)
    assert sum(share for share, _ in WISHES) == 100


def test_the_lever_names_every_day() -> None:
    assert list(VISITORS) == [NOBODY, *DAYS]
    assert str(Counts()) == ""
    said = str(Counts(10, 3, 1, 1, 1, (("ticket", 3),)))
    assert said == "3 of 10 visitors: 1 to the end, 1 walked away, 1 turned away (ticket 3)"


def test_somebody_takes_what_they_came_for_and_then_goes() -> None:
    person = Person(Wish("x", ("nl", "way:0")))
    assert person.next(page(options=("fr", "nl")), card_in=False).act == Act("touch", ("nl",))
    assert person.next(page(options=("way:0", "way:1"), back=True), card_in=False).act == Act("touch", ("way:0",))
    assert person.next(page(options=("more", "done")), card_in=False).act == Act("touch", ("done",))
    assert person.next(page(options=("other",), back=True), card_in=False).act == Act("back")
    assert person.next(page(kind="menu", options=("a",)), card_in=False).act == Act("tool", ("start_over",))
    assert person.next(page(options=("a", "b"), primary=("b",)), card_in=False).act == Act("touch", ("b",))


def test_somebody_gives_up_on_a_reader_and_on_a_pin() -> None:
    person = Person(Wish("x", (), card="adult"))
    insert = page(kind="card", picture="insert", back=True, options=("x",))
    assert [person.next(insert, card_in=False).card for _ in range(TRIES)] == ["in"] * TRIES
    assert person.next(insert, card_in=False).act == Act("back")
    pin = page(kind="pin", missing=4, back=True)
    assert person.next(pin, card_in=True).act == Act("key", ("1234",))
    for _ in range(TRIES):
        assert person.next(page(kind="pin", back=True), card_in=True).act == Act("touch", ("confirm",))
    assert person.next(page(kind="pin", back=True, options=("x",)), card_in=True).act == Act("back")
    assert person.next(page(kind="card", picture="take"), card_in=True).card == "out"


def test_somebody_walks_away_after_so_many_touches() -> None:
    person = Person(Wish("x", ("nl",), leaves_after=1))
    assert not person.next(page(options=("nl",)), card_in=False).leaves
    assert person.next(page(options=("a",)), card_in=False).leaves


@pytest.mark.parametrize("way", WAY_OUT)
def test_every_way_out_is_known(way: str) -> None:
    assert Person(Wish("x", ())).next(page(options=("other", way)), card_in=False).act == Act("touch", (way,))
