"""Printers and spoolers we did not write: CUPS's own printer of IPP, CUPS itself, and its tool that judges printers.

All of them are private to a test: a CUPS with its own folders and port, and a D-Bus with its own socket, without which
`ippeveprinter` does not start, although nothing listens there.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.contract import Health, Printed, PrintResult, Reason, Refused, Sheet, Unknown
from drivers.printers.ipp.driver import IppPrinter
from drivers.printers.ipp.session import Timing
from drivers.printers.sheet_opening import parse_sheet_uri
from drivers.simulated.ipp.printer import SimulatedIppPrinter

START_SECONDS = 20.0
LOOK_SECONDS = 0.05
PATIENT = Timing(answer=20.0, document=20.0, poll=0.05, patience=2.0, finish=30.0, withdraw=10.0)
"""For programs on a busy machine."""
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>custom</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/></policy></busconfig>
"""
_FILES = """ServerRoot {folder}/root
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
TempDir {folder}/tmp
AccessLog {folder}/access.log
ErrorLog {folder}/error.log
PageLog {folder}/page.log
FileDevice Yes
"""
_DAEMON = """Listen 127.0.0.1:{port}
Listen {folder}/sock
LogLevel info
Browsing Off
WebInterface No
PreserveJobFiles {keep}
PreserveJobHistory {keep}
<Location />
Order allow,deny
Allow from 127.0.0.1
</Location>
<Policy default>
<Limit Create-Job Print-Job Print-URI Validate-Job>
Order deny,allow
</Limit>
<Limit Send-Document Cancel-Job>
Require user @OWNER @SYSTEM
Order deny,allow
</Limit>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, for the sockets in it, and open to the user that CUPS gives its helpers."""
    with tempfile.TemporaryDirectory(prefix="zi") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def sheet() -> Sheet:
    """A real PDF of one page."""
    body = b"BT /F1 40 Tf 90 700 Td (Attest) Tj ET"
    parts = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(body), body),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    ]
    pdf = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer <</Size 6 /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
    return Sheet(bytes(pdf) + b"xref\n0 6\n0000000000 65535 f \n" + table + end, "Attest")


def until(happened: Callable[[], bool], excuse: str) -> None:
    """Wait for something only another program can do, and look again now and then."""
    looked = threading.Event()
    for _ in range(int(START_SECONDS / LOOK_SECONDS)):
        if happened():
            return
        looked.wait(LOOK_SECONDS)
    raise AssertionError(excuse)


@contextlib.contextmanager
def program(*command: str, log: Path, environment: dict[str, str] | None = None) -> Iterator[None]:
    """A program that runs as long as the test, and whose end is awaited."""
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, **(environment or {})})
    try:
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
    return port


def answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Evil:
    """Where `ippeveprinter` listens, and where it puts what it got."""

    uri: str
    spool: Path

    @property
    def documents(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.spool.glob("*.pdf"))]


@contextlib.contextmanager
def ippeveprinter(folder: Path) -> Iterator[Evil]:
    bus, spool, port = folder / "bus.conf", folder / "eve", free_port()
    bus.write_text(_BUS.format(folder=folder))
    spool.mkdir()
    where = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
    keeps = ("-k", "-d", str(spool), "-c", "/bin/true", "-f", "application/pdf")
    with program("dbus-daemon", f"--config-file={bus}", "--nofork", "--nopidfile", log=folder / "bus.log"):
        until((folder / "bus").exists, "no D-Bus")
        log = folder / "eve.log"
        with program(
            "/usr/sbin/ippeveprinter", "-p", str(port), "-r", "off", *keeps, "Zuil", log=log, environment=where
        ):
            until(lambda: answers(port), f"ippeveprinter does not start: {log.read_text(errors='replace')}")
            yield Evil(f"ipp://127.0.0.1:{port}/ipp/print", spool)


