"""Verbs of the column itself: run, demo, enrol, doctor.

Not for: its devices one by one (`devices`).
"""

from __future__ import annotations

import gc
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from kiosk import __version__
from kiosk.commands.failures import Failed, failing_on

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file; without it, the defaults.")]


class DemoScreen(Enum):
    """The two screens of the demo."""

    COLUMN = "column"
    COUNTER = "counter"


class Part(Enum):
    """What the doctor examines."""

    COLUMN = "column"
    MACHINE = "machine"


def register(app: typer.Typer) -> None:
    """Add the verbs to the command."""
    app.command()(run)
    app.command()(sync)
    app.command()(demo)
    app.command()(enrol)
    app.command()(doctor)
    app.command()(update)


def run(
    config: ConfigOption = None,
    text: Annotated[bool, typer.Option("--text", help="Serve in this terminal instead of on a screen.")] = False,
) -> None:
    """The kiosk."""
    gc.disable()  # while everything is being loaded nothing is garbage; `kiosk.running` switches it on again
    from kiosk.running import run_in_terminal, run_on_screen
    from kiosk.store.errors import StoreRefused
    from sync.client.column import IdentityDamaged, NotEnrolled, OtherKind

    with failing_on(StoreRefused, NotEnrolled, OtherKind, IdentityDamaged):
        raise typer.Exit(run_in_terminal(config) if text else run_on_screen(config))


def sync(config: ConfigOption = None) -> None:
    """The way to the back office as a process of its own, beside a kiosk with `sync.apart = true`."""
    from kiosk.syncing import run_sync
    from sync.client.column import IdentityDamaged, NotEnrolled

    with failing_on(NotEnrolled, IdentityDamaged):
        run_sync(config)


def demo(
    text: Annotated[bool, typer.Option("--text", help="Run the kiosk as text in this terminal.")] = False,
    script: Annotated[Path | None, typer.Option("--script", help="Play this visit file (and those after it).")] = None,
    more: Annotated[
        list[Path] | None, typer.Argument(help="More visit files, after --script.", show_default=False)
    ] = None,
    data: Annotated[Path, typer.Option("--data", help="Folder in which the demo remembers.")] = Path("var/demo"),
    contact_point: Annotated[str, typer.Option("--at", help="Contact point of the column.")] = "districtshuis",
    screen: Annotated[DemoScreen, typer.Option(help="A portrait column, or the landscape screen of a counter.")] = (
        DemoScreen.COLUMN
    ),
) -> None:
    """Kiosk, back office and dock, all devices simulated."""
    from kiosk.demo.demo import play_files, run_demo
    from kiosk.demo.world import UnknownContactPoint

    if script:
        raise typer.Exit(play_files([script, *(more or ())]))
    if more:
        raise Failed("visit files are played with --script", 2)
    with failing_on(UnknownContactPoint, status=2):
        raise typer.Exit(run_demo(data, contact_point, text=text, screen=screen.value))


def enrol(
    url: Annotated[str, typer.Argument(help="Address of the back office, or the whole text of the QR code.")],
    code: Annotated[str, typer.Argument(help="One-time code, as the back office printed it.", show_default=False)] = "",
    config: ConfigOption = None,
) -> None:
    """Join a back office with a one-time code."""
    from config.column import load_column
    from config.texts import load_texts
    from kiosk.app import Kiosk
    from kiosk.paths import TRANSLATIONS
    from kiosk.route import route_of
    from sync.client.enrolment import EnrolmentFailed, join
    from sync.protocol.invitation import BadInvitation, Invitation, parse_invitation

    settings = load_column(config)
    identity, practice = settings.settings.column.data / "identity", settings.site.practice
    route = route_of(settings.settings)
    with failing_on(EnrolmentFailed), failing_on(BadInvitation, status=2):
        invitation = Invitation(url, code) if code else parse_invitation(url)
        joined = join(invitation, identity, app_version=__version__, practice=practice, route=route).keep()
    column = joined.column
    typer.echo(f"Joined as {column.source}, office {column.office_id}. Compare on both screens: {joined.check}")
    numbers = Kiosk(settings, load_texts(TRANSLATIONS)).fetch_numbers()
    typer.echo(f"{numbers} numbers for today, usable without the network.")


def doctor(
    config: ConfigOption = None,
    part: Annotated[
        Part | None, typer.Option(help="Only the column, or only the machine it stands on.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine; docs/doctor.md describes it.")] = False,
) -> None:
    """Every setting, device and lock: OK, or what is wrong and the next step.

    Status 0 when everything is OK, 1 when something wants attention, 2 when something is broken.
    """
    from kiosk.commands.doctor import show

    column, machine = part is not Part.MACHINE, part is not Part.COLUMN
    raise typer.Exit(show(config, column=column, machine=machine, as_json=as_json))


def update(
    package: Annotated[Path, typer.Argument(help="Debian package of the program, with its signature beside it.")],
    config: ConfigOption = None,
) -> None:
    """Lay another version of the program ready; the column asks for it once it is closed and nothing is under way."""
    from config.settings import load_settings
    from kiosk.update_check import WrongUpdate
    from kiosk.updating import lay_ready
    from sync.client.column import IdentityDamaged, NotEnrolled
    from sync.client.identity import load_identity

    data = load_settings(config).column.data
    with failing_on(WrongUpdate, NotEnrolled, IdentityDamaged, OSError):
        version = lay_ready(data, package, load_identity(data / "identity").backoffice)
    typer.echo(
        f"Version {version} is laid ready. It is put in place while the column is closed, and taken back when bad."
    )
