"""`zuil simulate terminal`: a payment terminal for anybody's till to talk to, in each protocol there is a driver for.

Not for: a payment somebody is to make; nothing here ever moves money.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.failures import Failed, failing_on

if TYPE_CHECKING:
    from drivers.simulated.terminal.scripts import Script
    from drivers.simulated.terminal.steering import SimulatedTerminal

PROTOCOLS = ("adyen", "zvt", "opi")
_MESSAGES = range(1, 1000)


@dataclass(frozen=True)
class _Opened:
    terminal: SimulatedTerminal
    uri: str
    cuts: range


def register(simulate: typer.Typer) -> None:
    """Add the verb to `zuil simulate`."""
    simulate.command("terminal")(simulate_terminal)


def simulate_terminal(
    protocol: Annotated[str, typer.Option("--protocol", help=f"One of {', '.join(PROTOCOLS)}.")] = "",
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            help="Port to listen on, on this machine only; 0 takes a free one. Else the usual one of the protocol.",
        ),
    ] = None,
    script: Annotated[
        str | None, typer.Option("--script", help="What it does with payments, see --list-scripts; else approve.")
    ] = None,
    cut_at: Annotated[
        int | None,
        typer.Option("--cut-at", help="Where the script cut breaks the line; without --script it is that script."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for a till's files: keys and authority (adyen), numbers (opi).")
    ] = None,
    till_port: Annotated[
        int | None,
        typer.Option("--till-port", min=0, max=65535, help="opi: the till's port, channel 1; 0 chooses a free one."),
    ] = None,
    list_scripts: Annotated[bool, typer.Option("--list-scripts", help="Name every script and stop.")] = False,
) -> None:
    """A payment terminal. The first line it prints is its address, for `terminal.uri` in a column's settings.

    It is told on standard input: `script decline`, `cut 3`, `ledger`, `state`, `scripts`, `quit`.
    """
    from drivers.simulated.console import UnknownFault, fault_of, listed
    from drivers.simulated.terminal.scripts import SCRIPTS, Script
    from drivers.simulated.terminal.steering import NoSuchCut, TerminalSteering, run_terminal_simulator

    if list_scripts:
        typer.echo(listed(SCRIPTS))
        return
    with failing_on(UnknownFault, status=2):
        chosen = fault_of(Script, script or ("approve" if cut_at is None else "cut"), "script")
    opened = _opened(protocol, port, chosen, out, till_port)
    steering = TerminalSteering(opened.terminal, opened.cuts)
    try:
        if cut_at is not None:
            with failing_on(NoSuchCut, status=2):
                steering.cut(cut_at)
    except Failed:
        opened.terminal.stop()
        raise
    raise typer.Exit(run_terminal_simulator(opened.terminal, opened.uri, steering, sys.stdin, sys.stdout))


def _opened(protocol: str, port: int | None, script: Script, out: Path | None, till_port: int | None) -> _Opened:
    if protocol not in PROTOCOLS:
        wrong = f"no protocol '{protocol}'" if protocol else "name a protocol with --protocol"
        raise Failed(f"{wrong}; there are {', '.join(PROTOCOLS)}", 2)
    if out is not None and protocol == "zvt":
        raise Failed("--out is for adyen and opi; zvt needs no files", 2)
    if till_port is not None and protocol != "opi":
        raise Failed(f"--till-port is for opi; {protocol} never calls the till back", 2)
    match protocol:
        case "adyen":
            return _adyen(port, script, out)
        case "zvt":
            return _zvt(port, script)
        case _:
            return _opi(port, script, till_port, out)


def _adyen(port: int | None, script: Script, out: Path | None) -> _Opened:
    from drivers.payments.adyen.address import DEFAULT_PORT, format_terminal_uri
    from drivers.simulated.terminal.adyen.oddities import CutPoint
    from drivers.simulated.terminal.adyen.terminal import SimulatedAdyenTerminal

    if out is None:
        raise Failed("adyen needs a folder for the files of keys and authority: --out FOLDER", 2)
    port = DEFAULT_PORT if port is None else port
    with _listening_on(port):
        terminal = SimulatedAdyenTerminal(port, script=script)
    try:
        with failing_on(OSError):
            uri = format_terminal_uri(terminal.address(out.resolve()))
    except Failed:
        terminal.stop()
        raise
    return _Opened(terminal, uri, range(len(CutPoint)))


def _zvt(port: int | None, script: Script) -> _Opened:
    from drivers.payments.zvt.address import DEFAULT_PORT
    from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal

    port = DEFAULT_PORT if port is None else port
    with _listening_on(port):
        terminal = SimulatedZvtTerminal(port, script=script)
    return _Opened(terminal, terminal.uri, _MESSAGES)


def _opi(port: int | None, script: Script, till_port: int | None, out: Path | None) -> _Opened:
    from drivers.payments.opi.address import DEFAULT_LISTEN, DEFAULT_PORT, format_opi_uri, parse_opi_uri
    from drivers.simulated.terminal.opi.terminal import SimulatedOpiTerminal

    port = DEFAULT_PORT if port is None else port
    till_port = DEFAULT_LISTEN if till_port is None else till_port
    if port and port == till_port:
        raise Failed(f"terminal and till cannot both listen on port {port}; choose another --till-port", 2)
    with _listening_on(port):
        terminal = SimulatedOpiTerminal(port, till_port=till_port, script=script)
    address = parse_opi_uri(terminal.uri)
    if out is not None:
        address = replace(address, memory=out.resolve() / f"opi-{address.workstation}.json")
    return _Opened(terminal, format_opi_uri(address), _MESSAGES)


@contextmanager
def _listening_on(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        why = os.strerror(problem.errno or 0)
        raise Failed(f"cannot listen on port {port}: {why}; is another terminal running?") from problem
