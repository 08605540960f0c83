"""Verbs for a column's journal: show, verify, export. They read; the column may be running.

Not for: writing to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.failures import Failed, failing_on

if TYPE_CHECKING:
    from kiosk.store.journal_file import JournalFile

app = typer.Typer(help="Read a column's journal.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(help="The column's kiosk.db.")]


@app.command()
def show(file: FileArgument) -> None:
    """One line an event: epoch, sequence, whether the back office has it, time, type."""
    with _open(file) as journal:
        for stored in journal.events():
            event = stored.event
            typer.echo(f"{stored.epoch:>10} {stored.sequence:>7} {stored.state:8} {event['time']} {event['type']}")


@app.command()
def export(file: FileArgument) -> None:
    """Every event exactly as it was committed, one JSON object a line."""
    with _open(file) as journal:
        for stored in journal.events():
            typer.echo(stored.body.decode())


@app.command()
def verify(file: FileArgument) -> None:
    """Check the hash chain; names the first event that was changed, removed or moved."""
    with _open(file) as journal:
        verdicts = journal.verify()
        sound = journal.is_sound()
    for verdict in verdicts:
        if verdict.broken:
            raise Failed(f"{file}: epoch {verdict.epoch}: {verdict.broken}")
        typer.echo(
            f"epoch {verdict.epoch}: events {verdict.first} to {verdict.last} unbroken, head {verdict.head_hash}"
        )
    if not sound:
        raise Failed(f"{file}: the file itself is damaged")


@contextmanager
def _open(file: Path) -> Iterator[JournalFile]:
    from kiosk.store.errors import StoreRefused
    from kiosk.store.journal_file import JournalFile

    with failing_on(StoreRefused, ValueError), JournalFile(file) as journal:
        yield journal
