"""The voice of the screen: says utterances one after the other and falls silent at once when asked.

`EspeakSpeaker` runs espeak-ng (and aplay, where it is installed) as programs of their own; `RecordingSpeaker` keeps
what would have been said. Not for: what to say (`narration`).
"""

from __future__ import annotations

import logging
import shutil
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QProcess, Slot

from kiosk.core.texts import Language
from kiosk.ui.narration import Utterance

VOICES: dict[Language, str] = {"nl": "nl", "fr": "fr-be", "en": "en-gb", "de": "de"}
"""espeak-ng's voice of each language."""

_PAUSE = 6
_LOUDEST = 200  # espeak-ng's own scale
_END_MS = 500
_log = logging.getLogger("zuil.speech")


class Speaker(Protocol):
    """Says things."""

    @property
    def available(self) -> bool:
        """Whether there is a voice at all; without one the screen offers no reading aloud."""
        ...

    @property
    def private(self) -> bool:
        """Whether it is known that only the person hears it, through a headset."""
        ...

    def say(self, utterances: Sequence[Utterance]) -> None:
        """Stop what is being said and say this instead; returns at once."""
        ...

    def stop(self) -> None:
        """Be silent now."""
        ...


class SilentSpeaker:
    """No voice."""

    available = False
    private = False

    def say(self, utterances: Sequence[Utterance]) -> None:
        """Say nothing."""

    def stop(self) -> None:
        """Stay silent."""


class RecordingSpeaker:
    """Keeps what was said, for tests and for the text of a demonstration.

    Attributes:
        said: every utterance, in order.
        stops: how often speech was cut off.
    """

    available = True

    def __init__(self, *, private: bool = False) -> None:
        self.private = private
        self.said: list[Utterance] = []
        self.stops = 0

    def say(self, utterances: Sequence[Utterance]) -> None:
        """Record."""
        self.said += utterances

    def stop(self) -> None:
        """Count."""
        self.stops += 1


class EspeakSpeaker(QObject):
    """Speaks through espeak-ng; the interface thread only starts and kills programs.

    Args:
        program: name or path of espeak-ng.
        volume: loudness in percent, 0 to 100, or what tells it before each utterance.
        rate: words in a minute, 80 to 300.
        find: finds a program; None where it is not installed.
        private: whether its sound goes to a headset and nowhere else.

    A missing espeak-ng is logged once and leaves the screen without a voice; a missing aplay only means that
    espeak-ng plays the sound itself.
    """

    def __init__(
        self,
        program: str = "espeak-ng",
        volume: int | Callable[[], int] = 80,
        rate: int = 150,
        find: Callable[[str], str | None] = shutil.which,
        *,
        private: bool = False,
    ) -> None:
        super().__init__()
        self.private = private
        self._voice, self._player = find(program), find("aplay")
        self._volume, self._rate = volume, rate
        self._queue: deque[Utterance] = deque()
        self._running: list[QProcess] = []
        if self._voice is None:
            _log.warning("%s is not installed, so nothing is read aloud; install the package espeak-ng", program)
        elif self._player is None:
            _log.info("aplay is not installed; espeak-ng plays its own sound")

    @property
    def available(self) -> bool:
        """Whether espeak-ng was found."""
        return self._voice is not None

    def say(self, utterances: Sequence[Utterance]) -> None:
        """Replace what is being said."""
        self.stop()
        self._queue.extend(utterances)
        self._next()

    def stop(self) -> None:
        """Kill the programs; they are gone within half a second."""
        self._queue.clear()
        running, self._running = self._running, []
        for process in running:
            process.blockSignals(True)
            process.kill()
        for process in running:
            process.waitForFinished(_END_MS)
            process.deleteLater()

    def command(self, utterance: Utterance) -> list[str]:
        """The words of the command line for one utterance; the text goes in by standard input."""
        voice = VOICES.get(utterance.language, utterance.language)
        manner = ["-s", str(self._rate), "-a", str(round(self._loudness() * _LOUDEST / 100)), "-g", str(_PAUSE)]
        sound = ["--stdout"] if self._player else []
        return [self._voice or "espeak-ng", "-v", voice, *manner, "--stdin", *sound]

    def _loudness(self) -> int:
        return self._volume if isinstance(self._volume, int) else self._volume()

    def _next(self) -> None:
        if self._voice is None or not self._queue:
            return
        utterance = self._queue.popleft()
        program, *arguments = self.command(utterance)
        voice = QProcess()
        last = voice
        if self._player:
            last = QProcess()
            voice.setStandardOutputProcess(last)
        self._running = [voice, last] if last is not voice else [voice]
        last.finished.connect(self._finished)
        if last is not voice:
            last.start(self._player or "", ["-q", "-"])
        voice.start(program, arguments)
        voice.write(utterance.text.encode())
        voice.closeWriteChannel()

    @Slot()
    def _finished(self) -> None:
        for process in self._running:
            process.deleteLater()
        self._running = []
        self._next()
