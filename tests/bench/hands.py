"""A finger on the real window: finds what is named, presses, releases, and notes when the next page stands there.

Runs inside the kiosk process on Qt's thread, in short turns of a timer. Not for: which taps (`walks`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow

TURN_MS = 4
HOLD_S = 0.03
"""How long a finger rests on the glass; a brisk one does not."""
LIMIT_S = 15.0
NEXT = "next_page"
"""Turns the leaf of a page with more than fits."""


class After(Enum):
    """What a tap brings about."""

    PAGE = "another page"
    LOOK = "the same page drawn otherwise"


@dataclass(frozen=True)
class Tap:
    """One touch.

    Attributes:
        name: object name of the item; one ending in ":" stands for every item whose name begins with it.
        pick: which of several.
    """

    name: str
    after: After = After.PAGE
    pick: int = 0


@dataclass(frozen=True)
class Touch:
    """What one touch did, in nanoseconds of the performance counter.

    Attributes:
        page: kind of the page that came.
        drawn: when the first frame with it was swapped.
    """

    tap: Tap
    released: int
    drawn: int
    page: str


class Stuck(AssertionError):
    """What a tap waits for does not come."""


class Hands(QObject):
    """Plays taps one after the other, each when the screen has come to rest.

    Args:
        window: the kiosk's window.
        over: called at the end, with the reason when it is not a good one.
        hold_s: seconds between press and release.
    """

    def __init__(self, window: QQuickWindow, over: Callable[[str | None], None], hold_s: float = HOLD_S) -> None:
        super().__init__()
        self._hold_s = hold_s
        self._window, self._over = window, over
        self._touches: list[Touch] = []
        self._steps: Iterator[Callable[[], bool]] = iter(())
        self._condition: Callable[[], bool] = lambda: True
        self._since = time.monotonic()
        self._changed, self._drawn = 0, 0
        self._after = After.PAGE
        self._candidates: list[QQuickItem] = []
        kiosk = window.property("kiosk")
        kiosk.pageReplaced.connect(lambda _: self._note(After.PAGE))
        kiosk.toolbarChanged.connect(lambda: self._note(After.LOOK))
        window.frameSwapped.connect(self._frame)
        self._timer = QTimer(self, interval=TURN_MS)
        self._timer.timeout.connect(self._turn)

    def play(self, walk: Callable[[list[Touch]], Iterator[Tap | Callable[[], bool]]]) -> None:
        """Play a walk: taps, and conditions to wait for in between. It sees the touches so far."""
        self._steps = self._perform(walk)
        self._timer.start()

    def _turn(self) -> None:
        """Go on if what we wait for has come."""
        try:
            if self._condition():
                self._condition, self._since = next(self._steps), time.monotonic()
            elif time.monotonic() - self._since > LIMIT_S:
                raise Stuck(f"stuck on page {self._window.property('pageName')!r}: {self._waits()}")
        except StopIteration:
            self._end(None)
        except Stuck as stuck:
            self._end(str(stuck))

    def _waits(self) -> str:
        last = self._touches[-1].tap.name if self._touches else "nothing"
        return f"last touched {last}; to be touched are {sorted(named(self._window))}"

    def _end(self, reason: str | None) -> None:
        self._timer.stop()
        self._over(reason)

    def _perform(
        self, walk: Callable[[list[Touch]], Iterator[Tap | Callable[[], bool]]]
    ) -> Generator[Callable[[], bool], None, None]:
        for step in walk(self._touches):
            if isinstance(step, Tap):
                yield from self._touch(step)
            else:
                yield step

    def _touch(self, tap: Tap) -> Generator[Callable[[], bool], None, None]:
        yield lambda: self._sees(tap)
        while not self._candidates:
            yield from self._press(middle(found(self._window, NEXT)[0]))
            yield lambda: self._sees(tap)
        where = middle(self._candidates[tap.pick % len(self._candidates)])
        self._after = tap.after
        released = yield from self._press(where)
        yield lambda: self._drawn > 0
        self._touches.append(Touch(tap, released, self._drawn, str(self._window.property("pageName"))))

    def _press(self, where: QPoint) -> Generator[Callable[[], bool], None, int]:
        """Press, hold, release; returns the moment of the release."""
        self._send(QEvent.Type.MouseButtonPress, where, Qt.MouseButton.LeftButton)
        until = time.monotonic() + self._hold_s
        yield lambda: time.monotonic() >= until
        self._changed = self._drawn = 0
        released = time.perf_counter_ns()
        self._send(QEvent.Type.MouseButtonRelease, where, Qt.MouseButton.NoButton)
        return released

    def _send(self, kind: QEvent.Type, where: QPoint, held: Qt.MouseButton) -> None:
        """What Qt's platform plug-in would deliver; QtTest would bring QtWidgets and 20 MB into the process."""
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        at = QPointF(where)
        QCoreApplication.sendEvent(self._window, QMouseEvent(kind, at, self._window.mapToGlobal(at), left, held, none))

    def _sees(self, tap: Tap) -> bool:
        """Whether the screen is at rest and shows what is to be touched, or has a next leaf that may."""
        if self._window.property("animating"):
            return False
        self._candidates = found(self._window, tap.name)
        return bool(self._candidates or found(self._window, NEXT))

    def _note(self, what: After) -> None:
        if what is self._after and not self._changed:
            self._changed = time.perf_counter_ns()

    def _frame(self) -> None:
        if self._changed and not self._drawn:
            self._drawn = time.perf_counter_ns()


def items(item: QQuickItem) -> Iterator[QQuickItem]:
    """Every item one can see below `item`, in drawing order."""
    for child in item.childItems():
        if child.isVisible():
            yield child
            yield from items(child)


def named(window: QQuickWindow) -> dict[str, QQuickItem]:
    """Everything with a name that lies in the window and takes touches, by name."""
    return {
        item.objectName(): item
        for item in items(window.contentItem())
        if item.objectName() and item.isEnabled() and within(window, middle(item))
    }


def found(window: QQuickWindow, name: str) -> list[QQuickItem]:
    """What can be touched under that name."""
    if not name.endswith(":"):
        return [item for said, item in named(window).items() if said == name]
    return [item for said, item in named(window).items() if said.startswith(name)]


def middle(item: QQuickItem) -> QPoint:
    """The middle of an item in the window."""
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()


def within(window: QQuickWindow, point: QPoint) -> bool:
    """Whether a point lies in the window."""
    return 0 <= point.x() < window.width() and 0 <= point.y() < window.height()
