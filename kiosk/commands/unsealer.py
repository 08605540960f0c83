"""Verbs around personal data at the back office: `zuil backoffice unsealer` and `zuil simulate register`.

Not for: what they run (`sync.backoffice.unsealer`, `sync.backoffice.registers.simulated`).
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.backoffice import DatabaseOption, SiteOption
from kiosk.commands.failures import Failed, failing_on

if TYPE_CHECKING:
    from sync.backoffice.handover.email import Mailbox

_STOP = (signal.SIGTERM, signal.SIGINT)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def register(backoffice: typer.Typer) -> None:
    """Add the verb to `zuil backoffice`."""
    backoffice.command("unsealer")(unsealer)


def register_simulated(simulate: typer.Typer) -> None:
    """Add the verb to `zuil simulate`."""
    simulate.command("register")(simulate_register)


def unsealer(
    database: DatabaseOption,
    site: SiteOption,
    key: Annotated[list[Path], typer.Option("--key", help="File of a private key; more than one while keys change.")],
    socket: Annotated[Path, typer.Option("--socket", help="Where to listen; only its owner and group may ask.")],
    register_url: Annotated[str | None, typer.Option("--register", help="Address of the register.")] = None,
    register_certificate: Annotated[
        Path | None, typer.Option("--register-certificate", help="Client certificate and key, one PEM file.")
    ] = None,
    register_authorities: Annotated[
        Path | None, typer.Option("--register-authorities", help="Authorities to trust instead of the usual, PEM.")
    ] = None,
    sender: Annotated[str, typer.Option("--register-sender", help="What the register knows us by.")] = "",
    attest_key: Annotated[
        Path | None, typer.Option("--attest-key", help="Folder of the key that seals documents made here.")
    ] = None,
    mail: Annotated[str | None, typer.Option("--mail", help="HOST:PORT of the mail server.")] = None,
    mail_from: Annotated[str, typer.Option("--mail-from", help="Address the notices are sent from.")] = "",
    ebox: Annotated[Path | None, typer.Option("--ebox", help="Folder that the eBox connector empties.")] = None,
    verify_url: Annotated[str, typer.Option("--verify-url", help="Page where anybody can check a code.")] = "",
) -> None:
    """Open personal data for the back office, a line in the record for each, until stopped."""
    from config.site import load_site
    from config.texts import load_texts
    from sync.backoffice.database import UnsupportedDatabase
    from sync.backoffice.migrations import NewerSchema
    from sync.backoffice.registers.magda.services import Platform, Sender
    from sync.backoffice.registers.magda.transport import Credentials
    from sync.backoffice.unsealer.keys import KeyFileDamaged
    from sync.backoffice.unsealer.process import Setup, run

    made = Setup(
        keys=tuple(key),
        database=database,
        socket=socket,
        register=register_url,
        credentials=Credentials(certificate=register_certificate, authorities=register_authorities),
        platform=Platform(sender=Sender(sender)) if sender else None,
        attest_key=attest_key,
        mailbox=_mailbox(mail, mail_from),
        ebox=_folder(ebox),
        verify_url=verify_url,
    )
    # Blocked before the first thread begins, so that only the wait below takes them.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
    with failing_on(UnsupportedDatabase, NewerSchema, KeyFileDamaged, OSError, status=2):
        run(made, load_site(site), load_texts(), _wait)


def simulate_register(
    port: Annotated[int, typer.Option("--port", help="Port on this machine.")] = 8899,
    fault: Annotated[str | None, typer.Option("--fault", help="What is wrong with it, see --list.")] = None,
    list_names: Annotated[bool, typer.Option("--list", help="Name every person and fault and stop.")] = False,
) -> None:
    """A register of invented people. It is told on standard input: `fault NAME`, `clear`, `people`, …"""
    from datetime import date

    from drivers.simulated.console import UnknownFault, listed
    from sync.backoffice.registers.simulated.faults import REGISTER_FAULTS
    from sync.backoffice.registers.simulated.server import RegisterServer
    from sync.backoffice.registers.simulated.steering import listed_people, run

    if list_names:
        typer.echo(f"people\n{listed_people(date.today())}\n\nfaults\n{listed(REGISTER_FAULTS)}")  # noqa: DTZ011 - this machine's day
        return
    with failing_on(OSError):
        server = RegisterServer(port)
    with server:
        if fault is not None:
            with failing_on(UnknownFault, status=2):
                server.set_fault(fault)
        run(server, sys.stdin, sys.stdout)


def _wait(seconds: float) -> bool:
    return signal.sigtimedwait(_STOP, seconds) is not None


def _mailbox(mail: str | None, sender: str) -> Mailbox | None:
    from sync.backoffice.handover.email import Mailbox

    if mail is None:
        return None
    host, _, port = mail.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise Failed(f"'{mail}' is no HOST:PORT, like mail.example.be:587", 2)
    if "@" not in sender:
        raise Failed("--mail needs --mail-from with an address of the municipality", 2)
    return Mailbox(host, int(port), sender, starttls=host not in LOOPBACK)


def _folder(path: Path | None) -> Path | None:
    if path is not None and not path.is_dir():
        raise Failed(f"'{path}' is no folder; make it, for the unsealer and the connector only", 2)
    return path
