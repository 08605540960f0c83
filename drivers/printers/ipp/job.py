"""The protocol of one sheet: a job first, its document after, then question upon question until it has ended.

The job is made before a byte of the document leaves, so its number is known when the line breaks in the middle: the
printer can then still be asked what became of it. Not for: asking beforehand whether it is ready (`driver`).
"""

from __future__ import annotations

from drivers.contract import Printed, PrintResult, Reason, Refused, Sheet, Unknown
from drivers.printers.ipp.job_facts import COMPLETED, HELD, JobFacts, job_facts
from drivers.printers.ipp.printer_facts import PrinterFacts
from drivers.printers.ipp.requests import Operation
from drivers.printers.ipp.session import Session, Trouble
from drivers.printers.ipp.status import decode_status
from drivers.printers.ipp.values import GroupTag, Message
from drivers.printers.ipp.witness import Clock, Pause, Witness, marked


class SheetJob:
    """One sheet on its way through one session."""

    def __init__(
        self, session: Session, facts: PrinterFacts, clock: Clock, pause: Pause, witness: Witness | None = None
    ) -> None:
        """Keep what is needed; `witness` is the printer behind a queue of CUPS, when it can be asked."""
        self._session = session
        self._facts = facts
        self._witness = witness
        self._mark = ""
        self._doubt: Trouble | None = None
        self._timing = session.timing
        self._clock = clock
        self._pause = pause

    def run(self, sheet: Sheet) -> PrintResult:
        """Hand over the sheet and wait for its paper."""
        title = sheet.title
        if self._facts.spooler:
            title, self._mark = marked(title)
        in_two = {Operation.CREATE_JOB, Operation.SEND_DOCUMENT} <= self._facts.operations
        job = self._begin(title) if in_two else self._at_once(title, sheet.pdf)
        if not isinstance(job, int):
            return job
        refused = self._send(job, sheet.pdf) if in_two else None
        result = self._follow(job) if refused is None else self._withdraw(job, refused)
        if self._facts.spooler:
            # Its file would lie on the disk of the spooler for a day; whether this is allowed is for its settings.
            self._session.ask(self._session.requests.cancel(job, purge=True))
        return result

    def _begin(self, title: str) -> int | Refused:
        """The number of a new job; without an answer there may be an empty one, which never prints."""
        answer = self._session.ask(self._session.requests.create_job(title, self._facts))
        if isinstance(answer, Trouble):
            return Refused(answer.reason, answer.raw)
        job = _number(answer)
        return Refused(Reason.GARBLED, "a job without a number") if job is None else job

    def _send(self, job: int, pdf: bytes) -> Trouble | None:
        """The document; a trouble only when it was certainly not taken."""
        answer = self._session.ask(self._session.requests.send_document(job, pdf), self._timing.document)
        if not isinstance(answer, Trouble):
            return None
        self._doubt = answer
        return answer if answer.not_taken else None

    def _at_once(self, title: str, pdf: bytes) -> int | Refused | Unknown:
        """For printers that know no jobs without a document."""
        requests = self._session.requests
        if Operation.VALIDATE_JOB in self._facts.operations:
            checked = self._session.ask(requests.validate(title, self._facts))
            if isinstance(checked, Trouble):
                return Refused(checked.reason, checked.raw)
        answer = self._session.ask(requests.print_job(title, self._facts, pdf), self._timing.document)
        if isinstance(answer, Trouble):
            return Refused(answer.reason, answer.raw) if answer.not_taken else Unknown(answer.reason, answer.raw)
        job = _number(answer)
        return Unknown(Reason.GARBLED, "a job without a number") if job is None else job

    def _follow(self, job: int) -> PrintResult:
        until = self._clock() + self._timing.finish
        well = heard = self._clock()
        while True:
            seen = self._look(job)
            now = self._clock()
            if isinstance(seen, JobFacts):
                heard = now
                if seen.ended:
                    return self._verdict(seen, None)
            elif seen.gone:
                return self._gone(seen, Trouble(Reason.SILENT, "it forgot the job", not_taken=False))
            elif now - heard >= self._timing.lost:
                return Unknown(seen.reason, seen.raw)
            stopped = self._stopped(seen)
            if stopped is None:
                well = now
            elif now - well >= self._timing.patience:
                return self._withdraw(job, stopped)
            if now >= until:
                return self._withdraw(job, Trouble(Reason.SILENT, "not done in time", not_taken=False))
            self._pause(self._timing.poll)

    def _look(self, job: int) -> JobFacts | Trouble:
        answer = self._session.ask(self._session.requests.job(job))
        if isinstance(answer, Trouble):
            return answer
        return job_facts(answer.group(GroupTag.JOB)) or Trouble(
            Reason.GARBLED, "a job without a state", not_taken=False
        )

    def _stopped(self, seen: JobFacts | Trouble) -> Trouble | None:
        """Why the job does not move, when the printer says so."""
        if isinstance(seen, Trouble):
            return None
        if seen.state == HELD:
            return Trouble(Reason.OFFLINE, seen.words, not_taken=False)
        facts = self._session.printer()
        if isinstance(facts, Trouble):
            return None
        status = decode_status(facts)
        return None if status.usable else Trouble(status.reason or Reason.OFFLINE, status.raw, not_taken=False)

    def _withdraw(self, job: int, why: Trouble) -> PrintResult:
        """Take the job back, and see what had come of it by then."""
        self._session.ask(self._session.requests.cancel(job))  # that it had ended already is seen below
        until = self._clock() + self._timing.withdraw
        while True:
            seen = self._look(job)
            if isinstance(seen, JobFacts) and seen.ended:
                return self._verdict(seen, why)
            if isinstance(seen, Trouble) and seen.gone:
                return self._gone(seen, why)
            if self._clock() >= until:
                return Unknown(why.reason, f"{why.raw}; {seen.raw if isinstance(seen, Trouble) else seen.words}")
            self._pause(self._timing.poll)

    def _verdict(self, job: JobFacts, why: Trouble | None) -> PrintResult:
        """What the end of a job proves; a queue is only believed that it never began."""
        if self._facts.spooler and not job.proves_nothing_printed(counted=False):
            return self._behind(job.words, why)
        return self._judge(job, why)

    def _gone(self, seen: Trouble, why: Trouble) -> PrintResult:
        """The job is not known any more; a queue may be set to forget what is over."""
        return self._behind(seen.raw, why) if self._facts.spooler else Unknown(why.reason, f"{why.raw}; {seen.raw}")

    def _behind(self, words: str, why: Trouble | None) -> PrintResult:
        """What the printer behind the queue says."""
        job = self._witness.ended(self._mark) if self._witness is not None else None
        if job is not None:
            return self._judge(job, why)
        reason = why.reason if why is not None else Reason.SILENT
        return Unknown(reason, f"the queue says {words}; its printer cannot be asked what came of it")

    def _judge(self, job: JobFacts, why: Trouble | None) -> PrintResult:
        """The printer's own word; a job that ended by itself has its cause from the printer."""
        if job.state != COMPLETED:
            why = why or self._cause()
            nothing = job.proves_nothing_printed(counted=True)
            return (Refused if nothing else Unknown)(why.reason, f"{why.raw}; {job.words}")
        if "job-completed-with-errors" in job.reasons:
            return Unknown(Reason.MECHANICAL, job.words)
        if "queued-in-device" in job.reasons:
            return Unknown(Reason.SILENT, f"its printer cannot report its paper; {job.words}")
        return Printed(job.words)

    def _cause(self) -> Trouble:
        facts = self._session.printer()
        if isinstance(facts, Trouble):
            return facts
        status = decode_status(facts)
        if status.reason is None and self._doubt is not None:
            return self._doubt
        return Trouble(status.reason or Reason.OFFLINE, status.raw, not_taken=False)


def _number(answer: Message) -> int | None:
    number = answer.group(GroupTag.JOB).number("job-id")
    return number if number is not None and number > 0 else None
