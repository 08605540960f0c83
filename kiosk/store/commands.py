"""Commands of the back office on disk: received, begun, ended, never back; each is begun at most once.

A command is durable before it is carried out, as a print job is before a byte leaves. Not for: what a command does
(`kiosk.commanding`) or whether it is genuine (`sync.client.orders`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, bindparam, delete, select, text, update
from sqlalchemy.dialects.sqlite import insert

from kiosk.core.commands import Command, CommandState, Outcome, Refusal
from kiosk.core.events import COMMAND_ENDED, COMMAND_REFUSED
from kiosk.store import care, journal
from kiosk.store.schema import command
from kiosk.store.timekeeping import Stamp
from sync.protocol.canonical import canonical

KEPT_MS = 90 * 24 * 3600 * 1000
"""An ended command is remembered so long after its expiry, far longer than it could be begun."""

_INSERT = insert(command).on_conflict_do_nothing().returning(command.c.command_id)
_OPEN = select(command).where(text("state != 'ended'")).order_by(command.c.received_ms, command.c.command_id)
_MOVE = (
    update(command)
    .where(command.c.command_id == bindparam("id"), command.c.state == bindparam("before"))
    .values(state=bindparam("after"))
)
_FORGET = delete(command).where(command.c.state == "ended", command.c.expires_ms < bindparam("until"))


class NotInThatState(RuntimeError):
    """A command was to be ended that is not open."""


@dataclass(frozen=True)
class Kept:
    """An open command and how far it is."""

    command: Command
    state: CommandState


def receive(connection: Connection, stamp: Stamp, received: Sequence[Command]) -> int:
    """Keep genuine commands that were not seen before; returns how many."""
    rows = [(each, CommandState.RECEIVED) for each in received]
    return sum(_keep(connection, stamp, each, state) for each, state in rows)


def refuse(connection: Connection, stamp: Stamp, key: str, command: Command, refused: Refusal) -> bool:
    """Remember that something is not carried out, with the event that tells of it; False when that was told before.

    Args:
        key: under which it is remembered: the id of a genuine command, anything else for one that only claims its id.
    """
    if not _keep(connection, stamp, command, CommandState.ENDED, key) and not _move(
        connection, key, CommandState.RECEIVED, CommandState.ENDED
    ):
        return False
    data = {"commandId": command.id, "kind": command.kind, "reason": refused.reason.value, "detail": refused.detail}
    journal.append(connection, stamp, COMMAND_REFUSED, data)
    return True


def open_ones(connection: Connection) -> list[Kept]:
    """Every command that did not end, oldest first."""
    return [_kept(row) for row in connection.execute(_OPEN)]


def begin(connection: Connection, command_id: str) -> bool:
    """Mark a received command as begun; False when it was begun or ended before, and must not be carried out."""
    return _move(connection, command_id, CommandState.RECEIVED, CommandState.BEGUN)


def end(
    connection: Connection,
    stamp: Stamp,
    command: Command,
    outcome: Outcome,
    detail: str = "",
    remember: tuple[str, object] | None = None,
) -> None:
    """A begun command ended: its row, the event that tells how, and what it changed in the care, in one commit.

    Raises:
        NotInThatState: when it is not begun.
    """
    if not _move(connection, command.id, CommandState.BEGUN, CommandState.ENDED):
        raise NotInThatState(command.id)
    if remember is not None:
        care.remember(connection, *remember)
    data = {"commandId": command.id, "kind": command.kind, "outcome": outcome.value, "detail": detail, "by": command.by}
    journal.append(connection, stamp, COMMAND_ENDED, data)


def forget(connection: Connection, now_ms: int) -> None:
    """Drop commands that ended and expired long ago."""
    connection.execute(_FORGET, {"until": now_ms - KEPT_MS})


def _move(connection: Connection, command_id: str, before: CommandState, after: CommandState) -> bool:
    words = {"id": command_id, "before": before.value, "after": after.value}
    return connection.execute(_MOVE, words).rowcount == 1


def _keep(connection: Connection, stamp: Stamp, kept: Command, state: CommandState, key: str | None = None) -> bool:
    row = {
        "command_id": key or kept.id,
        "kind": kept.kind,
        "body": _body(kept),
        "expires_ms": int(kept.expires_at.timestamp() * 1000),
        "state": state.value,
        "received_ms": stamp.unix_ms,
    }
    return connection.execute(_INSERT, row).first() is not None


def _body(kept: Command) -> bytes:
    issued_ms = int(kept.issued_at.timestamp() * 1000)
    return canonical({"arguments": dict(kept.arguments), "issuedMs": issued_ms, "by": kept.by})


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    body = json.loads(row.body)
    made = Command(
        id=row.command_id,
        kind=row.kind,
        arguments=body["arguments"],
        issued_at=datetime.fromtimestamp(body["issuedMs"] / 1000, UTC),
        expires_at=datetime.fromtimestamp(row.expires_ms / 1000, UTC),
        by=body["by"],
    )
    return Kept(made, CommandState(row.state))
