"""Verbs of the back office: serve, migrate, user, enrol-code.

Not for: the back office itself (`sync.backoffice`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.failures import Failed, failing_on

if TYPE_CHECKING:  # costs 300 ms and 30 MB, and every verb passes here, also `zuil run`
    from fastapi import FastAPI

app = typer.Typer(help="The central back office.", no_args_is_help=True)

SiteOption = Annotated[Path, typer.Option("--site", help="Folder of the municipality's data.")]
DatabaseOption = Annotated[
    str,
    typer.Option("--database", envvar="ZUIL_DATABASE", help="sqlite:////path/file.db or postgresql://user@host/name"),
]


def _build(database: str, site: Path) -> FastAPI:
    from config.site import load_site
    from sync.backoffice.app import create_app
    from sync.backoffice.database import UnsupportedDatabase
    from sync.backoffice.migrations import NewerSchema
    from sync.backoffice.site import site_info

    with failing_on(UnsupportedDatabase, NewerSchema, status=2):
        return create_app(database, site_info(load_site(site)))


@app.command()
def serve(
    database: DatabaseOption,
    site: SiteOption,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8800,
) -> None:
    """Serve columns, counters and displays until stopped."""
    from sync.backoffice.server import serve as run

    run(_build(database, site), host, port)


@app.command()
def migrate(database: DatabaseOption, site: SiteOption) -> None:
    """Bring the database up to date (serving does so too)."""
    _build(database, site).state.office.database.close()
    typer.echo("The database is up to date.")


@app.command()
def user(
    database: DatabaseOption,
    site: SiteOption,
    login: Annotated[str, typer.Argument(help="What is typed to log in.")],
    name: Annotated[str, typer.Argument(help="What colleagues read.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make a staff account, or give it a new password and unlock it."""
    from sync.backoffice.staff import InvalidAccount, create_user

    made = _build(database, site).state.office
    with failing_on(InvalidAccount, status=2):
        create_user(made, login, name, password)
    made.database.close()
    typer.echo(f"{login} can log in.")


@app.command("enrol-code")
def enrol_code(
    database: DatabaseOption, site: SiteOption, office: Annotated[str, typer.Argument(help="Contact point.")]
) -> None:
    """Print a one-time code for a new column; it is valid for 30 minutes."""
    from sync.backoffice.enrolment import UnknownOffice, new_enrolment_code

    made = _build(database, site).state.office
    try:
        typer.echo(new_enrolment_code(made, office))
    except UnknownOffice as unknown:
        raise Failed(str(unknown), 2) from unknown
    finally:
        made.database.close()