def _knows_paper(uri: str) -> bool:
    asked = subprocess.run(
        ["ipptool", "-tv", uri, "get-printer-attributes.test"],
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    return "iso_a4_210x297mm" in asked.stdout


@dataclass
class Cups:
    """A CUPS of the test's own."""

    folder: Path
    port: int

    def queue(self, name: str, device: str, model: str) -> str:
        """Make a queue; its address."""
        where = ("-h", str(self.folder / "sock"))
        policy = ("-o", "printer-error-policy=abort-job")
        made = subprocess.run(
            ["lpadmin", *where, "-p", name, "-E", "-v", device, "-m", model, *policy],
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        uri = f"ipp://127.0.0.1:{self.port}/printers/{name}"
        if model == "everywhere":  # CUPS asks the printer what it can do only after it has answered us
            until(lambda: _knows_paper(uri), "CUPS does not finish the queue")
        return uri

    @property
    def kept(self) -> list[str]:
        """Files of jobs on its disk, by the letter they begin with: c the ticket, d the document."""
        return sorted(path.name[0] for path in (self.folder / "spool").glob("[cd]0*"))


@contextlib.contextmanager
def cups(folder: Path, keep: str = "No") -> Iterator[Cups]:
    folder = folder / "cups"
    for name in ("root", "spool", "cache", "state", "tmp"):
        (folder / name).mkdir(parents=True)
    port = free_port()
    files, daemon = folder / "root" / "cups-files.conf", folder / "root" / "cupsd.conf"
    files.write_text(_FILES.format(folder=folder))
    daemon.write_text(_DAEMON.format(folder=folder, port=port, keep=keep))
    where = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/nobody"}
    log = folder / "cupsd.log"
    with program("/usr/sbin/cupsd", "-f", "-c", str(daemon), "-s", str(files), log=log, environment=where):
        until(lambda: answers(port), f"cupsd does not start: {log.read_text()}")
        yield Cups(folder, port)


def printed_by(uri: str, sheet: Sheet, timing: Timing = PATIENT) -> PrintResult:
    return IppPrinter(parse_sheet_uri(uri), timing).print("a", sheet)


def test_ippeveprinter_gets_the_bytes_that_were_sent(folder: Path, sheet: Sheet) -> None:
    with ippeveprinter(folder) as eve:
        device = IppPrinter(parse_sheet_uri(eve.uri), PATIENT)
        assert device.status().health is Health.READY
        assert isinstance(device.print("a", sheet), Printed)
        assert isinstance(device.print("a", sheet), Printed)
        assert eve.documents == [sheet.pdf]
        assert [path.name for path in eve.spool.glob("*.pdf")] == ["1-attest.pdf"], "no name but the title"


def test_ippeveprinter_without_pdf_is_told_apart(folder: Path, sheet: Sheet) -> None:
    with ippeveprinter(folder) as eve:
        result = printed_by(eve.uri.replace("/ipp/print", "/ipp/other"), sheet)
        assert isinstance(result, Refused)
        assert result.reason is Reason.NOT_CONFIGURED
        assert not eve.documents


def test_a_sheet_goes_through_cups_to_ippeveprinter(folder: Path, sheet: Sheet) -> None:
    with ippeveprinter(folder) as eve, cups(folder) as spooler:
        uri = spooler.queue("attests", eve.uri, "everywhere")
        result = printed_by(uri, sheet)
        assert isinstance(result, Printed), result
        (arrived,) = eve.documents
        text = subprocess.run(["pdftotext", "-", "-"], input=arrived, capture_output=True, check=True)
        assert text.stdout.decode().split() == ["Attest"]


def test_what_cups_calls_completed_is_asked_of_the_printer(folder: Path, sheet: Sheet) -> None:
    with cups(folder) as spooler, SimulatedIppPrinter(folder / "sheets") as printer:
        uri = spooler.queue("attests", printer.uri, "raw")
        assert isinstance(printed_by(uri, sheet), Printed)
        assert [got.pdf for got in printer.sheets] == [sheet.pdf]
        printer.set_fault("aborts-at-once")
        aborted = printed_by(uri, sheet)
        assert isinstance(aborted, Refused), "CUPS 2.4 says completed, and counts a page"
        printer.clear_faults()
        printer.set_fault("media-empty-mid-job")
        empty = printed_by(uri, sheet)
        assert isinstance(empty, Refused)
        assert empty.reason is Reason.PAPER_OUT
        printer.clear_faults()
        assert isinstance(printed_by(uri, sheet), Printed), "an idle queue that remembers an empty tray still prints"
        assert len(printer.sheets) == 2, "nothing old comes out"


def test_a_queue_to_a_plain_port_leaves_a_doubt(folder: Path, sheet: Sheet) -> None:
    got: list[bytes] = []

    def listen(port: socket.socket) -> None:
        line, _ = port.accept()
        with line:
            got.append(b"".join(iter(lambda: line.recv(65536), b"")))

    with cups(folder) as spooler, socket.create_server(("127.0.0.1", 0)) as port:
        thread = threading.Thread(target=listen, args=(port,))
        thread.start()
        uri = spooler.queue("old", f"socket://127.0.0.1:{port.getsockname()[1]}", "raw")
        result = printed_by(uri, sheet)
        thread.join(START_SECONDS)
    assert isinstance(result, Unknown)
    assert got == [sheet.pdf]


def test_nothing_stays_on_the_disk_of_cups_even_where_it_keeps_everything(folder: Path, sheet: Sheet) -> None:
    with cups(folder, keep="Yes") as spooler, SimulatedIppPrinter(folder / "sheets") as printer:
        uri = spooler.queue("attests", printer.uri, "raw")
        assert isinstance(printed_by(uri, sheet), Printed)
        assert spooler.kept == []
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        (folder / "a.pdf").write_bytes(sheet.pdf)
        sent = subprocess.run(
            ["lp", "-h", str(spooler.folder / "sock"), "-d", "attests", str(folder / "a.pdf")],
            env=environment, capture_output=True, timeout=START_SECONDS, check=False,
        )  # fmt: skip
        assert sent.returncode == 0, sent.stderr
        assert printer.wait_for_sheets(2, START_SECONDS)
        until(lambda: spooler.kept == ["c", "d"], f"the control: without our purge both stay, not {spooler.kept}")


def test_a_queue_that_is_not_there_is_a_wrong_setting(folder: Path, sheet: Sheet) -> None:
    with cups(folder) as spooler:
        result = printed_by(f"ipp://127.0.0.1:{spooler.port}/printers/nobody", sheet)
    assert isinstance(result, Refused)
    assert result.reason is Reason.NOT_CONFIGURED


@pytest.mark.parametrize(
    "script", ["get-printer-attributes.test", "get-jobs.test", "print-job.test", "create-job.test"]
)
def test_the_tool_of_cups_takes_our_simulated_printer_for_one(script: str, folder: Path, sheet: Sheet) -> None:
    (folder / "a.pdf").write_bytes(sheet.pdf)
    with SimulatedIppPrinter(folder / "sheets") as printer:
        judged = subprocess.run(
            ["ipptool", "-tv", "-f", str(folder / "a.pdf"), "-d", "filetype=application/pdf", printer.uri, script],
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        assert judged.returncode == 0, judged.stdout
        assert "[PASS]" in judged.stdout
        assert "[FAIL]" not in judged.stdout
