"""Visit files: readable scripts of what a citizen touches and what must then be seen, one step a line.

    # comment
    at districtshuis                 the contact point (first line that counts)
    clock 2026-11-23 10:24           local time at the start
    attests                          there are a printer of sheets, a register and an unsealer
    touch "Nederlands"               an option, by its words or its id
    type "paspoort"   back   tool help   tool language fr
    key 1234                         keys of the keypad; < takes the last digit back, x takes all
    pin right        pin wrong       the PIN of the card in the slot, or of staff at their door, or another one
    wait 80                          let seconds pass
    see "Uw nummer"   unseen "Terug" a line of the screen holds these words, or none does
    paper "A001"      papers 1       the newest paper holds these words; how many came out
    printer paper-out printer ok     a fault of the simulated printer by name
    sheets 1                         how many documents came out of the printer of sheets
    sheet-printer media-empty        a fault of it by name; ok when there is none
    register down     register ok    a fault of the simulated register by name
    terminal decline                 what the payment terminal does with the payments to come, by name
    charged 200                      cents the terminal booked and did not undo
    backoffice-attest household issued confirmed   state and paper of the newest attest of a product
    card adult        card out       a simulated card by name is put in, or taken out
    card-condition dead              what is wrong with the card by name; ok when nothing is
    network cut       network open   a mode of the simulated network by name
    backoffice A001 waiting confirmed   state and paper of a ticket at the back office
    backoffice-lacks A001            the back office does not know it (yet)
    hosts 1                          calls for a host the back office shows
    column-clock year-1970                what the column's own clock is turned to by name; right when it is right
    script paper-out-mid-job         a named fault script begins: levers that move by themselves
    restart                          the column stops and starts again
    knock                            the hidden gesture of staff
    acted closed                     what staff did last, as the column wrote it down
    restarted                        the column ended because staff wanted it to start anew, and starts
    power-cut                        it loses its power and starts again

Not for: playing them (`kiosk.demo.play`).
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

VERBS: dict[str, tuple[int, int]] = {
    "at": (1, 1),
    "clock": (2, 2),
    "touch": (1, 1),
    "type": (1, 1),
    "key": (1, 1),
    "pin": (1, 1),
    "back": (0, 0),
    "tool": (1, 2),
    "wait": (1, 1),
    "see": (1, 1),
    "unseen": (1, 1),
    "paper": (1, 1),
    "papers": (1, 1),
    "printer": (1, 1),
    "attests": (0, 0),
    "sheets": (1, 1),
    "sheet-printer": (1, 1),
    "register": (1, 1),
    "terminal": (1, 1),
    "charged": (1, 1),
    "backoffice-attest": (3, 3),
    "card": (1, 1),
    "card-condition": (1, 1),
    "network": (1, 1),
    "backoffice": (2, 3),
    "backoffice-lacks": (1, 1),
    "hosts": (1, 1),
    "column-clock": (1, 1),
    "script": (1, 1),
    "restart": (0, 0),
    "knock": (0, 0),
    "acted": (1, 1),
    "restarted": (0, 0),
    "power-cut": (0, 0),
}
"""Each verb and how many words may follow it."""

LEVERS: dict[str, str] = {
    **{lever: lever for lever in ("card", "card-condition", "printer", "sheet-printer", "terminal", "register")},
    "network": "network",
    "clock": "column-clock",
    "script": "script",
}
"""Lever of the dock to the verb that moves it."""


_SETTINGS = ("at", "clock", "attests")


class VisitFileError(ValueError):
    """A line that is no step; the text names file and line and what would be right."""


@dataclass(frozen=True)
class Step:
    """One step of a visit file."""

    line: int
    verb: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.verb, *(f'"{word}"' for word in self.words)))


@dataclass(frozen=True)
class VisitFile:
    """A whole script.

    Attributes:
        contact_point: where the column stands.
        clock: local date and time at the start, without zone, or None for now.
        attests: whether attests can be had.
    """

    path: Path
    contact_point: str
    clock: datetime | None
    attests: bool
    steps: tuple[Step, ...]


def read_visit_file(path: Path) -> VisitFile:
    """Read a visit file.

    Raises:
        VisitFileError: for the first line that is no step.
        OSError: when the file cannot be read.
    """
    lines = enumerate(path.read_text().splitlines(), 1)
    steps = [step for number, line in lines if (step := _step(path, number, line))]
    settings = {step.verb: step for step in steps if step.verb in _SETTINGS}
    if "at" not in settings:
        raise VisitFileError(f"{path}:1: no line 'at <contact point>'")
    return VisitFile(
        path,
        settings["at"].words[0],
        _clock(path, settings["clock"]) if "clock" in settings else None,
        "attests" in settings,
        tuple(step for step in steps if step.verb not in _SETTINGS),
    )


def _step(path: Path, number: int, line: str) -> Step | None:
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        raise VisitFileError(f"{path}:{number}: {error}; put words in double quotes") from None
    if not words:
        return None
    verb, *rest = words
    if verb not in VERBS:
        raise VisitFileError(f"{path}:{number}: no step '{verb}'; there are {', '.join(VERBS)}")
    least, most = VERBS[verb]
    if not least <= len(rest) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise VisitFileError(f"{path}:{number}: '{verb}' takes {wanted} words, here are {len(rest)}")
    return Step(number, verb, tuple(rest))


def _clock(path: Path, step: Step) -> datetime:
    try:
        return datetime.fromisoformat(" ".join(step.words))
    except ValueError:
        raise VisitFileError(f"{path}:{step.line}: no date and time; write it like clock 2026-11-23 10:24") from None
