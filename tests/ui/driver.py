"""Drives the screens as a person does: shows views, touches, presses keys, looks at what stands where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.core.pages import Input, Look, Overlay, Page, View
from kiosk.core.texts import LANGUAGES, Language, Texts
from kiosk.ui.app import open_window
from kiosk.ui.bell import RecordingBell
from kiosk.ui.brand import Brand
from kiosk.ui.metrics import ScreenModel
from kiosk.ui.screen import QtScreen
from kiosk.ui.shots import MOMENT
from kiosk.ui.speaker import RecordingSpeaker

_PATIENCE_MS = 3000


@dataclass(frozen=True)
class Seen:
    """An item on the glass: what it is called, where it stands in the scene."""

    item: QQuickItem
    name: str
    rect: QRectF


class Ui:
    """A window with its screen, its voice and everything it gave."""

    def __init__(
        self, model: ScreenModel, brand: Brand, texts: Texts, settle_s: float, motion_scale: float = 0.0
    ) -> None:
        self.model, self.texts = model, texts
        self.screen, self.speaker, self.bell = QtScreen(), RecordingSpeaker(), RecordingBell()
        self.given: list[Input] = []
        self.window = open_window(
            self.screen,
            model,
            brand,
            texts,
            self.speaker,
            now=lambda: MOMENT,
            bell=self.bell,
            motion_scale=motion_scale,
            settle_s=settle_s,
        )
        self.window.model.given.connect(self.given.append)
        self.quick = self.window.quick
        self.quick.show()
        self._serial = 0
        self.view: View | None = None
        self.wait(self.quick.isExposed)

    def close(self) -> None:
        """Take everything down."""
        self.window.close()
        self.settle()

    def show(
        self,
        page: Page,
        language: Language = "nl",
        look: Look | None = None,
        overlay: Overlay | None = None,
        languages: tuple[Language, ...] = LANGUAGES,
    ) -> View:
        """Show a page as a new view."""
        self._serial += 1
        self.view = View(self._serial, page, language, languages, look or Look(), overlay)
        self.window.model.show(self.view)
        self.settle()
        return self.view

    def change(self, **changes: object) -> View:
        """Show the same view with changes, under the same serial."""
        assert self.view is not None
        self.view = replace(self.view, **changes)
        self.window.model.show(self.view)
        self.settle()
        return self.view

    def settle(self) -> None:
        """Let queued events and deletions happen."""
        QGuiApplication.processEvents()
        QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def draw(self) -> None:
        """Draw a frame, so that everything stands where it belongs."""
        self.quick.grabWindow()

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, with a limit."""
        limit = QDeadlineTimer(_PATIENCE_MS)
        while not condition():
            assert not limit.hasExpired(), "waited in vain"
            QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)

    def walk(self, item: QQuickItem | None = None) -> Iterator[QQuickItem]:
        """Every item that is really visible, in the visual tree."""
        for child in (item or self.root()).childItems():
            if child.isVisible() and child.opacity() > 0:
                yield child
                yield from self.walk(child)

    def root(self) -> QQuickItem:
        """The overlay while there is one (nothing else can be used), else everything."""
        content = self.quick.contentItem()
        if self.view is not None and self.view.overlay is not None:
            return next(item for item in self._all(content) if _type(item) == "KsOverlay")
        return content

    def everything(self) -> Iterator[QQuickItem]:
        """Every item, also behind an overlay and invisible ones."""
        yield from self._all(self.quick.contentItem())

    def texts_shown(self) -> list[Seen]:
        """Every text with words in it."""
        return [
            Seen(item, str(item.property("text")), _rect(item))
            for item in self.walk()
            if item.inherits("QQuickText") and item.property("text")
        ]

    def buttons(self) -> list[Seen]:
        """Everything that can be pressed now."""
        return [
            Seen(item, item.objectName(), _rect(item))
            for item in self.walk()
            if item.inherits("QQuickAbstractButton") and item.isEnabled()
        ]

    def of_type(self, name: str) -> list[QQuickItem]:
        """Visible items of one of our QML types."""
        return [item for item in self.walk() if _type(item) == name]

    def find(self, name: str) -> QQuickItem:
        """The visible item of that object name."""
        hits = [item for item in self.walk() if item.objectName() == name]
        assert hits, f"no visible {name}; there are {sorted({i.objectName() for i in self.walk()} - {''})}"
        return hits[-1]

    def point(self, name: str) -> QPoint:
        """The middle of an item, in window pixels."""
        item = self.find(name)
        return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()

    def tap(self, name: str) -> None:
        """Touch an item with the mouse, once the screen is at rest."""
        self.wait(lambda: not self.quick.property("animating"))
        QTest.mouseClick(self.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.point(name))
        self.settle()

    def key(self, key: Qt.Key, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            QTest.keyClick(self.quick, key)
            self.settle()

    def type(self, letters: str) -> None:
        """Touch keys of the on-screen keyboard."""
        for letter in letters:
            self.tap(f"key_{letter}")

    def focus(self) -> str:
        """Object name of what the keys act on."""
        item = self.quick.activeFocusItem()
        return item.objectName() if item else ""

    def words(self) -> str:
        """All words on the glass, soft hyphens removed."""
        return "\n".join(seen.name for seen in self.texts_shown()).replace("\u00ad", "")

    def _all(self, item: QQuickItem) -> Iterator[QQuickItem]:
        for child in item.childItems():
            yield child
            yield from self._all(child)


def _type(item: QQuickItem) -> str:
    return item.metaObject().className().partition("_QMLTYPE")[0]


def _rect(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))
