"""One connection to one printer: questions and their answers, in time, with everything unasked sorted out of the way.

At most one question is open. Not for: what a job does with the answers (`job`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from drivers.contract import Reason
from drivers.printers.escpos import commands
from drivers.printers.escpos.profiles import Ability, Profile
from drivers.printers.escpos.status import (
    Automatic,
    Cleared,
    Junk,
    OneByte,
    ProcessId,
    RealTime,
    Said,
    StatusParser,
    is_offline,
)
from drivers.printers.transport import LinkFault, Transport

Clock = Callable[[], float]
"""Seconds from any beginning, never backwards."""

Answer = TypeVar("Answer", RealTime, Cleared, ProcessId, OneByte)

NOISE = 3
"""So many strange bytes beside an answer, and it is not an ESC/POS printer that answers."""
MOST_STALE_READS = 64


@dataclass(frozen=True)
class Timing:
    """Limits in seconds.

    Attributes:
        settle: for the paper to come out, on top of the time its length takes.
        millimetres_per_second: slowest paper believed in.
        recover_every: between attempts to free a cutter, so that it does not move under somebody's hand again and
            again.
    """

    answer: float = 1.0
    clear: float = 0.5
    probe: float = 0.5
    write: float = 2.0
    settle: float = 3.0
    poll: float = 0.5
    millimetres_per_second: float = 25.0
    recover_every: float = 30.0


class Silence(Enum):
    """Why a question has no answer."""

    SILENT = Reason.SILENT
    GARBLED = Reason.GARBLED
    LOST = Reason.UNREACHABLE


class Marking(Enum):
    """How the printer tells that it has come to a place in the data."""

    PROCESS_ID = "process id"
    PAPER_SENSOR = "paper sensor"
    """It answers a buffered question in its turn."""
    NONE = "none"


class Session:
    """Questions and answers on an open link.

    Attributes:
        can_clear: the printer confirmed that it threw away its buffers.
        reached: how many marks of the current job the printer has come to.
        offline: automatic status said off line since the last job began.
    """

    def __init__(self, link: Transport, profile: Profile, timing: Timing, clock: Clock = time.monotonic) -> None:
        self.can_clear = False
        self.reached = 0
        self.offline = False
        self._link = link
        self._profile = profile
        self._timing = timing
        self._clock = clock
        self._parser = StatusParser()
        self._marking: Marking | None = None
        self._marks: tuple[bytes, ...] = ()
        self._strange = 0
        self._lost = False
        self._stuck = False

    @property
    def marking(self) -> Marking | None:
        """How this printer marks places; None until `find_marking`."""
        return self._marking

    @property
    def lost(self) -> bool:
        """Whether the link is gone."""
        return self._lost

    def begin(self) -> None:
        """Throw away what the printer may still hold from before, and set it to known modes."""
        self.drain()
        if self._profile.clear_buffers is not Ability.NO:
            self.clear()
        if not self._stuck:
            self.send(commands.INITIALISE)

    def survey(self) -> bytes | Silence:
        """The four answers to DLE EOT 1 to 4."""
        self.drain()
        answers = bytearray()
        for question in commands.ONLINE_QUESTIONS:
            said = self.ask(commands.ask_status(question), RealTime, self._timing.answer)
            if isinstance(said, Silence):
                return said
            answers.append(said.byte)
        return bytes(answers)

    def clear(self) -> bool:
        """Throw away both buffers; True when the printer confirmed it."""
        said = self.ask(commands.CLEAR_BUFFERS, Cleared, self._timing.clear)
        self.can_clear = isinstance(said, Cleared)
        return self.can_clear

    def find_marking(self, number: int) -> Marking:
        """Ask once a connection how the printer marks places; it must be on line.

        Args:
            number: a process id not used before.
        """
        if self._marking is None:
            self._marking = self._probe(number)
        return self._marking

    def expect(self, marks: tuple[bytes, ...]) -> None:
        """Begin a job whose marks carry these process ids, ascending."""
        self.drain()
        self._marks = marks
        self.reached = 0
        self.offline = False

    def send(self, data: bytes) -> LinkFault | None:
        """Write with a limit that fits the size."""
        seconds = self._timing.write + len(data) / self._link.bytes_per_second
        fault = self._link.write_all(data, seconds)
        self._lost = self._lost or fault is LinkFault.CLOSED
        self._stuck = fault is LinkFault.BLOCKED
        return fault

    def hear(self, seconds: float) -> list[Said]:
        """What the printer says within `seconds`; progress of the job is noted on the way."""
        data = self._link.read(max(0.0, seconds))
        if isinstance(data, LinkFault):
            self._lost = True
            return []
        said = self._parser.feed(data)
        for one in said:
            self._note(one)
        return said

    def ask(self, command: bytes, wanted: type[Answer], seconds: float) -> Answer | Silence:
        """Send one question and wait for the first answer of its kind."""
        self._strange = 0
        if self.send(command) is not None:
            return Silence.LOST if self._lost else Silence.SILENT
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            answers = [said for said in self.hear(left) if isinstance(said, wanted)]
            if self._lost:
                return Silence.LOST
            if self._strange >= NOISE:
                return Silence.GARBLED
            if answers:
                return answers[0]
        return Silence.GARBLED if self._strange else Silence.SILENT

    def drain(self) -> None:
        """Forget what was said before, and half-said."""
        for _ in range(MOST_STALE_READS):
            if not self.hear(0):
                break
        self._parser.reset()

    def close(self) -> None:
        """Close the link."""
        self._link.close()

    def _probe(self, number: int) -> Marking:
        ability = self._profile.process_id
        if ability is Ability.YES:
            return Marking.PROCESS_ID
        if ability is Ability.PROBE:
            said = self.ask(commands.ask_process_id(number), ProcessId, self._timing.probe)
            if isinstance(said, ProcessId):
                return Marking.PROCESS_ID
            self.send(commands.INITIALISE)  # a printer that does not know the command has it as text in its line
        said_byte = self.ask(commands.ASK_PAPER_SENSOR, OneByte, self._timing.probe)
        return Marking.PAPER_SENSOR if isinstance(said_byte, OneByte) else Marking.NONE

    def _note(self, said: Said) -> None:
        match said:
            case ProcessId(id) if id in self._marks:
                self.reached = max(self.reached, self._marks.index(id) + 1)
            case OneByte() if self._marking is Marking.PAPER_SENSOR and self._marks:
                self.reached = min(self.reached + 1, len(self._marks))
            case OneByte() | Junk():
                self._strange += 1
            case Automatic():
                self.offline = self.offline or is_offline(said)
            case _:
                pass
