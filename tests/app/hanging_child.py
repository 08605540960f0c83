"""`zuil run` with a loop that hangs when its name comes on standard input: `python -m tests.app.hanging_child CONFIG`.

Everything is what `zuil run` runs. Not for: judging what came of it (`test_watchdog_process`).
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import kiosk.app
import kiosk.running
from kiosk.running import JourneyLoop
from kiosk.store.store import KioskStore

FOR_EVER = 3600


def main() -> int:
    """Run the kiosk on its screen."""
    stores: list[KioskStore] = []
    loops: list[JourneyLoop] = []
    open_store, start = kiosk.app.open_store, JourneyLoop.start

    def opening(*args: object, **named: object) -> KioskStore:
        stores.append(open_store(*args, **named))  # type: ignore[arg-type]
        return stores[0]

    def starting(loop: JourneyLoop) -> None:
        loops.append(loop)
        start(loop)

    vars(kiosk.app)["open_store"] = opening
    JourneyLoop.start = starting  # type: ignore[method-assign]
    hangs: dict[str, Callable[[], object]] = {
        "interface": _hang_interface,
        "journeys": lambda: loops[0]._loop.call_soon_threadsafe(time.sleep, FOR_EVER),
        "store": lambda: stores[0]._writer._pool.submit(time.sleep, FOR_EVER),
        # Code in C that never comes back and lets nobody else run meanwhile.
        "python": lambda: ctypes.PyDLL(None).sleep(FOR_EVER),
    }
    threading.Thread(target=_listen, args=(hangs,), daemon=True).start()
    return kiosk.running.run_on_screen(Path(sys.argv[1]))


def _hang_interface() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication.instance()
    assert application is not None
    QTimer.singleShot(0, application, lambda: time.sleep(FOR_EVER))


def _listen(hangs: dict[str, Callable[[], object]]) -> None:
    for line in sys.stdin:
        hangs[line.strip()]()


if __name__ == "__main__":
    sys.exit(main())
