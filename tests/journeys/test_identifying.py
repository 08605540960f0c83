"""The journey around the identity card, told as it happens at the column; scripted screen, driven clock, no bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from drivers.card_contract import (
    CardFailed,
    CardKind,
    CardProblem,
    Check,
    CheckName,
    Field,
    Finding,
    Part,
    PinEnd,
    PinState,
    PinWrong,
    Progress,
    Verdict,
)
from drivers.contract import DeviceStatus, Health, Reason
from kiosk.core.catalogue import Offer, Site, WayKind
from kiosk.core.hints import HintRule, HintWhen
from kiosk.core.pages import CLEAR, ERASE, CardPage, CardPicture, Keyed, PinPage, SheetPage, Tool
from kiosk.core.purposes import Level, Purpose
from kiosk.demo.told_cards import GENUINE, PRESENT
from kiosk.journeys.visit import Visit
from tests.journeys.world import World, everywhere, service, small_site

LOOK = Purpose(
    id="look",
    title=everywhere("look"),
    fields=("name", "birth_date", "address"),
    level=Level.CARD,
    why=everywhere("to show you"),
    keep=everywhere("nothing is kept"),
)
PROVE = replace(LOOK, id="prove", level=Level.PIN, fields=("name",))
RENEW = HintRule(
    id="renew", when=HintWhen.EXPIRES_WITHIN, months=80, says=everywhere("renew your card"), service="passport"
)


def card_site() -> Site:
    """Two services with the card, each with a ticket beside it."""
    ticket = Offer(WayKind.TICKET, queue="desk")
    site = small_site(
        service("passport"),
        service("look", Offer(WayKind.CARD, purpose="look"), ticket),
        service("prove", Offer(WayKind.CARD, purpose="prove"), ticket),
    )
    return replace(site, purposes=(LOOK, PROVE), postal_codes=("2600",))


@asynccontextmanager
async def at_the_reader(name: str, *, site: Site | None = None) -> AsyncIterator[World]:
    """A visit that has just chosen to do it with the card."""
    async with World(site or card_site()) as world:
        await world.touch("nl", "all", f"service:{name}", "way:0")
        yield world


async def put_in(world: World, card: CardKind = CardKind.EID) -> None:
    await world.do(lambda: world.cards.insert(card))


async def take_out(world: World) -> None:
    await world.do(world.cards.pull)


async def key(world: World, keys: str) -> None:
    await world.do(lambda: world.screen.give(Keyed(world.screen.view.serial if world.screen.view else 0, keys)))


async def to_the_keypad(world: World) -> None:
    await put_in(world)
    await world.touch("confirm")


async def test_what_is_read_and_what_is_not_stands_there_before_the_card_is_in() -> None:
    async with at_the_reader("look") as world:
        page = world.screen.page
        assert isinstance(page, CardPage)
        assert page.picture is CardPicture.INSERT
        asked, spared, _ = page.sections
        assert len(asked.items) == 3
        assert len(spared.items) == len(Field) - 3
        assert "to show you" in world.shown
        assert not world.cards.requests, "nothing is read before the person puts the card in"


async def test_card_in_read_confirmed_done_and_the_card_is_asked_back() -> None:
    async with at_the_reader("look") as world:
        await put_in(world)
        assert world.cards.requests[0].fields == {Field.NAME, Field.BIRTH_DATE, Field.ADDRESS}
        page = world.screen.page
        assert isinstance(page, SheetPage)
        assert "Vandenbroucke-Test" in world.shown
        assert "26.08.1954" in world.shown
        assert "592000000081" not in world.shown, "what was not asked for is not shown"
        assert all(fact.private for fact in page.facts[:3])
        await world.touch("confirm", "done")
        assert isinstance(world.screen.page, CardPage)
        assert world.screen.page.picture is CardPicture.TAKE
        await take_out(world)
        assert "home.title" in world.shown
        assert ("cards.used", {"officeId": "hall", "purpose": "look", "level": "card", "outcome": "done"}) in (
            world.store.events
        )


async def test_nothing_of_the_person_is_in_any_event() -> None:
    async with at_the_reader("look") as world:
        await put_in(world)
        await world.touch("confirm", "done")
        await take_out(world)
        told = str(world.store.events)
        for secret in ("Vandenbroucke", "Anneleen", "Grotesteenweg", "1954", "592000000081"):
            assert secret not in told


async def test_back_without_a_card_leads_to_the_other_ways() -> None:
    async with at_the_reader("look") as world:
        await world.touch("without")
        assert "way.ticket" in world.shown
        await world.touch("way:0")
        await world.do(world.screen.back)
        assert "way.ticket" in world.shown


async def test_a_card_that_was_in_before_the_screen_was_touched_is_this_persons() -> None:
    async with World(card_site()) as world:
        await put_in(world)
        await world.touch("nl", "all", "service:look", "way:0")
        assert "card.ready.title" in world.shown
        assert "to show you" in world.shown
        assert not world.cards.requests, "first the person is told what for"
        await world.touch("read")
        assert "Vandenbroucke-Test" in world.shown


async def test_a_card_that_a_reader_finds_when_it_comes_back_is_not_read_without_a_yes() -> None:
    """After a power cut, or with the reader plugged in again, the card may be anybody's."""
    async with at_the_reader("look") as world:
        await world.do(lambda: world.cards.insert(found=True))
        assert "card.ready.title" in world.shown
        assert not world.cards.requests
        await world.touch("read")
        assert "Vandenbroucke-Test" in world.shown


