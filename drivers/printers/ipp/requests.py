"""The messages the driver sends. Pure.

Every job is `USER`'s, and is called by the title of its sheet: nothing personal goes into a spooler's list of jobs. Not
for: when which is sent (`job`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from drivers.printers.ipp.printer_facts import PrinterFacts
from drivers.printers.ipp.protocol import encode
from drivers.printers.ipp.values import Attribute, Group, GroupTag, Message, Tag, keyword, one

USER = "zuil"
PDF = "application/pdf"
A4 = "iso_a4_210x297mm"
NEWEST_JOBS = 20
_LONGEST_NAME = 255

PRINTER_ATTRIBUTES = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "operations-supported",
    "document-format-supported",
    "media-supported",
    "sides-supported",
    "print-scaling-supported",
    "job-sheets-supported",
    "device-uri",
    "cups-version",
)
JOB_ATTRIBUTES = (
    "job-id",
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "job-media-sheets-completed",
    "time-at-processing",
)


class Operation(IntEnum):
    """What is asked of the printer."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


@dataclass
class Requests:
    """Writes messages to one queue, each with its own number.

    Attributes:
        uri: how the queue is addressed.
    """

    uri: str
    last: int = 0

    def printer(self) -> bytes:
        """How are you, and what can you do?"""
        return self._message(Operation.GET_PRINTER_ATTRIBUTES, keyword("requested-attributes", *PRINTER_ATTRIBUTES))

    def validate(self, title: str, facts: PrinterFacts) -> bytes:
        """Would you take this job?"""
        return self._message(Operation.VALIDATE_JOB, *_naming(title), _FORMAT, template=_template(facts))

    def print_job(self, title: str, facts: PrinterFacts, pdf: bytes) -> bytes:
        """A job and its document at once."""
        return self._message(Operation.PRINT_JOB, *_naming(title), _FORMAT, template=_template(facts), document=pdf)

    def create_job(self, title: str, facts: PrinterFacts) -> bytes:
        """A job whose document is still to come."""
        return self._message(Operation.CREATE_JOB, *_naming(title), template=_template(facts))

    def send_document(self, job: int, pdf: bytes) -> bytes:
        """The only document of a job."""
        last = one("last-document", Tag.BOOLEAN, True)
        return self._message(Operation.SEND_DOCUMENT, _USER_NAME, _FORMAT, last, job=job, document=pdf)

    def job(self, job: int) -> bytes:
        """How far is that job?"""
        wanted = keyword("requested-attributes", *JOB_ATTRIBUTES)
        return self._message(Operation.GET_JOB_ATTRIBUTES, _USER_NAME, wanted, job=job)

    def jobs(self, which: str) -> bytes:
        """The newest jobs; `which` is completed or not-completed."""
        wanted = keyword("requested-attributes", "job-name", *JOB_ATTRIBUTES)
        limit = one("limit", Tag.INTEGER, NEWEST_JOBS)
        return self._message(Operation.GET_JOBS, _USER_NAME, limit, wanted, keyword("which-jobs", which))

    def cancel(self, job: int, *, purge: bool = False) -> bytes:
        """Stop that job; `purge` (CUPS only) deletes its file and its entry in the list."""
        purging = (one("purge-job", Tag.BOOLEAN, True),) if purge else ()
        return self._message(Operation.CANCEL_JOB, _USER_NAME, *purging, job=job)

    def _message(
        self,
        operation: Operation,
        *attributes: Attribute,
        job: int | None = None,
        template: tuple[Attribute, ...] = (),
        document: bytes = b"",
    ) -> bytes:
        self.last += 1
        head = [
            one("attributes-charset", Tag.CHARSET, "utf-8"),
            one("attributes-natural-language", Tag.LANGUAGE, "en"),
            one("printer-uri", Tag.URI, self.uri),
        ]
        if job is not None:
            head.append(one("job-id", Tag.INTEGER, job))
        groups = [Group(GroupTag.OPERATION, (*head, *attributes))]
        if template:
            groups.append(Group(GroupTag.JOB, template))
        return encode(Message(operation, self.last, tuple(groups), document))


_USER_NAME = one("requesting-user-name", Tag.NAME, USER)
_FORMAT = one("document-format", Tag.MIME_TYPE, PDF)


def _naming(title: str) -> tuple[Attribute, ...]:
    return _USER_NAME, one("job-name", Tag.NAME, job_name(title))


def job_name(title: str) -> str:
    """The title as one line that fits the field."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())
    return line.encode()[:_LONGEST_NAME].decode(errors="ignore") or USER


def _template(facts: PrinterFacts) -> tuple[Attribute, ...]:
    """One copy of A4, one-sided, in true size, without a banner; only what the printer says it knows."""
    wanted = (
        ("media", A4, facts.media),
        ("sides", "one-sided", facts.sides),
        ("print-scaling", "none", facts.scalings),
        ("job-sheets", "none", facts.banners),
    )
    return tuple(keyword(name, value) for name, value, known in wanted if value in known)
