"""Verbs of the back office: serve, migrate, user, enrol-code.

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

app = typer.Typer(help="The central back office.", no_args_is_help=True)

SiteOption = Annotated[Path, typer.Option("--site", help="Folder of the municipality's data.")]
DatabaseOption = Annotated[
    str,
    typer.Option("--database", envvar="ZUIL_DATABASE", help="sqlite:////path/file.db or postgresql://user@host/name"),
]


def _site(folder: Path) -> SiteInfo:
    from config.site import load_site
    from sync.backoffice.site import site_info

    return site_info(load_site(folder))


@contextmanager
def _usable() -> Iterator[None]:
    """Say in one sentence what is wrong with a database, an account or an office."""
    from sync.backoffice.database import UnsupportedDatabase
    from sync.backoffice.enrolment import UnknownOffice
    from sync.backoffice.migrations import NewerSchema
    from sync.backoffice.staff import InvalidAccount

    with failing_on(UnsupportedDatabase, NewerSchema, UnknownOffice, InvalidAccount, status=2):
        yield


@app.command()
def serve(
    database: DatabaseOption,
    site: SiteOption,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8800,
) -> None:
    """Serve columns, counters and displays until stopped."""
    from sync.backoffice.app import create_app
    from sync.backoffice.server import serve as run

    with _usable():
        made = create_app(database, _site(site))
    run(made, host, port)


@app.command()
def migrate(database: DatabaseOption) -> None:
    """Bring the database up to date (serving does so too)."""
    from sync.backoffice import admin

    with _usable():
        version = admin.migrate(database)
    typer.echo(f"The database is up to date: version {version}.")


@app.command()
def user(
    database: DatabaseOption,
    site: SiteOption,
    login: Annotated[str, typer.Argument(help="What is typed to log in.")],
    name: Annotated[str, typer.Argument(help="What colleagues read.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make a staff account, or give it a new password and unlock it; the server may be running."""
    from sync.backoffice import admin

    with _usable():
        admin.create_user(database, _site(site), login, name, password)
    typer.echo(f"{login} can log in.")


@app.command("enrol-code")
def enrol_code(
    database: DatabaseOption, site: SiteOption, office: Annotated[str, typer.Argument(help="Contact point.")]
) -> None:
    """Print a one-time code for a new column, valid for 30 minutes; the server may be running."""
    from sync.backoffice import admin

    with _usable():
        typer.echo(admin.enrol_code(database, _site(site), office))
