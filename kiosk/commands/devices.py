"""Verbs for single devices: print on a printer, and simulate one for anybody's program to talk to.

Not for: the column that uses them.
"""

from __future__ import annotations

import sys
import uuid
from pathlib import Path
from typing import Annotated

import typer

from drivers.contract import (
    CannotOpen,
    Line,
    PaperDocument,
    Printed,
    PrintResult,
    Refused,
    Sheet,
    Unknown,
)
from kiosk.commands import simulate_card, simulate_terminal
from kiosk.commands.failures import Failed

simulate = typer.Typer(help="One simulated device on its own.", no_args_is_help=True)
simulate_card.register(simulate)
simulate_terminal.register(simulate)


def register(app: typer.Typer) -> None:
    """Add the verbs to the command."""
    app.command("print")(print_text)


def print_text(
    file: Annotated[Path | None, typer.Argument(help="Text to print, UTF-8; on a printer of A4 pages a PDF.")] = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="tcp://host:9100, usb://vid:pid, serial:///dev/…, file:///dev/usb/lp0, ipp://host/printers/name",
        ),
    ] = "",
    profile: Annotated[str, typer.Option(help="Model of the printer.")] = "generic-80mm",
    test_page: Annotated[
        bool, typer.Option("--test-page", help="A page that shows letters, sizes and a code.")
    ] = False,
) -> None:
    """Print, and say printed, failed or unknown."""
    if bool(file) == test_page:
        raise Failed("name a file, or ask for --test-page", 2)
    if to.startswith(("ipp:", "ipps:")):
        result = _print_sheet(file, to)
    else:
        result = _print(_test_page(to, profile) if file is None else _document(file), to, profile)
    match result:
        case Printed():
            typer.echo("printed")
        case Refused(reason):
            raise Failed(f"failed: {reason.value}; nothing was printed")
        case Unknown(reason):
            raise Failed(f"unknown: {reason.value}; there may or may not be paper")


def _print(document: PaperDocument, to: str, profile: str) -> Printed | Refused | Unknown:
    from drivers.printers.opening import open_printer
    from drivers.printers.uri import BadPrinterUri
    from kiosk.paths import FONTS

    try:
        driver = open_printer(to, profile, FONTS)()
    except BadPrinterUri as bad:
        raise Failed(str(bad), 2) from bad
    if isinstance(driver, CannotOpen):
        raise Failed(f"failed: {driver.reason.value}: {driver.detail}")
    try:
        return driver.print(str(uuid.uuid4()), document)
    finally:
        driver.close()


def _print_sheet(file: Path | None, to: str) -> PrintResult:
    from drivers.printers.sheet_opening import BadSheetUri, open_sheet_printer
    from kiosk.documents.test_sheet import test_sheet
    from kiosk.paths import DOCUMENTS, FONTS

    try:
        driver = open_sheet_printer(to)()
        pdf = test_sheet(to, FONTS, DOCUMENTS) if file is None else file.read_bytes()
    except (BadSheetUri, OSError) as error:
        raise Failed(str(error), 2) from error
    if isinstance(driver, CannotOpen):
        raise Failed(f"failed: {driver.reason.value}: {driver.detail}")
    try:
        if not pdf.startswith(b"%PDF-"):
            raise Failed(f"{file} is no PDF, and a printer of A4 pages is given nothing else", 2)
        return driver.print(str(uuid.uuid4()), Sheet(pdf, "Zuil"))
    finally:
        driver.close()


def _test_page(to: str, profile: str) -> PaperDocument:
    from kiosk.documents.test_paper import test_paper

    return test_paper(to, profile)


def _document(file: Path) -> PaperDocument:
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"{file}: {error}", 2) from error
    return PaperDocument(tuple(Line(line) for line in lines))


@simulate.command("printer")
def simulate_printer(
    out: Annotated[Path, typer.Option("--out", help="Folder for the pictures and texts of the paper.")],
    port: Annotated[int, typer.Option("--port", help="Port to listen on, on this machine only.")] = 9100,
    list_faults: Annotated[bool, typer.Option("--list-faults", help="Name every fault and stop.")] = False,
) -> None:
    """A receipt printer. It is told on standard input: `fault paper-out`, `clear`, `refill`, `state`."""
    from drivers.simulated.console import listed
    from drivers.simulated.faults import FAULTS
    from drivers.simulated.steering import run_printer_simulator

    if list_faults:
        typer.echo(listed(FAULTS))
        return
    raise typer.Exit(run_printer_simulator(port, out, sys.stdin, sys.stdout))


@simulate.command("sheet-printer")
def simulate_sheet_printer(
    out: Annotated[Path, typer.Option("--out", help="Folder for the PDFs it printed.")],
    port: Annotated[int, typer.Option("--port", help="Port to listen on, on this machine only.")] = 8631,
    list_faults: Annotated[bool, typer.Option("--list-faults", help="Name every fault and stop.")] = False,
) -> None:
    """A printer of A4 pages, IPP. It is told on standard input: `fault media-empty`, `clear`, `state`."""
    from drivers.simulated.console import listed
    from drivers.simulated.ipp.faults import FAULTS
    from drivers.simulated.ipp_steering import run_sheet_printer_simulator

    if list_faults:
        typer.echo(listed(FAULTS))
        return
    raise typer.Exit(run_sheet_printer_simulator(port, out, sys.stdin, sys.stdout))


@simulate.command("network")
def simulate_network(
    target: Annotated[str, typer.Argument(help="HOST:PORT behind the simulated network.")],
    port: Annotated[int, typer.Option("--port", help="Port to listen on, on this machine only.")] = 8801,
) -> None:
    """A network that can be cut. It is told on standard input: `cut`, `portal`, `slow`, `open`, …"""
    from drivers.simulated.network import MODES, FaultProxy

    host, _, target_port = target.rpartition(":")
    if not host or not target_port.isdigit():
        raise Failed(f"'{target}' is no HOST:PORT, like 127.0.0.1:8800", 2)
    proxy = FaultProxy((host, int(target_port)), port)
    proxy.start()
    typer.echo(f"127.0.0.1:{proxy.port} leads to {target}; modes: {', '.join(MODES)}")
    try:
        for line in sys.stdin:
            if line.strip() in MODES:
                proxy.set_mode(line.strip())
            else:
                typer.echo(f"no mode '{line.strip()}'; there are {', '.join(MODES)}")
    finally:
        proxy.stop()
