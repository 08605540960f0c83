"""What the printer behind a queue of CUPS says about a job of that queue.

CUPS calls a job completed as soon as its backend is done: that is also so when the printer gave the job up, when
somebody cancelled it at the panel, and on a plain data port as soon as the bytes have left. The printer itself knows.
Not for: printers that are addressed directly.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from drivers.printers.ipp.job_facts import COMPLETED, JobFacts, job_facts
from drivers.printers.ipp.session import Session, Trouble
from drivers.printers.ipp.values import Group, GroupTag

Clock = Callable[[], float]
Pause = Callable[[float], None]


def marked(title: str) -> tuple[str, str]:
    """A title with a mark that no other job has, and the mark; CUPS hands the name of a job on to the printer."""
    mark = secrets.token_hex(4)
    return f"{title} {mark}", mark


class Witness:
    """The printer behind a queue, over its own session."""

    def __init__(self, session: Session, clock: Clock, pause: Pause) -> None:
        self._session = session
        self._clock = clock
        self._pause = pause

    def ended(self, mark: str) -> JobFacts | None:
        """How the job with that mark ended at the printer; None when nobody can say."""
        facts = self._session.printer()
        if isinstance(facts, Trouble) or facts.spooler:
            return None
        until = self._clock() + self._session.timing.withdraw
        while True:
            found = self._find(mark)
            if found is None or found.ended:
                return found
            if self._clock() >= until:
                return None
            self._pause(self._session.timing.poll)

    def _find(self, mark: str) -> JobFacts | None:
        found: list[JobFacts] = []
        for which in ("not-completed", "completed"):  # in this order no job slips from one list to the other unseen
            answer = self._session.ask(self._session.requests.jobs(which))
            if isinstance(answer, Trouble):
                return None
            found.extend(job for group in answer.groups if (job := _marked_job(group, mark)) is not None)
        return max(found, key=_gravity, default=None)


def _marked_job(group: Group, mark: str) -> JobFacts | None:
    names = group.texts("job-name") if group.tag == GroupTag.JOB else ()
    return job_facts(group) if any(name.endswith(mark) for name in names) else None


def _gravity(job: JobFacts) -> int:
    """CUPS may try more than once: paper that came out counts most, then what may still come."""
    if job.state == COMPLETED:
        return 3
    if not job.ended:
        return 2
    return 0 if job.proves_nothing_printed(counted=True) else 1
