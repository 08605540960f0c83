"""The dock's window: a technician's tool beside the demonstration kiosk, in English, for a mouse.

It shows what a `Dock` says and moves its levers on a thread of its own, because a power cut takes seconds. Not for: a
column in service, or what the levers do (`kiosk.demo.dock`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Property, QObject, QRect, QSize, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickImageProvider, QQuickWindow

from kiosk.ui.app import ScreenError, application
from kiosk.ui.theme import QML

POLL_MS = 300
"""How often the dock is asked how things stand."""
SIZE = QSize(760, 900)

Plain = dict[str, str]


class Lever(Protocol):
    """One thing that can be set; see `kiosk.demo.dock.Lever`."""

    @property
    def id(self) -> str:
        """Stable name."""
        ...

    @property
    def title(self) -> str:
        """What a person reads."""
        ...

    @property
    def states(self) -> Mapping[str, str]:
        """State to what it does."""
        ...

    @property
    def now(self) -> str:
        """The state it is in."""
        ...


class DockState(Protocol):
    """How things stand; see `kiosk.demo.dock.DockState`."""

    @property
    def levers(self) -> Sequence[Lever]:
        """Everything that can be set."""
        ...

    @property
    def papers(self) -> int:
        """How many papers came out."""
        ...

    @property
    def column_running(self) -> bool:
        """Whether the kiosk's process is up."""
        ...

    @property
    def visitors(self) -> str:
        """How the day of visitors goes, or ""."""
        ...

    @property
    def recorded(self) -> bool:
        """Whether there is a visit file to take home."""
        ...

    @property
    def pages(self) -> Mapping[str, str]:
        """Title to address of the pages around the column."""
        ...


class Dock(Protocol):
    """What the window steers; `kiosk.demo.dock.Dock` is one. `set` may block, the others may not."""

    def state(self) -> DockState:
        """Everything as it stands now."""
        ...

    def set(self, lever: str, state: str) -> None:
        """Put a lever into a state."""
        ...

    def paper(self, number: int) -> bytes | None:
        """Picture (PNG) of a paper, from 1."""
        ...


class PaperProvider(QQuickImageProvider):
    """Papers by number: `image://paper/3`."""

    def __init__(self, dock: Dock) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._dock = dock

    def requestImage(self, id: str, size: QSize, requested: QSize) -> QImage:  # noqa: N802, ARG002 - Qt's name
        """The picture of paper `id`."""
        return QImage.fromData(self._dock.paper(int(id)) or b"")


