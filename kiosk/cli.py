"""The `zuil` command: few words, the same for technicians, tests and other programs.

Every verb has `--help`; exit status 0 only when it did what it says, 1 when it could not, 2 for words or settings that
cannot be used. Not for: doing anything itself (`kiosk.commands`).
"""

from __future__ import annotations

import sys

import typer

from config.problems import ConfigError
from kiosk.commands import backoffice, cards, column, devices, fleet, journal, pay, setup, staff, unsealer, verify
from kiosk.commands.failures import Failed

app = typer.Typer(
    help="Municipal self-service column: tickets on paper, with or without the network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
column.register(app)
devices.register(app)
verify.register(app)
pay.register(app)
setup.register(app)
unsealer.register(backoffice.app)
fleet.register(backoffice.app)
unsealer.register_simulated(devices.simulate)
app.add_typer(backoffice.app, name="backoffice")
app.add_typer(journal.app, name="journal")
app.add_typer(cards.app, name="card")
app.add_typer(staff.app, name="staff")
app.add_typer(devices.simulate, name="simulate")


def main() -> None:
    """Entry point of the command; what can go wrong in use is said in one sentence, never as a stack of calls."""
    try:
        app()
    except ConfigError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except Failed as failed:
        typer.echo(str(failed), err=True)
        sys.exit(failed.status)


if __name__ == "__main__":
    main()
