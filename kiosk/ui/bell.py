"""The bell on the loudspeaker: rings while a card waits to be taken, whether or not anything is read aloud.

`PlayedBell` runs aplay as a program of its own; `RecordingBell` counts, for tests; `Ringing` decides when. Not for:
speech (`speaker`), how the chime sounds (`chime`).
"""

from __future__ import annotations

import io
import logging
import shutil
import wave
from array import array
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QProcess, QTimer, Slot

from kiosk.core.pages import CardPage, CardPicture, View
from kiosk.ui.chime import CHIME

EVERY_MS = 5000
"""The bell rings again after so many milliseconds, as long as the card is not taken."""

_END_MS = 500
_log = logging.getLogger("zuil.bell")


class Bell(Protocol):
    """Rings once when asked."""

    def ring(self) -> None:
        """Begin one chime; returns at once."""
        ...

    def stop(self) -> None:
        """Be silent now."""
        ...


class SilentBell:
    """No bell."""

    def ring(self) -> None:
        """Stay silent."""

    def stop(self) -> None:
        """Stay silent."""


class RecordingBell:
    """Counts, for tests.

    Attributes:
        rings: chimes begun.
        stops: how often it was silenced.
    """

    def __init__(self) -> None:
        self.rings = self.stops = 0

    def ring(self) -> None:
        """Count."""
        self.rings += 1

    def stop(self) -> None:
        """Count."""
        self.stops += 1


class PlayedBell(QObject):
    """Plays a sound file; the interface thread only starts and kills the program.

    An object of Qt with a slot, because of a method of any other the binding keeps a reference for every connection.

    Args:
        sound: a WAV file.
        device: the sound card's name for aplay, or "" for the machine's usual one.
        find: finds a program; None where it is not installed, which is logged at the first ring and leaves only the
            screen to call people back.
        loudness: percent, asked before each chime.
    """

    def __init__(
        self,
        sound: Path = CHIME,
        device: str = "",
        find: Callable[[str], str | None] = shutil.which,
        loudness: Callable[[], int] = lambda: 100,
    ) -> None:
        super().__init__()
        self._sound, self._device, self._find, self._loudness = sound, device, find, loudness
        self._running: QProcess | None = None
        self._told = False

    def ring(self) -> None:
        """Play from the beginning."""
        self.stop()
        player = self._find("aplay")
        if player is None:
            if not self._told:
                _log.warning("aplay is not installed, so no chime calls people back to their card; install alsa-utils")
            self._told = True
            return
        self._running = QProcess()
        self._running.finished.connect(self._finished)
        where = ["-D", self._device] if self._device else []
        percent = self._loudness()
        self._running.start(player, ["-q", *where, str(self._sound) if percent == 100 else "-"])
        if percent != 100:
            self._running.write(softer(self._sound.read_bytes(), percent))
            self._running.closeWriteChannel()

    def stop(self) -> None:
        """Kill the program."""
        running, self._running = self._running, None
        if running is not None:
            running.blockSignals(True)
            running.kill()
            running.waitForFinished(_END_MS)
            running.deleteLater()

    @Slot(int)
    def _finished(self, status: int) -> None:
        if status:
            _log.info("aplay could not play the chime; it ended with %d", status)
        running, self._running = self._running, None
        if running is not None:
            running.deleteLater()


@cache
def softer(sound: bytes, percent: int) -> bytes:
    """A WAV file of 16 bits, as loud as `percent` of itself."""
    with wave.open(io.BytesIO(sound)) as file:
        shape, frames = file.getparams(), array("h", file.readframes(file.getnframes()))
    quiet = array("h", (frame * percent // 100 for frame in frames))
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setparams(shape)
        out.writeframes(quiet.tobytes())
    return made.getvalue()


class Ringing(QObject):
    """Rings when a page asks for the card to be taken, and again and again until that page is gone."""

    def __init__(self, bell: Bell, every_ms: int = EVERY_MS) -> None:
        super().__init__()
        self._bell = bell
        self._again = QTimer(self, interval=every_ms)
        self._again.timeout.connect(self._bell.ring)

    def shown(self, view: View) -> None:
        """A view is on screen; other words of the same page do not ring anew."""
        page = view.page
        if not (isinstance(page, CardPage) and page.picture is CardPicture.TAKE):
            self.stop()
        elif not self._again.isActive():
            self._again.start()
            self._bell.ring()

    def stop(self) -> None:
        """Be silent now."""
        if self._again.isActive():
            self._again.stop()
            self._bell.stop()
