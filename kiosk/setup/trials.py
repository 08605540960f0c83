"""Trying everything out: paper, A4, card, terminal, voice, touch, size of the screen, clock.

Each trial can be skipped, and says what came of it as a finding. Not for: the devices (`machine_bench`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from kiosk.core.texts import Texts, message
from kiosk.doctor.finding import Finding, Row
from kiosk.journeys.visit import Back
from kiosk.setup import pages
from kiosk.setup.bench import Bench
from kiosk.setup.draft import Draft
from kiosk.setup.pages import AGAIN, GO, OTHER, SKIP
from kiosk.setup.plan import DIAGONAL, HEIGHT, NONE, PRINTER, PROFILE, READER, SHEETS, SPEECH, TERMINAL, TRUST, WIDTH
from kiosk.setup.talk import Talk
from kiosk.setup.touch import MARKS, TOUCH, Glass, judge

PAPER_RIGHT = Row("trial.paper", "test page", "the test page came out of the receipt printer")
VOICE_HEARD = Row("trial.voice", "voice", "a sentence was heard")
SIZE = Row("trial.size", "size of the screen", "a line as long as a card is as long as a card")
CLOCK = Row("trial.clock", "clock", "date and time are right")

CARD_S = 30.0
TOUCH_S = 60.0
_MM_PER_INCH = 25.4


def local_now() -> datetime:
    """The machine's own clock and zone."""
    return datetime.now().astimezone()


@dataclass(frozen=True)
class Panel:
    """The screen setup is shown on, when it is one that can be touched and measured.

    Attributes:
        inch: the diagonal its page was drawn for.
    """

    width_px: int
    height_px: int
    inch: float

    @property
    def glass(self) -> Glass:
        """Its size."""
        diagonal = (self.width_px**2 + self.height_px**2) ** 0.5
        mm = self.inch * _MM_PER_INCH / diagonal
        return Glass(self.width_px * mm, self.height_px * mm)


