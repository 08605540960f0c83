"""Every finder at once, side by side; one that fails is told and hides nothing else.

Not for: the finders.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from kiosk.setup.finders.lines import serial_lines, sound_devices, touch_panels
from kiosk.setup.finders.network import Run, announced, queues_of_cups, run_program
from kiosk.setup.finders.readers import readers_of_pcscd
from kiosk.setup.finders.screens import FoundScreen, screens_of
from kiosk.setup.finders.usb import UsbDevice, printers_on_usb, readers_on_usb, usb_devices
from kiosk.setup.found import Found, Readers

T = TypeVar("T")


def find_everything(root: Path = Path("/"), run: Run = run_program) -> Found:
    """Look at the machine below `root`, and at what announces itself."""
    problems: list[str] = []

    def tried(what: str, look: Callable[[], T], otherwise: T) -> T:
        try:
            return look()
        except Exception as problem:  # noqa: BLE001 - a finder that stumbles over a strange device hides no other
            problems.append(f"{what}: {type(problem).__name__}: {problem}"[:200])
            return otherwise

    with ThreadPoolExecutor(4) as pool:
        queues = pool.submit(tried, "CUPS", lambda: queues_of_cups(run), ())
        heard = pool.submit(tried, "Avahi", lambda: announced(run), ((), ()))
        usb = tried("USB", lambda: usb_devices(root / "sys/bus/usb/devices"), tuple[UsbDevice, ...]())
        plugged = readers_on_usb(usb)
        readers = tried("pcscd", lambda: readers_of_pcscd(plugged), Readers(plugged=plugged))
        screens = tried("screens", lambda: screens_of(root / "sys/class/drm"), tuple[FoundScreen, ...]())
        raw, ipp = heard.result()
        return Found(
            printers=(*printers_on_usb(usb), *raw),
            sheet_printers=(*queues.result(), *ipp),
            readers=readers,
            screens=screens,
            touch=tried("touch", lambda: touch_panels(root), ()),
            serial=tried("serial lines", lambda: serial_lines(root), ()),
            sound=tried("sound", lambda: sound_devices(root), Found().sound),
            problems=tuple(problems),
        )
