"""The protocol of a sheet in virtual time: what is asked when, every limit, and every fault at every step."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.contract import Health, Printed, Reason, Refused, Sheet, Unknown
from drivers.printers.ipp.protocol import decode, encode
from drivers.printers.ipp.requests import Operation
from drivers.printers.ipp.session import Timing
from drivers.printers.ipp.transport import Answer, Failure, NoAnswer
from drivers.printers.ipp.values import Attribute, Group, GroupTag, Message, Tag, Value, keyword, one
from drivers.simulated.ipp.faults import SheetFault
from tests.drivers.ipp_bench import PDF, SHEET, VirtualPrinter

ASK = Operation.GET_PRINTER_ATTRIBUTES
JOB = Operation.GET_JOB_ATTRIBUTES


def edited(answer: bytes, *changes: Attribute) -> Answer:
    """The answer with these attributes of the job instead of its own."""
    message = decode(answer)
    assert isinstance(message, Message)
    names = {change.name for change in changes}
    groups = tuple(
        Group(group.tag, (*(a for a in group.attributes if a.name not in names), *changes))
        if group.tag == GroupTag.JOB
        else group
        for group in message.groups
    )
    return Answer(200, "application/ipp", encode(replace(message, groups=groups)))


@dataclass
class Instead:
    """Other attributes in every answer about a job."""

    changes: tuple[Attribute, ...]

    def __call__(self, operation: int, answer: bytes) -> Answer | None:
        return edited(answer, *self.changes) if operation == JOB else None


@dataclass
class Breaks:
    """The line breaks at the nth message, this way, and stays broken for so many."""

    at: int
    how: NoAnswer
    lasting: int = 1
    seen: int = -1

    def __call__(self, *_: object) -> NoAnswer | None:
        self.seen += 1
        return self.how if self.at <= self.seen < self.at + self.lasting else None


LOST = NoAnswer(Failure.LOST, sent=True)


def test_what_is_asked_and_nothing_else() -> None:
    printer = VirtualPrinter()
    assert isinstance(printer.driver().print("a", SHEET), Printed)
    assert printer.asked == [ASK, Operation.CREATE_JOB, Operation.SEND_DOCUMENT, JOB]


def test_a_printer_without_separate_jobs_is_asked_first_and_gets_all_at_once() -> None:
    printer = VirtualPrinter()
    printer.fault(SheetFault.NO_CREATE_JOB)
    assert isinstance(printer.driver().print("a", SHEET), Printed)
    assert printer.asked == [ASK, Operation.VALIDATE_JOB, Operation.PRINT_JOB, JOB]


@pytest.mark.parametrize("fault", [SheetFault.BUSY, SheetFault.NOT_ACCEPTING])
def test_such_a_printer_refuses_before_the_document_leaves(fault: SheetFault) -> None:
    printer = VirtualPrinter(says=(one("printer-is-accepting-jobs", Tag.BOOLEAN, True),))
    printer.fault(SheetFault.NO_CREATE_JOB, fault)
    assert isinstance(printer.driver().print("a", SHEET), Refused)
    assert Operation.PRINT_JOB not in printer.asked


def test_such_a_printer_that_falls_silent_leaves_a_doubt() -> None:
    printer = VirtualPrinter(spoil=Breaks(2, LOST))
    printer.fault(SheetFault.NO_CREATE_JOB)
    assert isinstance(printer.driver().print("a", SHEET), Unknown)
    assert printer.asked[-1] == Operation.PRINT_JOB, "and it is not sent again"


def test_paper_size_sides_scale_and_banner_are_named_when_the_printer_knows_them() -> None:
    printer = VirtualPrinter(says=(keyword("job-sheets-supported", "none", "standard"),))
    seen: list[Message] = []
    answer = printer.operations.answer

    def noted(body: bytes) -> bytes:
        request = decode(body)
        assert isinstance(request, Message)
        seen.append(request)
        return answer(body)

    printer.operations.answer = noted  # type: ignore[method-assign]
    printer.driver().print("a", SHEET)
    template = next(m for m in seen if m.code == Operation.CREATE_JOB).group(GroupTag.JOB)
    assert {a.name: a.values[0].content for a in template.attributes} == {
        "media": "iso_a4_210x297mm",
        "sides": "one-sided",
        "print-scaling": "none",
        "job-sheets": "none",
    }


def test_a_printer_for_other_paper_is_no_printer_of_sheets() -> None:
    printer = VirtualPrinter(says=(keyword("media-supported", "na_letter_8.5x11in"),))
    result = printer.driver().print("a", SHEET)
    assert isinstance(result, Refused)
    assert "has no paper size iso_a4_210x297mm, only na_letter_8.5x11in" in result.raw
    assert printer.asked == [ASK]


@pytest.mark.parametrize(
    ("changes", "kind", "reason"),
    [
        ((one("job-state", Tag.ENUM, 9), keyword("job-state-reasons", "job-completed-with-errors")),
         Unknown, Reason.MECHANICAL),
        ((one("job-state", Tag.ENUM, 9), keyword("job-state-reasons", "queued-in-device")), Unknown, Reason.SILENT),
        ((one("job-state", Tag.ENUM, 9), keyword("job-state-reasons", "processing-to-stop-point")), Printed, None),
        ((one("job-state", Tag.ENUM, 8), one("job-impressions-completed", Tag.INTEGER, 0),
          one("job-media-sheets-completed", Tag.INTEGER, 0)), Refused, Reason.OFFLINE),
        ((one("job-state", Tag.ENUM, 8), one("job-impressions-completed", Tag.INTEGER, 0),
          one("job-media-sheets-completed", Tag.INTEGER, 1)), Unknown, Reason.OFFLINE),
        ((one("job-state", Tag.ENUM, 7), one("job-impressions-completed", Tag.UNKNOWN, None)), Unknown, Reason.OFFLINE),
        ((one("job-state", Tag.ENUM, 7), one("job-impressions-completed", Tag.INTEGER, 0),
          one("job-media-sheets-completed", Tag.INTEGER, 0),
          keyword("job-state-reasons", "processing-to-stop-point")), Unknown, Reason.SILENT),
        ((one("job-state", Tag.ENUM, 7), one("job-impressions-completed", Tag.UNKNOWN, None),
          one("time-at-processing", Tag.NO_VALUE, None)), Refused, Reason.OFFLINE),
        ((one("job-state", Tag.ENUM, 77),), Unknown, Reason.GARBLED),
    ],
)  # fmt: skip
def test_how_a_job_ended_decides(changes: tuple[Attribute, ...], kind: type, reason: Reason | None) -> None:
    result = VirtualPrinter(spoil=Instead(changes)).driver().print("a", SHEET)
    assert (type(result), getattr(result, "reason", None)) == (kind, reason), result


def test_a_slow_printer_has_its_time_and_no_more() -> None:
    printer = VirtualPrinter()
    printer.fault(SheetFault.SLOW)
    begun = printer.clock.now
    assert isinstance(printer.driver().print("a", SHEET), Printed)
    assert 30 <= printer.clock.now - begun < 31
    result = printer.driver(Timing(finish=20)).print("b", SHEET)
    assert isinstance(result, Refused)
    assert (result.reason, result.raw) == (
        Reason.SILENT,
        "not done in time; job cancelled, 0 printed: job-canceled-by-user",
    )
    assert printer.clock.now - begun < 30 + 20 + 2


def busy_with_another() -> VirtualPrinter:
    printer = VirtualPrinter()
    printer.fault(SheetFault.SLOW)
    printer.machine.give(printer.machine.create("of somebody else", "office"), PDF)
    printer.machine.work()
    return printer


def test_the_job_of_somebody_else_is_waited_for() -> None:
    printer = busy_with_another()
    device = printer.driver(Timing(finish=70))
    assert device.status().health is Health.BUSY
    assert isinstance(device.print("a", SHEET), Printed)
    assert [sheet.title for sheet in printer.machine.sheets] == ["of somebody else", "Attest"]


def test_a_job_that_never_had_its_turn_was_certainly_not_printed() -> None:
    printer = busy_with_another()
    printer.spoil = Instead((one("job-impressions-completed", Tag.UNKNOWN, None),))
    result = printer.driver(Timing(finish=20)).print("a", SHEET)
    assert isinstance(result, Refused), "it says that it has not begun, which is as good as a count"
    printer.pause(100)
    assert [sheet.title for sheet in printer.machine.sheets] == ["of somebody else"]


def test_a_stop_that_somebody_mends_soon_is_forgiven() -> None:
    printer = VirtualPrinter()
    printer.fault(SheetFault.MEDIA_EMPTY_MID_JOB)
    pause = printer.pause

    def mended(seconds: float) -> None:
        if printer.clock.now >= 1003:
            printer.machine.mend()
        pause(seconds)

    printer.pause = mended  # type: ignore[method-assign]
    assert isinstance(printer.driver().print("a", SHEET), Printed)


def test_a_stop_that_lasts_is_taken_back_after_five_seconds() -> None:
    printer = VirtualPrinter()
    printer.fault(SheetFault.MEDIA_EMPTY_MID_JOB)
    begun = printer.clock.now
    result = printer.driver().print("a", SHEET)
    assert isinstance(result, Refused)
    assert result.reason is Reason.PAPER_OUT
    assert 5 <= printer.clock.now - begun < 6
    assert printer.machine.jobs[1].pdf is None


@pytest.mark.parametrize(("at", "kind"), [(0, Refused), (1, Refused), (2, Printed), (3, Printed)])
def test_a_line_that_breaks_once_at_each_step(at: int, kind: type) -> None:
    printer = VirtualPrinter(spoil=Breaks(at, LOST))
    result = printer.driver().print("a", SHEET)
    assert isinstance(result, kind), result
    assert len(printer.machine.sheets) == (kind is Printed)
    assert printer.asked.count(Operation.SEND_DOCUMENT) <= 1


def test_a_line_that_stays_broken_after_the_document_leaves_a_doubt() -> None:
    printer = VirtualPrinter(spoil=Breaks(2, LOST, lasting=1000))
    begun = printer.clock.now
    result = printer.driver().print("a", SHEET)
    assert isinstance(result, Unknown)
    assert result.reason is Reason.UNREACHABLE
    assert printer.clock.now - begun < 45
    assert printer.asked.count(Operation.SEND_DOCUMENT) == 1


def test_a_document_that_the_printer_turns_away_is_taken_back() -> None:
    printer = VirtualPrinter(says=(keyword("document-format-supported", "application/pdf"),))
    printer.fault(SheetFault.NO_PDF)
    result = printer.driver().print("a", SHEET)
    assert isinstance(result, Refused)
    assert (result.reason, Operation.CANCEL_JOB in printer.asked) == (Reason.NOT_CONFIGURED, True)


def test_an_answer_to_another_question_is_nonsense() -> None:
    def late(operation: int, answer: bytes) -> Answer | None:
        return Answer(200, "application/ipp", answer[:4] + b"\0\0\0\x63" + answer[8:])

    printer = VirtualPrinter(spoil=late)
    status = printer.driver().status()
    assert (status.reason, status.raw) == (Reason.GARBLED, "an answer to question 99")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(301, "text/html", b""), Reason.GARBLED),
        (Answer(200, "text/html", b"<html>"), Reason.GARBLED),
        (Answer(401, "text/html", b""), Reason.NOT_CONFIGURED),
        (Answer(404, "text/html", b""), Reason.NOT_CONFIGURED),
        (Answer(426, "text/html", b""), Reason.NOT_CONFIGURED),
        (Answer(500, "text/html", b""), Reason.OFFLINE),
        (NoAnswer(Failure.NO_TRUST, sent=False), Reason.NOT_CONFIGURED),
        (NoAnswer(Failure.TOO_LONG, sent=True), Reason.GARBLED),
    ],
)
def test_other_answers_of_the_web_are_states_too(answer: Answer | NoAnswer, reason: Reason) -> None:
    assert VirtualPrinter(spoil=lambda *_: answer).driver().status().reason is reason


FAILURES = [
    LOST,
    NoAnswer(Failure.SILENT, sent=True),
    NoAnswer(Failure.UNREACHABLE, sent=False),
    NoAnswer(Failure.TOO_LONG, sent=True),
]


@settings(max_examples=200, deadline=None)
@given(
    faults=st.sets(st.sampled_from(sorted(SheetFault, key=str)), max_size=3),
    at=st.integers(0, 6),
    how=st.sampled_from(FAILURES),
    lasting=st.integers(0, 60),
)
@example(faults={SheetFault.JAM_MID_JOB}, at=3, how=LOST, lasting=3)
@example(faults=set(), at=2, how=NoAnswer(Failure.UNREACHABLE, sent=False), lasting=1)
def test_every_fault_at_every_step_ends_honestly(faults: set[SheetFault], at: int, how: NoAnswer, lasting: int) -> None:
    breaks = Breaks(at, how, lasting)
    printer = VirtualPrinter(spoil=breaks) if how.sent else VirtualPrinter(away=breaks)
    printer.fault(*faults)
    device = printer.driver()
    result = device.print("a", Sheet(PDF, "Attest"))
    printer.spoil = printer.away = None
    printer.machine.mend()
    printer.pause(60)
    out = len(printer.machine.sheets)
    paper = out + sum(job.impressions > 0 for job in printer.machine.jobs.values() if job.state != 9)
    assert out <= 1
    if isinstance(result, Printed):
        assert out == 1
    elif isinstance(result, Refused):
        assert paper == 0
    assert device.print("a", SHEET) is result
    assert printer.driver().print("b", SHEET) == Printed("job completed, 1 printed: job-completed-successfully")
    assert len(printer.machine.sheets) == out + 1


def test_a_bug_in_the_middle_does_not_print_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = VirtualPrinter()
    device = printer.driver()
    with monkeypatch.context() as patch:
        patch.setattr("drivers.printers.ipp.job.SheetJob._follow", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            device.print("a", SHEET)
    assert isinstance(device.print("a", SHEET), Unknown)
    assert len(printer.machine.sheets) == 1


def test_jobs_long_ago_are_forgotten() -> None:
    printer = VirtualPrinter()
    device = printer.driver()
    for number in range(258):
        device.print(str(number), SHEET)
    assert len(device._done) == 256


def test_a_value_of_an_unknown_kind_in_the_answer_does_no_harm() -> None:
    strange = Attribute("printer-strange", (Value(0x5E, b"?"),))
    assert isinstance(VirtualPrinter(says=(strange,)).driver().print("a", SHEET), Printed)
