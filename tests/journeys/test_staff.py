"""Staff at the column: getting in, the page of the column, what can be done there, and getting out again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from drivers.card_contract import CardKind
from drivers.contract import DeviceStatus, Health, PaperSeen, Printed, Reason, Refused
from kiosk.clock import settle
from kiosk.core.closure import Closure
from kiosk.core.column_health import DeviceSeen, Seen, Subject
from kiosk.core.pages import Chosen, Tool
from kiosk.core.staff import Role
from kiosk.core.texts import message
from kiosk.demo.told_staff import CODE, somebody
from kiosk.journeys.closed import closed_page
from kiosk.journeys.staff_desk import PinToo
from tests.journeys.world import ZONE, World

READY = DeviceSeen(Subject.PRINTER, usable=True)
QUIET = Seen(devices=(READY,), online=True, numbers_left=80, tickets_left=250)


def column(seen: Seen = QUIET, **changes: object) -> World:
    world = World(staff=True)
    world.staff.house.seen = replace(seen, **changes)  # type: ignore[arg-type]
    return world


async def enter(world: World, code: str = CODE) -> None:
    await world.do(world.screen.knock)
    await world.do(lambda: world.screen.key(code))
    await world.touch("confirm")


def acts(world: World) -> list[tuple[str, str]]:
    return [(str(d["action"]), str(d["subject"])) for name, d in world.staff.book.events if name == "staff.acted"]


async def test_a_knock_and_a_code_lead_to_the_column_and_the_visit_is_as_it_was_after() -> None:
    async with column() as world:
        await world.touch("fr", "all")
        before = world.screen.lines()
        await enter(world)
        assert "nl:staff.all_works" in world.shown
        assert world.screen.view is not None
        assert world.screen.view.language == "nl", "the language of staff, not of the visit"
        await world.touch("leave")
        assert world.screen.lines() == before
        await world.touch("service:passport")
        assert "passport" in world.shown
        assert acts(world) == [("entered", "pin"), ("left", "asked")]


async def test_without_staff_in_the_settings_a_knock_is_nothing() -> None:
    async with column() as world:
        world.staff.door.anybody = False
        before = world.screen.lines()
        await world.do(world.screen.knock)
        assert world.screen.lines() == before


async def test_a_wrong_code_says_so_and_back_leaves() -> None:
    async with column() as world:
        await enter(world, "000000")
        assert "staff.entry.wrong" in world.shown
        assert world.staff.door.tried == 1
        await world.do(world.screen.back)
        assert "welcome" in world.shown
        assert not acts(world)


async def test_a_locked_door_counts_down_and_opens() -> None:
    async with column() as world:
        world.staff.door.wait = 15
        await world.do(world.screen.knock)
        assert "staff.entry.locked_seconds count=15" in world.shown
        world.staff.door.wait = 14
        await world.pass_time(1)
        assert "count=14" in world.shown
        world.staff.door.wait = 0
        await world.pass_time(15)
        assert "staff.entry.title" in world.shown


async def test_staff_mode_leaves_by_itself_after_a_minute_and_nothing_stays() -> None:
    async with column() as world:
        await enter(world)
        await world.pass_time(39)
        assert "staff.all_works" in world.shown
        await world.pass_time(22)
        assert "welcome" in world.shown
        assert acts(world)[-1] == ("left", "idle")


async def test_a_visit_underneath_stays_awake_as_long_as_staff_touch_something() -> None:
    async with column() as world:
        await world.touch("nl", "all")
        await enter(world)
        for _ in range(4):
            await world.pass_time(30)
            await world.touch("sound", "60")
            await world.do(world.screen.back)
        await world.touch("leave")
        assert "idle" not in world.shown
        assert "passport" in world.shown


async def test_control_without_staff_that_visit_would_have_ended() -> None:
    async with column() as world:
        await world.touch("nl", "all")
        await world.pass_time(120)
        assert world.outcomes == ["timedOut"]


async def test_a_card_lets_in_where_no_visit_is_and_is_called_out_first() -> None:
    async with column() as world:
        world.staff.door.card = somebody()
        await world.do(world.screen.knock)
        await world.do(partial(world.cards.insert, CardKind.EID))
        assert "card.take.title" in world.shown
        await world.do(world.cards.pull)
        assert "staff.all_works" in world.shown
        assert acts(world) == [("entered", "card")]


async def test_a_card_that_may_be_a_copy_needs_the_code_of_its_owner() -> None:
    async with column() as world:
        world.staff.door.card = PinToo("an")
        await world.do(world.screen.knock)
        await world.do(partial(world.cards.insert, CardKind.EID))
        await world.do(world.cards.pull)
        assert "staff.entry.pin_too" in world.shown
        await world.do(lambda: world.screen.key(CODE))
        await world.touch("confirm")
        assert "staff.all_works" in world.shown


async def test_over_a_visit_no_card_is_read_for_staff() -> None:
    async with column() as world:
        await world.touch("nl")
        world.staff.door.card = somebody()
        await world.do(world.screen.knock)
        await world.do(partial(world.cards.insert, CardKind.EID))
        assert "staff.entry.title" in world.shown
        assert not acts(world)


async def test_a_staff_card_that_stays_belongs_to_no_visitor() -> None:
    async with column() as world:
        world.staff.door.card = somebody()
        await world.do(world.screen.knock)
        await world.do(partial(world.cards.insert, CardKind.EID))
        await world.pass_time(90)
        assert world.column.desk.left_behind
        assert not acts(world), "whoever leaves the card was never in"


async def test_the_door_is_reached_over_a_card_that_was_left_behind_and_over_the_idle_warning() -> None:
    async with column() as world:
        await world.touch("nl", "all")
        await world.pass_time(62)
        assert "idle.title" in world.shown
        await enter(world)
        assert "staff.all_works" in world.shown
    async with column() as world:
        await world.touch("nl")
        await world.do(partial(world.cards.insert, CardKind.EID))
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        assert "card.take.title" in world.shown
        await enter(world)
        assert "staff.all_works" in world.shown


async def test_staff_end_the_visit_and_what_was_promised_stays() -> None:
    async with column() as world:
        await world.touch("nl", "all", "service:passport", "way:0")
        await enter(world)
        await world.touch("visit", "yes")
        assert world.outcomes == ["endedByStaff"]
        assert len(world.store.tickets) == 1
        assert "option visit" not in world.shown
        await world.touch("leave")
        assert "welcome" in world.shown
        assert ("endedVisit", "") in acts(world)


async def test_without_a_visit_there_is_none_to_end() -> None:
    async with column() as world:
        await enter(world)
        assert world.screen.page.option("visit") is None
        assert world.screen.page.option("sound") is not None


async def test_rights_decide_what_there_is_to_touch() -> None:
    world = column()
    world.staff.door.member = somebody(role=Role.HOST)
    async with world:
        await enter(world)
        names = {option.id for option in world.screen.page.options}
        assert {"close", "restart"}.isdisjoint(names)
        assert {"paper", "reprint", "sound", "report", "technician", "leave"} <= names


async def test_an_option_that_is_not_on_the_page_does_nothing() -> None:
    world = column()
    world.staff.door.member = somebody(role=Role.HOST)
    async with world:
        await enter(world)
        view = world.screen.view
        assert view is not None
        await world.do(lambda: world.screen.give(Chosen(view.serial, "restart")))
        assert not world.staff.care.restarting


async def test_closing_for_today_shows_where_to_go_and_ends_when_the_counters_open_again() -> None:
    async with column() as world:
        await enter(world)
        await world.touch("close", "today", "leave")
        assert "closed.title" in world.shown
        assert "closed.here_open" in world.shown, "the counter here is open"
        closure = world.staff.care.closure
        assert closure is not None
        assert closure.until == datetime(2026, 11, 24, 9, tzinfo=ZONE)


async def test_a_closed_column_opens_by_itself_when_its_time_has_come() -> None:
    async with column() as world:
        await world.staff.care.close(Closure("an", world.clock.now() + timedelta(seconds=5)))
        await world.pass_time(4)
        assert "closed.title" in world.shown
        await world.pass_time(3)
        assert "welcome" in world.shown
        assert [name for name, _ in world.staff.book.events if name.startswith("columns.")] == [
            "columns.closed",
            "columns.opened",
        ]


async def test_a_visit_under_way_ends_before_the_column_closes() -> None:
    async with column() as world:
        await world.touch("nl", "all")
        await enter(world)
        await world.touch("close", "60", "leave")
        assert "passport" in world.shown
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        assert "closed.title" in world.shown


async def test_a_closed_column_speaks_every_language_in_turn_and_carries_the_text_of_staff() -> None:
    async with column() as world:
        await enter(world)
        await world.touch("close", "text")
        await world.do(lambda: world.screen.type("We verhuizen"))
        await world.touch("keep", "open_end", "leave")
        heard = set()
        for _ in range(4):
            page = closed_page(world.column, world.staff.care.closure or Closure(""))
            assert page.facts[0].value == message("plain", text="We verhuizen")
            assert page.facts[0].language == "nl", "it is spoken in the language of whoever typed it"
            assert page.subtitle == message("closed.subtitle")
            assert "We verhuizen" in world.shown
            heard.add(world.screen.view.language if world.screen.view else "")
            await world.pass_time(10)
        assert heard == {"nl", "fr", "en", "de"}
        await world.do(lambda: world.screen.use(Tool.LANGUAGE, "en"))
        await world.pass_time(20)
        assert world.screen.view is not None
        assert world.screen.view.language == "en"


async def test_a_closed_column_is_opened_by_staff_in_two_touches() -> None:
    async with column() as world:
        await enter(world)
        await world.touch("close", "open_end")
        await world.touch("trouble:closure", "open")
        await world.touch("leave")
        assert "welcome" in world.shown


async def test_restarting_waits_for_the_visit_and_ends_serving() -> None:
    async with column() as world:
        await world.touch("nl", "all")
        await enter(world)
        await world.touch("restart", "yes")
        assert "staff.restarting" in world.shown
        await world.pass_time(25)
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        assert world._serving is not None
        await settle()
        assert world._serving.done()


async def test_the_roll_is_changed_without_a_touch_once_it_has_begun() -> None:
    async with column() as world:
        await enter(world)

        async def becomes(status: DeviceStatus, words: str) -> None:
            world.printer.status = status
            await world.pass_time(1)
            assert words in world.shown

        opened = partial(DeviceStatus, Health.UNAVAILABLE, Reason.COVER_OPEN, "x")
        world.printer.status = DeviceStatus(Health.UNAVAILABLE, Reason.PAPER_OUT, "x", PaperSeen.OUT)
        world.printer.result = Printed()
        await world.touch("paper")
        assert "staff.paper.open" in world.shown
        await becomes(opened(PaperSeen.PRESENT), "staff.paper.old_out")
        await becomes(opened(PaperSeen.OUT), "staff.paper.new_in")
        await becomes(opened(PaperSeen.PRESENT), "staff.paper.close")
        await becomes(DeviceStatus(Health.READY, paper=PaperSeen.PRESENT), "staff.paper.done_how count=500")
        assert world.staff.roll.new == 1
        assert [words for words in str(world.printer.documents[-1]).split("'") if words == "TEST"] == ["TEST"]
        await world.touch("done")
        assert ("changedPaper", "41000") in acts(world)


async def test_closing_the_cover_over_nothing_begins_again() -> None:
    async with column() as world:
        await enter(world)
        world.printer.status = DeviceStatus(Health.UNAVAILABLE, Reason.COVER_OPEN, "x", PaperSeen.OUT)
        await world.touch("paper")
        assert "staff.paper.new_in" in world.shown
        world.printer.status = DeviceStatus(Health.UNAVAILABLE, Reason.PAPER_OUT, "x", PaperSeen.OUT)
        await world.pass_time(1)
        assert "staff.paper.open" in world.shown
        assert not world.printer.documents


async def test_a_cutter_that_does_not_answer_is_told_and_can_be_tried_again() -> None:
    async with column() as world:
        await enter(world)
        world.printer.result = Refused(Reason.CUTTER_JAM)
        await world.touch("paper", "test")
        assert "staff.trouble.cutter_jam" in world.shown
        assert world.staff.roll.new == 0
        world.printer.result = Printed()
        world.printer.status = DeviceStatus(Health.READY, paper=PaperSeen.PRESENT)
        await world.touch("again")
        assert "staff.paper.done" in world.shown
        assert world.staff.roll.new == 0, "nobody changed the roll"
        assert [act for act in acts(world) if act[0] == "testedCut"] == [
            ("testedCut", "failed"),
            ("testedCut", "confirmed"),
        ]


async def test_nobody_is_asked_whether_they_are_there_with_a_roll_in_their_hands() -> None:
    async with column() as world:
        await enter(world)
        world.printer.status = DeviceStatus(Health.UNAVAILABLE, Reason.COVER_OPEN, "x", PaperSeen.OUT)
        await world.touch("paper")
        await world.pass_time(240)
        assert "staff.paper.new_in" in world.shown


async def test_the_last_ticket_is_printed_again_as_a_duplicate() -> None:
    async with column() as world:
        await world.touch("nl", "all", "service:passport", "way:0", "done")
        world.staff.book.tickets = list(world.store.tickets)
        await enter(world)
        await world.touch("reprint")
        assert "A001" in world.shown
        await world.touch("reprint")
        assert "staff.slip.confirmed" in world.shown
        paper = world.printer.documents[-1]
        words = str(paper)
        assert "ticket.duplicate" in words
        assert "A001" in words
        assert ("reprinted", "ticket-1") in acts(world)
        assert len(world.store.tickets) == 1


async def test_a_reprint_that_failed_says_why_and_is_offered_again() -> None:
    async with column() as world:
        await world.touch("nl", "all", "service:passport", "way:0", "done")
        world.staff.book.tickets = list(world.store.tickets)
        world.printer.result = Refused(Reason.PAPER_OUT)
        await enter(world)
        await world.touch("reprint", "reprint")
        assert "staff.trouble.paper_out" in world.shown
        world.printer.result = Printed()
        await world.touch("reprint")
        assert "staff.slip.confirmed" in world.shown


async def test_without_a_ticket_there_is_nothing_to_print_again() -> None:
    async with column() as world:
        await enter(world)
        await world.touch("reprint")
        assert "staff.reprint.none" in world.shown
        assert not world.printer.documents


async def test_tickets_only_this_column_knows_are_listed_printed_and_called() -> None:
    async with column(online=False, waiting_here=2) as world:
        for _ in range(2):
            await world.touch("nl", "all", "service:passport", "way:0", "done")
        world.staff.book.tickets = list(world.store.tickets)
        await enter(world)
        await world.touch("trouble:network", "tickets")
        assert "staff.tickets.title count=2" in world.shown
        await world.touch("print_list", "done")
        assert "A001" in str(world.printer.documents[-1])
        assert "A002" in str(world.printer.documents[-1])
        await world.touch("call:ticket-1")
        assert "A001" in world.shown
        assert "staff.tickets.called" in world.shown
        await world.touch("done")
        assert "staff.tickets.title count=1" in world.shown
        assert ("calledTicket", "ticket-1") in acts(world)


async def test_volume_is_heard_at_once_and_remembered() -> None:
    async with column() as world:
        await world.staff.sound.start(world.staff.book)
        await enter(world)
        await world.touch("sound", "40")
        assert world.staff.sound.percent == 40
        assert world.staff.book.kept["volume"] == 40
        assert "staff.sound.now percent=40" in world.shown


async def test_a_technician_is_an_event_and_a_page_with_number_name_and_troubles() -> None:
    broken = DeviceSeen(Subject.PRINTER, usable=False, reason="cutter_jam")
    async with column(devices=(broken,)) as world:
        await enter(world)
        await world.touch("trouble:printer", "technician")
        for words in ("03 000 00 99", "zuil-1", "staff.trouble.cutter_jam"):
            assert words in world.shown
        assert ("calledTechnician", "") in acts(world)


async def test_a_back_office_that_heard_nothing_is_never_said_to_know() -> None:
    for online, title in ((True, "staff.technician.title"), (False, "staff.technician.call")):
        async with column(online=online) as world:
            await enter(world)
            await world.touch("technician")
            assert title in world.shown
            assert ("staff.technician.untold" in world.shown) is not online


async def test_a_trouble_that_goes_away_says_so_by_itself() -> None:
    broken = DeviceSeen(Subject.PRINTER, usable=False, reason="unreachable")
    async with column(devices=(broken,)) as world:
        await enter(world)
        await world.touch("trouble:printer")
        assert "staff.next.unreachable" in world.shown
        world.staff.house.seen = QUIET
        await world.pass_time(2)
        assert "staff.works_again" in world.shown
        await world.touch("done")
        assert "staff.all_works" in world.shown


async def test_the_report_is_made_shown_and_printed() -> None:
    broken = DeviceSeen(Subject.PRINTER, usable=False, reason="silent")
    async with column(devices=(broken,)) as world:
        await enter(world)
        await world.touch("report")
        assert "staff.report.broken" in world.shown
        assert world.staff.house.tests == 1
        world.staff.house.seen = QUIET
        await world.touch("test_now")
        assert "staff.report.ok" in world.shown
        await world.touch("print")
        assert "staff.report.ok" in str(world.printer.documents[-1])
        assert [act for act, _ in acts(world)][-3:] == ["testedDevices", "testedDevices", "printedReport"]


async def test_help_on_a_page_of_staff_is_the_technicians_number() -> None:
    async with column() as world:
        await enter(world)
        await world.do(lambda: world.screen.use(Tool.HELP))
        assert "03 000 00 99" in world.shown
        assert "staff.technician.untold" in world.shown, "nobody was told, so nobody is said to know"
        await world.touch("done")
        assert "staff.all_works" in world.shown


@pytest.mark.expects_log("zuil.staff")
async def test_a_defect_in_staff_mode_leaves_the_column_to_its_visitors() -> None:
    async with column() as world:
        await enter(world)

        async def broken() -> Seen:
            raise RuntimeError("asked for")

        world.staff.house.look = broken  # type: ignore[method-assign]
        await world.pass_time(2)
        await world.touch("sound")
        await world.do(world.screen.back)
        assert "welcome" in world.shown
        await world.touch("nl")
        assert "home" in world.shown or "all" in {option.id for option in world.screen.page.options}
