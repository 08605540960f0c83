"""What is the same on every page: tools, help, idle warning, start over, Back, safe screen."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.core.pages import Contrast, Look, TextSize, Tool, Touched, WelcomePage
from kiosk.journeys.visit import Timing, Visit
from tests.journeys.world import World

PAGES: dict[str, tuple[str, ...]] = {
    "home": ("nl",),
    "all": ("nl", "all"),
    "theme": ("nl", "theme:papers"),
    "search": ("nl", "search"),
    "sheet": ("nl", "theme:papers", "service:passport"),
    "ticket": ("nl", "theme:papers", "service:passport", "way:0"),
    "referral": ("nl", "theme:papers", "service:call-only", "way:0"),
}


@pytest.fixture(params=PAGES, ids=list(PAGES))
def path(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return PAGES[request.param]


async def test_language_switch_keeps_the_page(path: tuple[str, ...]) -> None:
    async with World() as world:
        await world.touch(*path)
        kind = world.screen.page.kind
        await world.do(lambda: world.screen.use(Tool.LANGUAGE, "de"))
        assert world.screen.view is not None
        assert world.screen.view.language == "de"
        assert world.screen.page.kind == kind
        assert "nl:" not in world.shown


async def test_a_language_the_site_does_not_permit_is_ignored(path: tuple[str, ...]) -> None:
    async with World() as world:
        await world.touch(*path)
        await world.do(lambda: world.screen.use(Tool.LANGUAGE, "tr"))
        assert world.screen.view is not None
        assert world.screen.view.language == "nl"


async def test_looks_are_kept_for_the_visit_and_forgotten_after_it(path: tuple[str, ...]) -> None:
    async with World() as world:
        await world.touch(*path)
        for tool in (Tool.TEXT_SIZE, Tool.CONTRAST, Tool.REACH, Tool.SPEECH):
            await world.do(lambda tool=tool: world.screen.use(tool))
        assert world.screen.view is not None
        assert world.screen.view.look == Look(TextSize.LARGE, Contrast.HIGH, reach=True, speech=True)
        await world.do(lambda: world.screen.use(Tool.START_OVER))
        assert isinstance(world.screen.page, WelcomePage)
        assert world.screen.view.look == Look()


async def test_help_is_recorded_and_honest(path: tuple[str, ...]) -> None:
    async with World() as world:
        await world.touch(*path)
        kind = world.screen.page.kind
        await world.do(lambda: world.screen.use(Tool.HELP))
        assert "host.called.title" in world.shown
        await world.touch("continue")
        assert world.screen.page.kind == kind
        world.network.online = False
        await world.do(lambda: world.screen.use(Tool.HELP))
        assert "host.unreachable.title" in world.shown
        assert "plain text=01" in world.shown
        assert [name for name, _ in world.store.events].count("hosts.called") == 2


async def test_help_says_so_when_it_turns_out_that_nobody_heard_it(path: tuple[str, ...]) -> None:
    async with World() as world:
        await world.touch(*path)
        await world.do(lambda: world.screen.use(Tool.HELP))
        world.network.online = False
        await world.pass_time(1)
        assert "host.unreachable.title" in world.shown
        assert "host.called.title" not in world.shown
        world.network.online = True
        await world.pass_time(1)
        assert "host.called.title" in world.shown
        await world.touch("continue")
        assert "host.called.title" not in world.shown


async def test_nobody_there_leads_to_a_warning_and_then_to_the_welcome(path: tuple[str, ...]) -> None:
    async with World(timing=Timing(idle=60, warning=20, ticket=60)) as world:
        await world.touch(*path)
        await world.pass_time(59)
        assert "idle.title" not in world.shown
        await world.pass_time(2)
        assert "idle.title" in world.shown
        await world.pass_time(20)
        assert isinstance(world.screen.page, WelcomePage)


async def test_the_warning_can_be_extended_at_least_ten_times(path: tuple[str, ...]) -> None:
    async with World(timing=Timing(idle=60, warning=20, ticket=60)) as world:
        await world.touch(*path)
        kind = world.screen.page.kind
        for _ in range(10):
            await world.pass_time(61)
            await world.touch("stay")
            assert world.screen.page.kind == kind


async def test_any_sign_of_life_answers_the_warning(path: tuple[str, ...]) -> None:
    async with World() as world:
        await world.touch(*path)
        await world.pass_time(61)
        await world.do(lambda: world.screen.give(Touched()))
        assert "idle.title" not in world.shown


async def test_a_stray_touch_does_not_close_the_help_notice(path: tuple[str, ...]) -> None:
    async with World() as world:
        await world.touch(*path)
        await world.do(lambda: world.screen.use(Tool.HELP))
        await world.do(lambda: world.screen.give(Touched()))
        assert "host.called.title" in world.shown


async def test_back_leads_to_exactly_the_page_before() -> None:
    async with World() as world:
        pages = []
        for name in PAGES["referral"]:
            await world.touch(name)
            pages.append(world.shown)
        for before in reversed(pages[:-1]):
            await world.do(world.screen.back)
            assert world.shown == before
        assert not world.screen.page.back


async def test_search_keeps_its_words_when_coming_back() -> None:
    async with World() as world:
        await world.touch(*PAGES["search"])
        await world.do(lambda: world.screen.type("passport"))
        assert "[1] nl passport" in world.shown
        await world.touch("service:passport")
        await world.do(world.screen.back)
        assert "> passport" in world.shown


async def test_search_without_a_hit_leads_on() -> None:
    async with World() as world:
        await world.touch(*PAGES["search"])
        await world.do(lambda: world.screen.type("zzzzqqq"))
        assert "search.empty" in world.shown
        await world.touch("all")
        assert "all.title" in world.shown


@pytest.mark.expects_log("zuil.visit")
async def test_what_fails_on_the_way_out_does_not_keep_the_column_from_stopping(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails_when_it_ends(visit: Visit) -> None:
        try:
            await visit.column.clock.sleep(1_000_000)
        finally:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr("kiosk.journeys.serve.find_the_way", fails_when_it_ends)
    async with World() as world:
        await world.touch("nl")
        assert world._serving is not None
        world._serving.cancel()
        await asyncio.wait({world._serving}, timeout=10)
        assert world._serving.cancelled()


@pytest.mark.expects_log("zuil.visit", "zuil.print")
async def test_a_paper_of_which_nothing_can_be_written_down_is_told_and_written_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full disk: what is not written down is not printed; what was printed is said, and written with the next job."""

    async def full(*_: object) -> None:
        raise RuntimeError("the disk is full")

    async with World() as world:
        await world.touch("nl", "theme:papers", "service:passport")
        monkeypatch.setattr(world.store, "move_print", full)
        await world.touch("way:0")
        assert "ticket.paper.failed" in world.shown
        assert world.printer.documents == []
        monkeypatch.undo()
        world.printer.released.clear()
        await world.touch("more", "theme:papers", "service:passport", "way:0")
        monkeypatch.setattr(world.store, "move_print", full)
        await world.do(world.printer.released.set)
        assert "ticket.paper.confirmed" in world.shown, "the paper is there, whatever the disk says"
        assert [state.value for state in world.store.prints.values()] == ["failed", "sent"]
        monkeypatch.undo()
        await world.touch("more", "theme:papers", "service:passport", "way:0")
        assert [state.value for state in world.store.prints.values()] == ["failed", "confirmed", "confirmed"]


@pytest.mark.expects_log("zuil.visit")
async def test_a_visit_of_which_nothing_can_be_written_down_is_no_end_of_the_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def full(*_: object) -> None:
        raise RuntimeError("the disk is full")

    async with World() as world:
        monkeypatch.setattr(world.store, "record", full)
        await world.touch("nl")
        assert "sorry.title" in world.shown
        await world.touch("done")
        assert isinstance(world.screen.page, WelcomePage)
        monkeypatch.undo()
        await world.touch("nl")
        assert "home.title" in world.shown


@pytest.mark.expects_log("zuil.visit")
async def test_a_defect_ends_one_visit_and_the_next_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    async with World() as world:

        async def broken(*_: object) -> None:
            raise RuntimeError("defect")

        await world.touch("nl", "theme:papers", "service:passport")
        monkeypatch.setattr(world.store, "issue_ticket", broken)
        await world.touch("way:0")
        assert "sorry.title" in world.shown
        monkeypatch.undo()
        await world.touch("done", "nl", "theme:papers", "service:passport", "way:0")
        assert "A001" in world.shown
        assert world.outcomes[0] == "failed"
