"""The clock in the header: wakes once a minute, on the minute.

Not for: anything that decides by the time; that is the journeys' clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from kiosk.core.texts import Language

_PATTERNS = {"de": "EEEE, d. MMMM"}


class Clockwork:
    """Time and date in words.

    Attributes:
        language: the language of the date.
    """

    def __init__(self, now: Callable[[], datetime], changed: Callable[[], None], parent: QObject) -> None:
        self._now, self._changed = now, changed
        self._language: Language = "nl"
        self._timer = QTimer(parent, singleShot=True)
        self._timer.timeout.connect(self._tick)
        self._wait()

    @property
    def language(self) -> Language:
        """The language of the date."""
        return self._language

    @language.setter
    def language(self, language: Language) -> None:
        self._language = language
        self._changed()

    @property
    def time(self) -> str:
        """Hours and minutes, 24-hour clock."""
        return f"{self._now():%H:%M}"

    @property
    def date(self) -> str:
        """Weekday, day and month."""
        from babel.dates import format_date  # costs 60 ms; the first screen is drawn sooner without

        return format_date(self._now(), _PATTERNS.get(self._language, "EEEE d MMMM"), locale=self._language)

    def _tick(self) -> None:
        self._changed()
        self._wait()

    def _wait(self) -> None:
        moment = self._now()
        self._timer.start(60_000 - (moment.second * 1000 + moment.microsecond // 1000) + 20)
