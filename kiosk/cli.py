"""The `zuil` command: few words, the same for technicians, tests and other programs.

Every verb has `--help`; exit status 0 only when it did what it says, 1 when it could not, 2 for words or settings that
cannot be used. A verb that is named is loaded alone, because a column starts sooner without the others. Not for: doing
anything itself (`kiosk.commands`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache

import typer

from config.problems import ConfigError
from kiosk.commands.failures import Failed


def _column(app: typer.Typer) -> None:
    from kiosk.commands import column

    column.register(app)


def _devices(app: typer.Typer) -> None:
    from kiosk.commands import devices

    devices.register(app)
    app.add_typer(_simulate(), name="simulate")


def _verify(app: typer.Typer) -> None:
    from kiosk.commands import verify

    verify.register(app)


def _pay(app: typer.Typer) -> None:
    from kiosk.commands import pay

    pay.register(app)


def _setup(app: typer.Typer) -> None:
    from kiosk.commands import setup

    setup.register(app)


def _backoffice(app: typer.Typer) -> None:
    app.add_typer(_of_the_back_office(), name="backoffice")


def _journal(app: typer.Typer) -> None:
    from kiosk.commands import journal

    app.add_typer(journal.app, name="journal")


def _card(app: typer.Typer) -> None:
    from kiosk.commands import cards

    app.add_typer(cards.app, name="card")


def _staff(app: typer.Typer) -> None:
    from kiosk.commands import staff

    app.add_typer(staff.app, name="staff")


VERBS: Mapping[Callable[[typer.Typer], None], tuple[str, ...]] = {
    _column: ("run", "sync", "demo", "enrol", "doctor", "update"),
    _devices: ("print", "simulate"),
    _verify: ("verify",),
    _pay: ("pay",),
    _setup: ("setup",),
    _backoffice: ("backoffice",),
    _journal: ("journal",),
    _card: ("card",),
    _staff: ("staff",),
}
"""What knows which verbs."""


@cache
def _of_the_back_office() -> typer.Typer:
    from kiosk.commands import backoffice, fleet, unsealer

    unsealer.register(backoffice.app)
    fleet.register(backoffice.app)
    return backoffice.app


@cache
def _simulate() -> typer.Typer:
    from kiosk.commands import devices, unsealer

    unsealer.register_simulated(devices.simulate)
    return devices.simulate


def assemble(verb: str = "") -> typer.Typer:
    """The command; with a verb that is known, only the part that knows it."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_zuil)
    for add in [part for part, verbs in VERBS.items() if verb in verbs] or VERBS:
        add(app)
    return app


def _zuil() -> None:
    """Municipal self-service column: tickets on paper, with or without the network."""


def main() -> None:
    """Entry point of the command; what can go wrong in use is said in one sentence, never as a stack of calls."""
    try:
        assemble(next(iter(sys.argv[1:]), ""))()
    except ConfigError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except Failed as failed:
        typer.echo(str(failed), err=True)
        sys.exit(failed.status)


if __name__ == "__main__":
    main()