@dataclass(frozen=True)
class Trials:
    """What can be tried, with what is needed for it."""

    talk: Talk
    bench: Bench
    texts: Texts
    panel: Panel | None = None
    patience: float = TOUCH_S
    now: Callable[[], datetime] = local_now

    def names(self, draft: Draft) -> tuple[str, ...]:
        """Those that make sense now, in order."""
        known = draft.known
        applies = {
            "paper": known.get(PRINTER, NONE) != NONE,
            "sheet": known.get(SHEETS, NONE) != NONE,
            "card": known.get(READER, NONE) != NONE,
            "terminal": known.get(TERMINAL, NONE) != NONE,
            "voice": bool(known.get(SPEECH, "espeak-ng")),
            "touch": self.panel is not None,
            "size": self.panel is not None,
            "clock": True,
        }
        return tuple(name for name, does in applies.items() if does)

    async def run(self, name: str, draft: Draft) -> tuple[Draft, Finding | None] | Back:
        """One trial, as often as it is wanted.

        Returns:
            The draft, which measuring changes, and what came of it; None when it was skipped.
        """
        chosen = await self.talk.choose(pages.begin_trial(name))
        if isinstance(chosen, Back):
            return Back.BACK
        result: Finding | None = None
        while chosen in (GO, AGAIN):
            draft, result = await _TRIES[name](self, draft)
            if result is None:
                return draft, None
            chosen = await self.talk.choose(pages.tried(name, result))
            if chosen == GO or isinstance(chosen, Back):
                break
        return draft, result

    async def _paper(self, draft: Draft) -> tuple[Draft, Finding | None]:
        uri, profile = str(draft.known[PRINTER]), str(draft.known.get(PROFILE, "generic-80mm"))
        printed = await self.talk.meanwhile(message("setup.working"), lambda: self.bench.print_paper(uri, profile))
        if printed.wrong:
            return draft, printed
        if await self.talk.choose(pages.yes_or_no("paper")) == "yes":
            return draft, PAPER_RIGHT.ok("printed, and right by eye")
        return draft, PAPER_RIGHT.broken("printed, and not right", "choose another model of the printer")

    async def _sheet(self, draft: Draft) -> tuple[Draft, Finding | None]:
        uri = str(draft.known[SHEETS])
        return draft, await self.talk.meanwhile(message("setup.working"), lambda: self.bench.print_sheet(uri))

    async def _card(self, draft: Draft) -> tuple[Draft, Finding | None]:
        trust = trust_of(draft)
        reader, practice = str(draft.known[READER]), draft.practice
        read = await self.talk.meanwhile(
            message("setup.put_card"), lambda: self.bench.read_card(reader, trust, CARD_S, practice=practice)
        )
        return draft, read

    async def _terminal(self, draft: Draft) -> tuple[Draft, Finding | None]:
        uri = str(draft.known[TERMINAL])
        return draft, await self.talk.meanwhile(message("setup.working"), lambda: self.bench.ask_terminal(uri))

    async def _voice(self, draft: Draft) -> tuple[Draft, Finding | None]:
        program, language = str(draft.known.get(SPEECH, "espeak-ng")), self.talk.language
        sentence = self.texts.spoken(message("setup.sentence"), language)
        said = await self.talk.meanwhile(message("setup.working"), lambda: self.bench.say(program, sentence, language))
        if said.wrong:
            return draft, said
        if await self.talk.choose(pages.yes_or_no("voice")) == "yes":
            return draft, VOICE_HEARD.ok("heard")
        return draft, VOICE_HEARD.broken("said, and not heard", "look at the plug, the volume and the sound device")

    async def _touch(self, draft: Draft) -> tuple[Draft, Finding | None]:
        if self.panel is None:
            return draft, None
        offsets: list[tuple[float, float]] = []
        for at, place in enumerate(MARKS, 1):
            landed = await self.talk.touched(pages.mark(place, at, len(MARKS)), self.patience)
            if landed is None:
                missed = f"no touch came within {self.patience:g} seconds"
                return draft, TOUCH.broken(
                    missed, "look at the panel's cable, and whether `zuil setup` finds the panel"
                )
            if isinstance(landed, Back):
                return draft, TOUCH.attention("not all marks were touched", "hit every mark")
            offsets.append(landed)
        return draft, judge(offsets, self.panel.glass)

    async def _size(self, draft: Draft) -> tuple[Draft, Finding | None]:
        if self.panel is None:
            return draft, None
        chosen = await self.talk.choose(pages.ruler())
        if chosen in (SKIP, Back.BACK):
            return draft, None
        measured = pages.CARD_MM
        if chosen == OTHER:
            _, text = await self.talk.fill(partial(pages.field, "length"))
            measured = _millimetres(text) or 0.0
        inch = round(self.panel.inch * measured / pages.CARD_MM, 1)
        wrong = draft.problem(DIAGONAL, inch)
        if wrong:
            return draft, SIZE.broken(wrong, "measure the line in millimetres and type that number")
        sized = {WIDTH: self.panel.width_px, HEIGHT: self.panel.height_px, DIAGONAL: inch}
        return draft.with_answers(sized), SIZE.ok(f"{self.panel.width_px} × {self.panel.height_px}, {inch} inch")

    async def _clock(self, draft: Draft) -> tuple[Draft, Finding | None]:
        now = self.now()
        asked = replace(pages.yes_or_no("clock"), subtitle=pages.plain(f"{now:%d.%m.%Y %H:%M %Z}"))
        if await self.talk.choose(asked) == "yes":
            return draft, CLOCK.ok(f"{now:%d.%m.%Y %H:%M %Z}")
        return draft, CLOCK.broken(f"{now:%d.%m.%Y %H:%M %Z} is wrong", "set it with `timedatectl`, and its time zone")


Try = Callable[[Trials, Draft], Awaitable[tuple[Draft, Finding | None]]]

_TRIES: dict[str, Try] = {
    "paper": Trials._paper,
    "sheet": Trials._sheet,
    "card": Trials._card,
    "terminal": Trials._terminal,
    "voice": Trials._voice,
    "touch": Trials._touch,
    "size": Trials._size,
    "clock": Trials._clock,
}


def trust_of(draft: Draft) -> Path | None:
    """The file of roots, placed beside the settings file as everywhere."""
    written = str(draft.known.get(TRUST, ""))
    return draft.path.resolve().parent / written if written else None


def _millimetres(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
