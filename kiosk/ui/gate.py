"""The one place that decides which touches count: one answer a view, no answer to a page that is gone.

A key of a keypad is no answer: the same digit twice in a row is a PIN like 1122 and not a bounce, so keys go through
like those of a keyboard, as long as their page is there, was read, and waits for nothing. Pure; the caller brings the
time. Not for: what an input means.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kiosk.core.pages import (
    Chosen,
    Input,
    Keyed,
    MeasurePage,
    PinPage,
    SearchPage,
    Tool,
    ToolUsed,
    Touched,
    Typed,
    View,
    WentBack,
)

STRIKE_S = 0.5
"""A second strike on the same thing within this time is a bounce (EN 301 549, 5.8)."""

SETTLE_S = 0.3
"""A page this young was not yet read: the second half of a double tap lands on it."""

PATIENCE_S = 2.0
"""After this time without a new view the same page may be answered again; a screen never goes dead."""

TOUCH_EVERY_S = 1.0
"""Signs of life are passed on at most this often."""


def same_place(old: View | None, new: View) -> bool:
    """Whether `new` is the page of `old` with other words, so that it changes in place and keeps focus and field."""
    if old is None or type(old.page) is not type(new.page):
        return False
    if isinstance(new.page, SearchPage):
        return True
    if old.page.title != new.page.title:
        return False
    return [option.id for option in old.page.options] == [option.id for option in new.page.options]


@dataclass
class Gate:
    """Admits inputs on the interface thread.

    Attributes:
        settle_s: how long a new page takes no answer; 0 for scripts and tests.
    """

    settle_s: float = SETTLE_S
    _view: View | None = None
    _since: float = 0.0
    _answered_at: float | None = None
    _tools: dict[ToolUsed, float] = field(default_factory=dict)
    _touched_at: float = -TOUCH_EVERY_S

    def shown(self, view: View, now: float) -> None:
        """A view is on screen from `now` (seconds that never run backwards)."""
        if not same_place(self._view, view) or (self._view and bool(self._view.overlay) != bool(view.overlay)):
            self._since = now
        self._view = view
        self._answered_at = None

    def settling(self, now: float) -> bool:
        """Whether the page is too young to be answered."""
        return now - self._since < self.settle_s

    def admits(self, given: Input, now: float) -> bool:
        """Whether `given` counts; an admitted answer closes the gate until the next view."""
        match given:
            case Chosen() | WentBack():
                return self._answers(given, now)
            case Typed():
                return self._view is not None and (
                    isinstance(self._view.page, SearchPage) or self._measures(given, now)
                )
            case Keyed():
                return keyed_now(given, self._view) and not (self.settling(now) or self._waiting(now))
            case ToolUsed():
                return self._uses(given, now)
            case Touched():
                return self._touches(now)

    def _answers(self, given: Chosen | WentBack | Typed, now: float) -> bool:
        if self._view is None or given.serial != self._view.serial or self.settling(now) or self._waiting(now):
            return False
        if isinstance(given, WentBack) and not (self._view.page.back and self._view.overlay is None):
            return False
        self._answered_at = now
        return True

    def _measures(self, given: Typed, now: float) -> bool:
        """A mark was touched: that is an answer, so one touch counts once."""
        if self._view is None or not isinstance(self._view.page, MeasurePage) or given.serial != self._view.serial:
            return False
        return self._answers(given, now)

    def _waiting(self, now: float) -> bool:
        return self._answered_at is not None and now - self._answered_at < PATIENCE_S

    def _uses(self, given: ToolUsed, now: float) -> bool:
        if given.tool in (Tool.HELP, Tool.START_OVER) and self._waiting(now):
            return False
        last = self._tools.get(given)
        if last is not None and now - last < STRIKE_S:
            return False
        self._tools[given] = now
        return True

    def _touches(self, now: float) -> bool:
        if now - self._touched_at < TOUCH_EVERY_S:
            return False
        self._touched_at = now
        return True


def keyed_now(given: Keyed, view: View | None) -> bool:
    """Whether keys are meant for the keypad of `view`; those of one that is gone or covered are nobody's."""
    if view is None or view.overlay is not None or not isinstance(view.page, PinPage):
        return False
    return given.serial == view.serial


def current(given: Input, view: View | None) -> Input | None:
    """What of a queued input still holds now that `view` is the newest one; None when it is stale.

    The text of a field is whole, so a `Typed` stays true while a search page is shown and takes its serial.
    """
    match given:
        case Chosen() | WentBack():
            return given if view is not None and given.serial == view.serial else None
        case Typed():
            if view is not None and isinstance(view.page, MeasurePage):
                return given if given.serial == view.serial else None
            fits = view is not None and isinstance(view.page, SearchPage)
            return replace(given, serial=view.serial) if fits and view else None
        case Keyed():
            return given if keyed_now(given, view) else None
        case ToolUsed() | Touched():
            return given


@dataclass
class FieldEcho:
    """Keeps a field's text the citizen's own: views that merely repeat what was typed never overwrite it."""

    text: str = ""
    _sent: list[str] = field(default_factory=list)

    def typed(self, text: str) -> None:
        """The citizen's field now says `text`."""
        self.text = text
        self._sent.append(text)

    def arrived(self, query: str) -> bool:
        """A view brings `query`; true when the journey itself changed the field and it must follow."""
        if query in self._sent:
            del self._sent[: self._sent.index(query) + 1]
            return False
        if query == self.text or self._sent:
            return False
        self.text = query
        return True
