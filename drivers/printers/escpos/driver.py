"""The ESC/POS printer as the rest of the house sees it: state, print once, close.

Opens by itself, drops the link at the first doubt and opens again at the next call. Never raises; every call ends in
time. Not for: threads and repeated attempts (`drivers.runner`).
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.contract import (
    CannotOpen,
    DeviceStatus,
    Health,
    PaperDocument,
    PrintResult,
    Reason,
    Refused,
    Unknown,
)
from drivers.printers.escpos import commands
from drivers.printers.escpos.builder import Unprintable, build, millimetres
from drivers.printers.escpos.job import MARKS, Job, Leftover
from drivers.printers.escpos.library import warm_up
from drivers.printers.escpos.profiles import Profile
from drivers.printers.escpos.session import Clock, Session, Silence, Timing
from drivers.printers.escpos.status import decode, is_recoverable_jam
from drivers.printers.transport import Connect

REMEMBERED_JOBS = 256


@dataclass(frozen=True)
class _Surveyed:
    session: Session
    answers: bytes
    status: DeviceStatus


class EscPosPrinter:
    """One printer behind one cable; implements `drivers.contract.PrinterDriver`.

    All calls come from one thread.
    """

    def __init__(
        self,
        connect: Connect,
        profile: Profile,
        fonts: Path | None = None,
        timing: Timing | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        """Keep the settings; nothing is opened yet.

        Args:
            fonts: folder with the shipped fonts, for letters outside the printer's code page.
        """
        self._connect = connect
        self._profile = profile
        self._fonts = fonts
        self._timing = timing or Timing()
        self._clock = clock
        self._session: Session | None = None
        self._done: OrderedDict[str, PrintResult] = OrderedDict()
        self._leftover = Leftover.NOTHING
        self._next_id = commands.FIRST_ID + secrets.randbelow(commands.LAST_ID - commands.FIRST_ID)
        self._recover_after = clock()

    def status(self) -> DeviceStatus:
        """Ask the printer now; frees a cutter that somebody has cleared."""
        found = self._survey()
        if isinstance(found, DeviceStatus):
            return found
        if is_recoverable_jam(found.answers) and self._clock() >= self._recover_after:
            found.session.send(commands.RECOVER_AND_CLEAR)
            self._recover_after = self._clock() + self._timing.recover_every
            again = self._survey()
            return again if isinstance(again, DeviceStatus) else again.status
        return found.status

    def print(self, job_id: str, document: PaperDocument) -> PrintResult:
        """Print once; the same `job_id` again returns the first result and sends nothing."""
        known = self._done.get(job_id)
        if known is not None:
            return known
        result = self._print(document)
        self._done[job_id] = result
        if len(self._done) > REMEMBERED_JOBS:
            self._done.popitem(last=False)
        return result

    def close(self) -> None:
        """Free the cable; the next call opens it again."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _print(self, document: PaperDocument) -> PrintResult:
        found = self._survey()
        if isinstance(found, DeviceStatus):
            return Refused(found.reason or Reason.OFFLINE, found.raw)
        if not found.status.usable:
            return Refused(found.status.reason or Reason.OFFLINE, found.status.raw)
        content = build(document, self._profile, self._fonts)
        if isinstance(content, Unprintable):
            return Refused(Reason.NOT_CONFIGURED, content.why)
        marking = found.session.find_marking(self._take_ids(1))
        job = Job(found.session, self._profile, self._timing, self._clock, self._leftover)
        ended = job.run(content, marking, self._take_ids(MARKS))
        self._leftover = ended.leftover
        if isinstance(ended.result, Unknown):
            self.close()  # opening again throws away whatever the printer still holds
        if isinstance(ended.result, Refused):
            return ended.result
        return replace(ended.result, millimetres=millimetres(content, self._profile))

    def _survey(self) -> _Surveyed | DeviceStatus:
        """State of the printer over a working session, or why there is none."""
        kept = self._session is not None
        session = self._opened()
        if isinstance(session, CannotOpen):
            return DeviceStatus(Health.UNAVAILABLE, session.reason, session.detail)
        answers = session.survey()
        if answers is Silence.LOST and kept:  # a link from before a power cut: once more over a fresh one
            self.close()
            return self._survey()
        if isinstance(answers, Silence):
            self.close()
            return DeviceStatus(Health.UNAVAILABLE, Reason(answers.value), answers.name.lower())
        return _Surveyed(session, answers, decode(answers, self._profile.near_end_sensor))

    def _opened(self) -> Session | CannotOpen:
        if self._session is None:
            warm_up()
            link = self._connect()
            if isinstance(link, CannotOpen):
                return link
            self._session = Session(link, self._profile, self._timing, self._clock)
            self._session.begin()
        return self._session

    def _take_ids(self, count: int) -> int:
        """First of `count` process ids, ascending; they begin again long after the last of them has been answered."""
        if self._next_id + count - 1 > commands.LAST_ID:
            self._next_id = commands.FIRST_ID
        first = self._next_id
        self._next_id += count
        return first
