"""The window: application, engine, fonts, pictures, and the loop of the main thread.

The composition root makes a `QtScreen`, starts the journeys' loop in a thread of its own and calls `run`, which
returns when the window closes or `quit_window` is called. Not for: journeys, devices, settings.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from kiosk.core.texts import Texts
from kiosk.ui.bell import Bell, PlayedBell, Ringing, SilentBell
from kiosk.ui.brand import Brand
from kiosk.ui.gate import SETTLE_S, Gate
from kiosk.ui.heartbeat import Heartbeat
from kiosk.ui.images import CodeProvider, IconProvider
from kiosk.ui.kiosk_model import KioskModel
from kiosk.ui.measure import QtMeasure
from kiosk.ui.metrics import ScreenModel
from kiosk.ui.reader import Reader
from kiosk.ui.screen import QtScreen
from kiosk.ui.speaker import Speaker
from kiosk.ui.theme import QML
from kiosk.ui.tokens import ASSETS, load_design
from kiosk.watchdog import INTERFACE, Watchdog

_DESKTOP_SHARE = 0.9


class ScreenError(RuntimeError):
    """The screens could not be loaded; the text names what is missing."""


@dataclass
class Window:
    """A window with its screens; keep it as long as the window lives.

    Attributes:
        quick: the Qt Quick window.
        model: the root of all bindings.
        ringing: the bell, silenced when the window goes.
    """

    quick: QQuickWindow
    model: KioskModel
    ringing: Ringing
    _engine: QQmlApplicationEngine
    _keep: tuple[QObject, ...] = field(default=())

    def close(self) -> None:
        """Take the window down in the order Qt likes: items first, then what they were bound to."""
        self.ringing.stop()
        self.quick.close()
        self._engine.deleteLater()
        self.model.deleteLater()
        for thing in self._keep:
            thing.deleteLater()


def prepare() -> None:
    """Choose how Qt draws; before the first `QGuiApplication`.

    Everything on the interface thread always, and without a graphics device the software renderer, which repaints
    only what changed.
    """
    os.environ["QSG_RENDER_LOOP"] = "basic"
    if not list(Path("/dev/dri").glob("render*")) or os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        os.environ.setdefault("QT_QUICK_BACKEND", "software")


def application() -> QGuiApplication:
    """The one application object, with our fonts."""
    prepare()
    existing = QGuiApplication.instance()
    app = existing if isinstance(existing, QGuiApplication) else QGuiApplication(sys.argv[:1])
    if load_design().family not in QFontDatabase.families():
        for path in sorted((ASSETS / "fonts").glob("*.ttf")):
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                raise ScreenError(f"{path.name} in assets/fonts is no font Qt can read")
    return app


def open_window(
    screen: QtScreen,
    model: ScreenModel,
    brand: Brand,
    texts: Texts,
    speaker: Speaker,
    *,
    now: Callable[[], datetime],
    bell: Bell | None = None,
    motion_scale: float = 1.0,
    settle_s: float = SETTLE_S,
) -> Window:
    """Build the window and attach `screen` to it; the caller shows it.

    Raises:
        ScreenError: when the QML of the product cannot be loaded.
    """
    application()
    engine = QQmlApplicationEngine()
    problems: list[str] = []
    engine.warnings.connect(lambda found: problems.extend(error.toString() for error in found))
    engine.addImportPath(str(QML))
    engine.addImageProvider("icon", IconProvider())
    engine.addImageProvider("code", CodeProvider())
    theme = engine.singletonInstance("Kiosk", "Theme")
    if not isinstance(theme, QObject):
        raise ScreenError("the QML module Kiosk has no singleton Theme: " + "; ".join(problems))
    measure = QtMeasure(load_design().family)
    reader, ringing = Reader(speaker, texts), Ringing(bell or SilentBell())
    gate = Gate(settle_s)
    kiosk = KioskModel(model, brand, texts, reader, ringing, measure, theme, now, gate=gate, motion_scale=motion_scale)
    engine.setInitialProperties({"kiosk": kiosk})
    engine.loadFromModule("Kiosk", "Main")
    roots = engine.rootObjects()
    if not roots or not isinstance(roots[0], QQuickWindow):
        raise ScreenError("the screens could not be loaded: " + "; ".join(problems))
    kiosk.given.connect(screen.give)
    kiosk.knocked.connect(screen.knock)
    screen.attach(kiosk)
    return Window(roots[0], kiosk, ringing, engine, (reader, ringing))


def run(
    screen: QtScreen,
    model: ScreenModel,
    brand: Brand,
    texts: Texts,
    speaker: Speaker,
    *,
    now: Callable[[], datetime],
    fullscreen: bool = True,
    on_ready: Callable[[], None] = lambda: None,
    bell: Bell | None = None,
    motion_scale: float = 1.0,
    watchdog: Watchdog | None = None,
) -> int:
    """Show the window and run the main thread's loop until it closes.

    Args:
        screen: the port the journeys use.
        model: the panel; every size follows from it.
        brand: municipality and contact point.
        texts: the catalogue, for `ui.` keys and every page.
        speaker: the voice (`EspeakSpeaker`, or `SilentSpeaker`).
        now: local time of the site, for the clock.
        fullscreen: true on a column (no cursor); false opens a window that fits the desktop.
        on_ready: called once, when the first view stands on screen.
        bell: rings for a card left in the reader; None plays the chime on the machine's loudspeaker.
        motion_scale: 1 as designed, 0 without motion.
        watchdog: is given a beat for every frame.

    Returns:
        The exit status of the loop.
    """
    app = application()
    rings = bell or PlayedBell()
    window = open_window(screen, model, brand, texts, speaker, now=now, bell=rings, motion_scale=motion_scale)
    quick = window.quick
    if fullscreen:
        quick.setCursor(Qt.CursorShape.BlankCursor)
        quick.showFullScreen()
    else:
        quick.resize(desktop_size(model, quick.screen().availableSize()))
        quick.show()
    if watchdog:
        Heartbeat(quick, watchdog.rhythm, lambda: watchdog.beat(INTERFACE))
    _once_drawn(quick, on_ready)
    try:
        return app.exec()
    finally:
        speaker.stop()
        window.close()


def quit_window() -> None:
    """End `run` from any thread."""
    app = QGuiApplication.instance()
    if app is not None:
        QTimer.singleShot(0, app, app.quit)


def desktop_size(model: ScreenModel, available: QSize) -> QSize:
    """The largest size with the panel's proportions that leaves room for the desktop."""
    whole = QSize(model.width_px, model.height_px)
    most = QSize(round(available.width() * _DESKTOP_SHARE), round(available.height() * _DESKTOP_SHARE))
    fits = whole.width() <= most.width() and whole.height() <= most.height()
    return whole if fits else whole.scaled(most, Qt.AspectRatioMode.KeepAspectRatio)


def _once_drawn(window: QQuickWindow, tell: Callable[[], None]) -> None:
    def drawn() -> None:
        if window.property("pageName"):
            window.frameSwapped.disconnect(drawn)
            tell()

    window.frameSwapped.connect(drawn)
