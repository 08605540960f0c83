"""What the simulated printer answers to each question of IPP. Not for: HTTP (`printer`)."""

from __future__ import annotations

from collections.abc import Callable

from drivers.printers.ipp.protocol import Malformed, decode, encode
from drivers.printers.ipp.values import Attribute, Group, GroupTag, Message, Tag, one
from drivers.simulated.ipp import description
from drivers.simulated.ipp.faults import SheetFault
from drivers.simulated.ipp.machine import CANCELLED, Machine, SimulatedJob

PRINT_JOB, VALIDATE_JOB, CREATE_JOB, SEND_DOCUMENT = 0x02, 0x04, 0x05, 0x06
CANCEL_JOB, GET_JOB_ATTRIBUTES, GET_JOBS, GET_PRINTER_ATTRIBUTES = 0x08, 0x09, 0x0A, 0x0B
OK = 0x0000
BAD_REQUEST, NOT_POSSIBLE, NOT_FOUND, NO_SUCH_FORMAT = 0x0400, 0x0404, 0x0406, 0x040A
NO_SUCH_OPERATION, NOT_ACCEPTING, BUSY = 0x0501, 0x0506, 0x0507

Reply = tuple[int, tuple[Group, ...]]


class Operations:
    """Answers for one machine; `uri` is what it is called."""

    def __init__(self, machine: Machine, uri: str) -> None:
        self._machine = machine
        self._uri = uri

    @property
    def known(self) -> dict[int, Callable[[Message], Reply]]:
        """What this model can do, by number."""
        every: dict[int, Callable[[Message], Reply]] = {
            PRINT_JOB: self._print_job,
            VALIDATE_JOB: lambda request: (self._turned_away(request, with_document=True) or OK, ()),
            CREATE_JOB: self._create_job,
            SEND_DOCUMENT: self._send_document,
            CANCEL_JOB: self._cancel_job,
            GET_JOB_ATTRIBUTES: self._get_job,
            GET_JOBS: self._get_jobs,
            GET_PRINTER_ATTRIBUTES: self._get_printer,
        }
        old = SheetFault.NO_CREATE_JOB in self._machine.faults
        return {number: does for number, does in every.items() if not (old and number in (CREATE_JOB, SEND_DOCUMENT))}

    def answer(self, body: bytes) -> bytes:
        """The answer to one message."""
        request = decode(body)
        if isinstance(request, Malformed):
            return _written(Message(0, 0), BAD_REQUEST, ())
        does = self.known.get(request.code)
        status, groups = (NO_SUCH_OPERATION, ()) if does is None else does(request)
        return _written(request, status, groups)

    def _turned_away(self, request: Message, *, with_document: bool) -> int | None:
        faults = self._machine.faults
        if SheetFault.NOT_ACCEPTING in faults:
            return NOT_ACCEPTING
        if SheetFault.BUSY in faults:
            return BUSY
        named = request.group(GroupTag.OPERATION).texts("document-format")
        if with_document and named and named[0] not in description.formats(self._machine):
            return NO_SUCH_FORMAT
        return None

    def _print_job(self, request: Message) -> Reply:
        status = self._turned_away(request, with_document=True)
        if status is not None:
            return status, ()
        job = self._new_job(request)
        self._machine.give(job, request.document)
        return OK, (self._short(job),)

    def _create_job(self, request: Message) -> Reply:
        status = self._turned_away(request, with_document=False)
        return (OK, (self._short(self._new_job(request)),)) if status is None else (status, ())

    def _send_document(self, request: Message) -> Reply:
        job = self._job(request)
        if job is None:
            return NOT_FOUND, ()
        if job.over or job.pdf is not None:
            return NOT_POSSIBLE, ()
        named = request.group(GroupTag.OPERATION).texts("document-format")
        if named and named[0] not in description.formats(self._machine):
            return NO_SUCH_FORMAT, ()
        self._machine.give(job, request.document)
        return OK, (self._short(job),)

    def _cancel_job(self, request: Message) -> Reply:
        job = self._job(request)
        if job is None:
            return NOT_FOUND, ()
        if job.over:
            return NOT_POSSIBLE, ()
        self._machine.end(job, CANCELLED, "job-canceled-by-user")
        return OK, ()

    def _get_job(self, request: Message) -> Reply:
        job = self._job(request)
        return (NOT_FOUND, ()) if job is None else (OK, (_asked_for(request, self._long(job)),))

    def _get_jobs(self, request: Message) -> Reply:
        over = "completed" in request.group(GroupTag.OPERATION).texts("which-jobs")
        jobs = [job for job in self._machine.jobs.values() if job.over is over]
        return OK, tuple(_asked_for(request, self._long(job)) for job in jobs)

    def _get_printer(self, request: Message) -> Reply:
        said = description.printer(self._machine, self._uri, tuple(self.known))
        return OK, (_asked_for(request, Group(GroupTag.PRINTER, said)),)

    def _new_job(self, request: Message) -> SimulatedJob:
        said = request.group(GroupTag.OPERATION)
        title, user = (next(iter(said.texts(name)), "") for name in ("job-name", "requesting-user-name"))
        return self._machine.create(title, user)

    def _job(self, request: Message) -> SimulatedJob | None:
        said = request.group(GroupTag.OPERATION)
        number = said.number("job-id")
        if number is None:
            last = next(iter(said.texts("job-uri")), "").rpartition("/")[2]
            number = int(last) if last.isdigit() else 0
        return self._machine.jobs.get(number)

    def _short(self, job: SimulatedJob) -> Group:
        wanted = {"job-uri", "job-id", "job-state", "job-state-reasons"}
        return Group(GroupTag.JOB, tuple(a for a in self._long(job).attributes if a.name in wanted))

    def _long(self, job: SimulatedJob) -> Group:
        return Group(GroupTag.JOB, description.job(job, self._machine, self._uri))


def _asked_for(request: Message, group: Group) -> Group:
    """Only the attributes that were asked for by name; groups of names are all of them."""
    names = set(request.group(GroupTag.OPERATION).texts("requested-attributes"))
    if not names or names & {"all", "printer-description", "job-template", "job-description"}:
        return group
    return Group(group.tag, tuple(attribute for attribute in group.attributes if attribute.name in names))


def _written(request: Message, status: int, groups: tuple[Group, ...]) -> bytes:
    head: tuple[Attribute, ...] = (
        one("attributes-charset", Tag.CHARSET, "utf-8"),
        one("attributes-natural-language", Tag.LANGUAGE, "en"),
    )
    if status != OK:
        head += (one("status-message", Tag.TEXT, description.STATUS_WORDS.get(status, "no")),)
    return encode(
        Message(status, request.request_id, (Group(GroupTag.OPERATION, head), *groups), version=request.version)
    )