async def test_a_card_that_is_in_already_may_come_out_unread() -> None:
    async with World(card_site()) as world:
        await put_in(world)
        await world.touch("nl", "all", "service:look", "way:0", "without")
        assert not world.cards.requests
        await take_out(world)
        assert "way.ticket" in world.shown


async def test_taking_the_card_out_erases_the_person_at_once() -> None:
    async with at_the_reader("look") as world:
        await put_in(world)
        assert "Vandenbroucke-Test" in world.shown
        await take_out(world)
        assert "card.gone.title" in world.shown
        assert "Vandenbroucke-Test" not in world.shown
        await world.touch("done")
        assert "way.card" in world.shown


async def test_a_notice_over_the_page_does_not_keep_the_person_when_the_card_goes() -> None:
    async with at_the_reader("look") as world:
        await put_in(world)
        await world.pass_time(61)
        assert "idle.title" in world.shown
        await take_out(world)
        assert "card.gone.title" in world.shown


@pytest.mark.parametrize("kind", [kind for kind in CardKind if kind is not CardKind.EID])
async def test_every_other_card_has_a_sentence_of_its_own(kind: CardKind) -> None:
    async with at_the_reader("look") as world:
        await put_in(world, kind)
        assert f"card.kind.{kind.value}" in world.shown
        assert not world.cards.requests
        await take_out(world)
        assert "card.insert.title" in world.shown
        await put_in(world)
        assert "Vandenbroucke-Test" in world.shown


@pytest.mark.parametrize("problem", [CardProblem.REMOVED, CardProblem.MUTE, CardProblem.GARBLED, CardProblem.IN_USE])
async def test_a_failed_reading_says_why_and_wants_the_card_again(problem: CardProblem) -> None:
    async with at_the_reader("look") as world:
        world.cards.result = CardFailed(problem)
        await put_in(world)
        assert f"card.problem.{problem.value}" in world.shown
        world.cards.result = None
        assert len(world.cards.requests) == 1, "the same insertion is not read again by itself"
        await take_out(world)
        await put_in(world)
        assert "Vandenbroucke-Test" in world.shown


async def test_a_reader_that_fails_leads_back_to_ways_without_a_card() -> None:
    async with at_the_reader("look") as world:
        world.cards.result = CardFailed(CardProblem.READER)
        world.cards.status = DeviceStatus(Health.UNAVAILABLE, Reason.NO_READER)
        await put_in(world)
        assert "card.reader_failed.title" in world.shown
        await world.touch("done")
        await take_out(world)
        assert "way.ticket" in world.shown
        assert "way.card" not in world.shown


@pytest.mark.parametrize(
    "name", [CheckName.IDENTITY_SIGNATURE, CheckName.REGISTER_CERTIFICATE, CheckName.CHIP, CheckName.REVOCATION]
)
async def test_a_card_that_fails_a_check_is_refused_and_shows_nobodys_name(name: CheckName) -> None:
    async with at_the_reader("look") as world:
        world.cards.verdict = GENUINE.with_check(Check(name, Finding.FAILED))
        await put_in(world)
        assert "card.untrusted.title" in world.shown
        assert "Vandenbroucke-Test" not in world.shown


