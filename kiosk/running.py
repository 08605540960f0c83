"""Run a column on a screen or in a terminal: two loops, one door.

On a screen Qt owns the main thread and the journeys' asyncio loop has a thread of its own; in a terminal there is only
the asyncio loop. Not for: putting the column together (`kiosk.app`).
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from config.column import ColumnConfig, load_column
from config.texts import Catalog, load_texts
from kiosk.app import Kiosk, column_clock
from kiosk.journeys.ports import Screen
from kiosk.logs import start_logging
from kiosk.loudness import Loudness
from kiosk.paths import TRANSLATIONS
from kiosk.service import no_core_dumps, on_stop, say_where_it_hung, tell_alive, tell_ready, watchdog_seconds
from kiosk.snapshots import load_in_use
from kiosk.watchdog import INTERFACE, JOURNEYS, STORE, Watchdog

if TYPE_CHECKING:
    # Qt is imported only where there is a screen: a terminal must not need it.
    from kiosk.terminal.text_screen import TextScreen
    from kiosk.ui.brand import Brand
    from kiosk.ui.metrics import ScreenModel
    from kiosk.ui.speaker import Speaker


RESTART = 75
"""Exit status of a program that wants to be started anew at once (`EX_TEMPFAIL` of sysexits.h). A service manager that
restarts only after failures takes it for one: `RestartForceExitStatus=75` says so in a unit of systemd."""


class Serves(Protocol):
    """What a screen is there for: a column, or the set-up of one."""

    async def serve(self, screen: Screen) -> None:
        """Serve until it is over or cancelled."""
        ...


class JourneyLoop:
    """The journeys' loop in a thread of its own.

    Args:
        kiosk: what is served.
        screen: what it is served on.
        ended: called, on that thread, when serving ended by itself, which of a column only a refusal or a defect does.
    """

    def __init__(self, kiosk: Serves, screen: Screen, ended: Callable[[], None]) -> None:
        self._kiosk = kiosk
        self._screen = screen
        self._ended = ended
        self._loop = asyncio.new_event_loop()
        self._serving: asyncio.Task[None] | None = None
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="zuil-journeys")

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End the visit, close everything, and raise what serving ended with, if it ended by itself."""
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()
        self._loop.close()
        if self._problem:
            raise self._problem

    def _cancel(self) -> None:
        if self._serving:
            self._serving.cancel()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._serving = self._loop.create_task(self._kiosk.serve(self._screen))
        try:
            self._loop.run_until_complete(self._serving)
        except asyncio.CancelledError:
            return
        except Exception as problem:  # noqa: BLE001 - raised again by `stop`, on the thread that can tell somebody
            self._problem = problem
        self._ended()


def run_on_screen(path: Path | None) -> int:
    """Serve on the screen until the window closes or the program is asked to stop.

    Raises:
        config.problems.ConfigError: when settings, site or texts cannot be used.
        kiosk.store.errors.StoreRefused: when the store cannot be opened.
        sync.client.column.NotEnrolled: when the column never joined a back office.
    """
    config, texts = _load(path)
    start_logging(config.settings.log)
    from kiosk.ui.app import application, quit_window, run
    from kiosk.ui.bell import PlayedBell
    from kiosk.ui.screen import QtScreen

    application()
    screen = QtScreen()
    standing = threading.Event()
    watchdog = _watchdog(INTERFACE, JOURNEYS, STORE)
    kiosk = Kiosk(config, texts, standing=standing, file=path, watchdog=watchdog)
    journeys = JourneyLoop(kiosk, screen, quit_window)
    journeys.start()

    def ready() -> None:
        _begin(watchdog)
        collect_garbage()
        standing.set()

    try:
        with on_stop(quit_window):
            status = run(
                screen,
                _screen_model(config),
                _brand(config),
                texts,
                _speaker(config, kiosk.loudness),
                bell=PlayedBell(loudness=lambda: kiosk.loudness.percent),
                now=column_clock(config).now,
                fullscreen=config.settings.screen.fullscreen,
                on_ready=ready,
                watchdog=watchdog,
            )
    finally:
        if watchdog:
            watchdog.stop()
        standing.set()
        journeys.stop()
    return RESTART if kiosk.restarting else status


def run_in_terminal(path: Path | None) -> int:
    """Serve in this terminal until its input ends or the program is asked to stop; raises as `run_on_screen`."""
    config, texts = _load(path)
    start_logging(config.settings.log, terminal=False)
    return asyncio.run(_serve_terminal(config, texts, path))


def collect_garbage() -> None:
    """From now on; what was loaded until here stays for good and is not looked through again."""
    gc.freeze()
    gc.enable()


async def _serve_terminal(config: ColumnConfig, texts: Catalog, path: Path | None) -> int:
    from kiosk.terminal.text_screen import TextScreen

    collect_garbage()
    loop = asyncio.get_running_loop()
    screen = TextScreen(texts, sys.stdin, sys.stdout, practice=config.site.practice)
    screen.start()
    watchdog = _watchdog(JOURNEYS, STORE)
    kiosk = Kiosk(config, texts, file=path, watchdog=watchdog)
    serving = asyncio.create_task(kiosk.serve(screen))
    ending = asyncio.create_task(screen.ended.wait())
    telling = asyncio.create_task(_begin_when_shown(screen, watchdog))

    def stop() -> None:
        loop.call_soon_threadsafe(screen.ended.set)

    with on_stop(stop):
        await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
    if watchdog:
        watchdog.stop()
    for task in (serving, ending, telling):
        task.cancel()
    results = await asyncio.gather(serving, ending, telling, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]
    return RESTART if kiosk.restarting else 0


async def _begin_when_shown(screen: TextScreen, watchdog: Watchdog | None) -> None:
    await screen.shown.wait()
    _begin(watchdog)


def _watchdog(*loops: str) -> Watchdog | None:
    """One where the service manager asks for it."""
    seconds = watchdog_seconds()
    return Watchdog(seconds, loops, tell_alive) if seconds else None


def _begin(watchdog: Watchdog | None) -> None:
    """The program serves: say so, and only then begin to say that all is well."""
    tell_ready()
    if watchdog:
        watchdog.start()


def _load(path: Path | None) -> tuple[ColumnConfig, Catalog]:
    no_core_dumps()
    say_where_it_hung()
    return load_column(None) if path is None else load_in_use(path), load_texts(TRANSLATIONS)


def _screen_model(config: ColumnConfig) -> ScreenModel:
    from kiosk.ui.metrics import ScreenModel

    screen = config.settings.screen
    return ScreenModel(screen.width_px, screen.height_px, screen.diagonal_inch, screen.viewing_distance_mm)


def _brand(config: ColumnConfig) -> Brand:
    from kiosk.ui.brand import Brand

    site = config.site
    return Brand(site.name, site.mark, site.brand, config.here.name, site.practice)


def _speaker(config: ColumnConfig, loudness: Loudness) -> Speaker:
    from kiosk.ui.speaker import EspeakSpeaker, SilentSpeaker

    speech = config.settings.speech
    if not speech.program:
        return SilentSpeaker()
    return EspeakSpeaker(speech.program, lambda: loudness.percent, speech.rate, private=speech.private)
