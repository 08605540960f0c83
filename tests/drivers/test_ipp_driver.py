"""The driver over real HTTP to the simulated printer, with everything that can go wrong, by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.contract import Health, Printed, PrintResult, Reason, Refused, Sheet, Unknown
from drivers.printers.ipp.requests import Requests
from drivers.simulated.ipp.faults import FAULTS
from drivers.simulated.ipp.printer import SimulatedIppPrinter
from tests.drivers.ipp_bench import IMPATIENT, PDF, QUICK, SHEET, driver_for


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedIppPrinter]:
    with SimulatedIppPrinter(tmp_path / "sheets") as printer:
        yield printer


def test_a_sheet_comes_out_as_it_was_given(simulated: SimulatedIppPrinter, tmp_path: Path) -> None:
    device = driver_for(simulated)
    assert device.status().health is Health.READY
    assert device.print("a", SHEET) == Printed("job completed, 1 printed: job-completed-successfully")
    device.close()
    device.close()
    (sheet,) = simulated.sheets
    assert (sheet.pdf, sheet.title, sheet.job_id) == (PDF, "Attest", 1)
    assert (tmp_path / "sheets" / "sheet-0001.pdf").read_bytes() == PDF
    assert PDF[:20].decode() not in repr(sheet) + repr(SHEET)


def test_the_same_job_again_sends_nothing(simulated: SimulatedIppPrinter) -> None:
    device = driver_for(simulated)
    first = device.print("a", SHEET)
    assert device.print("a", SHEET) is first
    assert len(simulated.sheets) == 1
    assert device.print("b", SHEET) == first
    assert len(simulated.sheets) == 2


def test_without_its_memory_the_same_job_would_print_twice(simulated: SimulatedIppPrinter) -> None:
    device = driver_for(simulated)
    device.print("a", SHEET)
    device._done.clear()
    device.print("a", SHEET)
    assert len(simulated.sheets) == 2


def test_a_title_with_control_characters_is_one_line(simulated: SimulatedIppPrinter) -> None:
    assert isinstance(driver_for(simulated).print("a", Sheet(PDF, "Attest\n\x1bof  é")), Printed)
    assert simulated.sheets[0].title == "Attest of é"


STATES: dict[str, tuple[Health, Reason | None]] = {
    "media-empty": (Health.UNAVAILABLE, Reason.PAPER_OUT),
    "media-jam": (Health.UNAVAILABLE, Reason.MECHANICAL),
    "cover-open": (Health.UNAVAILABLE, Reason.COVER_OPEN),
    "paused": (Health.UNAVAILABLE, Reason.OFFLINE),
    "toner-low": (Health.ATTENTION, Reason.MECHANICAL),
    "toner-empty": (Health.UNAVAILABLE, Reason.MECHANICAL),
    "not-accepting": (Health.UNAVAILABLE, Reason.OFFLINE),
    "no-pdf": (Health.UNAVAILABLE, Reason.NOT_CONFIGURED),
    "busy": (Health.BUSY, None),
    "silent": (Health.UNAVAILABLE, Reason.SILENT),
    "dead": (Health.UNAVAILABLE, Reason.UNREACHABLE),
    "garbage": (Health.UNAVAILABLE, Reason.GARBLED),
    "drip": (Health.UNAVAILABLE, Reason.SILENT),
    "refuses": (Health.UNAVAILABLE, Reason.OFFLINE),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_shows_in_the_state_or_not_before_a_job(fault: str, simulated: SimulatedIppPrinter) -> None:
    health, reason = STATES.get(fault, (Health.READY, None))
    device = driver_for(simulated, IMPATIENT if reason is Reason.SILENT else QUICK)
    simulated.set_fault(fault)
    status = device.status()
    assert (status.health, status.reason) == (health, reason)
    simulated.clear_faults()
    assert driver_for(simulated).status().health is Health.READY
    device.close()


RESULTS: dict[str, tuple[type[PrintResult], Reason | None, int]] = {
    "toner-low": (Printed, None, 1),
    "no-create-job": (Printed, None, 1),
    "answer-lost": (Printed, None, 1),
    "cut-after-data": (Unknown, Reason.UNREACHABLE, 1),
    "forgets-job": (Unknown, Reason.SILENT, 1),
    "aborts-mid-job": (Unknown, Reason.OFFLINE, 0),
    "jam-mid-job": (Unknown, Reason.MECHANICAL, 0),
    "aborts-at-once": (Refused, Reason.OFFLINE, 0),
    "media-empty": (Refused, Reason.PAPER_OUT, 0),
    "media-empty-mid-job": (Refused, Reason.PAPER_OUT, 0),
    "media-jam": (Refused, Reason.MECHANICAL, 0),
    "cover-open": (Refused, Reason.COVER_OPEN, 0),
    "paused": (Refused, Reason.OFFLINE, 0),
    "toner-empty": (Refused, Reason.MECHANICAL, 0),
    "not-accepting": (Refused, Reason.OFFLINE, 0),
    "no-pdf": (Refused, Reason.NOT_CONFIGURED, 0),
    "busy": (Refused, Reason.OFFLINE, 0),
    "slow": (Refused, Reason.SILENT, 0),
    "job-held": (Refused, Reason.OFFLINE, 0),
    "silent": (Refused, Reason.SILENT, 0),
    "dead": (Refused, Reason.UNREACHABLE, 0),
    "garbage": (Refused, Reason.GARBLED, 0),
    "drip": (Refused, Reason.SILENT, 0),
    "refuses": (Refused, Reason.OFFLINE, 0),
    "cut-mid-data": (Refused, Reason.UNREACHABLE, 0),
}


NEVER_ANSWER = ("silent", "drip", "slow")


def test_the_table_of_results_has_every_fault() -> None:
    assert set(RESULTS) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_in_an_honest_result(fault: str, simulated: SimulatedIppPrinter) -> None:
    kind, reason, _ = RESULTS[fault]
    device = driver_for(simulated, IMPATIENT if fault in NEVER_ANSWER else QUICK)
    simulated.set_fault(fault)
    result = device.print("a", SHEET)
    assert (type(result), getattr(result, "reason", None)) == (kind, reason), result
    simulated.clear_faults()
    assert simulated.settle()
    assert device.print("a", SHEET) is result
    out = len(simulated.sheets)
    assert out == RESULTS[fault][2], "nothing old comes out when the cause is gone"
    assert isinstance(driver_for(simulated).print("b", SHEET), Printed)
    assert [sheet.title for sheet in simulated.sheets] == ["Attest"] * (out + 1)
    assert "letters" not in repr(result)


def test_without_taking_back_an_old_sheet_would_come_out_later(
    simulated: SimulatedIppPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.printers.ipp.requests.Requests.cancel", Requests.job)
    simulated.set_fault("media-empty-mid-job")
    result = driver_for(simulated, IMPATIENT).print("a", SHEET)
    assert isinstance(result, Unknown)
    simulated.clear_faults()
    assert simulated.wait_for_sheets(1)