async def test_an_expired_card_is_genuine() -> None:
    async with at_the_reader("look") as world:
        world.cards.verdict = Verdict((Check(CheckName.VALIDITY, Finding.FAILED),))
        await put_in(world)
        assert "card.review.title" in world.shown
        assert "card.genuine.unchecked" in world.shown, "and nothing is called genuine that was not checked"


async def test_the_pin_of_an_expired_card_is_not_asked_for() -> None:
    async with at_the_reader("prove") as world:
        world.cards.verdict = Verdict((Check(CheckName.VALIDITY, Finding.FAILED),))
        await to_the_keypad(world)
        assert "pin.expired.title" in world.shown
        assert world.cards.pins == []


async def test_progress_is_told_while_the_card_is_read() -> None:
    async with at_the_reader("look") as world:
        world.cards.released.clear()
        await put_in(world)
        page = world.screen.page
        assert isinstance(page, CardPage)
        assert (page.picture, page.done, page.of) == (CardPicture.READING, 0, 2)
        await world.do(world.cards.released.set)
        assert "card.review.title" in world.shown


async def test_the_right_pin_and_how_many_digits_the_screen_knows() -> None:
    async with at_the_reader("prove") as world:
        await to_the_keypad(world)
        await key(world, "1")
        await key(world, "2")
        page = world.screen.page
        assert isinstance(page, PinPage)
        assert page.entered == 2
        await key(world, ERASE)
        await key(world, "234")
        await world.touch("confirm")
        assert world.cards.pins == [4]
        assert "pin.done.title" in world.shown
        assert "1234" not in "".join(str(view) for view in world.screen.shown)


async def test_clearing_and_a_pin_too_short() -> None:
    async with at_the_reader("prove") as world:
        await to_the_keypad(world)
        await key(world, "98765")
        await key(world, CLEAR)
        await key(world, "123")
        await world.touch("confirm")
        assert "pin.short" in world.shown
        assert world.cards.pins == [], "too short a PIN never reaches the card: it would burn a try"


async def test_a_wrong_pin_tells_the_tries_and_the_last_one_is_never_taken_unawares() -> None:
    async with at_the_reader("prove") as world:
        world.cards.answers = [PinWrong(2), PinWrong(1), PRESENT]
        await to_the_keypad(world)
        await key(world, "1111")
        await world.touch("confirm")
        assert "pin.wrong_tries count=2" in world.shown
        await key(world, "2222")
        await world.touch("confirm")
        assert "pin.last.title" in world.shown
        assert not isinstance(world.screen.page, PinPage)
        await world.touch("try")
        assert "pin.wrong_tries count=1" in world.shown
        await key(world, "1234")
        await world.touch("confirm")
        assert "pin.done.title" in world.shown


async def test_stopping_before_the_last_try() -> None:
    async with at_the_reader("prove") as world:
        world.cards.state = PinState(1, pinpad=False)
        await to_the_keypad(world)
        await world.touch("stop")
        assert world.cards.pins == []
        await take_out(world)
        assert "way.card" in world.shown


@pytest.mark.parametrize("blocked", ["before", "now"])
async def test_a_blocked_card_is_explained(blocked: str) -> None:
    async with at_the_reader("prove") as world:
        if blocked == "before":
            world.cards.state = PinState(0, pinpad=False)
        world.cards.answers = [PinEnd.BLOCKED]
        await to_the_keypad(world)
        if blocked == "now":
            await key(world, "1111")
            await world.touch("confirm")
        assert "pin.blocked.title" in world.shown
        await world.touch("done")
        await take_out(world)
        assert "way.ticket" in world.shown


async def test_a_card_without_a_pin() -> None:
    async with at_the_reader("prove") as world:
        world.cards.state = PinState(3, pinpad=False, present=False)
        await to_the_keypad(world)
        assert "pin.no_key.title" in world.shown


async def test_a_reader_with_keys_asks_by_itself_and_cancelling_there_costs_no_try() -> None:
    async with at_the_reader("prove") as world:
        world.cards.state = PinState(3, pinpad=True)
        world.cards.answers = [PinEnd.CANCELLED, PRESENT]
        await to_the_keypad(world)
        assert "pin.cancelled" in world.shown
        await world.touch("try")
        assert world.cards.pins == [None, None]
        assert "pin.done.title" in world.shown


