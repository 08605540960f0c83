"""Setup as a technician lives it: on the screen's own pages, and typed into a real process as over SSH."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.column import load_column
from kiosk.core.pages import MeasurePage, SheetPage
from kiosk.demo.world import World
from kiosk.setup.touch import MARKS
from kiosk.setup.trials import Panel
from tests.bench.column import seconds_to_ready
from tests.setup.rigs import Site, Technician

PANEL = Panel(1080, 1920, 24.0)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with World(tmp_path) as world:
        yield Site.at(world)


async def answer_everything(technician: Technician, site: Site) -> None:
    """From the first page to the trials."""
    world = site.world
    await technician.touch("setup.title", "en")
    await technician.touch("setup.found.title", "go")
    await technician.type("setup.ask.name", "zuil-9")
    await technician.type("setup.ask.site", str(world.site_folder.resolve()))
    await technician.touch("setup.ask.place", "districtshuis")
    await technician.touch("setup.ask.screen", "portrait")
    await technician.type("setup.ask.diagonal", "24,0")
    await technician.touch("setup.ask.printer", "type")
    await technician.type("setup.ask.printer", world.printer.uri)
    await technician.touch("setup.ask.profile", "epson-tm-t20iii")
    await technician.touch("setup.ask.sheets", "none")
    await technician.touch("setup.ask.reader", "none")
    await technician.touch("setup.ask.terminal", "none")
    await technician.touch("setup.ask.backoffice", "type")
    await technician.type("setup.ask.backoffice", str(site.invitation()))


async def test_a_technician_sets_a_column_up_with_every_trial(site: Site) -> None:
    async with Technician(site, PANEL) as technician:
        await answer_everything(technician, site)
        await technician.touch("setup.trial.paper", "go")
        await technician.touch("setup.right.paper", "yes")
        await technician.touch("setup.trial.paper", "go")
        await technician.touch("setup.trial.touch", "go")
        for at, place in enumerate(MARKS, 1):
            page = await technician.mark(at)
            assert isinstance(page, MeasurePage)
            assert page.mark == place
            technician.screen.type("1.5 -2.0")
        await technician.touch("setup.trial.touch", "go")
        await technician.touch("setup.trial.size", "go")
        await technician.touch("setup.ruler", "other")
        await technician.type("setup.ask.length", "80")
        await technician.touch("setup.trial.size", "go")
        await technician.touch("setup.trial.clock", "go")
        await technician.touch("setup.right.clock", "yes")
        await technician.touch("setup.trial.clock", "go")
        assert not site.settings.exists(), "nothing is written before it was reviewed"
        await technician.touch("setup.hub.title", "write")
        review = await technician.page("setup.review")
        assert isinstance(review, SheetPage)
        assert any("diagonal_inch = 22.4" in line for line in technician.screen.lines()), "24.0 by 80 of 85.6 mm"
        await technician.touch("setup.review", "write")
        compare = await technician.page("setup.check")
        digits = str(compare.title.data["digits"]).replace(" ", "")  # type: ignore[union-attr]
        await technician.touch("setup.check", "same")
        await technician.touch("setup.finished", "done")
        done = await technician.ended()
    assert (done.written, done.enrolled) == (True, True)
    column = load_column(site.settings)
    assert (column.settings.column.name, column.settings.screen.diagonal_inch) == ("zuil-9", 22.4)
    assert len(site.world.papers()) == 1
    assert "Nederlands: één, ideeën" in site.world.papers()[0]
    assert f'"check":"{digits}"' in (site.settings.parent / "var" / "identity" / "receipt.json").read_text()


async def test_back_leads_to_the_question_before_and_digits_that_differ_join_nothing(site: Site) -> None:
    async with Technician(site) as technician:
        await technician.touch("setup.title", "nl")
        await technician.touch("setup.found.title", "go")
        await technician.type("setup.ask.name", "zuil-9")
        await technician.back("setup.ask.site")
        await technician.type("setup.ask.name", "Zuil 9")
        await technician.touch("setup.wrong", "go")
        await technician.type("setup.ask.name", "zuil-8")
        await technician.type("setup.ask.site", "nowhere")
        await technician.touch("setup.wrong", "go")
        await technician.type("setup.ask.site", str(site.world.site_folder.resolve()))
        await technician.touch("setup.ask.place", "districtshuis")
        await technician.touch("setup.ask.screen", "landscape")
        await technician.type("setup.ask.diagonal", "24")
        for asked in ("printer", "sheets", "reader", "terminal"):
            await technician.touch(f"setup.ask.{asked}", "none")
        await technician.touch("setup.ask.backoffice", "type")
        await technician.type("setup.ask.backoffice", site.world.sync_url)
        await technician.skip_trials()
        await technician.touch("setup.hub.title", "ask_screen")
        await technician.touch("setup.ask.screen", "portrait")
        await technician.back("setup.hub.title")
        await technician.touch("setup.found.title", "go")
        await technician.touch("setup.hub.title", "write")
        await technician.touch("setup.review", "write")
        await technician.type("setup.ask.code", "ABCD")
        await technician.touch("setup.not_joined", "go")
        await technician.type("setup.ask.code", site.invitation().code)
        await technician.touch("setup.check", "other")
        await technician.page("setup.not_joined")
        assert "the six digits differ" in " ".join(technician.screen.lines())
        assert not (site.settings.parent / "var" / "identity" / "receipt.json").exists()
        await technician.touch("setup.not_joined", "go")
        await technician.back("setup.ask.code")
        await technician.touch("setup.finished", "done")
        done = await technician.ended()
    assert (done.written, done.enrolled) == (True, False)
    screen = load_column(site.settings).settings.screen
    assert (screen.width_px, screen.height_px) == (1080, 1920)


def test_on_a_screen_it_stands_and_can_be_stopped_with_nothing_written(tmp_path: Path) -> None:
    settings = tmp_path / "column" / "zuil.toml"
    seconds_to_ready([sys.executable, "-m", "kiosk.cli", "setup", "--config", str(settings)], tmp_path)
    assert not settings.parent.exists()
    assert "Traceback" not in (tmp_path / "start.log").read_text()


class Terminal:
    """`zuil setup --text` as a process, read and answered by lines, as over SSH."""

    def __init__(self, site: Site) -> None:
        words = [sys.executable, "-m", "kiosk.cli", "setup", "--text", "--config", str(site.settings)]
        # A machine without readers and programs that find printers, whatever this one has.
        environment = {**os.environ, "PATH": str(site.machine)}
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        self._timer = threading.Timer(60, self._process.kill)
        self._timer.start()
        self.said: list[str] = []

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def until(self, words: str) -> list[str]:
        """Read on until a line holds these words; the lines since the last page began."""
        assert self._process.stdout is not None
        page: list[str] = []
        for line in self._process.stdout:
            self.said.append(line.rstrip())
            page = [self.said[-1]] if line.startswith("==") else [*page, self.said[-1]]
            if words in line:
                return page
        raise AssertionError(f"no '{words}': {self.said[-20:]}")

    def type(self, *lines: str) -> None:
        """Type lines."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n".join(lines) + "\n")
        self._process.stdin.flush()

    def choose(self, page: str, option: str) -> None:
        """On the page with that title, the option with these words."""
        self.until(f"== {page}")
        line = self.until(option)[-1]
        found = re.match(r"\[(\d+)\]", line)
        assert found, line
        self.until("   ? ")
        self.type(found[1])

    def end(self) -> int:
        """Wait for the end; its status."""
        assert self._process.stdout is not None
        self.said += self._process.stdout.read().splitlines()
        return self._process.wait()


def test_the_same_story_as_text_and_again_nothing_changes(site: Site) -> None:
    site.set_up()
    before = site.settings.read_text()
    with Terminal(site) as terminal:
        terminal.choose("Zuil instellen", "English")
        terminal.choose("This was found", "Go on")
        terminal.choose("Check everything", "See what changes")
        terminal.choose("Nothing changes", "Go on")
        terminal.choose("The kiosk is set up", "Done")
        assert terminal.end() == 0, terminal.said
    assert any("Name" in line and "zuil-7" in line for line in terminal.said)
    assert site.settings.read_text() == before
