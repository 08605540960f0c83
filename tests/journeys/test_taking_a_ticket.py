"""The citizen's line: language, theme, sheet, number, paper."""

from __future__ import annotations

import pytest

from drivers.contract import DeviceStatus, Health, Line, Reason, Refused, Unknown
from kiosk.core.pages import SheetPage, TicketPage, Tone, WelcomePage
from kiosk.core.tickets import PeopleAhead, PrintState
from tests.journeys.world import World


async def to_ticket(world: World) -> None:
    await world.touch("nl", "theme:papers", "service:passport", "way:0")


async def test_number_on_screen_and_on_paper() -> None:
    async with World() as world:
        await to_ticket(world)
        page = world.screen.page
        assert isinstance(page, TicketPage)
        assert page.label == "A001"
        printed = [item.text for item in world.printer.documents[0].items if isinstance(item, Line)]
        assert "A001" in printed
        assert "nl passport" in printed
        assert "nl:practice.paper" in printed


async def test_the_number_is_committed_before_the_printer_hears_of_it() -> None:
    async with World() as world:
        world.printer.released.clear()
        await to_ticket(world)
        assert [ticket.label for ticket in world.store.tickets] == ["A001"]
        assert world.store.prints["job-1"] is PrintState.SENT


async def test_screen_shows_the_number_while_the_paper_is_under_way() -> None:
    async with World() as world:
        world.printer.released.clear()
        await to_ticket(world)
        assert "A001" in world.shown
        assert "ticket.paper.printing" in world.shown
        await world.do(world.printer.released.set)
        assert "ticket.paper.confirmed" in world.shown


@pytest.mark.parametrize(
    ("result", "words", "event"),
    [
        (Refused(Reason.PAPER_OUT), "ticket.paper.failed", "tickets.printFailed"),
        (Unknown(Reason.SILENT), "ticket.paper.unknown", "tickets.printUnknown"),
    ],
)
async def test_the_screen_says_what_became_of_the_paper(result: Refused | Unknown, words: str, event: str) -> None:
    async with World() as world:
        world.printer.result = result
        await to_ticket(world)
        assert words in world.shown
        assert isinstance(world.screen.page, TicketPage)
        assert world.screen.page.paper_tone is Tone.WARNING
        assert event in [name for name, _ in world.store.events]


async def test_no_way_back_after_the_number_was_given() -> None:
    async with World() as world:
        await to_ticket(world)
        assert not world.screen.page.back
        before = world.screen.view
        from kiosk.core.pages import WentBack

        assert before is not None
        await world.do(lambda: world.screen.give(WentBack(before.serial)))
        assert "A001" in world.shown


async def test_double_tap_gives_one_number() -> None:
    async with World() as world:
        await world.touch("nl", "theme:papers", "service:passport")
        world.screen.touch("way:0")
        world.screen.touch("way:0")
        await world.pass_time(0)
        assert len(world.store.tickets) == 1


async def test_done_ends_the_visit_and_forgets_everything() -> None:
    async with World() as world:
        await to_ticket(world)
        await world.touch("done")
        assert isinstance(world.screen.page, WelcomePage)
        assert world.outcomes == ["done"]


async def test_walking_away_with_a_number_is_no_abandoned_visit() -> None:
    async with World() as world:
        await to_ticket(world)
        await world.pass_time(30 + 20 + 1)
        assert world.outcomes == ["done"]


async def test_another_question_leads_home_in_the_same_visit() -> None:
    async with World() as world:
        await to_ticket(world)
        await world.touch("more")
        assert "nl:home.title" in world.shown or "nl Papers" in world.shown
        assert world.outcomes == []


async def test_people_ahead_exact_and_about() -> None:
    async with World() as world:
        world.store.ahead = PeopleAhead(4, exact=True)
        await to_ticket(world)
        assert "ticket.people_ahead count=4" in world.shown
    async with World() as world:
        world.store.ahead = PeopleAhead(4, exact=False)
        await to_ticket(world)
        assert "ticket.people_ahead_about count=4" in world.shown


async def test_nothing_is_said_about_waiting_when_nothing_is_known() -> None:
    async with World() as world:
        await to_ticket(world)
        assert "people_ahead" not in world.shown


async def test_a_ticket_is_possible_with_a_dead_printer_and_no_network() -> None:
    async with World() as world:
        world.network.online = False
        world.printer.status = DeviceStatus(Health.UNAVAILABLE, Reason.UNREACHABLE)
        world.printer.result = Refused(Reason.UNREACHABLE)
        await to_ticket(world)
        assert "A001" in world.shown


@pytest.mark.expects_log("zuil.print")
async def test_a_defect_of_the_printer_driver_leaves_the_truth_on_screen() -> None:
    async with World() as world:
        world.printer.broken = RuntimeError("defect")
        await to_ticket(world)
        assert "ticket.paper.unknown" in world.shown


async def test_language_is_asked_anew_and_the_ticket_speaks_it() -> None:
    async with World() as world:
        await to_ticket(world)
        await world.touch("done", "fr", "theme:papers", "service:passport", "way:0")
        assert world.store.tickets[1].language == "fr"
        assert "nl:" not in world.shown


async def test_elsewhere_the_sheet_refers_instead_of_giving_a_number() -> None:
    async with World(here="library") as world:
        await world.touch("nl", "theme:papers", "service:passport", "way:0")
        assert isinstance(world.screen.page, SheetPage)
        assert "Street 1" in world.shown
        assert world.store.tickets == []


async def test_out_of_hours_the_sheet_says_when() -> None:
    async with World() as world:
        await world.pass_time(9 * 3600)
        await world.touch("nl", "theme:papers", "service:passport", "way:0")
        assert "hours.opens day=2026-11-24 time=09:00:00" in world.shown
        assert world.store.tickets == []
