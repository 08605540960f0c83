"""Setting up a column, as a technician lives it: look, answer, try, review, write, join.

The same story on the touch screen and as text. Nothing is written before it was reviewed, and every step can be gone
back from until then. Not for: what each step is made of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.problems import ConfigError
from config.settings import Settings, load_settings
from config.settings_writing import CannotRewrite, replace_file
from kiosk.core.pages import Option, Tone
from kiosk.core.texts import Texts, message
from kiosk.doctor.finding import Finding
from kiosk.journeys.ports import Screen
from kiosk.journeys.visit import Back
from kiosk.route import route_of
from kiosk.setup import pages
from kiosk.setup.asking import ask
from kiosk.setup.bench import Bench
from kiosk.setup.draft import Draft
from kiosk.setup.joining import is_enrolled, join_backoffice
from kiosk.setup.pages import AGAIN, WRITE
from kiosk.setup.plan import BACKOFFICE, open_questions, questions
from kiosk.setup.talk import GivenUp, Talk
from kiosk.setup.trials import Panel, Trials, local_now
from kiosk.store.errors import StoreRefused
from sync.client.column import IdentityDamaged
from sync.protocol.invitation import Invitation


@dataclass
class SetUp:
    """What became of it.

    Attributes:
        written: whether the settings file was written or already said everything.
        enrolled: whether the column belongs to a back office now.
        alone: whether it is to have none.
    """

    written: bool = False
    enrolled: bool = False
    alone: bool = False


class Story:
    """One set-up.

    Args:
        path: the settings file.
        panel: the screen, when it can be touched.
        now: the clock that is shown to be compared.

    Attributes:
        result: what became of it so far.
    """

    def __init__(
        self,
        screen: Screen,
        bench: Bench,
        path: Path,
        texts: Texts,
        panel: Panel | None = None,
        now: Callable[[], datetime] = local_now,
    ) -> None:
        self.result = SetUp()
        self._talk = Talk(screen)
        self._bench = bench
        self._path = path
        self._trials = Trials(self._talk, bench, texts, panel, now=now)
        self._results: dict[str, Finding] = {}
        self._scanned: Invitation | None = None

    async def play(self) -> SetUp:
        """From the first page to the last."""
        try:
            await self._play()
        except GivenUp:
            return self.result
        return self.result

    async def _play(self) -> None:
        chosen = await self._talk.choose(pages.languages())
        self._talk.language = str(chosen)
        draft = await self._look()
        if draft is None:
            return
        while not self.result.written:
            draft = await self._answers(draft)
            draft = await self._hub(draft)
        await self._join(draft)
        await self._finish()

    async def _look(self, before: Draft | None = None) -> Draft | None:
        """Look at the machine, and again as often as it is wanted; what was answered `before` stays answered."""
        while True:
            found = await self._talk.meanwhile(message("setup.looking"), self._bench.find)
            try:
                draft = Draft.begin(self._path, found)
            except ConfigError as error:
                await self._sorry("setup.unreadable", str(error), pages.END)
                return None
            if await self._talk.choose(pages.overview(found)) != AGAIN:
                return draft.with_answers(before.known) if before else draft

    async def _answers(self, draft: Draft) -> Draft:
        """Everything that is open; Back leads to the question before."""
        before: list[Draft] = []
        while still := open_questions(draft.found, draft.known, draft.site):
            answered = await ask(self._talk, self._bench, draft, still[0])
            if isinstance(answered, Back):
                draft = before.pop() if before else await self._look(draft) or draft
                continue
            before.append(draft)
            draft, self._scanned = answered.draft, answered.invitation or self._scanned
        return await self._try_all(draft) if before and not self._results else draft

    async def _try_all(self, draft: Draft) -> Draft:
        for name in self._trials.names(draft):
            draft = await self._try(name, draft)
        return draft

    async def _try(self, name: str, draft: Draft) -> Draft:
        tried = await self._trials.run(name, draft)
        if isinstance(tried, Back):
            return draft
        draft, result = tried
        if result:
            self._results[name] = result
        return draft

    async def _hub(self, draft: Draft) -> Draft:
        """Change and try until it is written, or something new is open."""
        while not open_questions(draft.found, draft.known, draft.site):
            asked = questions(draft.found, draft.known, draft.site)
            trials = [(name, self._results.get(name)) for name in self._trials.names(draft)]
            chosen = await self._talk.choose(pages.hub(draft, asked, trials))
            if chosen == WRITE:
                if await self._review(draft):
                    return draft
            elif isinstance(chosen, str) and chosen.startswith("try_"):
                draft = await self._try(chosen.removeprefix("try_"), draft)
            elif isinstance(chosen, str):
                one = next(each for each in asked if f"ask_{each.id}" == chosen)
                answered = await ask(self._talk, self._bench, draft, one)
                if not isinstance(answered, Back):
                    draft, self._scanned = answered.draft, answered.invitation or self._scanned
            else:
                draft = await self._look(draft) or draft
        return draft

    async def _review(self, draft: Draft) -> bool:
        try:
            lines = draft.difference()
            if await self._talk.choose(pages.review(lines)) != WRITE:
                return False
            if draft.changes or draft.text is None:
                text = draft.then()
                await self._talk.meanwhile(message("setup.writing"), lambda: replace_file(self._path, text))
        except (CannotRewrite, ConfigError, OSError) as error:
            await self._sorry("setup.not_written", str(error), pages.BACK)
            return False
        self.result.written = True
        return True

    async def _join(self, draft: Draft) -> None:
        url, identity = str(draft.known.get(BACKOFFICE, "")), self._identity()
        self.result.alone = not url
        if not url:
            return
        try:
            self.result.enrolled = is_enrolled(identity)
        except IdentityDamaged as error:
            await self._sorry("setup.not_joined", str(error))
            return
        if not self.result.enrolled:
            route = route_of(self._settings())
            joined = await join_backoffice(
                self._talk, self._bench, url, identity, self._scanned, practice=draft.practice, route=route
            )
            self.result.enrolled = not isinstance(joined, Back)

    def _identity(self) -> Path:
        return self._settings().column.data / "identity"

    def _settings(self) -> Settings:
        """As they were written."""
        return load_settings(self._path)

    async def _finish(self) -> None:
        numbers = None
        if self.result.enrolled:
            try:
                numbers = await self._talk.meanwhile(
                    message("setup.fetching"), lambda: self._bench.fetch_numbers(self._path)
                )
            except StoreRefused as refused:
                await self._sorry("setup.no_numbers", str(refused))
        findings = await self._talk.meanwhile(message("setup.examining"), lambda: self._bench.examine(self._path))
        await self._talk.choose(pages.finished(findings, numbers))

    async def _sorry(self, key: str, problem: str, then: Option = pages.ON) -> None:
        await self._talk.choose(pages.notice(key, Tone.DANGER, problem, (then,)))
