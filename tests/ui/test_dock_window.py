"""The dock's window: real clicks move levers, paper appears, nothing is pressed twice while a lever moves."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest
from PIL import Image
from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.ui import dock_window
from kiosk.ui.app import quit_window
from kiosk.ui.dock_window import DockWindow, open_dock, right_edge, run_dock


@dataclass(frozen=True)
class FakeLever:
    id: str
    title: str
    states: Mapping[str, str]
    now: str


@dataclass(frozen=True)
class FakeState:
    levers: tuple[FakeLever, ...]
    papers: int = 0
    column_running: bool = True
    visitors: str = ""
    recorded: bool = False
    pages: Mapping[str, str] = field(default_factory=lambda: {"Counter page": "http://127.0.0.1:8800/counter"})


class FakeDock:
    """A dock whose levers take as long as the test wants."""

    def __init__(self) -> None:
        printer = {"ok": "Prints.", "paper-out": "The roll is empty.", "cover-open": "Somebody opened the cover."}
        self.now = FakeState(
            (
                FakeLever("printer", "Printer", printer, "ok"),
                FakeLever("column", "Column", {"on": "The column runs.", "power-cut": "Loses power."}, "on"),
            )
        )
        self.moved: list[tuple[str, str]] = []
        self.threads: set[str] = set()
        self.may_move = threading.Event()
        self.may_move.set()
        self.problem: Exception | None = None

    def state(self) -> FakeState:
        return self.now

    def set(self, lever: str, state: str) -> None:
        self.threads.add(threading.current_thread().name)
        assert self.may_move.wait(10)
        if self.problem:
            raise self.problem
        self.moved.append((lever, state))
        levers = tuple(replace(each, now=state) if each.id == lever else each for each in self.now.levers)
        self.now = replace(self.now, levers=levers)

    def paper(self, number: int) -> bytes | None:
        picture = io.BytesIO()
        Image.new("RGB", (640, 900 + number), (number, 0, 0)).save(picture, "png")
        return picture.getvalue() if 1 <= number <= self.now.papers else None


class Hands:
    """Clicks in the window and waits for what follows."""

    def __init__(self, dock: FakeDock) -> None:
        self.window: DockWindow = open_dock(dock, ("demo", "secret-1"))
        self.quick = self.window.quick
        self.quick.show()
        self.until(self.quick.isExposed)

    def close(self) -> None:
        self.window.close()
        QGuiApplication.processEvents()
        QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def until(self, true: object) -> None:
        assert callable(true)
        limit = QDeadlineTimer(5000)
        while not true():
            assert not limit.hasExpired(), "waited in vain"
            QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)

    def items(self, parent: QQuickItem | None = None) -> Iterator[QQuickItem]:
        for child in (parent or self.quick.contentItem()).childItems():
            yield child
            yield from self.items(child)

    def item(self, name: str) -> QQuickItem:
        found = [item for item in self.items() if item.objectName() == name]
        assert len(found) == 1, name
        return found[0]

    def click(self, name: str) -> None:
        item = self.item(name)
        point = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        assert QRect(0, 0, self.quick.width(), self.quick.height()).contains(point), name
        QTest.mouseClick(self.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)

    def on(self, name: str) -> bool:
        return bool(self.item(name).property("on"))

    def words(self) -> str:
        return "\n".join(str(item.property("text")) for item in self.items() if item.inherits("QQuickText"))


@pytest.fixture
def dock() -> FakeDock:
    return FakeDock()


@pytest.fixture
def hands(dock: FakeDock) -> Iterator[Hands]:
    hands = Hands(dock)
    yield hands
    dock.may_move.set()
    hands.close()


def test_everything_stands_on_it_by_name(hands: Hands) -> None:
    words = hands.words()
    for expected in (
        "Printer",
        "paper out",
        "power cut",
        "Prints.",
        "http://127.0.0.1:8800/counter",
        "demo / secret-1",
    ):
        assert expected in words
    assert "No paper yet" in words
    assert "The column runs." in words


def test_a_click_moves_a_lever(dock: FakeDock, hands: Hands) -> None:
    assert hands.on("printer_ok")
    hands.click("printer_paper-out")
    hands.until(lambda: hands.on("printer_paper-out"))
    assert dock.moved == [("printer", "paper-out")]
    assert not hands.on("printer_ok")
    assert "The roll is empty." in hands.words()


def test_a_key_moves_a_lever(dock: FakeDock, hands: Hands) -> None:
    hands.quick.requestActivate()
    hands.item("printer_cover-open").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(hands.quick, Qt.Key.Key_Space)
    hands.until(lambda: hands.on("printer_cover-open"))
    assert hands.item("printer_cover-open").hasActiveFocus(), "what was pressed keeps the focus"


def test_the_window_lives_while_a_lever_moves(dock: FakeDock, hands: Hands) -> None:
    dock.may_move.clear()
    hands.click("column_power-cut")
    hands.until(lambda: "Moving the column" in hands.words())
    assert not hands.item("printer_ok").isEnabled()
    hands.click("printer_paper-out")
    hands.window.model.move("printer", "paper-out")
    dock.now = replace(dock.now, papers=1)
    hands.until(lambda: "Paper 1 of 1" in hands.words())
    dock.may_move.set()
    hands.until(lambda: hands.item("printer_ok").isEnabled())
    assert dock.moved == [("column", "power-cut")]
    assert threading.current_thread().name not in dock.threads


def test_paper_appears_and_earlier_ones_can_be_seen(dock: FakeDock, hands: Hands) -> None:
    dock.now = replace(dock.now, papers=1)
    hands.until(lambda: "Paper 1 of 1, the newest" in hands.words())
    dock.now = replace(dock.now, papers=2)
    hands.until(lambda: "Paper 2 of 2, the newest" in hands.words())
    assert hands.quick.grabWindow().pixelColor(_middle(hands)).red() == 2
    hands.click("earlier")
    hands.until(lambda: "Paper 1 of 2" in hands.words())
    assert hands.quick.grabWindow().pixelColor(_middle(hands)).red() == 1
    assert not hands.item("earlier").isEnabled()
    dock.now = replace(dock.now, papers=3)
    hands.until(lambda: "Paper 1 of 3" in hands.words())
    hands.click("later")
    hands.click("later")
    hands.until(lambda: "Paper 3 of 3, the newest" in hands.words())


def test_a_lever_that_fails_says_so_and_can_be_moved_again(dock: FakeDock, hands: Hands) -> None:
    dock.problem = OSError("the port is taken")
    hands.click("printer_paper-out")
    hands.until(lambda: "That did not work: the port is taken" in hands.words())
    dock.problem = None
    hands.click("printer_paper-out")
    hands.until(lambda: hands.on("printer_paper-out"))
    assert "did not work" not in hands.words()


def test_a_column_that_is_off_is_said(dock: FakeDock, hands: Hands) -> None:
    dock.now = replace(dock.now, column_running=False)
    hands.until(lambda: "The column is off." in hands.words())


def test_a_link_opens_its_address(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(dock_window.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    hands.click("page_Counter page")
    assert opened == ["http://127.0.0.1:8800/counter"]


def test_no_word_is_cut(hands: Hands) -> None:
    hands.quick.grabWindow()
    texts = [item for item in hands.items() if item.inherits("QQuickText") and item.property("text")]
    assert not [t.property("text") for t in texts if t.property("truncated")]
    assert not [t.property("text") for t in texts if t.property("contentWidth") > t.width() + 1]


@pytest.mark.parametrize("ending", ["close", "quit"])
def test_it_runs_until_it_is_closed_or_told_to_end(dock: FakeDock, ending: str) -> None:
    def end() -> None:
        windows = QGuiApplication.topLevelWindows()
        assert [window.title() for window in windows if window.isVisible()] == ["Dock – Zuil demo"]
        quit_window() if ending == "quit" else next(window for window in windows if window.isVisible()).close()

    QTimer.singleShot(50, end)
    run_dock(dock, ("demo", "secret-1"))
    assert not any(window.isVisible() for window in QGuiApplication.topLevelWindows())


@pytest.mark.parametrize("desktop", [QRect(0, 0, 1920, 1080), QRect(0, 27, 1366, 741), QRect(1920, 0, 700, 500)])
def test_it_stands_whole_at_the_right_edge(desktop: QRect) -> None:
    place = right_edge(desktop)
    assert desktop.contains(place)
    assert place.right() == desktop.right()


def _middle(hands: Hands) -> object:
    item = hands.item("paper")
    return item.mapToScene(QPointF(item.width() / 2, 40)).toPoint()
