"""Named fault scripts: levers that move by themselves, at a moment on the screen or some seconds later.

One table for the dock, for visit files and for the matrix of faults. Not for: moving the levers (`dock`, `play`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

NONE = "none"


@dataclass(frozen=True)
class Timed:
    """A lever that moves.

    Attributes:
        when: how the name of what stands on the screen begins (see `kiosk.terminal.moment`); "" is at once.
        after: seconds from then on.
    """

    lever: str
    state: str
    when: str = ""
    after: float = 0.0


@dataclass(frozen=True)
class Script:
    """What goes wrong, in a sentence, and how."""

    does: str
    steps: tuple[Timed, ...]


_PRINTING, _PAYING = "ticket ticket.paper.printing", "pay pay.step"
FAULT_SCRIPTS: dict[str, Script] = {
    "paper-out-mid-job": Script(
        "The roll ends in the middle of the next ticket; somebody puts in a new one after a minute.",
        (Timed("printer", "paper-out-mid-job"), Timed("printer", "ok", _PRINTING, 60)),
    ),
    "card-pulled-at-pin": Script(
        "The card is pulled at the very moment the PIN reaches it; the next card is sound.",
        (Timed("card-condition", "pulled-at-pin"), Timed("card-condition", "ok", "welcome", 5)),
    ),
    "paid-answer-lost": Script(
        "The terminal books the next payment and its answer is lost; after that it is well.",
        (Timed("terminal", "answer-lost"), Timed("terminal", "approve", "pay pay.step.checking", 1)),
    ),
    "terminal-restarts": Script(
        "The terminal starts anew in the middle of the next payment.",
        (Timed("terminal", "restarts"), Timed("terminal", "approve", "pay pay.step.checking", 1)),
    ),
    "network-cut-while-paying": Script(
        "The network goes while somebody pays, and comes back after half a minute.",
        (Timed("network", "cut", _PAYING), Timed("network", "open", _PAYING, 30)),
    ),
    "portal": Script(
        "A login page stands between column and back office for a minute.",
        (Timed("network", "portal"), Timed("network", "open", after=60)),
    ),
    "power-cut-while-printing": Script(
        "The power goes while the next ticket prints.", (Timed("column", "power-cut", _PRINTING),)
    ),
    "power-cut-while-paying": Script("The power goes while somebody pays.", (Timed("column", "power-cut", _PAYING),)),
    "a4-jams": Script(
        "The A4 printer jams after the first page of the next attest; somebody clears it after a minute.",
        (Timed("sheet-printer", "jam-mid-job"), Timed("sheet-printer", "ok", "attest.delivered", 60)),
    ),
    "register-away": Script(
        "The register answers nobody for two minutes.",
        (Timed("register", "down"), Timed("register", "ok", after=120)),
    ),
    "battery-empty": Script(
        "The power goes, and the clock of the column begins anew at 1970.",
        (Timed("clock", "year-1970"), Timed("column", "power-cut", after=0.5)),
    ),
    "night-of-winter-time": Script(
        "The night in which three o’clock comes twice, while somebody takes a ticket.",
        (Timed("clock", "summer-ends"), Timed("clock", "right", after=120)),
    ),
    "all-at-once": Script(
        "Paper out, network cut and a silent terminal; everything is mended after two minutes.",
        (
            Timed("printer", "paper-out"),
            Timed("network", "cut"),
            Timed("terminal", "silent"),
            Timed("printer", "ok", after=120),
            Timed("network", "open", after=120),
            Timed("terminal", "approve", after=120),
        ),
    ),
}
"""Every script by name."""
SCRIPT_LEVER: dict[str, str] = {
    NONE: "Nothing goes wrong by itself.",
    **{name: script.does for name, script in FAULT_SCRIPTS.items()},
}
"""What the dock's lever says."""


class ScriptRun:
    """One script being played.

    Args:
        name: of `FAULT_SCRIPTS`.
        now: seconds that never run backwards.
    """

    def __init__(self, name: str, now: float) -> None:
        self.name = name
        self._waiting = [(step, now if not step.when else None) for step in FAULT_SCRIPTS[name].steps]

    @property
    def over(self) -> bool:
        """Whether every lever has moved."""
        return not self._waiting

    def due(self, now: float, seen: str) -> Iterator[tuple[str, str]]:
        """Lever and state of everything whose time has come; each once.

        Args:
            seen: name of what stands on the screen.
        """
        waiting, self._waiting = self._waiting, []
        for step, since in waiting:
            began = now if since is None and seen.startswith(step.when) else since
            if began is not None and now >= began + step.after:
                yield step.lever, step.state
            else:
                self._waiting.append((step, began))
