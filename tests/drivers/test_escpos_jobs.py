"""The driver against the simulated printer over real cables: every fault, before and during a job."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from drivers.contract import DeviceStatus, Health, Line, PaperDocument, Printed, PrintResult, Reason, Refused, Unknown
from drivers.printers.escpos import commands, job
from drivers.printers.escpos.builder import Content, build
from drivers.printers.escpos.profiles import profile_named
from drivers.printers.escpos.session import Session, Timing
from drivers.simulated.faults import FAULTS
from drivers.simulated.printer import SimulatedPrinter
from tests.drivers.rigs import FONTS, IMPATIENT, QUICK, driver_for, ticket, tickets_numbered

Outcome = tuple[type[PrintResult], Reason | None]

BEFORE: dict[str, Outcome] = {
    "paper-low": (Printed, None),
    "paper-out": (Refused, Reason.PAPER_OUT),
    "paper-out-mid-job": (Refused, Reason.PAPER_OUT),
    "cover-open": (Refused, Reason.COVER_OPEN),
    "roll-out": (Refused, Reason.COVER_OPEN),
    "cutter-jam": (Unknown, Reason.CUTTER_JAM),
    "silent": (Refused, Reason.SILENT),
    "dead": (Refused, Reason.UNREACHABLE),
    "unplugged": (Refused, Reason.UNREACHABLE),
    "slow": (Printed, None),
    "garbage": (Refused, Reason.GARBLED),
}
DURING: dict[str, Outcome] = BEFORE | {
    "silent": (Unknown, Reason.SILENT),
    "dead": (Unknown, Reason.UNREACHABLE),
    "unplugged": (Unknown, Reason.UNREACHABLE),
    "garbage": (Unknown, Reason.GARBLED),
}
SPEECHLESS = ("silent", "garbage")


def timing(fault: str) -> Timing:
    if fault == "slow":
        return Timing(answer=5.0, settle=10.0, poll=0.2)
    return IMPATIENT if fault in SPEECHLESS else QUICK


def half_a_ticket() -> int:
    content = build(ticket(), profile_named("epson-tm-t20iii"), FONTS)
    assert isinstance(content, Content)
    return len(content.data) // 2


def outcome(result: PrintResult) -> Outcome:
    return type(result), None if isinstance(result, Printed) else result.reason


def test_every_fault_has_an_expected_outcome() -> None:
    assert set(BEFORE) == set(DURING) == set(FAULTS)


@pytest.mark.parametrize("fault", BEFORE)
def test_a_fault_before_the_job(fault: str, simulated: SimulatedPrinter) -> None:
    device = driver_for(simulated, timing=timing(fault))
    simulated.set_fault(fault)
    result = device.print("a", ticket())
    device.close()
    assert outcome(result) == BEFORE[fault]
    check_paper(simulated, result)


@pytest.mark.parametrize("fault", DURING)
def test_a_fault_in_the_middle_of_the_job(fault: str, simulated: SimulatedPrinter) -> None:
    device = driver_for(simulated, timing=timing(fault))
    assert device.status().health is Health.READY
    assert simulated.settle()
    simulated.set_fault(fault, after_bytes=half_a_ticket())
    result = device.print("a", ticket())
    device.close()
    assert outcome(result) == DURING[fault]
    check_paper(simulated, result)


def check_paper(simulated: SimulatedPrinter, result: PrintResult) -> None:
    """Printed: one paper. Refused: none now, none after the repair, none with the next ticket. Never two."""
    now = tickets_numbered(simulated, "B042")
    simulated.clear_faults()
    assert simulated.settle()
    repaired = driver_for(simulated)
    assert repaired.status().usable
    assert repaired.print("next", ticket("C007")) == Printed()
    repaired.close()
    later = tickets_numbered(simulated, "B042")
    assert tickets_numbered(simulated, "C007") == 1
    match result:
        case Printed():
            assert (now, later) == (1, 1)
        case Refused():
            assert (now, later) == (0, 0)
        case Unknown():
            assert now <= later <= 1


def test_without_clearing_the_refused_ticket_would_come_out_later(
    simulated: SimulatedPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the whole matrix: the printer prints what it holds as soon as it has paper."""

    def pretended(session: Session) -> bool:
        session.can_clear = True
        return True

    monkeypatch.setattr(Session, "clear", pretended)
    device = driver_for(simulated)
    device.status()
    simulated.set_fault("paper-out-mid-job")
    assert outcome(device.print("a", ticket())) == (Refused, Reason.PAPER_OUT)
    device.close()
    assert not simulated.papers
    simulated.refill()
    assert simulated.settle()
    assert tickets_numbered(simulated, "B042") == 1


def test_without_the_mark_before_the_cut_a_ticket_in_the_slot_would_be_called_refused(
    simulated: SimulatedPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "_BEFORE_CUT", 99)
    device = driver_for(simulated)
    simulated.set_fault("cutter-jam")
    assert outcome(device.print("a", ticket())) == (Refused, Reason.CUTTER_JAM)
    device.close()
    simulated.clear_faults()
    device = driver_for(simulated)
    assert device.print("next", ticket("C007")) == Printed()
    device.close()
    assert tickets_numbered(simulated, "B042") == 1, "refused, and yet there it is"


def test_the_beginning_of_a_refused_ticket_is_crossed_out_and_cut_off_before_the_next(
    simulated: SimulatedPrinter,
) -> None:
    device = driver_for(simulated)
    device.status()
    assert simulated.settle()
    simulated.set_fault("cover-open", after_bytes=half_a_ticket())
    assert outcome(device.print("a", ticket())) == (Refused, Reason.COVER_OPEN)
    simulated.clear_faults()
    assert device.print("b", ticket("C007")) == Printed()
    device.close()
    scrap, good = simulated.papers
    assert "B042" in scrap.text
    assert "X X X X" in scrap.text
    assert "B042" not in good.text


