"""Appends events: envelope, allow-list, hash chain. Only inside a transaction of the caller.

A field the table of `kiosk.core.events` does not name cannot be written. Not for: sending (`kiosk.store.outbox`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert

from kiosk.core.events import SERVICE, EventKind
from kiosk.store.schema import outbox
from kiosk.store.state import read_state, write_state
from kiosk.store.timekeeping import Stamp, next_hlc
from sync.protocol.canonical import canonical
from sync.protocol.chain import event_hash
from sync.protocol.ids import uuid7

MAX_EVENT_BYTES = 64 * 1024
"""Far under a batch's limit, so that no single event can ever be too large to send."""
_SUBJECTS = ("ticketId", "attestId", "requestId", "paymentId", "visitId", "callId", "commandId", "device")
_APPEND = insert(outbox)


class FieldNotAllowed(ValueError):
    """Data an event of that kind may not carry."""


@dataclass(frozen=True)
class Recorded:
    """Where an event went.

    Attributes:
        hlc: its hybrid logical clock.
    """

    id: str
    epoch: int
    sequence: int
    hash: str
    hlc: str


Sealer = Callable[[Mapping[str, object]], Mapping[str, object]]
"""Makes the `sealed` member of an event from its envelope, to which it is bound."""


def append(
    connection: Connection, stamp: Stamp, kind: EventKind, data: Mapping[str, object], seal: Sealer | None = None
) -> Recorded:
    """Append one event to the current chain.

    Args:
        seal: seals what names a person; called once the event has its id and place.

    Raises:
        FieldNotAllowed: when `data` has a field or a value the kind may not carry; nothing is written.
    """
    _check(kind, data)
    state = read_state(connection, "epoch", "source", "next_sequence", "head_hash", "hlc")
    hlc = next_hlc(state.get("hlc"), stamp.unix_ms)
    event = _envelope(stamp, kind, data, state, hlc)
    if seal is not None:
        sealed = {**data, "sealed": dict(seal(event))}
        _check(kind, sealed)
        event["data"] = sealed
    event["hash"] = event_hash(event)
    body = canonical(event)
    if len(body) > MAX_EVENT_BYTES:
        raise FieldNotAllowed(f"{kind.name}: an event of {len(body)} bytes; the most is {MAX_EVENT_BYTES}")
    recorded = Recorded(str(event["id"]), int(state["epoch"]), int(state["next_sequence"]), str(event["hash"]), hlc)
    connection.execute(_APPEND, _row(recorded, kind, body, stamp))
    write_state(connection, {"next_sequence": recorded.sequence + 1, "head_hash": recorded.hash, "hlc": hlc})
    return recorded


def _envelope(
    stamp: Stamp, kind: EventKind, data: Mapping[str, object], state: Mapping[str, str], hlc: str
) -> dict[str, object]:
    subject = next((str(data[name]) for name in _SUBJECTS if name in data), state["source"])
    return {
        "specversion": "1.0",
        "id": uuid7(stamp.unix_ms),
        "source": state["source"],
        "service": SERVICE,
        "type": kind.type,
        "subject": subject,
        "time": stamp.text,
        "datacontenttype": "application/json",
        "dataschema": f"urn:zuil:schema:{kind.name}:1",
        "sequence": state["next_sequence"],
        "sequencetype": "Integer",
        "epoch": int(state["epoch"]),
        "hlc": hlc,
        "bootid": stamp.boot_id,
        "uptimems": stamp.uptime_ms,
        "clockstate": stamp.state,
        "clockerrms": stamp.error_ms,
        "prevhash": state["head_hash"],
        "data": dict(data),
    }


def _row(recorded: Recorded, kind: EventKind, body: bytes, stamp: Stamp) -> dict[str, object]:
    return {
        "epoch": recorded.epoch,
        "sequence": recorded.sequence,
        "id": recorded.id,
        "type": kind.type,
        "body": body,
        "hash": recorded.hash,
        "created_mono_ms": stamp.uptime_ms,
        "boot_id": stamp.boot_id,
        "lane": "direct",
        "state": "pending",
    }


def _check(kind: EventKind, data: Mapping[str, object]) -> None:
    foreign = sorted(set(data) - kind.fields)
    if foreign:
        allowed = ", ".join(sorted(kind.fields))
        raise FieldNotAllowed(f"{kind.name} may not carry {', '.join(foreign)}; allowed: {allowed}")
    for name, value in data.items():
        if not _is_plain(value):
            raise FieldNotAllowed(f"{kind.name}: {name} is not plain JSON (no floats: use cents, seconds)")


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(each) for each in value)
    if isinstance(value, dict):
        return all(isinstance(name, str) and name.isascii() and _is_plain(each) for name, each in value.items())
    return value is None or isinstance(value, bool | int | str)
