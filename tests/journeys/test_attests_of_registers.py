"""Attests that need a register, and those that waited for one; scripted screen, driven clock, no bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest

from drivers.contract import Reason, Refused
from kiosk.core.attests import DeliveryWay, Kind, NoRequest, RegisterProblem, RegisterWaits
from kiosk.core.codes import code_hash, new_code
from kiosk.core.pages import SearchPage, SheetPage
from tests.journeys.test_attests import asking, identified, paper_page
from tests.journeys.test_identifying import take_out
from tests.journeys.towns_with_attests import PAID, attest_town, household, product
from tests.journeys.world import World

HOUSEHOLD = product("household", Kind.HOUSEHOLD)


async def asked_for(world: World) -> None:
    """The card is in and the register may be asked."""
    await identified(world)
    await world.touch("ask")


async def test_a_register_is_asked_only_with_a_yes_and_what_it_says_is_shown_before_it_is_sealed() -> None:
    async with asking(HOUSEHOLD, id="household") as world:
        world.attests.reply = household()
        await identified(world)
        assert world.attests.requests == []
        await world.touch("ask")
        page = world.screen.page
        assert isinstance(page, SheetPage)
        assert len(page.sections[0].items) == 2
        await world.touch("make")
        order, content = world.attests.issued[0]
        assert order.request_id == world.attests.requests[0].id
        assert (content.as_of, len(content.groups[0].rows)) == (date(2026, 11, 23), 2)


async def test_no_answer_is_no_dead_end_there_is_a_code_on_screen_and_on_paper() -> None:
    async with asking(HOUSEHOLD, id="household") as world:
        world.attests.reply = RegisterWaits(offline=True)
        await asked_for(world)
        await take_out(world)
        page = paper_page(world)
        assert page.label == world.attests.codes[0]
        assert world.attests.requests[0].code_hash == code_hash(page.label)
        assert len(world.printer.documents) == 1
        await world.touch("done")
        assert world.outcomes == ["done"]


async def test_the_code_stands_on_the_screen_also_where_nothing_is_printed() -> None:
    async with asking(HOUSEHOLD, id="household") as world:
        world.printer.result = Refused(Reason.PAPER_OUT)
        await asked_for(world)
        await take_out(world)
        assert paper_page(world).label == world.attests.codes[0]


async def test_it_may_come_to_the_ebox_instead() -> None:
    async with asking(HOUSEHOLD, id="household") as world:
        await asked_for(world)
        await take_out(world)
        await world.touch("ebox")
        assert world.attests.redirected == [(world.attests.requests[0].id, DeliveryWay.EBOX, None)]
        assert "attest.asked.by.ebox" in world.shown
        assert [option.id for option in world.screen.page.options] == ["done"]


async def test_a_notice_by_email_needs_an_address_that_can_be_one() -> None:
    async with asking(HOUSEHOLD, id="household") as world:
        await asked_for(world)
        await take_out(world)
        await world.touch("email")
        await world.do(lambda: world.screen.type("an.voorbeeld"))
        assert world.screen.page.option("go_on") is None
        await world.do(lambda: world.screen.type("an.voorbeeld@example.org"))
        await world.touch("go_on")
        assert world.attests.redirected[0][1:] == (DeliveryWay.EMAIL, "an.voorbeeld@example.org")
        assert "attest.asked.by.email" in world.shown
        assert paper_page(world).label == world.attests.codes[0]


async def test_going_back_from_the_address_changes_nothing() -> None:
    async with asking(HOUSEHOLD, id="household") as world:
        await asked_for(world)
        await take_out(world)
        await world.touch("email")
        await world.do(world.screen.back)
        assert world.attests.redirected == []
        assert "attest.asked.by.column" in world.shown


async def test_what_is_not_paid_yet_does_not_go_to_an_ebox() -> None:
    async with asking(product("household", Kind.HOUSEHOLD, PAID), id="household") as world:
        await asked_for(world)
        await take_out(world)
        assert [option.id for option in world.screen.page.options] == ["done", "email"]


async def test_only_what_the_municipality_offers_can_be_chosen() -> None:
    async with World(attest_town(HOUSEHOLD, deliveries=())) as world:
        await world.touch("nl", "all", "service:household-service", "way:0")
        await asked_for(world)
        await take_out(world)
        assert [option.id for option in world.screen.page.options] == ["done"]


@pytest.mark.parametrize("problem", RegisterProblem)
async def test_every_refusal_of_a_register_has_words_and_a_way_on(problem: RegisterProblem) -> None:
    async with asking(HOUSEHOLD, id="household") as world:
        world.attests.reply = problem
        await asked_for(world)
        if problem is RegisterProblem.REFERRED:
            await take_out(world)
            assert paper_page(world).paper.key == "attest.asked.referred"  # type: ignore[union-attr]
            return
        assert f"attest.problem.{problem.value}" in world.shown
        await world.touch("done")
        await take_out(world)
        assert "way.phone" in world.shown


async def test_pulling_the_card_while_a_register_is_asked_ends_it() -> None:
    async with asking(HOUSEHOLD, id="household") as world:
        world.attests.released.clear()
        await asked_for(world)
        await take_out(world)
        assert "card.gone.title" in world.shown
        assert world.attests.issued == []


@asynccontextmanager
async def collecting(code: str) -> AsyncIterator[World]:
    """A visit that typed a code and chose to go on with it."""
    async with World(attest_town(HOUSEHOLD)) as world:
        await world.touch("nl", "all", "service:collect-service", "way:0")
        assert isinstance(world.screen.page, SearchPage)
        await world.do(lambda: world.screen.type(code))
        yield world


async def test_an_attest_is_collected_with_the_code_and_the_card() -> None:
    async with collecting(new_code().lower().replace("-", "")) as world:
        world.attests.reply = household()
        await world.touch("go_on")
        await identified(world)
        await world.touch("make")
        await take_out(world)
        assert world.attests.issued[0][0].request_id == "request-1"


async def test_a_fee_that_was_paid_when_it_was_asked_is_not_asked_again() -> None:
    async with World(attest_town(product("household", Kind.HOUSEHOLD, PAID))) as world:
        world.attests.reply = replace(household(paid=True), use="other")
        await world.touch("nl", "all", "service:collect-service", "way:0")
        await world.do(lambda: world.screen.type(new_code()))
        await world.touch("go_on")
        await identified(world)
        await world.touch("make")
        assert world.store.payments == {}
        assert len(world.attests.issued) == 1


async def test_a_code_with_a_typing_mistake_goes_no_further() -> None:
    wrong = new_code()
    wrong = wrong[:-1] + ("0" if wrong[-1] != "0" else "1")
    async with collecting(wrong) as world:
        assert world.screen.page.option("go_on") is None
        assert "attest.code.wrong" in world.shown


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (NoRequest.UNKNOWN, "attest.no_request.title"),
        (RegisterWaits(offline=True), "attest.not_yet.offline"),
        (RegisterWaits(offline=False), "attest.not_yet.waits"),
        (RegisterProblem.OTHER_PERSON, "attest.problem.other_person"),
    ],
)
async def test_what_cannot_be_collected_now_says_why(reply: object, words: str) -> None:
    async with collecting(new_code()) as world:
        world.attests.reply = reply  # type: ignore[assignment]
        await world.touch("go_on")
        await identified(world)
        assert words in world.shown
        await world.touch("done")
        await take_out(world)
        assert "way.collect" in world.shown