async def test_a_challenge_signed_by_another_key_is_refused() -> None:
    async with at_the_reader("prove") as world:
        world.cards.answers = [replace(PRESENT, verdict=Verdict((Check(CheckName.CHALLENGE, Finding.FAILED),)))]
        await to_the_keypad(world)
        await key(world, "1234")
        await world.touch("confirm")
        assert "card.untrusted.title" in world.shown


async def test_taking_the_card_out_at_the_keypad_ends_it() -> None:
    async with at_the_reader("prove") as world:
        await to_the_keypad(world)
        await key(world, "12")
        await take_out(world)
        assert "card.gone.title" in world.shown


async def test_hints_are_offers_and_lead_to_their_service() -> None:
    async with at_the_reader("look", site=replace(card_site(), hints=(RENEW,))) as world:
        await put_in(world)
        await world.touch("confirm", "hint:renew")
        await take_out(world)
        assert "passport" in world.shown
        assert "way.ticket" in world.shown


async def test_a_card_left_in_rings_until_it_is_taken_and_the_visit_ends_safely() -> None:
    async with at_the_reader("look") as world:
        await put_in(world)
        await world.pass_time(85)
        assert world.outcomes == []
        page = world.screen.page
        assert isinstance(page, CardPage)
        assert page.picture is CardPicture.TAKE
        assert not page.options
        assert "Vandenbroucke-Test" not in world.shown
        await take_out(world)
        assert world.outcomes == ["timedOut"]
        assert "Town" in world.shown


async def test_starting_over_does_not_silence_the_call_and_help_still_comes() -> None:
    async with at_the_reader("look") as world:
        await put_in(world)
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        assert "card.take.title" in world.shown
        await world.do(lambda: world.screen.use(Tool.HELP))
        assert "host.called.title" in world.shown
        await world.touch("continue")
        assert "card.take.title" in world.shown
        await take_out(world)
        assert world.outcomes == ["left"]
        assert [data["outcome"] for name, data in world.store.events if name == "cards.used"] == ["left"]


async def test_what_is_read_after_the_visit_has_ended_draws_on_nobodys_screen() -> None:
    async with at_the_reader("look") as world:
        world.cards.released.clear()
        await put_in(world)
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        await take_out(world)
        assert "welcome" in type(world.screen.page).kind
        world.cards.follow(Progress(Part.CERTIFICATES, 1, 2))
        await world.do(world.cards.released.set)
        assert "welcome" in type(world.screen.page).kind


async def test_a_card_that_stays_is_told_to_staff_and_never_read_for_the_next_person() -> None:
    async with at_the_reader("look") as world:
        await put_in(world)
        await world.pass_time(85)
        await world.pass_time(65)
        assert ("cards.leftBehind", {"officeId": "hall"}) in world.store.events
        assert "welcome.card_left" in world.shown
        read = len(world.cards.requests)
        await world.touch("nl", "all", "service:look", "way:0")
        assert "card.left.title" in world.shown
        assert len(world.cards.requests) == read
        await take_out(world)
        await put_in(world)
        assert len(world.cards.requests) == read + 1
        assert "card.review.title" in world.shown


async def test_without_the_mark_the_card_left_behind_would_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setattr("kiosk.journeys.card_desk.CardDesk.is_left", lambda *_: False)
    monkeypatch.setattr("kiosk.journeys.serve.call_out", _nothing)
    async with at_the_reader("look") as world:
        await put_in(world)
        await world.pass_time(85)
        await world.touch("nl", "all", "service:look", "way:0", "read")
        assert "Vandenbroucke-Test" in world.shown


async def _nothing(visit: Visit) -> None:
    """Nobody is called."""


def test_a_pin_shows_nothing_of_itself_and_is_overwritten() -> None:
    from drivers.card_contract import Pin

    pin = Pin()
    pin.add("12a34567890123456")
    assert len(pin) == Pin.MOST
    assert "1" not in repr(pin)
    digits: bytearray = pin._digits
    watched = memoryview(digits)
    try:
        with pytest.raises(BufferError):
            pin.wipe()  # forgetting waits for nobody, but overwriting has happened
    finally:
        assert set(watched) == {0}
        watched.release()
    block = bytearray(8)
    for keyed, expected in (
        ("1234", "241234FFFFFFFFFF"),
        ("12345", "2512345FFFFFFFFF"),
        ("123456789012", "2C123456789012FF"),
    ):
        pin.wipe()
        pin.add(keyed)
        pin.write_block(block)
        assert block.hex().upper() == expected
