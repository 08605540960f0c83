"""The protocol of one print job: bytes out, proof back, and never a ticket that comes out later by itself.

Three marks stand in the data: before the first line, before the cut, after the cut. What the printer has come to when
something goes wrong decides between *refused* (no ticket, and none later) and *unknown*. Not for: opening the printer
or asking beforehand whether it is ready (`driver`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from drivers.contract import Printed, PrintResult, Reason, Refused, Unknown
from drivers.printers.escpos import builder, commands
from drivers.printers.escpos.builder import Content
from drivers.printers.escpos.profiles import Profile
from drivers.printers.escpos.session import Marking, Session, Silence, Timing
from drivers.printers.escpos.status import RealTime, decode, is_offline
from drivers.printers.transport import LinkFault


class Leftover(Enum):
    """What an earlier job may have left hanging in the slot, uncut."""

    NOTHING = "nothing"
    BEGINNING = "beginning"
    """Part of a ticket that nobody must get: crossed out and cut off before the next one."""
    TICKET = "ticket"
    """A whole ticket: cut off before the next one."""


@dataclass(frozen=True)
class Ended:
    """How a job ended, and what hangs in the slot now."""

    result: PrintResult
    leftover: Leftover


_STARTED, _BEFORE_CUT, _DONE = 1, 2, 3
MARKS = 3
"""Process ids a job uses up."""


class Job:
    """One document on its way through one session."""

    def __init__(
        self, session: Session, profile: Profile, timing: Timing, clock: Callable[[], float], leftover: Leftover
    ) -> None:
        self._session = session
        self._profile = profile
        self._timing = timing
        self._clock = clock
        self._before = leftover
        self._doubt = Reason.SILENT

    def run(self, content: Content, marking: Marking, first_id: int) -> Ended:
        """Send the job and wait for its paper."""
        numbers = range(first_id, first_id + MARKS)
        self._session.expect(tuple(commands.process_id(number) for number in numbers))
        fault = self._session.send(self._bytes(content, marking, numbers))
        if fault is LinkFault.CLOSED:
            return self._unproven(Reason.UNREACHABLE, "link lost while sending")
        if fault is LinkFault.BLOCKED:
            return self._withdraw(marking, self._cause(Reason.SILENT), "took no more bytes")
        if marking is Marking.NONE:
            return self._without_marks()
        return self._wait(content, marking)

    def _bytes(self, content: Content, marking: Marking, numbers: range) -> bytes:
        mark = [_mark(marking, number) for number in numbers]
        tidy = {
            Leftover.NOTHING: b"",
            Leftover.BEGINNING: builder.void(self._profile),
            Leftover.TICKET: builder.cut(self._profile),
        }[self._before]
        head = tidy + builder.start(self._profile) + mark[0]
        return head + content.data + mark[1] + builder.cut(self._profile) + mark[2]

    def _wait(self, content: Content, marking: Marking) -> Ended:
        seconds = self._profile.millimetres_of(content.dots) / self._timing.millimetres_per_second
        until = self._clock() + self._timing.settle + seconds
        next_poll = self._clock() + self._timing.poll
        while self._session.reached < _DONE:
            now = self._clock()
            if self._session.lost:
                return self._unproven(Reason.UNREACHABLE, "link lost before the paper was reported")
            if self._session.offline:
                return self._withdraw(marking, self._cause(Reason.OFFLINE), "went off line")
            if now >= until:
                return self._withdraw(marking, self._doubt, "no report in time")
            if now >= next_poll:
                next_poll = now + self._timing.poll
                self._poll()
            else:
                self._session.hear(min(next_poll, until) - now)
        return Ended(Printed(), Leftover.NOTHING)

    def _poll(self) -> None:
        said = self._session.ask(commands.ask_status(1), RealTime, self._timing.answer)
        if isinstance(said, RealTime) and is_offline(said):
            self._session.offline = True
        elif said is Silence.GARBLED:
            self._doubt = Reason.GARBLED

    def _cause(self, otherwise: Reason) -> Reason:
        answers = self._session.survey()
        if isinstance(answers, Silence):
            return Reason(answers.value)
        return decode(answers, self._profile.near_end_sensor).reason or otherwise

    def _withdraw(self, marking: Marking, reason: Reason, why: str) -> Ended:
        """Take the job back; only a confirmed clearing with no cut reached is a refusal."""
        if self._session.reached >= _DONE:
            return Ended(Printed(), Leftover.NOTHING)
        cleared = self._session.clear()
        reached = self._session.reached
        if reached >= _DONE:
            return Ended(Printed(), Leftover.NOTHING)
        if not cleared or marking is Marking.NONE:
            return self._unproven(reason, why)
        if reached >= _BEFORE_CUT:
            return Ended(Unknown(reason, f"{why}; stopped at the cut"), Leftover.TICKET)
        left = Leftover.BEGINNING if reached >= _STARTED else self._before
        return Ended(Refused(reason, f"{why}; taken back"), left)

    def _unproven(self, reason: Reason, why: str) -> Ended:
        whole = self._session.reached >= _BEFORE_CUT
        return Ended(Unknown(reason, why), Leftover.TICKET if whole else Leftover.BEGINNING)

    def _without_marks(self) -> Ended:
        """The printer cannot prove anything; at least find out whether it stopped."""
        self._poll()
        if self._session.offline:
            return self._withdraw(Marking.NONE, self._cause(Reason.OFFLINE), "went off line")
        return Ended(Unknown(Reason.SILENT, "this printer cannot report its paper"), Leftover.NOTHING)


def _mark(marking: Marking, number: int) -> bytes:
    return {
        Marking.PROCESS_ID: commands.ask_process_id(number),
        Marking.PAPER_SENSOR: commands.ASK_PAPER_SENSOR,
        Marking.NONE: b"",
    }[marking]
