"""A badge at the column: it names somebody of staff, their PIN lets them in; to a citizen's journey it is nothing."""

from __future__ import annotations

from functools import partial

import pytest

from drivers.card_contract import CardFailed, CardKind, CardProblem, NoNumber
from kiosk.demo.told_cards import ToldCards
from kiosk.demo.told_staff import CODE, somebody
from kiosk.journeys.staff_desk import PinToo
from tests.journeys.test_identifying import card_site
from tests.journeys.test_staff import acts, column
from tests.journeys.world import World


def badge_of_an(world: World) -> World:
    world.staff.door.badge = PinToo("an")
    return world


async def show(world: World, reader: ToldCards | None = None) -> None:
    """Hold a badge to a reader and take it away again."""
    shown = reader or world.cards
    await world.do(partial(shown.insert, CardKind.BADGE))
    await world.do(shown.pull)


async def key(world: World, code: str) -> None:
    await world.do(lambda: world.screen.key(code))
    await world.touch("confirm")


async def test_a_badge_asks_for_the_code_and_lets_in_with_it() -> None:
    async with badge_of_an(column()) as world:
        await world.do(world.screen.knock)
        assert "staff.entry.card_badge_or_code" in world.shown
        await world.do(partial(world.cards.insert, CardKind.BADGE))
        assert "card.take.title" in world.shown, "what lies in the reader of visitors must come out"
        await world.do(world.cards.pull)
        assert "staff.entry.pin_too" in world.shown
        assert not acts(world)
        await key(world, CODE)
        assert "staff.all_works" in world.shown
        assert acts(world) == [("entered", "badge")]


@pytest.mark.parametrize("reader", [None, ToldCards()], ids=["card reader", "own reader"])
async def test_control_a_badge_alone_never_opens(reader: ToldCards | None) -> None:
    world = World(staff=True, badges=reader)
    world.staff.door.badge = PinToo("an")
    async with world:
        await world.do(world.screen.knock)
        for _ in range(3):
            await show(world, reader)
            assert "staff.entry.title" in world.shown
        await world.touch("confirm")
        assert "staff.entry.short" in world.shown, "nor with no code at all"
        await world.pass_time(90)
        assert not acts(world)


async def test_a_wrong_code_after_a_badge_does_not_open_and_the_right_one_does() -> None:
    async with badge_of_an(column()) as world:
        await world.do(world.screen.knock)
        await show(world)
        await key(world, "000000")
        assert "staff.entry.wrong" in world.shown
        assert world.staff.door.tried == 1
        await key(world, CODE)
        assert "staff.all_works" in world.shown


async def test_after_a_badge_only_its_owners_code_opens() -> None:
    world = column()
    world.staff.door.badge = PinToo("ben")
    async with world:
        await world.do(world.screen.knock)
        await show(world)
        await key(world, CODE)
        assert "staff.entry.wrong" in world.shown, "it is An's code, and the badge is Ben's"
        assert not acts(world)


async def test_a_strange_badge_gives_no_access_and_the_code_still_does() -> None:
    async with column() as world:
        await world.do(world.screen.knock)
        await show(world)
        assert "staff.entry.card_unknown" in world.shown
        await key(world, CODE)
        assert acts(world) == [("entered", "pin")]


@pytest.mark.parametrize(
    ("badge", "says"),
    [
        (NoNumber.RANDOM, "staff.entry.badge_unusable"),
        (NoNumber.NONE, "staff.entry.badge_unusable"),
        (CardFailed(CardProblem.REMOVED), "staff.entry.badge_gone"),
        (CardFailed(CardProblem.MUTE), "staff.entry.badge_unusable"),
    ],
)
async def test_a_badge_that_names_nobody_says_why(badge: NoNumber | CardFailed, says: str) -> None:
    async with badge_of_an(column()) as world:
        world.cards.badge = badge
        await world.do(world.screen.knock)
        await show(world)
        assert says in world.shown
        assert not world.staff.door.tried


async def test_a_citizen_with_a_badge_is_told_what_it_is_and_nothing_is_read() -> None:
    async with badge_of_an(World(card_site(), staff=True)) as world:
        await world.touch("nl", "all", "service:look", "way:0")
        await world.do(partial(world.cards.insert, CardKind.BADGE))
        assert "card.kind.badge" in world.shown
        await world.do(world.screen.knock)
        assert "staff.entry.code" in world.shown, "the reader is the visitor's"
        await world.do(world.cards.pull)
        await show(world)
        assert "staff.entry.code" in world.shown
        assert not acts(world)
        assert not world.cards.requests


async def test_with_a_reader_of_their_own_staff_show_a_badge_over_a_visit_and_the_visitors_card_stays() -> None:
    own = ToldCards()
    async with badge_of_an(World(card_site(), staff=True, badges=own)) as world:
        await world.touch("nl", "all", "service:look", "way:0")
        await world.do(partial(world.cards.insert, CardKind.EID))
        before = world.screen.lines()
        await world.do(world.screen.knock)
        assert "staff.entry.badge_and_code" in world.shown
        await show(world, own)
        assert "staff.entry.pin_too" in world.shown
        assert "card.take" not in world.shown, "the card in the other reader is the visitor's"
        await key(world, CODE)
        assert acts(world) == [("entered", "badge")]
        await world.touch("leave")
        assert world.screen.lines() == before


async def test_a_badge_that_lay_there_before_the_keypad_counts_for_nothing() -> None:
    own = ToldCards()
    async with badge_of_an(World(staff=True, badges=own)) as world:
        await world.do(partial(own.insert, CardKind.BADGE))
        await world.do(world.screen.knock)
        assert "staff.entry.pin_too" not in world.shown
        await world.do(own.pull)
        await show(world, own)
        assert "staff.entry.pin_too" in world.shown


async def test_without_anybody_with_a_badge_the_reader_is_not_asked() -> None:
    own = ToldCards()
    async with badge_of_an(World(staff=True, badges=own)) as world:
        world.staff.door.badges = False
        await world.do(world.screen.knock)
        await show(world, own)
        assert "staff.entry.card_or_code" in world.shown


async def test_a_locked_door_opens_to_a_card_that_proves_itself_and_takes_note_of_a_badge() -> None:
    async with badge_of_an(column()) as world:
        world.staff.door.wait = 15
        await world.do(world.screen.knock)
        await show(world)
        assert "staff.entry.locked_seconds" in world.shown
        world.staff.door.wait = 0
        await world.pass_time(15)
        assert "staff.entry.pin_too" in world.shown
    async with column() as world:
        world.staff.door.wait, world.staff.door.card = 240, somebody()
        await world.do(world.screen.knock)
        await world.do(partial(world.cards.insert, CardKind.EID))
        await world.do(world.cards.pull)
        assert acts(world) == [("entered", "card")]
