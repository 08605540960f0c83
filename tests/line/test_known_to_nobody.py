"""A real column at rest knows nothing of whoever was there: no object of its process holds a name or a number."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulated.card.people import people
from kiosk.demo.cards import OUT
from kiosk.demo.day import Day
from kiosk.demo.hand import Hand
from kiosk.demo.person import Person
from kiosk.demo.visitors import WISHES, Visitor
from kiosk.demo.world import World
from tests.bench.column import CONTACT_POINT, running

WHO = "adult"
PATIENCE_S = 60.0


class Told:
    """Asks a running column what holds the words of one person."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self._ask, self._told = folder / "ask", folder / "told"
        self._words = "\n".join(word[::-1] for word in words)

    def holders(self) -> list[str]:
        """What holds one of them now."""
        self._told.unlink(missing_ok=True)
        fresh = self._ask.with_suffix(".new")
        fresh.write_text(self._words)
        fresh.rename(self._ask)
        assert until(self._told.exists), "the column never told"
        found: list[str] = json.loads(self._told.read_text())
        return found


def until(true: Callable[[], object]) -> bool:
    """Wait for something; false when it takes too long."""
    limit = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, open_now=CONTACT_POINT, attests=True) as world:
        yield world


def wish_for(name: str) -> Visitor:
    """A visitor with a card who wants that."""
    wish = next(wish for _, wish in WISHES if wish.name == name)
    return Visitor(0, "nl", replace(wish, options=("nl", *wish.options), card=WHO))


@pytest.mark.timeout(300)
@pytest.mark.expects_log("zuil.sync")
def test_a_column_at_rest_knows_nobody(world: World, tmp_path: Path) -> None:
    person = people(world.now().date())[WHO]
    told = Told(tmp_path, [person.surname, person.national_number, person.home.street])
    hand = Hand(world.dock_folder)
    hand.start()
    command = [sys.executable, "-m", "tests.line.telling_child", str(tmp_path), str(world.column(CONTACT_POINT))]
    try:
        with running(command, tmp_path / "child.log"):
            assert hand.wait_for(lambda seen: seen is not None, PATIENCE_S), (tmp_path / "child.log").read_text()
            assert told.holders() == []
            day = Day(hand, world.cards, 1_000_000)
            look_on_until(hand, day, "card.review")
            assert told.holders() != [], "the control: their name stands on the screen"
            world.cards.put_in(OUT)
            for name in ("card", "pin", "attest", "fee"):
                day.begin([wish_for(name)])
                assert day.wait(PATIENCE_S)
                assert day.counts.stayed == 1, f"{name}: {day.counts}"
                assert until(lambda: told.holders() == []), f"after {name} it is held by {told.holders()}"
    finally:
        hand.stop()


def look_on_until(hand: Hand, day: Day, moment: str) -> None:
    """Somebody comes, and stands there when that page does."""
    person = Person(wish_for("card").wish)
    for _ in range(40):
        seen = hand.glimpse
        assert seen is not None
        if seen.moment == moment:
            return
        day._move(person, seen)
    raise AssertionError(f"{moment} never came; there is {hand.glimpse}")
