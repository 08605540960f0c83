"""The promise of the job protocol, with every fault at any byte of a job: printed means one paper, refused means none,
and a ticket never comes out twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.contract import Printed, PrintResult, Refused
from drivers.printers.escpos import commands, job
from drivers.printers.escpos.builder import Content, build, cut, start
from drivers.printers.escpos.profiles import Ability, Profile, profile_named
from drivers.simulated.faults import PrinterFault
from drivers.simulated.printer import SimulatedPrinter
from tests.drivers.rigs import CLOSING, FONTS, QUICK, driver_for, ticket, tickets_numbered

T20 = profile_named("epson-tm-t20iii")
OLD = T20.model_copy(update={"process_id": Ability.NO})
LIMITS = replace(QUICK, settle=0.3, clear=0.3, answer=0.8)
STOPPING = [
    PrinterFault.PAPER_OUT,
    PrinterFault.PAPER_OUT_MID_JOB,
    PrinterFault.COVER_OPEN,
    PrinterFault.CUTTER_JAM,
    PrinterFault.DEAD,
    PrinterFault.UNPLUGGED,
    PrinterFault.SILENT,
]


def job_bytes() -> int:
    content = build(ticket(), T20, FONTS)
    assert isinstance(content, Content)
    marks = 3 * len(commands.ask_process_id(1))
    return len(content.data) + len(start(T20)) + len(cut(T20)) + marks


SIZE = job_bytes()


def print_with_fault(simulated: SimulatedPrinter, profile: Profile, fault: PrinterFault, at: int) -> PrintResult:
    device = driver_for(simulated, profile, LIMITS)
    assert device.status().usable
    assert simulated.settle()
    simulated.set_fault(fault.value, after_bytes=at)
    result = device.print("a", ticket())
    simulated.clear_faults()
    assert simulated.settle()
    patient = driver_for(simulated, profile)
    patient._leftover = device._leftover
    device.close()
    assert patient.status().usable
    assert patient.print("b", ticket("C007")) == Printed()
    patient.close()
    return result


@settings(max_examples=50, deadline=None)
@given(
    fault=st.sampled_from(STOPPING),
    at=st.integers(1, SIZE + 20),
    profile=st.sampled_from([T20, OLD]),
)
@example(fault=PrinterFault.PAPER_OUT, at=SIZE, profile=T20)
@example(fault=PrinterFault.PAPER_OUT, at=SIZE + 12, profile=T20)
@example(fault=PrinterFault.COVER_OPEN, at=SIZE - 11 + 12, profile=OLD)
@example(fault=PrinterFault.UNPLUGGED, at=30, profile=T20)
def test_every_fault_at_any_byte(fault: PrinterFault, at: int, profile: Profile) -> None:
    with SimulatedPrinter() as simulated:
        result = print_with_fault(simulated, profile, fault, at)
        out = tickets_numbered(simulated, "B042")
        if isinstance(result, Printed):
            assert out == 1
        elif isinstance(result, Refused):
            assert out == 0
        assert out <= 1
        assert tickets_numbered(simulated, "C007") == 1
        strangers = [paper for paper in simulated.papers if "B042" in paper.text and f"{CLOSING}, C007" in paper.text]
        assert not strangers, "the next person's ticket has somebody else's number on it"


AROUND_THE_CUT = range(SIZE - 15, SIZE + 15, 3)


@pytest.mark.parametrize("at", AROUND_THE_CUT)
def test_a_roll_that_ends_around_the_cut(at: int) -> None:
    with SimulatedPrinter() as simulated:
        result = print_with_fault(simulated, T20, PrinterFault.PAPER_OUT, at)
        assert not (isinstance(result, Refused) and tickets_numbered(simulated, "B042"))


def test_without_the_mark_before_the_cut_the_same_would_be_called_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "_BEFORE_CUT", 99)
    lies = 0
    for at in AROUND_THE_CUT:
        with SimulatedPrinter() as simulated:
            result = print_with_fault(simulated, T20, PrinterFault.PAPER_OUT, at)
            lies += isinstance(result, Refused) and tickets_numbered(simulated, "B042") == 1
    assert lies > 0
