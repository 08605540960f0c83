"""Asking for an attest and getting it, told as it happens at the column; scripted screen, driven clock, no bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest

from drivers.card_contract import DocumentKind, PartialDate
from drivers.contract import DeviceStatus, Health, PaperDocument, Printed, Reason, Refused, Sheet, Unknown
from kiosk.core.attests import (
    AttestField,
    Kind,
    Medium,
    NotEntitled,
)
from kiosk.core.catalogue import Site
from kiosk.core.codes import code_of
from kiosk.core.pages import CardPage, MenuPage, SheetPage, TicketPage, Tone
from kiosk.core.payment_saga import PaymentState
from kiosk.documents.seal_contract import MissingGlyph
from kiosk.fees import NoFees
from kiosk.journeys.ports import ChargeResult, Fee, MaybePaid, NotPaid, Paid, Payments, Tell
from kiosk.journeys.printing import Printing
from kiosk.journeys.uninterrupted import uninterrupted
from tests.journeys.test_identifying import key, put_in, take_out
from tests.journeys.towns_with_attests import FREE, PAID, attest_town, product
from tests.journeys.world import World

BROKEN = DeviceStatus(Health.UNAVAILABLE, Reason.PAPER_OUT)
RESIDENCE = product("residence")
HOUSEHOLD = product("household", Kind.HOUSEHOLD)


@asynccontextmanager
async def asking(
    *products: object, id: str = "residence", payments: Payments | None = None, counter: bool = False
) -> AsyncIterator[World]:
    """A visit that has just chosen the attest."""
    site: Site = attest_town(*(products or (RESIDENCE,)))  # type: ignore[arg-type]
    async with World(site, payments=payments, counter=counter) as world:
        await world.touch("nl", "all", f"service:{id}-service", "way:0")
        yield world


async def identified(world: World) -> None:
    """The card is in; what was read of it is shown as part of what it is used for."""
    await put_in(world)


async def made(world: World) -> None:
    """The whole way to the paper of a free attest."""
    await identified(world)
    await world.touch("make")
    await take_out(world)


def paper_page(world: World) -> TicketPage:
    page = world.screen.page
    assert isinstance(page, TicketPage), page
    return page


async def test_a_free_attest_from_the_card_is_on_paper_before_the_card_is_home() -> None:
    async with asking() as world:
        await identified(world)
        page = world.screen.page
        assert isinstance(page, SheetPage)
        assert page.title.key == "attest.review.title"  # type: ignore[union-attr]
        assert {fact.label.key for fact in page.facts[:2]} == {"attest.field.surname", "attest.field.address"}  # type: ignore[union-attr]
        assert all(fact.private for fact in page.facts[:2])
        await world.touch("make")
        assert isinstance(world.screen.page, CardPage), "the card is asked back first"
        assert [type(document) for document in world.sheets.documents] == [Sheet]
        await take_out(world)
        assert paper_page(world).paper.key == "attest.paper.confirmed.sheet"  # type: ignore[union-attr]
        assert paper_page(world).paper_tone is Tone.SUCCESS
        await world.touch("done")
        assert world.outcomes == ["done"]


async def test_what_is_sealed_is_what_was_shown() -> None:
    async with asking() as world:
        await identified(world)
        page = world.screen.page
        assert isinstance(page, SheetPage)
        shown = [fact.value.data["text"] for fact in page.facts[:2]]  # type: ignore[union-attr]
        await world.touch("make")
        order, content = world.attests.issued[0]
        assert [printed.value for printed in content.facts] == shown
        assert (content.issuer, content.kiosk, content.practice) == ("BE:0000000097", "kiosk-1", True)
        assert (content.valid_until - content.issued_at.date()).days == RESIDENCE.validity_days
        assert (order.medium, order.fee, order.language) == (Medium.SHEET, None, "nl")


async def test_the_attest_is_in_a_language_the_law_permits_whatever_the_visit_speaks() -> None:
    async with World(attest_town(RESIDENCE)) as world:
        await world.touch("en", "all", "service:residence-service", "way:0")
        await made(world)
        assert world.attests.issued[0][1].language == "nl"
        assert world.attests.issued[0][1].place == "nl Hall"


async def test_going_back_at_the_review_issues_nothing() -> None:
    async with asking() as world:
        await identified(world)
        await world.do(world.screen.back)
        await take_out(world)
        assert world.attests.issued == []


async def test_wrong_data_are_not_made_and_lead_to_somebody() -> None:
    async with asking() as world:
        await identified(world)
        await world.touch("wrong")
        assert "attest.wrong.title" in world.shown
        assert "01" in world.shown
        await world.touch("done")
        await take_out(world)
        assert world.attests.issued == []


async def test_pulling_the_card_at_the_review_issues_nothing() -> None:
    async with asking() as world:
        await identified(world)
        await take_out(world)
        assert "card.gone.title" in world.shown
        assert world.attests.issued == []


async def test_pulling_the_card_while_it_is_committed_does_not_break_off_the_attest() -> None:
    async with asking() as world:
        await identified(world)
        world.attests.committing.clear()
        await world.touch("make")
        await take_out(world)
        world.attests.committing.set()
        await world.pass_time(0)
        assert len(world.attests.issued) == len(world.sheets.documents) == 1
        assert paper_page(world).title.key == "attest.delivered.title"  # type: ignore[union-attr]


async def test_what_cannot_be_undone_is_not_broken_off() -> None:
    """`uninterrupted` alone; without it the cancelled caller would never know what became of the work."""
    import asyncio

    begun, go_on, told = asyncio.Event(), asyncio.Event(), []

    async def work() -> str:
        begun.set()
        await go_on.wait()
        return "done"

    async def caller(careful: bool) -> None:
        told.append(await (uninterrupted(work()) if careful else work()))

    for careful, expected in ((True, ["done"]), (False, [])):
        told.clear()
        begun.clear()
        go_on.clear()
        task = asyncio.create_task(caller(careful))
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(task, return_exceptions=True)
        assert told == expected


@pytest.mark.parametrize(
    ("changes", "person", "why"),
    [
        ({"resident": True}, {"address": None}, NotEntitled.ELSEWHERE),
        ({"min_age": 90}, {}, NotEntitled.AGE),
        ({"documents": ("foreigner",)}, {}, NotEntitled.DOCUMENT),
        ({}, {"expired": True}, NotEntitled.EXPIRED),
        ({"kind": Kind.NATIONALITY}, {"foreign": True}, NotEntitled.NOT_BELGIAN),
    ],
)
async def test_who_may_not_have_it_is_told_why_and_comes_back_to_the_other_ways(
    changes: dict[str, object], person: dict[str, object], why: NotEntitled
) -> None:
    async with asking(replace(RESIDENCE, **changes)) as world:
        document = world.cards.person.document
        if person.pop("expired", False):
            document = replace(document, valid_until=date(2020, 1, 1))
        if person.pop("foreign", False):
            document = replace(document, kind=DocumentKind.FOREIGNER)
        world.cards.person = replace(world.cards.person, document=document, **person)
        await identified(world)
        assert f"attest.not_entitled.{why.value}" in world.shown
        await world.touch("done")
        await take_out(world)
        assert world.attests.issued == []
        assert "way.phone" in world.shown


async def test_an_unknown_day_of_birth_counts_as_the_youngest_that_fits() -> None:
    async with asking(replace(RESIDENCE, min_age=18)) as world:
        world.cards.person = replace(world.cards.person, birth_date=PartialDate(2008))
        await identified(world)
        assert "attest.not_entitled.age" in world.shown


async def test_a_name_that_cannot_be_printed_is_found_out_before_there_is_a_number() -> None:
    async with asking() as world:
        world.attests.cannot = MissingGlyph(("U+1F600",))
        await identified(world)
        assert "attest.cannot_make.title" in world.shown
        await world.touch("done")
        await take_out(world)
        assert world.attests.issued == []


async def test_a_proof_of_life_needs_the_pin() -> None:
    async with asking(product("life", Kind.LIFE), id="life") as world:
        await identified(world)
        assert world.attests.issued == []
        await key(world, "1234")
        await world.touch("confirm", "make")
        await take_out(world)
        assert [printed.field for printed in world.attests.issued[0][1].facts][-1] is AttestField.SEEN_ON


class Till(NoFees):
    """A till that answers as told."""

    method = "practice"
    ready = True

    def __init__(self, *results: ChargeResult) -> None:
        self.results = list(results)
        self.charged: list[Fee] = []

    async def charge(self, fee: Fee, tell: Tell) -> ChargeResult:
        self.charged.append(fee)
        return self.results.pop(0)


PRICED = product("residence", Kind.RESIDENCE, FREE, PAID)


async def test_the_use_decides_about_the_price_and_the_fee_comes_before_the_number() -> None:
    async with asking(PRICED) as world:
        assert isinstance(world.screen.page, MenuPage)
        await world.touch("other")
        await identified(world)
        await world.touch("make")
        await take_out(world)
        assert "pay.title" in world.shown
        assert world.attests.issued == []
        await world.touch("pay")
        order, content = world.attests.issued[0]
        assert (order.fee, order.fee_cents, content.purpose) == ("payment-1", 200, "nl Other")
        assert world.store.payments == {"payment-1": PaymentState.SETTLED}
        assert isinstance(world.screen.page, TicketPage)


async def test_without_the_fee_there_is_no_attest() -> None:
    async with asking(PRICED) as world:
        await world.touch("other")
        await identified(world)
        await world.touch("make")
        await take_out(world)
        await world.touch("cancel")
        assert (world.attests.issued, world.store.payments) == ([], {})


async def test_a_refused_fee_may_be_tried_again() -> None:
    till = Till(NotPaid("declined"), Paid("payment-2"))
    async with asking(PRICED, payments=till) as world:
        await world.touch("other")
        await identified(world)
        await world.touch("make")
        await take_out(world)
        await world.touch("pay")
        assert "pay.not_paid.declined" in world.shown
        await world.touch("done", "pay")
        [(order, _)] = world.attests.issued
        assert (order.fee, till.charged) == ("payment-2", [Fee("residence", 200, "nl")] * 2)


async def test_a_fee_nobody_knows_of_issues_nothing_and_is_not_asked_again() -> None:
    async with asking(PRICED, payments=Till(MaybePaid("payment-12345678"))) as world:
        await world.touch("other")
        await identified(world)
        await world.touch("make")
        await take_out(world)
        await world.touch("pay")
        assert "pay.unknown.title" in world.shown
        assert code_of("payment-12345678") in world.shown
        [paper] = world.printer.documents
        assert code_of("payment-12345678") in str(paper), "the slip has the reference"
        await world.touch("done")
        assert world.attests.issued == []


async def test_where_nothing_can_be_paid_the_counter_is_named_before_the_card_is_read() -> None:
    async with asking(PRICED, payments=NoFees()) as world:
        await world.touch("other")
        assert "attest.pay_at_counter.title" in world.shown
        await world.touch("done")
        assert "way.phone" in world.shown
        assert world.cards.requests == []


async def test_the_paper_that_failed_may_come_on_another_printer() -> None:
    async with asking() as world:
        world.sheets.result = Refused(Reason.PAPER_OUT)
        await made(world)
        assert paper_page(world).paper.key == "attest.paper.failed"  # type: ignore[union-attr]
        await world.touch("other")
        assert [type(document) for document in world.printer.documents] == [PaperDocument]
        assert paper_page(world).paper.key == "attest.paper.confirmed.receipt"  # type: ignore[union-attr]
        await world.touch("done")
        assert [name for name, _ in world.store.events if name == "attests.voided"] == []


async def test_a_paper_nobody_knows_of_is_never_printed_again_by_itself() -> None:
    async with asking() as world:
        world.sheets.result = Unknown(Reason.SILENT)
        await made(world)
        assert paper_page(world).paper.key == "attest.paper.unknown"  # type: ignore[union-attr]
        assert paper_page(world).option("other") is None
        await world.touch("done")
        assert world.store.papers == []
        assert [name for name, _ in world.store.events if name == "attests.voided"] == []


async def test_what_reached_nobody_is_voided_once_the_person_has_gone() -> None:
    async with asking() as world:
        world.sheets.result = Refused(Reason.PAPER_OUT)
        await made(world)
        await world.touch("done")
        assert world.store.events[-2][0] == "attests.voided" or ("attests.voided" in dict(world.store.events))


async def test_an_attest_whose_paper_fails_after_the_person_has_gone_is_voided_too() -> None:
    async with asking() as world:
        world.sheets.result = Refused(Reason.PAPER_OUT)
        world.sheets.released.clear()
        await made(world)
        await world.touch("done")
        assert "attests.voided" not in dict(world.store.events)
        world.sheets.released.set()
        await world.pass_time(0)
        assert "attests.voided" in dict(world.store.events)


async def test_a_file_that_was_taken_is_a_delivery() -> None:
    async with asking() as world:
        world.sheets.result = Refused(Reason.PAPER_OUT)
        await made(world)
        await world.touch("take")
        page = paper_page(world)
        assert page.code == world.attests.address
        await world.touch("done", "done")
        events = dict(world.store.events)
        assert "attests.taken" in events
        assert "attests.voided" not in events


async def test_without_a_connection_no_file_is_offered_and_one_that_fails_says_so() -> None:
    async with asking() as world:
        world.network.online = False
        await made(world)
        assert paper_page(world).option("take") is None
    async with asking() as world:
        world.attests.address = None
        await made(world)
        await world.touch("take")
        assert "attest.no_file.title" in world.shown


async def test_without_a_printer_of_sheets_it_comes_on_receipt_paper() -> None:
    async with asking() as world:
        world.sheets.status = BROKEN
        await made(world)
        assert [type(document) for document in world.printer.documents] == [PaperDocument]
        assert world.attests.issued[0][0].medium is Medium.RECEIPT


async def test_an_attest_is_offered_only_where_it_can_be_sealed_and_leave_the_column() -> None:
    async def ways(ready: bool, paper: bool, online: bool) -> bool:
        async with World(attest_town(RESIDENCE)) as world:
            world.attests.ready = ready
            world.network.online = online
            if not paper:
                world.sheets.status = world.printer.status = BROKEN
            await world.touch("nl", "all", "service:residence-service")
            assert "way.phone" in world.shown
            return "way.attest" in world.shown

    assert await ways(True, True, False)
    assert await ways(True, False, True)
    assert not await ways(True, False, False)
    assert not await ways(False, True, True)


async def test_followers_of_one_job_all_hear_of_it() -> None:
    """Two follow a print job: the page, and what comes afterwards. None may miss the end."""
    import asyncio

    async with asking() as world:
        printing: Printing = world.column.printing
        world.sheets.released.clear()
        job = printing.start("attest-job-x", Sheet(b"%PDF", "x"))
        heard: list[str] = []

        async def slow() -> None:
            async for news in job.follow():
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                heard.append(news.state.value)

        tasks = [asyncio.create_task(slow()) for _ in range(2)]
        await world.pass_time(0)
        world.sheets.result = Printed()
        world.sheets.released.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        assert heard[-2:] == ["confirmed", "confirmed"]
