"""Records what is done at column and dock as a visit file that plays again.

Every touch and lever becomes a step, and what then stands on the screen and comes out of the printers becomes what is
expected. No digit of a PIN is written down, only whether it was right. Not for: playing (`play`).
"""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from kiosk.demo.pins import RIGHT, WRONG, pressed
from kiosk.terminal.glimpse import Act, Glimpse
from kiosk.terminal.visit_file import LEVERS

PAUSE_S = 5.0
"""A shorter pause is no step."""
BEGIN = "welcome"


class NotAtTheStart(RuntimeError):
    """A recording begins at the attract screen; the text says so."""


class Recorder:
    """One recording at a time.

    Args:
        contact_point: where the column stands.
        now: local time of the column.
        papers: how many papers, and how many sheets, came out so far.
        right_pins: what is right where the page of that name stands.
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        contact_point: str,
        now: Callable[[], datetime],
        papers: Callable[[], tuple[int, int]],
        right_pins: Callable[[str], Sequence[str]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._contact_point = contact_point
        self._now = now
        self._papers = papers
        self._right_pins = right_pins
        self._clock = clock
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._on = False
        self._title = ""
        self._last = 0.0
        self._before = self._told = (0, 0)
        self._moment = self._keyed = self._pin = ""

    @property
    def on(self) -> bool:
        """Whether it records."""
        return self._on

    def start(self, seen: Glimpse | None, levers: Mapping[str, str], *, attests: bool) -> None:
        """Begin.

        Args:
            levers: those that do not stand where they stand when nothing is wrong.

        Raises:
            NotAtTheStart: when the column does not show its attract screen.
        """
        if seen is None or seen.moment != BEGIN:
            raise NotAtTheStart("a recording begins at the attract screen; let the visit end first")
        with self._lock:
            self._lines = [
                "# Recorded at the dock of the demonstration.",
                f"at {self._contact_point}",
                f"clock {self._now():%Y-%m-%d %H:%M}",
                *(["attests"] if attests else []),
                *(_line(LEVERS[lever], state) for lever, state in levers.items() if lever in LEVERS),
            ]
            self._title, self._last = "", self._clock()
            self._moment, self._keyed, self._pin = seen.moment, "", ""
            self._before = self._told = self._papers()
            self._on = True

    def stop(self) -> str:
        """End it; the visit file."""
        with self._lock:
            if self._on:
                self._write_pin()
                self._expect_papers()
            self._on = False
            return "".join(f"{line}\n" for line in self._lines)

    def saw(self, seen: Glimpse) -> None:
        """Something came on the screen."""
        with self._lock:
            self._moment = seen.moment
            if self._on and seen.title != self._title:
                self._write_pin()
                self._title = seen.title
                self._lines.append(_line("see", seen.title))

    def did(self, act: Act) -> None:
        """The person did something."""
        with self._lock:
            if self._on and act.verb == "key":
                self._keyed = pressed(self._keyed, *act.words)
                self._pin = RIGHT if self._keyed in self._right_pins(self._moment) else WRONG
            elif self._on:
                self._write_pin()
                self._step(
                    _line(act.verb, *(word.replace("_", "-") if act.verb == "tool" else word for word in act.words))
                )
                self._title = ""

    def moved(self, lever: str, state: str) -> None:
        """Somebody moved a lever."""
        with self._lock:
            if not self._on:
                return
            if lever == "column" and state != "on":
                self._step(state)
            elif lever in LEVERS:
                self._step(_line(LEVERS[lever], state))

    def _write_pin(self) -> None:
        """The keys that were pressed become one step, which says what they were worth."""
        if self._keyed:
            self._step(_line("pin", self._pin))
        self._keyed = self._pin = ""

    def _step(self, line: str) -> None:
        self._expect_papers()
        now = self._clock()
        if now - self._last >= PAUSE_S:
            self._lines.append(f"wait {now - self._last:.0f}")
        self._last = now
        self._lines.append(line)

    def _expect_papers(self) -> None:
        papers = self._papers()
        for verb, before, told, now in zip(("papers", "sheets"), self._before, self._told, papers, strict=True):
            if now != told:
                self._lines.append(f"{verb} {now - before}")
        self._told = papers


def _line(verb: str, *words: str) -> str:
    return " ".join((verb, *(shlex.quote(word) if not word.isalnum() else word for word in words)))
