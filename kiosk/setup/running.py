"""Plays the story of setup on a screen of its own, or in a terminal.

Not for: the story (`story`).
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config.problems import ConfigError
from config.settings import ScreenSettings, Settings, load_settings
from config.texts import load_texts
from kiosk.clock import SystemClock
from kiosk.core.texts import LANGUAGES, Localized, message
from kiosk.journeys.ports import Screen
from kiosk.paths import TRANSLATIONS
from kiosk.running import JourneyLoop
from kiosk.service import on_stop, tell_ready
from kiosk.setup.bench import Bench
from kiosk.setup.finders.screens import screens_of
from kiosk.setup.machine_bench import MachineBench
from kiosk.setup.story import SetUp, Story
from kiosk.setup.trials import Panel

if TYPE_CHECKING:
    from kiosk.ui.brand import Brand

_COLOUR = "#0B4F6C"
_ZONE = "Europe/Brussels"


class Served:
    """The story as something a loop can serve.

    Attributes:
        result: what became of it.
    """

    def __init__(self, path: Path, bench: Bench, panel: Panel | None) -> None:
        self._path, self._bench, self._panel = path, bench, panel
        self.result = SetUp()

    async def serve(self, screen: Screen) -> None:
        """Play it once; its end ends the program."""
        story = Story(screen, self._bench, self._path, load_texts(TRANSLATIONS), self._panel)
        self.result = story.result
        await story.play()


def brand() -> Brand:
    """What stands in the header while nobody knows yet whose column it is."""
    from kiosk.ui.brand import Brand

    texts, header = load_texts(TRANSLATIONS), message("setup.header")
    here = Localized({language: texts.spoken(header, language) for language in LANGUAGES})
    return Brand(Localized(dict.fromkeys(LANGUAGES, "Zuil")), "Z", _COLOUR, here)


def set_up_on_screen(path: Path, bench: Bench | None = None) -> bool:
    """On the touch screen; whether the settings are written and, where there is a back office, the column joined."""
    from kiosk.ui.app import application, quit_window, run
    from kiosk.ui.metrics import ScreenModel
    from kiosk.ui.screen import QtScreen
    from kiosk.ui.speaker import SilentSpeaker

    application()
    sized = screen_of(path)
    panel = Panel(sized.width_px, sized.height_px, sized.diagonal_inch)
    screen, served = QtScreen(), Served(path, bench or MachineBench(), panel)
    loop = JourneyLoop(served, screen, quit_window)
    loop.start()
    model = ScreenModel(sized.width_px, sized.height_px, sized.diagonal_inch, sized.viewing_distance_mm)
    clock = SystemClock(_ZONE)
    try:
        with on_stop(quit_window):
            run(
                screen,
                model,
                brand(),
                load_texts(TRANSLATIONS),
                SilentSpeaker(),
                now=clock.now,
                fullscreen=sized.fullscreen,
                on_ready=tell_ready,
            )
    finally:
        loop.stop()
    return _done(served.result)


def set_up_in_terminal(path: Path, bench: Bench | None = None) -> bool:
    """As lines of text, over SSH too; see `set_up_on_screen`."""
    return asyncio.run(_in_terminal(Served(path, bench or MachineBench(), None)))


async def _in_terminal(served: Served) -> bool:
    from kiosk.terminal.text_screen import TextScreen

    screen = TextScreen(load_texts(TRANSLATIONS), sys.stdin, sys.stdout)
    screen.start()
    serving = asyncio.create_task(served.serve(screen))
    ending = asyncio.create_task(screen.ended.wait())
    await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
    for task in (serving, ending):
        task.cancel()
    results = await asyncio.gather(serving, ending, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]
    return _done(served.result)


def _done(result: SetUp) -> bool:
    return result.written and (result.enrolled or result.alone)


def screen_of(path: Path) -> ScreenSettings:
    """What the page is drawn for: the settings where there are some, else the screen that is connected, upright."""
    try:
        settings = load_settings(path) if path.exists() else None
    except ConfigError:
        settings = None
    if settings is not None:
        return settings.screen
    found = screens_of()
    usual = Settings().screen
    if not found:
        return usual
    size = {"width_px": found[0].width_px, "height_px": found[0].height_px}
    return usual.model_copy(update={**size, "diagonal_inch": found[0].diagonal_inch or usual.diagonal_inch})
