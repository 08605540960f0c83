"""What a printer says about one job, from its answer. Pure. Not for: what is done then (`job`)."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.printers.ipp.values import Group

HELD, CANCELLED, ABORTED, COMPLETED = 4, 7, 8, 9
_STATES = {
    3: "pending",
    4: "held",
    5: "processing",
    6: "stopped",
    7: "cancelled",
    8: "aborted",
    9: "completed",
}
_STILL_STOPPING = "processing-to-stop-point"


@dataclass(frozen=True)
class JobFacts:
    """A job as an answer describes it.

    Attributes:
        state: 3 pending to 9 completed, as in RFC 8011 section 5.3.7.
        impressions: sides printed so far; None when it does not count.
        sheets: sheets so far; None when it does not count.
        never_begun: whether it says that it has not begun with the job.
    """

    state: int
    reasons: tuple[str, ...]
    impressions: int | None
    sheets: int | None
    never_begun: bool

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it; CUPS leaves the word of a stop on jobs that are long completed."""
        if self.state in (CANCELLED, ABORTED):
            return self.never_begun or _STILL_STOPPING not in self.reasons
        return self.state == COMPLETED

    @property
    def words(self) -> str:
        """State, reasons and count as the printer gives them, for diagnosis."""
        count = "" if self.impressions is None else f", {self.impressions} printed"
        return f"job {_STATES[self.state]}{count}: {', '.join(self.reasons) or 'none'}"[:500]

    def proves_nothing_printed(self, *, counted: bool) -> bool:
        """Whether it is certain that no paper came out, and that none will.

        Args:
            counted: whether the printer counts; the count of a queue lags behind it and proves nothing.
        """
        if not self.ended or self.state == COMPLETED:
            return False
        return self.never_begun or (counted and self.impressions == 0 and not self.sheets)


def job_facts(said: Group) -> JobFacts | None:
    """Read the attributes of one job; None when there is no state of a job among them."""
    state = said.number("job-state")
    if state not in _STATES:
        return None
    return JobFacts(
        state=state,
        reasons=tuple(reason for reason in said.texts("job-state-reasons") if reason != "none"),
        impressions=said.number("job-impressions-completed"),
        sheets=said.number("job-media-sheets-completed"),
        never_begun=said.lacks_value("time-at-processing"),
    )
