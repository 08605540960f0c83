"""Verbs of `zuil backoffice` that look after columns from afar: columns, command, commands, report, revoke.

Not for: the column's own end (`kiosk.remote`).
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.backoffice import DatabaseOption, SiteOption, site_of, usable
from kiosk.commands.failures import Failed, failing_on

if TYPE_CHECKING:
    from kiosk.core.commands import Plain

BY = "command line"
ColumnArgument = Annotated[str, typer.Argument(help='Id of the column, or "building/K3".')]
JsonOption = Annotated[bool, typer.Option("--json", help="For a program to read.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to `zuil backoffice`."""
    app.command()(columns)
    app.command()(command)
    app.command()(commands)
    app.command()(report)
    app.command()(revoke)
    app.command("publish-site")(publish_site)
    app.command("set")(set_setting)
    app.command("sign-update")(sign_update)


def columns(database: DatabaseOption, site: SiteOption, as_json: JsonOption = False) -> None:
    """Every column: where it stands, whether it was heard of lately, what ails it."""
    from sync.backoffice import admin

    with usable():
        cards = admin.columns(database, site_of(site))
    if as_json:
        typer.echo(json.dumps([asdict(card) for card in cards], default=str))
        return
    for card in cards:
        ails = ", ".join(f"{device}: {reason}" for device, reason in card.devices.items())
        typer.echo(
            f"{card.office_id}/{card.suffix}  {card.state}  {card.app_version}  {card.seen_at:%d.%m %H:%M}  {ails}"
        )


def command(
    database: DatabaseOption,
    site: SiteOption,
    column: ColumnArgument,
    kind: Annotated[str, typer.Argument(help="What the column is to do, like restart or close.")],
    given: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help='Arguments, like "text=Back at 14:00".')
    ] = None,
    hours: Annotated[int, typer.Option(help="After so long the column does not begin it any more.")] = 24,
    by: Annotated[str, typer.Option(help="Who gives it, for the record.")] = BY,
    as_json: JsonOption = False,
) -> None:
    """Give a column a command; it does it once at most, and says how it ended."""
    from sync.backoffice import admin

    with usable():
        given_id = admin.command(database, site_of(site), column, kind, read_arguments(kind, given or []), by, hours)
    typer.echo(
        json.dumps({"commandId": given_id})
        if as_json
        else f"Given: {given_id}. `zuil backoffice commands` says how it ends."
    )


def commands(database: DatabaseOption, site: SiteOption, column: ColumnArgument, as_json: JsonOption = False) -> None:
    """The latest commands of a column and how they ended."""
    from sync.backoffice import admin

    with usable():
        cards = admin.commands_of(database, site_of(site), column)
    if as_json:
        typer.echo(json.dumps([asdict(card) for card in cards], default=str))
        return
    for card in cards:
        typer.echo(f"{card.issued_at:%d.%m %H:%M}  {card.kind}  {card.outcome}  {card.detail}  ({card.by}, {card.id})")


def report(
    database: DatabaseOption,
    site: SiteOption,
    command_id: Annotated[str, typer.Argument(help="Id of the command that asked for it.")],
    out: Annotated[Path | None, typer.Option("--out", help="File to write; without it, standard output.")] = None,
) -> None:
    """What a column sent because of a command: findings as JSON, or a log in gzip."""
    from sync.backoffice import admin

    with usable():
        found = admin.report(database, site_of(site), command_id)
    if found is None:
        raise Failed(f"no column sent anything for {command_id!r}; `zuil backoffice commands` says how it stands")
    if out is None:
        sys.stdout.buffer.write(found.content)
        return
    with failing_on(OSError, status=2):
        out.write_bytes(found.content)
    typer.echo(f"{out} holds the {found.name} ({found.media_type}).")


def revoke(
    database: DatabaseOption,
    site: SiteOption,
    column: ColumnArgument,
    drain_hours: Annotated[
        int, typer.Option(min=0, max=168, help="For so long its last events are still taken; not for a stolen column.")
    ] = 0,
    by: Annotated[str, typer.Option(help="Who does it, for the record.")] = BY,
) -> None:
    """Trust a column no more: it is out of service and destroys its keys and data as soon as it hears of it."""
    from sync.backoffice import admin

    with usable():
        admin.revoke(database, site_of(site), admin.column_id(database, site_of(site), column), drain_hours, by)
    typer.echo(f"{column} is revoked.")


def publish_site(
    database: DatabaseOption,
    folder: Annotated[Path, typer.Argument(help="Folder of the municipality's data; checked first.")],
    by: Annotated[str, typer.Option(help="Who does it, for the record.")] = BY,
    as_json: JsonOption = False,
) -> None:
    """Publish a site's folder as the next version for every column: checked there again, and on trial for a minute."""
    from sync.backoffice import admin
    from sync.protocol.packing import CannotPack

    with usable(), failing_on(CannotPack, OSError, status=2):
        version = admin.publish_site(database, site_of(folder), folder, by)
    typer.echo(json.dumps({"version": version}) if as_json else f"Version {version} waits for the columns.")


def set_setting(
    database: DatabaseOption,
    site: SiteOption,
    column: ColumnArgument,
    setting: Annotated[
        str, typer.Argument(metavar="NAME=VALUE", help='Like "visit.idle_seconds=90"; see docs/remote.md.')
    ],
    by: Annotated[str, typer.Option(help="Who does it, for the record.")] = BY,
) -> None:
    """Set one setting of one column from afar; `NAME=` takes it back. Needs a published site."""
    from config.remote import read_setting
    from sync.backoffice import admin

    name, _, text = setting.partition("=")
    value = None if setting.endswith("=") and not text else read_setting(setting)[1]
    with usable():
        version = admin.set_setting(database, site_of(site), column, name, value, by)
    typer.echo(f"Version {version} waits for the column.")


def sign_update(
    database: DatabaseOption,
    site: SiteOption,
    package: Annotated[Path, typer.Argument(help="Debian package of the program.")],
    version: Annotated[str, typer.Argument(help="Its version, as `dpkg-deb -f FILE Version` says.")],
) -> None:
    """Sign a package, so that the columns of this back office install it; the signature goes beside it."""
    from kiosk.update_check import SIGNATURE, WrongUpdate
    from kiosk.update_check import sign_update as sign
    from sync.backoffice import admin

    with usable(), failing_on(WrongUpdate, OSError, status=2), admin.visiting(database, site_of(site)) as office:
        signed = sign(package, version, office.key)
        beside = package.with_name(package.name + SIGNATURE)
        beside.write_text(json.dumps(signed))
    typer.echo(f"{beside} holds the signature; carry both to the column and run `zuil update {package.name}` there.")


def read_arguments(kind: str, given: list[str]) -> dict[str, Plain]:
    """`NAME=VALUE` words as arguments of a kind: numbers and flags as such.

    Raises:
        Failed: for a word without `=`.
    """
    from kiosk.core.commands import KINDS, Shape

    known = KINDS[kind].arguments if kind in KINDS else {}
    read: dict[str, Plain] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals:
            raise Failed(f"{word!r} is no argument; write NAME=VALUE", 2)
        shape = known[name].shape if name in known else Shape.TEXT
        if shape is Shape.NUMBER and value.lstrip("-").isdecimal():
            read[name] = int(value)
        elif shape is Shape.FLAG and value in ("yes", "no"):
            read[name] = value == "yes"
        else:
            read[name] = value
    return read
