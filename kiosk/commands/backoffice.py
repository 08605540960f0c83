"""Verbs of the back office: serve, migrate, user, enrol-code, and those of attests: trust, keys, revoking, erasing.

Not for: the back office itself (`sync.backoffice`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.failures import failing_on

if TYPE_CHECKING:
    from sync.backoffice.site import SiteInfo

_COMMAND_LINE = "command line"

app = typer.Typer(help="The central back office.", no_args_is_help=True)

SiteOption = Annotated[Path, typer.Option("--site", help="Folder of the municipality's data.")]
DatabaseOption = Annotated[
    str,
    typer.Option("--database", envvar="ZUIL_DATABASE", help="sqlite:////path/file.db or postgresql://user@host/name"),
]


def site_of(folder: Path) -> SiteInfo:
    """What the back office needs of a site's folder."""
    from config.site import load_site
    from sync.backoffice.site import site_info

    return site_info(load_site(folder))


@contextmanager
def usable() -> Iterator[None]:
    """Say in one sentence what is wrong with a database, an account, an office, an attest or a column."""
    from sync.backoffice.commands import BadCommand, UnknownColumn
    from sync.backoffice.database import UnsupportedDatabase
    from sync.backoffice.enrolment import UnknownOffice
    from sync.backoffice.migrations import NewerSchema
    from sync.backoffice.releases import CannotPublish
    from sync.backoffice.staff import InvalidAccount
    from sync.backoffice.trust import NoAuthority, UnknownAttest, WrongState

    wrong = (UnsupportedDatabase, NewerSchema, UnknownOffice, InvalidAccount, NoAuthority, UnknownAttest, WrongState)
    with failing_on(*wrong, UnknownColumn, BadCommand, CannotPublish, status=2):
        yield


@app.command()
def serve(
    database: DatabaseOption,
    site: SiteOption,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8800,
    unsealer: Annotated[
        Path | None, typer.Option("--unsealer", help="Socket of the unsealer, where there is one.")
    ] = None,
) -> None:
    """Serve columns, counters and displays until stopped."""
    from sync.backoffice.app import create_app
    from sync.backoffice.server import serve as run

    with usable():
        made = create_app(database, site_of(site))
    made.state.unsealer = unsealer
    run(made, host, port)


@app.command()
def migrate(database: DatabaseOption) -> None:
    """Bring the database up to date (serving does so too)."""
    from sync.backoffice import admin

    with usable():
        version = admin.migrate(database)
    typer.echo(f"The database is up to date: version {version}.")


@app.command()
def user(
    database: DatabaseOption,
    site: SiteOption,
    login: Annotated[str, typer.Argument(help="What is typed to log in.")],
    name: Annotated[str, typer.Argument(help="What colleagues read.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    role: Annotated[
        str | None, typer.Option(help="clerk, or technician who also looks after columns; unchanged without it.")
    ] = None,
) -> None:
    """Make a staff account, or give it a new password and unlock it; the server may be running."""
    from sync.backoffice import admin

    with usable():
        admin.create_user(database, site_of(site), login, name, password, role)
    typer.echo(f"{login} can log in.")


@app.command("enrol-code")
def enrol_code(
    database: DatabaseOption,
    site: SiteOption,
    office: Annotated[str, typer.Argument(help="Contact point.")],
    qr: Annotated[bool, typer.Option("--qr", help="Also as a QR code, which proves who answers; needs --url.")] = False,
    url: Annotated[str, typer.Option(help="Address of this back office, as columns reach it.")] = "",
    png: Annotated[
        Path | None, typer.Option(help="Write the QR code into this picture too.", show_default=False)
    ] = None,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for the column, to show its six check digits.")
    ] = 0.0,
) -> None:
    """Print a one-time code for a new column, valid for 30 minutes; the server may be running."""
    from kiosk.commands.invitations import draw, wait_for_check
    from sync.backoffice import admin

    with usable():
        info = site_of(site)
        if qr or png:
            code = draw(lambda: admin.invitation(database, info, office, url), url, png, shown=qr)
        else:
            code = admin.enrol_code(database, info, office)
            typer.echo(code)
        if wait:
            wait_for_check(lambda: admin.check_of(database, info, code), wait)


@app.command()
def trust(
    database: DatabaseOption,
    site: SiteOption,
    out: Annotated[Path, typer.Option("--out", help="File to write.")],
) -> None:
    """Write the signed list of keys and attests that count, for checks without a network."""
    from sync.backoffice import admin

    with usable(), failing_on(OSError, status=2):
        out.write_bytes(admin.trust_list(database, site_of(site)))
    typer.echo(f"{out} holds the trust list of now.")


@app.command("revoke-attest")
def revoke_attest(
    database: DatabaseOption,
    site: SiteOption,
    number: Annotated[str, typer.Argument(help="Number on the paper.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; colleagues read it. Name nobody.")],
) -> None:
    """Take an attest back: every check says so from now on; the server may be running."""
    from sync.backoffice import admin

    with usable():
        admin.revoke_attest(database, site_of(site), number, reason, _COMMAND_LINE)
    typer.echo(f"{number} does not count any more.")


@app.command("sealing-key")
def sealing_key(
    database: DatabaseOption,
    site: SiteOption,
    out: Annotated[Path, typer.Option("--out", help="New file for the private half; give it to the unsealer only.")],
) -> None:
    """Make the key that columns seal personal data to, valid for 400 days; the server may be running."""
    from sync.backoffice import admin

    with usable(), failing_on(OSError, status=2):
        kid = admin.sealing_key(database, site_of(site), out)
    typer.echo(f"{out} holds the private half of key {kid}; columns get the public half by themselves.")


@app.command("office-key")
def office_key(
    database: DatabaseOption,
    site: SiteOption,
    out: Annotated[Path, typer.Option("--out", help="Folder of the unsealer for this key.")],
) -> None:
    """Make and certify the key that seals documents made at the back office; the server may be running."""
    from sync.backoffice import admin

    with usable(), failing_on(OSError, status=2):
        admin.office_key(database, site_of(site), out)
    typer.echo(f"{out} holds the key and its certificate.")


@app.command()
def redact(database: DatabaseOption, site: SiteOption) -> None:
    """Erase what is sealed of persons once its time is over (serving does so every day)."""
    from sync.backoffice import admin

    with usable():
        count = admin.redact(database, site_of(site))
    typer.echo(f"Erased the sealed text of {count} events.")
