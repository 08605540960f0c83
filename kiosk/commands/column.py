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


def register(app: typer.Typer) -> None:
    """Add the verbs to the command."""
    app.command()(run)
    app.command()(demo)
    app.command()(enrol)
    app.command()(doctor)


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
    url: Annotated[str, typer.Argument(help="Address of the back office.")],
    code: Annotated[str, typer.Argument(help="One-time code, as the back office printed it.")],
    config: ConfigOption = None,
) -> None:
    """Join a back office with a one-time code."""
    from config.column import load_column
    from config.texts import load_texts
    from kiosk.app import Kiosk
    from kiosk.paths import TRANSLATIONS
    from sync.client.enrolment import EnrolmentFailed
    from sync.client.enrolment import enrol as join

    settings = load_column(config)
    identity, practice = settings.settings.column.data / "identity", settings.site.practice
    with failing_on(EnrolmentFailed):
        joined = join(url, code, identity, app_version=__version__, practice=practice)
    column = joined.column
    typer.echo(f"Joined as {column.source}, office {column.office_id}. Compare on both screens: {joined.check}")
    numbers = Kiosk(settings, load_texts(TRANSLATIONS)).fetch_numbers()
    typer.echo(f"{numbers} numbers for today, usable without the network.")


def doctor(config: ConfigOption = None) -> None:
    """Every setting and device: OK, or what is wrong and the next step."""
    from kiosk.commands.doctor import examine

    findings = examine(config)
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.wrong for finding in findings):
        raise Failed("Not everything is in order.")