def test_a_whole_ticket_left_in_the_slot_is_cut_off_before_the_next(simulated: SimulatedPrinter) -> None:
    device = driver_for(simulated)
    simulated.set_fault("cutter-jam")
    assert outcome(device.print("a", ticket())) == (Unknown, Reason.CUTTER_JAM)
    simulated.clear_faults()
    assert device.status().usable, "it was told to recover"
    assert device.print("b", ticket("C007")) == Printed()
    device.close()
    first, second = simulated.papers
    assert "B042" in first.text
    assert "X X" not in first.text
    assert "B042" not in second.text


def test_states_are_told_as_they_are(simulated: SimulatedPrinter) -> None:
    device = driver_for(simulated, "epson-tm-t88")
    assert device.status() == DeviceStatus(Health.READY, None, "12 12 12 12")
    for fault, expected in (
        ("paper-low", (Health.ATTENTION, Reason.PAPER_LOW)),
        ("paper-out", (Health.UNAVAILABLE, Reason.PAPER_OUT)),
        ("cover-open", (Health.UNAVAILABLE, Reason.COVER_OPEN)),
    ):
        simulated.set_fault(fault)
        status = device.status()
        assert (status.health, status.reason) == expected
        simulated.clear_faults()
    assert device.status().health is Health.READY
    device.close()


def test_a_printer_that_was_dead_is_opened_again(simulated: SimulatedPrinter) -> None:
    device = driver_for(simulated)
    assert device.print("a", ticket("A001")) == Printed()
    simulated.set_fault("dead")
    assert simulated.wait_until(lambda state: state.hosts == 0)
    assert device.status().reason is Reason.UNREACHABLE
    simulated.clear_faults()
    assert device.print("b", ticket("A002")) == Printed()
    device.close()
    assert [tickets_numbered(simulated, number) for number in ("A001", "A002")] == [1, 1]


def test_the_same_job_twice_is_one_paper(simulated: SimulatedPrinter) -> None:
    device = driver_for(simulated)
    assert device.print("a", ticket()) == device.print("a", ticket()) == Printed()
    device.close()
    assert tickets_numbered(simulated, "B042") == 1


def test_opening_throws_away_what_an_earlier_host_left_behind(simulated: SimulatedPrinter) -> None:
    simulated.set_fault("paper-out")
    with socket.create_connection(("127.0.0.1", simulated.port)) as earlier:
        earlier.sendall(b"somebody else's ticket\n\x1dV\x00")
    assert simulated.wait_until(lambda state: state.waiting_bytes > 0)
    device = driver_for(simulated)
    device.status()
    simulated.refill()
    assert device.print("a", ticket()) == Printed()
    device.close()
    assert all("somebody" not in paper.text for paper in simulated.papers)


@pytest.mark.parametrize("scheme", ["serial", "file"])
def test_the_same_driver_over_a_serial_line_and_a_device_file(
    scheme: str, simulated: SimulatedPrinter, tmp_path: Path
) -> None:
    path = simulated.plug_serial(tmp_path / "ttyUSB0")
    device = driver_for(simulated, uri=f"{scheme}://{path}" + ("?baud=115200&flow=none" if scheme == "serial" else ""))
    assert device.status().health is Health.READY
    assert device.print("a", ticket()) == Printed()
    simulated.set_fault("unplugged")
    assert simulated.wait_until(lambda state: state.hosts == 0)
    assert device.status().reason is Reason.UNREACHABLE
    assert outcome(device.print("b", ticket())) == (Refused, Reason.UNREACHABLE)
    simulated.clear_faults()
    assert device.print("c", ticket("A003")) == Printed()
    device.close()
    assert tickets_numbered(simulated, "A003") == 1


@pytest.mark.parametrize("profile", ["generic-80mm", "generic-58mm", "epson-tm-t88", "pc858-80mm", "epson-eu-m30"])
def test_every_kind_of_profile_prints(profile: str) -> None:
    with SimulatedPrinter(dots=profile_named(profile).dots) as simulated:
        device = driver_for(simulated, profile)
        assert device.print("a", ticket()) == Printed()
        device.close()
        if profile != "generic-58mm":  # it has no knife: the paper is torn off
            assert tickets_numbered(simulated, "B042") == 1
        assert simulated.state.unknown_commands == 0


def test_letters_of_three_languages_arrive_as_they_were_written(simulated: SimulatedPrinter) -> None:
    line = "Garçon, cœur, où, Straße, Mädchen, één, € 25, “ja”"
    for name in ("epson-tm-t20iii", "pc858-80mm"):
        device = driver_for(simulated, name)
        printable = line if name.startswith("epson") else line.replace("œ", "oe").replace("“ja”", '"ja"')
        assert device.print("a", PaperDocument((Line(printable),))) == Printed()
        device.close()
        assert printable.replace(" ", "") in simulated.papers[-1].text.replace("\n", "").replace(" ", "")


def test_a_letter_outside_the_page_arrives_as_a_picture(simulated: SimulatedPrinter) -> None:
    device = driver_for(simulated)
    assert device.print("a", PaperDocument((Line("Łucja Żółć"),))) == Printed()
    device.close()
    assert "[picture" in simulated.papers[-1].text
    assert simulated.papers[-1].printed.getbbox()


def test_real_time_commands_are_known_to_the_other_end(simulated: SimulatedPrinter) -> None:
    device = driver_for(simulated)
    device.status()
    device.print("a", ticket())
    device.close()
    assert simulated.state.unknown_commands == 0
    assert commands.CLEAR_BUFFERS not in simulated.papers[0].raw[20:]
