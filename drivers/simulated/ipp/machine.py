"""The printer of sheets without its network: jobs, paper, and how it is. One thread at a time.

Not for: messages (`operations`) and sockets (`printer`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.simulated.ipp.faults import SheetFault

SLOW_SECONDS = 30.0
KEPT_JOBS = 100
PENDING, HELD, PROCESSING, STOPPED, CANCELLED, ABORTED, COMPLETED = range(3, 10)
_STOPPING = {
    SheetFault.MEDIA_EMPTY: "media-empty-error",
    SheetFault.MEDIA_JAM: "media-jam-error",
    SheetFault.COVER_OPEN: "cover-open-error",
    SheetFault.TONER_EMPTY: "marker-supply-empty-error",
    SheetFault.PAUSED: "paused",
}
_PAGE = re.compile(rb"/Type\s*/Page\b")


@dataclass(frozen=True, repr=False)
class SimulatedSheet:
    """A document that was printed."""

    pdf: bytes
    title: str
    job_id: int


@dataclass
class SimulatedJob:
    """One job; `began` and `ended` are seconds since the printer was switched on."""

    number: int
    title: str
    user: str
    created: int
    pdf: bytes | None = None
    state: int = PENDING
    reason: str = "job-incoming"
    impressions: int = 0
    began: int | None = None
    ended: int | None = None
    due: float = 0.0

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in (CANCELLED, ABORTED, COMPLETED)


@dataclass
class Machine:
    """State and behaviour.

    Attributes:
        clock: seconds; only for slow paper and the times in answers.
        sheets: what came out, oldest first.
        jobs: the last hundred, by number.
    """

    clock: Callable[[], float]
    faults: set[SheetFault] = field(default_factory=set)
    sheets: list[SimulatedSheet] = field(default_factory=list)
    jobs: dict[int, SimulatedJob] = field(default_factory=dict)
    _last: int = 0

    def __post_init__(self) -> None:
        self._switched_on = self.clock()

    @property
    def seconds(self) -> int:
        """Since it was switched on, at least 1."""
        return int(self.clock() - self._switched_on) + 1

    @property
    def reasons(self) -> tuple[str, ...]:
        """What it says about itself, in IPP's words."""
        stopping = tuple(word for fault, word in _STOPPING.items() if fault in self.faults)
        low = ("marker-supply-low-warning",) if SheetFault.TONER_LOW in self.faults else ()
        return stopping + low

    @property
    def stopped(self) -> bool:
        """Whether nothing prints."""
        return bool(self.faults & set(_STOPPING))

    @property
    def working(self) -> SimulatedJob | None:
        """The job that has begun and is not over."""
        return next((job for job in self.jobs.values() if job.state in (PROCESSING, STOPPED)), None)

    @property
    def state(self) -> int:
        """3 idle, 4 processing, 5 stopped."""
        if self.stopped:
            return 5
        return 4 if self.working is not None or SheetFault.BUSY in self.faults else 3

    def create(self, title: str, user: str) -> SimulatedJob:
        """A job without its document."""
        self._last += 1
        job = SimulatedJob(self._last, title, user, self.seconds)
        self.jobs[job.number] = job
        if len(self.jobs) > KEPT_JOBS:
            del self.jobs[min(self.jobs)]
        return job

    def give(self, job: SimulatedJob, pdf: bytes) -> None:
        """The document of a job; it is printed at the next `work`."""
        job.pdf = pdf
        held = SheetFault.JOB_HELD in self.faults
        job.state, job.reason = (HELD, "job-hold-until-specified") if held else (PENDING, "none")

    def end(self, job: SimulatedJob, state: int, reason: str) -> None:
        """Nothing more comes of it; its document is forgotten."""
        job.state, job.reason, job.pdf, job.ended = state, reason, None, self.seconds
        if SheetFault.FORGETS_JOB in self.faults:
            self.jobs.pop(job.number, None)

    def mend(self) -> None:
        """Take away every cause, and release what was held."""
        self.faults.clear()
        for job in self.jobs.values():
            if job.state == HELD:
                job.state, job.reason = PENDING, "none"

    def work(self) -> float | None:
        """Print what can be printed now; the moment to come back, None when there is nothing to wait for."""
        while True:
            job = self.working or self._begin()
            if job is None:
                return None
            if self.stopped:
                job.state, job.reason = STOPPED, "printer-stopped"
                return None
            job.state, job.reason = PROCESSING, "job-printing"
            if SheetFault.SLOW in self.faults and self.clock() < job.due:
                return job.due
            self._print(job)

    def _begin(self) -> SimulatedJob | None:
        job = next((job for job in self.jobs.values() if job.state == PENDING and job.pdf is not None), None)
        if job is None or self.stopped:
            return None
        job.state, job.began, job.due = PROCESSING, self.seconds, self.clock() + SLOW_SECONDS
        if SheetFault.MEDIA_EMPTY_MID_JOB in self.faults:
            self.faults.remove(SheetFault.MEDIA_EMPTY_MID_JOB)
            self.faults.add(SheetFault.MEDIA_EMPTY)
        return job

    def _print(self, job: SimulatedJob) -> None:
        pdf = job.pdf or b""
        if SheetFault.ABORTS_AT_ONCE in self.faults:
            self.end(job, ABORTED, "aborted-by-system")
        elif SheetFault.ABORTS_MID_JOB in self.faults:
            job.impressions = 1
            self.end(job, ABORTED, "aborted-by-system")
        elif SheetFault.JAM_MID_JOB in self.faults:
            job.impressions = 1
            self.faults.remove(SheetFault.JAM_MID_JOB)
            self.faults.add(SheetFault.MEDIA_JAM)
        else:
            job.impressions = max(1, len(_PAGE.findall(pdf)))
            self.sheets.append(SimulatedSheet(pdf, job.title, job.number))
            self.end(job, COMPLETED, "job-completed-successfully")
