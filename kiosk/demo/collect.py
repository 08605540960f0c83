"""Every page a citizen can meet, taken from the real journeys over the demo site, by name.

Pages differ by language (order of the alphabet, words that are found), so they are collected once a language. Not
for: drawing them (`kiosk.demo.shots`, `tests.ui`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from config.texts import Catalog
from drivers.contract import Printed, PrintResult, Reason, Refused, Unknown
from kiosk.core.catalogue import Service, Site
from kiosk.core.pages import Overlay, Page, Tool
from kiosk.core.texts import Language
from kiosk.core.tickets import PeopleAhead
from kiosk.demo.attest_scenes import ATTEST_SCENES
from kiosk.demo.card_scenes import CARD_SCENES
from kiosk.demo.rehearsal import BROKEN, Circumstances, Rehearsal
from kiosk.demo.staff_scenes import CLOSED_SCENES, STAFF_SCENES, one_ticket

ZONE = ZoneInfo("Europe/Brussels")
MORNING = Circumstances(datetime(2026, 11, 23, 10, 24, tzinfo=ZONE), ahead=PeopleAhead(4, exact=True))
"""A Monday; the counters are open."""
LIBRARY = replace(MORNING, here="bib-vertellerij")
"""The same moment where the counter opens in the afternoon."""
CHRISTMAS = replace(MORNING, at=datetime(2026, 12, 25, 10, 24, tzinfo=ZONE))
UNSTAFFED = "sint-anna"
FOLLOW = "https://voorbeeld.example/follow"
FINDS: dict[Language, str] = {"nl": "kaart", "fr": "carte", "en": "card", "de": "Karte"}
"""A word that finds several services."""
WAYS = ("go_to", "appointment", "phone", "web", "place")


@dataclass(frozen=True)
class RealPage:
    """What stood on the screen.

    Attributes:
        here: id of the contact point where it stood.
        at: when.
    """

    page: Page
    overlay: Overlay | None
    here: str
    at: datetime


Pages = dict[str, RealPage]


@dataclass
class Collector:
    """Walks the journeys in one language and keeps what it sees.

    Attributes:
        pages: by name, in the order of a visit.
    """

    site: Site
    texts: Catalog
    language: Language

    def __post_init__(self) -> None:
        self.pages: Pages = {}

    async def everything(self) -> Pages:
        """Every kind of page once; sheets of services only the telling ones (`sheets` has all)."""
        for scene in (
            self._welcomes,
            self._finding,
            self._searching,
            self._sheets,
            self._referrals,
            self._tickets,
            self._notices,
            self._scenes,
            self._staff,
        ):
            await scene()
        return self.pages

    async def sheets(self, facts: Circumstances = MORNING) -> Pages:
        """The sheet of every service."""
        found: Pages = {}
        async for service, rehearsal in self._each_sheet(facts):
            found[f"sheet-{service.id}"] = _seen(rehearsal, facts)
        return found

    def _keep(self, name: str, rehearsal: Rehearsal, facts: Circumstances) -> None:
        self.pages[name] = _seen(rehearsal, facts)

    def _play(self, facts: Circumstances) -> Rehearsal:
        return Rehearsal(self.site, self.texts, facts)

    async def _each_sheet(self, facts: Circumstances) -> AsyncIterator[tuple[Service, Rehearsal]]:
        """Each service with its sheet on screen."""
        async with self._play(facts) as rehearsal:
            await rehearsal.touch(self.language, "all")
            for service in self.site.services:
                await rehearsal.touch(f"service:{service.id}")
                yield service, rehearsal
                await rehearsal.do(rehearsal.screen.back)

    async def _welcomes(self) -> None:
        scenes = {
            "welcome": MORNING,
            "welcome-closed": LIBRARY,
            "welcome-no-printer": replace(MORNING, printer=BROKEN),
            "welcome-closed-no-printer": replace(LIBRARY, printer=BROKEN),
        }
        for name, facts in scenes.items():
            async with self._play(facts) as rehearsal:
                self._keep(name, rehearsal, facts)

    async def _finding(self) -> None:
        async with self._play(MORNING) as rehearsal:
            await rehearsal.begin(self.language)
            self._keep("home", rehearsal, MORNING)
            for theme in self.site.themes:
                await rehearsal.touch(f"theme:{theme.id}")
                self._keep(f"theme-{theme.id}", rehearsal, MORNING)
                await rehearsal.do(rehearsal.screen.back)
            await rehearsal.touch("all")
            self._keep("all-services", rehearsal, MORNING)

    async def _searching(self) -> None:
        async with self._play(MORNING) as rehearsal:
            await rehearsal.touch(self.language, "search")
            self._keep("search-empty", rehearsal, MORNING)
            for name, word in (("search-hits", FINDS[self.language]), ("search-no-hit", "qqxzw")):
                await rehearsal.do(partial(rehearsal.screen.type, word))
                self._keep(name, rehearsal, MORNING)

    async def _sheets(self) -> None:
        sheets = await self.sheets()
        by_length = sorted(self.site.services, key=lambda service: self._length(sheets[f"sheet-{service.id}"]))
        priced = max(self.site.services, key=lambda service: len(service.costs))
        self.pages["sheet-shortest"] = sheets[f"sheet-{by_length[0].id}"]
        self.pages["sheet-longest"] = sheets[f"sheet-{by_length[-1].id}"]
        self.pages["sheet-prices"] = sheets[f"sheet-{priced.id}"]
        for name, facts, asked in (
            ("sheet-unstaffed", replace(MORNING, here=UNSTAFFED), "identity-card"),
            ("sheet-closed", LIBRARY, "library-card"),
            ("sheet-holiday", CHRISTMAS, "identity-card"),
        ):
            async with self._play(facts) as rehearsal:
                await rehearsal.touch(self.language, "all", f"service:{asked}")
                self._keep(name, rehearsal, facts)

    def _length(self, real: RealPage) -> int:
        return len(repr(real.page))

    async def _referrals(self) -> None:
        """One of each kind of way, the one with most to say."""
        for facts, suffix in ((MORNING, ""), (CHRISTMAS, "-holiday")):
            longest: Pages = {}
            async for _, rehearsal in self._each_sheet(facts):
                for way in WAYS:
                    option = rehearsal.option(f"way.{way}")
                    if option is not None:
                        await rehearsal.touch(option.id)
                        name, seen = f"referral-{way.replace('_', '-')}{suffix}", _seen(rehearsal, facts)
                        longest[name] = max(longest.get(name, seen), seen, key=self._length)
                        await rehearsal.do(rehearsal.screen.back)
            wanted = {name: page for name, page in longest.items() if not suffix or "go-to" in name}
            self.pages |= dict(sorted(wanted.items()))

    async def _tickets(self) -> None:
        alone = replace(MORNING, ahead=PeopleAhead(0, exact=True), number=1)
        coded = replace(MORNING, follow_url=FOLLOW)
        stale = replace(coded, ahead=PeopleAhead(1, exact=False), number=108)
        scenes: dict[str, tuple[Circumstances, PrintResult | None]] = {
            "ticket-printing": (coded, None),
            "ticket-confirmed": (coded, Printed()),
            "ticket-confirmed-nobody-ahead": (alone, Printed()),
            "ticket-confirmed-about": (stale, Printed()),
            "ticket-confirmed-bare": (replace(MORNING, ahead=None), Printed()),
            "ticket-failed": (replace(coded, printer=BROKEN), Refused(Reason.PAPER_OUT)),
            "ticket-unknown": (coded, Unknown(Reason.SILENT)),
            "ticket-suffix": (replace(coded, number=7, suffix="K3", ahead=None), Unknown(Reason.SILENT)),
        }
        for name, (facts, paper) in scenes.items():
            await self._ticket(name, replace(facts, paper=paper))

    async def _ticket(self, name: str, facts: Circumstances) -> Rehearsal:
        async with self._play(facts) as rehearsal:
            await rehearsal.touch(self.language, "all", "service:disability-parking-card", "way:0")
            self._keep(name, rehearsal, facts)
            return rehearsal

    async def ticket_paper(self) -> Rehearsal:
        """A rehearsal whose printer holds one ticket."""
        facts = replace(MORNING, follow_url=FOLLOW)
        return await self._ticket("ticket-confirmed", facts)

    async def ticket_again(self) -> Rehearsal:
        """A rehearsal whose printer holds a ticket that staff had printed again."""
        scene = replace(STAFF_SCENES["staff-reprint-out"], told=one_ticket(self.language))
        facts = scene.facts(MORNING, self.language)
        async with self._play(facts) as rehearsal:
            await scene.play(rehearsal, self.language)
            return rehearsal

    async def _notices(self) -> None:
        async def host(rehearsal: Rehearsal) -> None:
            await rehearsal.do(lambda: rehearsal.screen.use(Tool.HELP))

        async def idle(rehearsal: Rehearsal) -> None:
            await rehearsal.touch("all", "service:identity-card")
            await rehearsal.pass_time(64)

        async def sorry(rehearsal: Rehearsal) -> None:
            await rehearsal.touch("all", "service:identity-card")

        scenes: dict[str, tuple[Circumstances, Callable[[Rehearsal], Awaitable[None]]]] = {
            "host-called": (MORNING, host),
            "host-unreachable": (replace(MORNING, online=False), host),
            "idle-warning": (MORNING, idle),
            "sorry": (replace(MORNING, defect=True), sorry),
        }
        for name, (facts, play) in scenes.items():
            async with self._play(facts) as rehearsal:
                await rehearsal.begin(self.language)
                await play(rehearsal)
                self._keep(name, rehearsal, facts)

    async def _scenes(self) -> None:
        for name, scene in {**CARD_SCENES, **ATTEST_SCENES}.items():
            facts = scene.facts(MORNING)
            async with self._play(facts) as rehearsal:
                await scene.play(rehearsal, self.language)
                self._keep(name, rehearsal, facts)

    async def _staff(self) -> None:
        for name, scene in STAFF_SCENES.items():
            facts = scene.facts(MORNING, self.language)
            async with self._play(facts) as rehearsal:
                await scene.play(rehearsal, self.language)
                self._keep(name, rehearsal, facts)
        for name, scene in CLOSED_SCENES.items():
            facts = scene.facts(MORNING, self.language)
            async with self._play(facts) as rehearsal:
                await rehearsal.do(lambda: rehearsal.screen.use(Tool.LANGUAGE, self.language))
                self._keep(name, rehearsal, facts)


def _seen(rehearsal: Rehearsal, facts: Circumstances) -> RealPage:
    view = rehearsal.screen.view
    if view is None:
        raise RuntimeError("the rehearsal shows nothing")
    return RealPage(view.page, view.overlay, facts.here, facts.at)
