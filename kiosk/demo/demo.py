"""`zuil demo`: the world in this process, the kiosk in another, and the dock beside it.

Not for: playing visit files (`play`).
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from kiosk.demo.dock import Dock
from kiosk.demo.dock_page import dock_routes
from kiosk.demo.play import VisitFailed, play_file
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import STAFF as COLUMN_STAFF
from kiosk.demo.world import World
from kiosk.service import on_stop
from kiosk.terminal.text_screen import KNOCK
from kiosk.terminal.visit_file import VisitFileError
from sync.backoffice.staff import create_user

STAFF = ("demo", "demo-counter-1")
"""The account with which a visitor of the demo opens the counter page; it exists only in the demo's own database."""

BACKOFFICE_PORT = 8800


def run_demo(folder: Path, contact_point: str, *, text: bool, screen: str = "column") -> int:
    """Start everything, serve until the kiosk's window closes or somebody stops the demo.

    Args:
        folder: where the demo remembers.
        contact_point: where its column stands.
        text: run the kiosk in this terminal also when there is a display.
        screen: one of `kiosk.demo.world.SCREENS`.

    Returns:
        The exit status of the kiosk.
    """
    if not text and not has_display():
        print("There is no display, so the kiosk runs as text in this terminal.\n")  # noqa: T201
        text = True
    with World(folder.resolve(), backoffice_port=BACKOFFICE_PORT, open_now=contact_point, attests=True) as world:
        column = KioskProcess(world.column(contact_point, screen), ("--text",) if text else ())
        pages = _pages(world, contact_point)
        dock = Dock(world, column, pages, contact_point)
        world.serve_also(dock_routes(dock, world.site.profile.languages))
        _introduce(world, pages)
        with dock, on_stop(column.finish):
            column.start()
            # After the column: hashing a password takes longer than everything else here.
            create_user(world.office, STAFF[0], "Demo", STAFF[1])
            if not text:
                _show_dock(dock, column)
            return column.wait()


def _show_dock(dock: Dock, column: KioskProcess) -> None:
    """The dock's window, until it is closed or the demo ends; whoever closes it still has the page.

    The kiosk is started before: it has the display to itself while this process loads Qt.
    """
    from kiosk.ui.app import quit_window
    from kiosk.ui.dock_window import run_dock

    with column.on_end(quit_window):
        run_dock(dock, STAFF)
    if column.ended is None:
        print(f"The dock's window is closed; the kiosk goes on. Dock: {dock.state().pages['Dock']}", flush=True)  # noqa: T201


def _pages(world: World, contact_point: str) -> dict[str, str]:
    url = world.server.url
    return {
        "Dock": f"{url}/dock",
        "Counter page": f"{url}/counter",
        "Waiting room": f"{url}/display/{contact_point}",
        "Check an attest": f"{url}/verify",
    }


def _introduce(world: World, pages: dict[str, str]) -> None:
    if world.clock_shift:
        print(f"The counters are closed now, so the clock of the demo says {world.now():%A %d %B, %H:%M}.\n")  # noqa: T201
    for title, address in pages.items():
        print(f"{title:16} {address}")  # noqa: T201
    print(f"{'Staff account':16} {STAFF[0]} / {STAFF[1]}")  # noqa: T201
    gesture = f"upper corners right, left, right, left (as text: {KNOCK})"
    door = f"then code {COLUMN_STAFF[0][3]}, or the card `badge` first"
    print(f"{'At the column':16} {gesture}, {door}\n", flush=True)  # noqa: T201


def play_files(paths: list[Path]) -> int:
    """Play visit files one after the other; 0 when every step of every file was true."""
    status = 0
    for path in paths:
        with tempfile.TemporaryDirectory(prefix="zuil-visit-") as folder:
            try:
                asyncio.run(play_file(path, Path(folder)))
                print(f"ok      {path}")  # noqa: T201
            except (VisitFailed, VisitFileError, OSError) as problem:
                print(f"failed  {problem}", file=sys.stderr)  # noqa: T201
                status = 1
    return status


def has_display() -> bool:
    """Whether a window can be opened here."""
    chosen = os.environ.get("QT_QPA_PLATFORM")
    return bool(chosen or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
