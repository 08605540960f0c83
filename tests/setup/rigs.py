"""A world to set a column up in, and a technician who reads and answers. Not for: what is checked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

from kiosk.core.pages import Page
from kiosk.demo.world import World
from kiosk.setup.machine_bench import MachineBench
from kiosk.setup.scripted import Answers, Outcome, read_answers, set_up
from kiosk.setup.story import SetUp, Story
from kiosk.setup.trials import Panel
from kiosk.terminal.script_screen import NotOnScreen, ScriptScreen
from sync.backoffice.enrolment import new_enrolment_code
from sync.protocol.invitation import Invitation, thumbprint

LIMIT_S = 60.0


def silent(_words: object) -> str:
    """No program is installed that finds printers."""
    return ""


@dataclass
class Site:
    """A place where a column is set up.

    Attributes:
        machine: root of the files of its machine; empty, so that nothing is found on it.
        settings: the file that is made.
    """

    world: World
    machine: Path
    settings: Path

    @classmethod
    def at(cls, world: World) -> Site:
        """Beside a world's own files."""
        machine = world.folder / "machine"
        machine.mkdir()
        return cls(world, machine, world.folder / "column" / "zuil.toml")

    @property
    def bench(self) -> MachineBench:
        """The real bench, on the files of that machine."""
        return MachineBench(self.machine, silent)

    def invitation(self) -> Invitation:
        """As the back office shows it."""
        office = self.world.office
        code = new_enrolment_code(office, "districtshuis")
        return Invitation(self.world.sync_url, code, thumbprint(office.key.public))

    def answers(self, **more: dict[str, object]) -> Path:
        """A file with every answer; tables of `more` replace or add keys."""
        world = self.world
        tables: dict[str, dict[str, object]] = {
            "column": {"name": "zuil-7", "site": str(world.site_folder.resolve()), "contact_point": "districtshuis"},
            "screen": {"width_px": 1080, "height_px": 1920, "diagonal_inch": 21.5},
            "printer": {"uri": world.printer.uri, "profile": "epson-tm-t20iii"},
            "sheet_printer": {"uri": "none"},
            "card": {"reader": world.cards.reader, "trust": str(world.cards.trust.resolve())},
            "terminal": {"uri": "none"},
            "enrol": {"invitation": str(self.invitation())},
        }
        for table, values in more.items():
            tables[table] = {**tables.get(table, {}), **values}
        file = world.folder / "answers.toml"
        file.write_text("\n".join(line for name, table in tables.items() for line in _table(name, table)))
        return file

    def set_up(self, **more: dict[str, object]) -> Outcome:
        """Scripted, with every answer."""
        return set_up(self.settings, read_answers(self.answers(**more)), self.bench)

    def again(self) -> Outcome:
        """Scripted, with no answer at all."""
        return set_up(self.settings, Answers(), self.bench)


def _table(name: str, table: dict[str, object]) -> list[str]:
    return [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()), ""]


class Technician:
    """Reads what stands on the screen and answers; every wait has a limit."""

    def __init__(self, site: Site, panel: Panel | None = None) -> None:
        self.screen = ScriptScreen(site.world.texts)
        self.story = Story(self.screen, site.bench, site.settings, site.world.texts, panel)
        self._playing: asyncio.Task[SetUp] | None = None

    async def __aenter__(self) -> Technician:
        self._playing = asyncio.create_task(self.story.play())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.gather(self._playing, return_exceptions=True)

    async def ended(self) -> SetUp:
        """Wait for the end of the story."""
        assert self._playing is not None
        return await asyncio.wait_for(self._playing, LIMIT_S)

    async def page(self, key: str) -> Page:
        """Wait for the page whose title has that key."""
        await self._until(lambda: _key(self.screen) == key, f"a page {key}")
        return self.screen.page

    async def mark(self, at: int) -> Page:
        """Wait for one of the marks that are to be touched, counted from 1."""
        await self._until(
            lambda: _key(self.screen) == "setup.touch" and getattr(self.screen.page.title, "data", {}).get("at") == at,
            f"mark {at}",
        )
        return self.screen.page

    async def touch(self, key: str, option: str) -> None:
        """Wait for a page and choose."""
        await self.page(key)
        before = self.screen.view
        self.screen.touch(option)
        await self._until(lambda: self._moved(before), f"an answer to {option} on {key}")

    async def type(self, key: str, text: str) -> None:
        """Wait for a field, fill it and take it."""
        await self.page(key)
        self.screen.type(text)
        await self._until(lambda: getattr(self.screen.page, "query", None) == text, f"{text} in {key}")
        before = self.screen.view
        self.screen.touch("go")
        await self._until(lambda: self.screen.view is not before, f"an answer to {text}")

    async def back(self, key: str) -> None:
        """Wait for a page and go back."""
        await self.page(key)
        before = self.screen.view
        self.screen.back()
        await self._until(lambda: self.screen.view is not before, f"back from {key}")

    async def skip_trials(self) -> None:
        """Skip each trial until everything can be checked."""
        while True:
            await self._until(lambda: _key(self.screen).startswith(("setup.trial.", "setup.hub")), "trials or hub")
            if _key(self.screen) == "setup.hub.title":
                return
            await self.touch(_key(self.screen), "skip")

    def _moved(self, before: object) -> bool:
        """Whether something else is shown, or the story is over."""
        return self.screen.view is not before or (self._playing is not None and self._playing.done())

    async def _until(self, true: object, what: str) -> None:
        limit = asyncio.get_running_loop().time() + LIMIT_S
        while not true():  # type: ignore[operator]
            if self._playing is not None and self._playing.done():
                await self._playing
                raise AssertionError(f"the story ended while waiting for {what}")
            if asyncio.get_running_loop().time() > limit:
                raise AssertionError(f"no {what}; on screen: {self.screen.lines()}")
            await asyncio.sleep(0.005)


def _key(screen: ScriptScreen) -> str:
    try:
        return str(getattr(screen.page.title, "key", ""))
    except NotOnScreen:
        return ""
