"""The interface loop's beat: a frame that was really drawn, asked for in a steady rhythm.

Not for: what the beat is good for (`kiosk.watchdog`).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtQuick import QQuickWindow


class Heartbeat(QObject):
    """Asks a window for a frame again and again, and tells of every one that was drawn.

    A screen that is unplugged or dark draws nothing, and that is no fault of the program: then it is enough that the
    loop came round.

    Args:
        seconds: between two frames.
        beat: called on the interface thread.
    """

    def __init__(self, window: QQuickWindow, seconds: float, beat: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._beat = window, beat
        window.frameSwapped.connect(self._drawn)
        timer = QTimer(self)
        timer.timeout.connect(self._ask)
        timer.start(round(1000 * seconds))

    def _ask(self) -> None:
        if self._window.isExposed():
            self._window.update()
        else:
            self._beat()

    def _drawn(self) -> None:
        self._beat()
