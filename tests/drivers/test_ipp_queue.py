"""Behind a queue of CUPS the printer itself is asked what came of a job; what the queue says proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from drivers.contract import Printed, PrintResult, Reason, Refused, Unknown
from drivers.printers.ipp.address import IppAddress, device_address
from drivers.printers.ipp.job import SheetJob
from drivers.printers.ipp.requests import Operation
from drivers.printers.ipp.session import Session, Timing, Trouble
from drivers.printers.ipp.transport import Answer, Failure, NoAnswer
from drivers.printers.ipp.values import Tag, one
from drivers.printers.ipp.witness import Witness
from drivers.simulated.ipp.faults import SheetFault
from drivers.simulated.ipp.machine import CANCELLED
from tests.drivers.ipp_bench import ADDRESS, PDF, SHEET, VirtualPrinter

CUPS = (one("cups-version", Tag.TEXT, "2.4.2"), one("device-uri", Tag.URI, ADDRESS.uri))


@dataclass
class Queue:
    """A queue that calls every job completed, and a printer behind it that may know better.

    Attributes:
        at_printer: makes the printer job from its title; None where the queue hands over without IPP.
    """

    at_printer: Callable[[VirtualPrinter, str], None] | None
    queue: VirtualPrinter = field(default_factory=lambda: VirtualPrinter(says=CUPS))
    printer: VirtualPrinter = field(default_factory=VirtualPrinter)

    def __post_init__(self) -> None:
        self.printer.clock = self.queue.clock
        self.queue.spoil = self._hand_on

    def _hand_on(self, operation: int, answer: bytes) -> Answer | NoAnswer | None:
        if operation == Operation.SEND_DOCUMENT and self.at_printer is not None:
            self.at_printer(self.printer, self.queue.machine.sheets[0].title)
            self.printer.machine.work()
        return None

    def print(self) -> PrintResult:
        session = Session(self.queue, ADDRESS.uri, Timing())
        facts = session.printer()
        assert not isinstance(facts, Trouble)
        behind = Session(self.printer, ADDRESS.uri, Timing())
        witness = Witness(behind, self.queue.clock, self.printer.pause)
        return SheetJob(session, facts, self.queue.clock, self.queue.pause, witness).run(SHEET)


def takes(printer: VirtualPrinter, title: str) -> None:
    printer.machine.give(printer.machine.create(title, "zuil"), PDF)


def test_completed_at_the_printer_is_printed() -> None:
    queue = Queue(takes)
    assert queue.print() == Printed("job completed, 1 printed: job-completed-successfully")
    assert queue.queue.asked[-1] == Operation.CANCEL_JOB, "its file is purged"
    (sheet,) = queue.printer.machine.sheets
    assert sheet.title.startswith("Attest ")
    assert len(sheet.title) == len("Attest ") + 8


@pytest.mark.parametrize(
    ("fault", "kind", "reason"),
    [
        (SheetFault.ABORTS_AT_ONCE, Refused, Reason.OFFLINE),
        (SheetFault.ABORTS_MID_JOB, Unknown, Reason.OFFLINE),
        (SheetFault.MEDIA_EMPTY, Unknown, Reason.SILENT),
        (SheetFault.FORGETS_JOB, Unknown, Reason.SILENT),
    ],
)
def test_completed_in_the_queue_is_not_believed(fault: SheetFault, kind: type, reason: Reason) -> None:
    queue = Queue(takes)
    queue.printer.fault(fault)
    result = queue.print()
    assert (type(result), getattr(result, "reason", None)) == (kind, reason), result


def test_a_queue_that_is_not_known_as_one_would_be_believed() -> None:
    queue = Queue(takes)
    queue.printer.fault(SheetFault.ABORTS_AT_ONCE)
    queue.queue.says = ()
    assert isinstance(queue.print(), Printed)
    assert not queue.printer.machine.sheets


@pytest.mark.parametrize("how", ["silent", "another queue", "never sent"])
def test_a_printer_that_cannot_be_asked_leaves_a_doubt(how: str) -> None:
    queue = Queue(None if how == "never sent" else takes)
    if how == "silent":
        queue.printer.spoil = lambda *_: NoAnswer(Failure.UNREACHABLE, sent=False)
    if how == "another queue":
        queue.printer.says = CUPS
    result = queue.print()
    assert isinstance(result, Unknown)
    assert "its printer cannot be asked what came of it" in result.raw


@pytest.mark.parametrize(("fault", "kind"), [(None, Printed), (SheetFault.ABORTS_AT_ONCE, Refused)])
def test_a_queue_that_forgets_what_is_over_does_no_harm(fault: SheetFault | None, kind: type) -> None:
    queue = Queue(takes)
    queue.queue.fault(SheetFault.FORGETS_JOB)
    queue.printer.fault(*([fault] if fault else []))
    assert isinstance(queue.print(), kind)


def test_paper_of_any_attempt_counts() -> None:
    def twice(printer: VirtualPrinter, title: str) -> None:
        takes(printer, title)
        printer.machine.work()
        again = printer.machine.create(title, "zuil")
        printer.machine.end(again, CANCELLED, "job-canceled-by-user")

    assert isinstance(Queue(twice).print(), Printed)


def test_the_job_of_somebody_else_with_the_same_title_says_nothing() -> None:
    def other(printer: VirtualPrinter, title: str) -> None:
        printer.machine.give(printer.machine.create("Attest", "zuil"), PDF)

    assert isinstance(Queue(other).print(), Unknown)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ipp://192.0.2.20/ipp/print", IppAddress("192.0.2.20", 631, "/ipp/print")),
        ("ipps://p.example:8631/ipp/print?waitjob=false", IppAddress("p.example", 8631, "/ipp/print", True)),
        ("ipp://192.0.2.20", IppAddress("192.0.2.20", 631, "/")),
        ("socket://192.0.2.20:9100", None),
        ("dnssd://Printer._ipp._tcp.local/?uuid=1", None),
        ("ipp://Printer._ipp._tcp.local/", None),
        ("ipp://[::1/x", None),
        ("", None),
    ],
)
def test_only_an_address_that_others_can_use_leads_to_the_printer(text: str, address: IppAddress | None) -> None:
    assert device_address(text) == address
