"""Reads the screen aloud: the page when it appears, then whatever the focus comes to, one voice at a time.

Not for: making sound (`speaker`), finding the words (`narration`).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from kiosk.core.pages import View
from kiosk.core.texts import Texts
from kiosk.ui.narration import Utterance, entered, item, narrate, plain, seconds_left
from kiosk.ui.speaker import Speaker


class Reader(QObject):
    """Speech of the screen; silent until a look asks for it."""

    def __init__(self, speaker: Speaker, texts: Texts) -> None:
        super().__init__()
        self._speaker, self._texts = speaker, texts
        self._on = False
        self._page: tuple[Utterance, ...] = ()
        self._left: tuple[Utterance, ...] = ()
        self._item: tuple[Utterance, ...] = ()
        self._entered: tuple[Utterance, ...] = ()
        self._fresh = QTimer(self, singleShot=True, interval=0)
        self._fresh.timeout.connect(self.repeat)

    @property
    def available(self) -> bool:
        """Whether there is a voice."""
        return self._speaker.available

    def shown(self, view: View) -> None:
        """A view is on screen: read it when it says something else than before, or when speech was just asked for."""
        was, self._on = self._on, view.look.speech
        before, self._page = self._page, narrate(view, self._texts, private=self._speaker.private)
        counted, self._entered = self._entered, entered(view, self._texts)
        if not self._on:
            if was:
                self._speaker.stop()
            self._left = self._item = ()
            return
        left = seconds_left(view, self._texts)
        self._left = (Utterance(plain(left), view.language),) if left else ()
        if not was or before != self._page:
            self._item = () if before != self._page else self._item
            self._fresh.start()
        elif counted != self._entered and not self._fresh.isActive():
            self._speaker.say(self._entered)

    def focused(self, name: str, description: str, view: View) -> None:
        """The focus came to an item; it waits for its page when that is just about to be read."""
        said = item(name, description, view, private=self._speaker.private)
        if said == self._item:
            return
        self._item = said
        if self._on and not self._fresh.isActive():
            self._speaker.say(self._item)

    def repeat(self) -> None:
        """Say the page and the focused item, from the beginning."""
        if self._on:
            self._speaker.say((*self._page, *self._left, *self._item, *self._entered))

    def interrupt(self) -> None:
        """Somebody did something: be silent."""
        if self._on:
            self._fresh.stop()
            self._speaker.stop()
