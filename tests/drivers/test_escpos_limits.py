"""Limits in virtual time: every call ends, whatever the printer says or does not say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import (
    CannotOpen,
    DeviceStatus,
    Health,
    Line,
    PaperDocument,
    Printed,
    QrCode,
    Reason,
    Refused,
    Unknown,
)
from drivers.printers.escpos import commands
from drivers.printers.escpos.driver import REMEMBERED_JOBS, EscPosPrinter
from drivers.printers.escpos.profiles import Profile, profile_named
from drivers.printers.transport import LinkFault
from tests.drivers.rigs import ScriptedPrinter, VirtualClock, ticket

T20 = profile_named("epson-tm-t20iii")
GENERIC = profile_named("generic-80mm")
MARK = commands.ask_process_id(0)[:-4]
ONE_LINE = PaperDocument((Line("x"),))


def driver(printer: ScriptedPrinter, profile: Profile = T20) -> EscPosPrinter:
    return EscPosPrinter(lambda: printer, profile, clock=printer.clock)


def healthy(data: bytes) -> bytes:
    """A printer where all is well, byte by byte as the manual says."""
    if data.startswith(b"\x10\x04"):
        return b"\x12"
    if data == commands.CLEAR_BUFFERS:
        return b"\x37\x25\x00"
    ids = [part[:4] for part in data.split(MARK)[1:]]
    return b"".join(b"\x37\x22" + number + b"\x00" for number in ids)


def took(printer: ScriptedPrinter, work: Callable[[], object]) -> float:
    before = printer.clock.now
    work()
    return printer.clock.now - before


def test_a_healthy_printer_costs_no_waiting_at_all() -> None:
    printer = ScriptedPrinter(healthy)
    device = driver(printer)
    assert device.status() == DeviceStatus(Health.READY, None, "12 12 12 12")
    assert took(printer, lambda: device.print("a", ticket())) < 0.1


def test_opening_clears_what_the_printer_held_and_sets_it_up() -> None:
    printer = ScriptedPrinter(healthy)
    driver(printer).status()
    assert printer.written[:2] == [commands.CLEAR_BUFFERS, commands.INITIALISE]


def test_a_silent_printer_is_given_up_within_four_seconds_and_its_link_is_dropped() -> None:
    printer = ScriptedPrinter(lambda _: b"")
    device = driver(printer)
    assert took(printer, device.status) <= 4
    assert device.status().reason is Reason.SILENT
    assert printer.closed
    assert device.print("a", ticket()) == Refused(Reason.SILENT, "silent")


def test_a_printer_that_takes_no_bytes_is_given_up_within_four_seconds() -> None:
    printer = ScriptedPrinter(lambda _: LinkFault.BLOCKED)
    assert took(printer, driver(printer).status) < 4.1
    assert driver(printer).status().reason is Reason.SILENT


def test_something_else_at_the_address_is_garbled() -> None:
    printer = ScriptedPrinter(lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n")
    assert driver(printer).status().reason is Reason.GARBLED


def test_one_stray_byte_beside_the_answer_is_forgiven() -> None:
    printer = ScriptedPrinter(lambda data: b"\xff" + healthy(data) if data.startswith(b"\x10\x04") else healthy(data))
    assert driver(printer).status().health is Health.READY


def test_a_report_that_never_comes_ends_as_refused_when_the_printer_confirms_the_clearing() -> None:
    printer = ScriptedPrinter(lambda data: b"" if MARK in data else healthy(data))
    result = driver(printer).print("a", ticket())
    assert result == Refused(Reason.SILENT, "no report in time; taken back")
    assert printer.written[-1] == commands.CLEAR_BUFFERS


def test_a_report_that_never_comes_ends_as_unknown_when_the_clearing_is_not_confirmed() -> None:
    printer = ScriptedPrinter(lambda data: healthy(data) if data.startswith(b"\x10\x04") else b"")
    assert driver(printer).print("a", ticket()) == Unknown(Reason.SILENT, "no report in time")


def test_waiting_for_paper_lasts_three_seconds_and_the_time_the_paper_takes() -> None:
    printer = ScriptedPrinter(lambda data: b"" if MARK in data else healthy(data))
    device = driver(printer)
    device.status()
    assert 3.0 < took(printer, lambda: device.print("a", ONE_LINE)) < 4.0
    assert 5.0 < took(printer, lambda: device.print("b", ticket())) < 8.0


def test_a_printer_without_process_ids_is_asked_for_its_paper_sensor_instead() -> None:
    def old(data: bytes) -> bytes:
        if data.startswith(b"\x10"):
            return healthy(data)
        return b"\x00" * data.count(commands.ASK_PAPER_SENSOR)

    printer = ScriptedPrinter(old)
    device = driver(printer, GENERIC)
    assert device.print("a", ticket()) == Printed()
    written = len(printer.written)
    assert device.print("b", ticket()) == Printed()
    assert len(printer.written) == written + 5, "asked once a connection: four questions and the job"


def test_a_printer_that_reports_nothing_is_honestly_unknown() -> None:
    printer = ScriptedPrinter(lambda data: healthy(data) if data.startswith(b"\x10") else b"")
    assert driver(printer, GENERIC).print("a", ticket()) == Unknown(
        Reason.SILENT, "this printer cannot report its paper"
    )


def test_the_link_lost_while_sending_is_unknown() -> None:
    printer = ScriptedPrinter(lambda data: LinkFault.CLOSED if MARK in data else healthy(data))
    result = driver(printer).print("a", ticket())
    assert result == Unknown(Reason.UNREACHABLE, "link lost while sending")
    assert printer.closed


def test_a_job_that_the_printer_does_not_take_is_taken_back() -> None:
    printer = ScriptedPrinter(lambda data: LinkFault.BLOCKED if MARK in data else healthy(data))
    assert driver(printer).print("a", ticket()) == Refused(Reason.SILENT, "took no more bytes; taken back")


def test_automatic_status_of_another_host_is_understood_too() -> None:
    def goes_off_line(data: bytes) -> bytes:
        return b"\x18\x00\x00\x00" if MARK in data else healthy(data)

    printer = ScriptedPrinter(goes_off_line)
    device = driver(printer)
    device.status()
    assert took(printer, lambda: device.print("a", ticket())) < 0.1
    assert device.print("a", ticket()) == Refused(Reason.OFFLINE, "went off line; taken back")


def reports_late(moment: bytes) -> Callable[[bytes], bytes]:
    """A printer whose last report comes only together with the answer to `moment`."""
    held: list[bytes] = []

    def answer(data: bytes) -> bytes:
        if MARK in data:
            held.append(healthy(data))
            return b"\x18\x00\x00\x00"
        return (b"".join(held) if data == moment else b"") + healthy(data)

    return answer


@pytest.mark.parametrize("moment", [commands.ask_status(2), commands.CLEAR_BUFFERS])
def test_a_report_that_comes_while_the_job_is_being_taken_back_counts(moment: bytes) -> None:
    assert driver(ScriptedPrinter(reports_late(moment))).print("a", ticket()) == Printed()


def test_a_printer_without_reports_that_stops_is_unknown_with_the_cause() -> None:
    sent: list[bytes] = []

    def answer(data: bytes) -> bytes:
        sent.append(data)
        out_of_paper = any(b"District" in earlier for earlier in sent)
        if data.startswith(b"\x10\x04"):
            return {1: b"\x1a", 2: b"\x32", 3: b"\x12", 4: b"\x7e"}[data[2]] if out_of_paper else b"\x12"
        return b"\x37\x25\x00" if data == commands.CLEAR_BUFFERS else b""

    result = driver(ScriptedPrinter(answer), GENERIC).print("a", ticket())
    assert result == Unknown(Reason.PAPER_OUT, "went off line")


def test_a_printer_that_falls_silent_when_asked_for_the_cause() -> None:
    def answer(data: bytes) -> bytes:
        if data == commands.ask_status(2):
            return b"" if asked_before.pop() else healthy(data)
        return b"\x18\x00\x00\x00" if MARK in data else healthy(data)

    asked_before = [True, False]
    assert driver(ScriptedPrinter(answer)).print("a", ticket()) == Refused(Reason.SILENT, "went off line; taken back")


def test_a_link_from_before_a_power_cut_is_replaced_before_anything_is_refused() -> None:
    clock = VirtualClock()
    stale = ScriptedPrinter(healthy, clock)
    links = [stale, ScriptedPrinter(healthy, clock)]
    device = EscPosPrinter(lambda: links.pop(0), T20, clock=clock)
    assert device.status().usable
    stale.answer = lambda _: LinkFault.CLOSED
    assert device.print("a", ticket()) == Printed()
    assert links == []


def test_a_cable_that_cannot_be_opened_is_told_with_its_reason() -> None:
    missing = CannotOpen(Reason.NOT_CONFIGURED, "libusb is not installed", permanent=True)
    device = EscPosPrinter(lambda: missing, T20)
    assert device.status() == DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED, "libusb is not installed")
    assert device.print("a", ticket()) == Refused(Reason.NOT_CONFIGURED, "libusb is not installed")
    device.close()
    device.close()


def test_a_document_that_does_not_fit_is_refused_before_a_byte_of_it_leaves() -> None:
    printer = ScriptedPrinter(healthy)
    result = driver(printer).print("a", PaperDocument((QrCode("x" * 5000),)))
    assert result == Refused(Reason.NOT_CONFIGURED, "a QR code of 5000 characters is too large for 576 dots")
    assert not any(MARK in written for written in printer.written)


def test_the_same_job_is_sent_once_and_256_jobs_are_remembered() -> None:
    printer = ScriptedPrinter(healthy)
    device = driver(printer)
    for number in range(REMEMBERED_JOBS):
        device.print(f"job {number}", ONE_LINE)
    written = len(printer.written)
    assert device.print("job 0", ONE_LINE) == Printed()
    assert len(printer.written) == written
    device.print("one more", ONE_LINE)
    assert len(device._done) == REMEMBERED_JOBS


def test_process_ids_ascend_and_begin_again_after_the_last() -> None:
    printer = ScriptedPrinter(healthy)
    device = driver(printer)
    device._next_id = commands.LAST_ID - 3
    assert device.print("a", ONE_LINE) == Printed()
    assert device.print("b", ONE_LINE) == Printed()
    sent = [part[:4] for data in printer.written for part in data.split(MARK)[1:]]
    assert sent == [b"9997", b"9998", b"9999", b"0002", b"0003", b"0004"]


@pytest.mark.parametrize("again", [1.0, 31.0])
def test_a_jammed_cutter_is_told_to_recover_at_most_every_half_minute(again: float) -> None:
    jam = {1: b"\x1a", 2: b"\x52", 3: b"\x1a", 4: b"\x12"}
    printer = ScriptedPrinter(lambda data: jam[data[2]] if data.startswith(b"\x10\x04") else healthy(data))
    device = driver(printer)
    assert device.status().reason is Reason.CUTTER_JAM
    printer.clock.now += again
    device.status()
    assert printer.written.count(commands.RECOVER_AND_CLEAR) == (2 if again > 30 else 1)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=30), st.sampled_from([T20, GENERIC]))
def test_whatever_a_printer_answers_every_call_returns_and_in_time(answers: list[bytes], profile: Profile) -> None:
    left = list(answers)
    printer = ScriptedPrinter(lambda _: left.pop(0) if left else b"")
    device = driver(printer, profile)
    assert took(printer, device.status) <= 8
    assert isinstance(device.print("a", ONE_LINE), Printed | Refused | Unknown)
    assert printer.clock.now < 1100
