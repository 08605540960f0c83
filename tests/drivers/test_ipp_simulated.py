"""The simulated sheet printer as others meet it: its web server, its folder, and lines of text that steer it."""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.contract import CannotOpen, Printed
from drivers.printers.ipp.printer_facts import printer_facts
from drivers.printers.ipp.protocol import decode
from drivers.printers.ipp.requests import Requests
from drivers.printers.ipp.values import GroupTag, Message
from drivers.printers.sheet_opening import open_sheet_printer
from drivers.simulated.console import UnknownFault
from drivers.simulated.ipp.faults import FAULTS, SheetFault
from drivers.simulated.ipp.printer import SimulatedIppPrinter
from drivers.simulated.ipp_steering import HELP, run_sheet_printer_simulator, steer_sheet_printer
from tests.drivers.ipp_bench import PDF, SHEET, driver_for


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedIppPrinter]:
    with SimulatedIppPrinter(tmp_path) as printer:
        yield printer


def post(printer: SimulatedIppPrinter, body: bytes, path: str = "/ipp/print", **headers: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", printer.port, timeout=5)
    line.request("POST", path, body, {"Content-Type": "application/ipp", **headers})
    answer = line.getresponse()
    found = answer.status, answer.read()
    line.close()
    return found


def message(data: bytes) -> Message:
    found = decode(data)
    assert isinstance(found, Message), found
    return found


def test_every_fault_has_a_sentence() -> None:
    assert set(FAULTS) == {fault.value for fault in SheetFault}
    assert all(text.endswith(".") and text[0].isupper() for text in FAULTS.values())


def test_an_unknown_fault_is_told_the_names(simulated: SimulatedIppPrinter) -> None:
    with pytest.raises(UnknownFault, match="there are media-empty, media-empty-mid-job"):
        simulated.set_fault("fire")


def test_other_pages_and_other_programs_are_turned_away(simulated: SimulatedIppPrinter) -> None:
    assert post(simulated, b"", path="/")[0] == 404
    assert post(simulated, b"", **{"Content-Type": "text/html"})[0] == 404
    with socket.create_connection(("127.0.0.1", simulated.port)) as line:
        line.sendall(b"hello\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert line.recv(10) == b""


def test_nonsense_is_a_bad_request(simulated: SimulatedIppPrinter) -> None:
    assert message(post(simulated, b"\x01\x01")[1]).code == 0x0400
    assert message(post(simulated, bytes.fromhex("0101 4001 00000001 03"))[1]).code == 0x0501


def test_a_document_in_chunks_is_put_together(simulated: SimulatedIppPrinter) -> None:
    line = http.client.HTTPConnection("127.0.0.1", simulated.port, timeout=5)
    facts = message(post(simulated, Requests(simulated.uri).printer())[1])
    body = Requests(simulated.uri).print_job("Attest", printer_facts(facts), PDF)
    parts = iter([body[:10], body[10:5000], body[5000:]])
    line.request("POST", "/ipp/print", parts, {"Content-Type": "application/ipp"}, encode_chunked=True)
    assert message(line.getresponse().read()).group(GroupTag.JOB).number("job-id") == 1
    line.close()
    assert simulated.wait_for_sheets(1)
    assert simulated.sheets[0].pdf == PDF


def test_what_was_printed_before_is_not_written_over(tmp_path: Path) -> None:
    for _ in range(2):
        with SimulatedIppPrinter(tmp_path) as printer:
            assert isinstance(driver_for(printer).print("a", SHEET), Printed)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sheet-0001.pdf", "sheet-0002.pdf"]


def test_settling_waits_for_nothing_that_cannot_come(simulated: SimulatedIppPrinter) -> None:
    simulated.set_fault("job-held")
    requests = Requests(simulated.uri)
    facts = message(post(simulated, requests.printer())[1])
    post(simulated, requests.print_job("Attest", printer_facts(facts), PDF))
    assert simulated.settle(1)
    assert not simulated.sheets
    simulated.clear_faults()
    assert simulated.settle()
    assert len(simulated.sheets) == 1


def test_a_printer_that_was_off_is_there_again_at_once(simulated: SimulatedIppPrinter) -> None:
    for _ in range(5):
        simulated.set_fault("dead")
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", simulated.port))
        simulated.clear_faults()
        assert isinstance(driver_for(simulated).print("a", SHEET), Printed)


def test_every_command_answers_with_what_it_did(simulated: SimulatedIppPrinter) -> None:
    assert steer_sheet_printer(simulated, "fault media-empty\n") == f"media-empty: {FAULTS['media-empty']}"
    assert steer_sheet_printer(simulated, "state") == "stopped; faults: media-empty; sheets: 0; waiting jobs: 0"
    assert steer_sheet_printer(simulated, "clear") == "all faults cleared"
    assert steer_sheet_printer(simulated, "state") == "idle; faults: none; sheets: 0; waiting jobs: 0"
    assert steer_sheet_printer(simulated, "faults").count("\n") == len(FAULTS) - 1
    assert "there are media-empty" in steer_sheet_printer(simulated, "fault fire")


@pytest.mark.parametrize("line", ["", "explode", "fault", "fault a b"])
def test_what_is_no_command_is_told_the_commands(line: str, simulated: SimulatedIppPrinter) -> None:
    assert steer_sheet_printer(simulated, line) == HELP


def test_a_whole_run_by_another_process(tmp_path: Path) -> None:
    replies = io.StringIO()

    def commands() -> Iterator[str]:
        driver = open_sheet_printer(replies.getvalue().split("listening on ")[1].split(",")[0])()
        yield "state\n"
        assert not isinstance(driver, CannotOpen)
        assert isinstance(driver.print("a", SHEET), Printed)
        yield "quit\n"
        yield "state\n"

    assert run_sheet_printer_simulator(0, tmp_path, commands(), replies) == 0  # type: ignore[arg-type]
    assert f"sheet: {tmp_path / 'sheet-0001.pdf'}" in replies.getvalue()
    assert (tmp_path / "sheet-0001.pdf").read_bytes() == PDF


def test_a_taken_port_ends_with_status_one(simulated: SimulatedIppPrinter, tmp_path: Path) -> None:
    replies = io.StringIO()
    assert run_sheet_printer_simulator(simulated.port, tmp_path, io.StringIO(""), replies) == 1
    assert "is another printer running?" in replies.getvalue()