class DockModel(QObject):
    """What the window binds to.

    Args:
        dock: what is steered.
        staff: login and password for the counter page.
    """

    changed = Signal()
    _moved = Signal(str)

    def __init__(self, dock: Dock, staff: tuple[str, str]) -> None:
        super().__init__()
        self._dock = dock
        self._staff = staff
        self._state = dock.state()
        self._newest = self._paper = self._state.papers
        self._busy = self._problem = ""
        # Made once: lists that are replaced build every button anew and lose the focus.
        self._levers = [_plain(lever) for lever in self._state.levers]
        # One worker: levers are moved in the order in which they were pressed.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="dock")
        self._moved.connect(self._done, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def stop(self) -> None:
        """Ask no more, and wait for a lever that is being moved."""
        self._timer.stop()
        self._worker.shutdown(wait=True)

    @Slot()
    def look(self) -> None:
        """Ask how things stand; a new paper comes to the front unless somebody looks at an earlier one."""
        state = self._dock.state()
        follow = self._paper == self._newest
        if state.papers != self._newest:
            self._newest = state.papers
            self._paper = state.papers if follow else min(self._paper, state.papers)
        elif state == self._state:
            return
        self._state = state
        self.changed.emit()

    @Slot(str, str)
    def move(self, lever: str, state: str) -> None:
        """Put a lever into a state, on the worker; levers are disabled meanwhile."""
        if self._busy:
            return
        self._busy, self._problem = lever, ""
        self.changed.emit()
        self._worker.submit(self._dock.set, lever, state).add_done_callback(self._tell)

    @Slot(int)
    def turn(self, step: int) -> None:
        """To an earlier (-1) or later (1) paper."""
        self._paper = max(1, min(self._newest, self._paper + step)) if self._newest else 0
        self.changed.emit()

    @Slot(str)
    def open(self, address: str) -> None:
        """Open a page in the desktop's browser."""
        QDesktopServices.openUrl(QUrl(address))

    def _tell(self, work: Future[None]) -> None:
        problem = work.exception()
        self._moved.emit(str(problem) if problem else "")

    @Slot(str)
    def _done(self, problem: str) -> None:
        self._busy, self._problem = "", problem
        self._state = self._dock.state()
        self.changed.emit()

    def _now(self) -> Plain:
        return {lever.id: lever.now for lever in self._state.levers}

    def _pages(self) -> list[Plain]:
        return [{"title": title, "address": address} for title, address in self._state.pages.items()]

    def _status(self) -> str:
        if self._problem:
            return f"That did not work: {self._problem}"
        if self._busy:
            return f"Moving the {self._busy} …"
        return "The column runs." if self._state.column_running else "The column is off."

    def _recorded(self) -> str:
        """Address of the recorded visit file, or ""."""
        page = self._state.pages.get("Dock", "")
        return f"{page}/recording.visit" if page and self._state.recorded else ""

    def _caption(self) -> str:
        if not self._paper:
            return "No paper yet: take a number at the kiosk."
        return f"Paper {self._paper} of {self._newest}" + (", the newest" if self._paper == self._newest else "")

    levers = Property(list, lambda self: self._levers, constant=True)
    pages = Property(list, _pages, constant=True)
    now = Property(dict, _now, notify=changed)
    status = Property(str, _status, notify=changed)
    caption = Property(str, _caption, notify=changed)
    busy = Property(bool, lambda self: bool(self._busy), notify=changed)
    running = Property(bool, lambda self: self._state.column_running, notify=changed)
    paper = Property(int, lambda self: self._paper, notify=changed)
    papers = Property(int, lambda self: self._newest, notify=changed)
    visitors = Property(str, lambda self: self._state.visitors, notify=changed)
    recorded = Property(str, _recorded, notify=changed)
    staff = Property(str, lambda self: " / ".join(self._staff), constant=True)


def _plain(lever: Lever) -> dict[str, object]:
    states = [{"name": name, "label": name.replace("-", " "), "does": does} for name, does in lever.states.items()]
    return {"id": lever.id, "title": lever.title, "states": states}


@dataclass
class DockWindow:
    """An open dock; keep it as long as it shows.

    Attributes:
        quick: the Qt Quick window.
        model: what it is bound to.
    """

    quick: QQuickWindow
    model: DockModel
    _engine: QQmlApplicationEngine

    def close(self) -> None:
        """Take it down: items first, then what they were bound to."""
        self.model.stop()
        self.quick.close()
        self._engine.deleteLater()
        self.model.deleteLater()


def open_dock(dock: Dock, staff: tuple[str, str]) -> DockWindow:
    """Build the window; the caller shows it.

    Raises:
        kiosk.ui.app.ScreenError: when its QML cannot be loaded.
    """
    application()
    engine = QQmlApplicationEngine()
    problems: list[str] = []
    engine.warnings.connect(lambda found: problems.extend(error.toString() for error in found))
    engine.addImportPath(str(QML))
    engine.addImageProvider("paper", PaperProvider(dock))
    model = DockModel(dock, staff)
    engine.setInitialProperties({"dock": model})
    engine.loadFromModule("ZuilDock", "ZdWindow")
    roots = engine.rootObjects()
    if not roots or not isinstance(roots[0], QQuickWindow):
        model.stop()
        raise ScreenError("the dock could not be loaded: " + "; ".join(problems))
    return DockWindow(roots[0], model, engine)


def run_dock(dock: Dock, staff: tuple[str, str]) -> None:
    """Show the dock at the right edge of the desktop until its window closes or `kiosk.ui.app.quit_window`."""
    window = open_dock(dock, staff)
    window.quick.setGeometry(right_edge(window.quick.screen().availableGeometry()))
    window.quick.show()
    try:
        application().exec()
    finally:
        window.close()


def right_edge(desktop: QRect) -> QRect:
    """Where the dock stands: at the right, so that the kiosk has the left; whole on a small desktop too."""
    width, height = min(SIZE.width(), desktop.width()), min(SIZE.height(), desktop.height() - 40)
    return QRect(desktop.right() + 1 - width, desktop.top() + (desktop.height() - height) // 2, width, height)
