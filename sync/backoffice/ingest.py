"""Accepting batches: the one transaction in which events become the back office's own, and its signed proof.

Accept rule: lock the column, verify signature and chain from the stored head, drop the known prefix after comparing
hashes, store, project, advance the head, commit, answer. Not for: what events mean (`projection`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, bindparam, insert, select, union_all, update

from sync.backoffice import schema
from sync.backoffice.bulk import Row
from sync.backoffice.core import BackOffice, Signer, rfc3339
from sync.backoffice.effects import write_effects
from sync.backoffice.envelope import Event, read_events
from sync.backoffice.kiosks import Head, Kiosk, lock_kiosk, same_key, signed_by
from sync.backoffice.leases import queues_running_low
from sync.backoffice.problems import Refusal
from sync.backoffice.projection import Column, Gatherer, Poison
from sync.protocol.batch import MAX_BYTES, MAX_EVENTS, Batch, batch_is_signed
from sync.protocol.canonical import b64url
from sync.protocol.chain import BrokenChain, check_chain
from sync.protocol.messages import problem_type
from sync.protocol.signing import ACK

PROVISIONAL = range(2**30, 2**31)
"""Epochs a column takes by itself after local damage, until the back office grants the next one."""

_SEEN_MS = 5_000
"""When a column was last seen is noted only so often."""

_SEEN = update(schema.kiosk).where(schema.kiosk.c.id == bindparam("kiosk")).values(last_seen_ms=bindparam("now"))
_ADVANCE = (
    update(schema.chain)
    .where(schema.chain.c.kiosk_id == bindparam("kiosk"), schema.chain.c.epoch == bindparam("in_epoch"))
    .values(acked_sequence=bindparam("last"), acked_hash=bindparam("head"))
)


@dataclass(frozen=True)
class _Read:
    batch: Batch
    events: list[Event]
    signer: Signer


def accept_batch(office: BackOffice, body: bytes) -> dict[str, object] | Refusal:
    """Take in one batch.

    Args:
        body: JSON text, unpacked.

    Returns:
        The signed acknowledgement as JSON members, or why the batch is refused.
    """
    read = _read(office, body)
    if isinstance(read, Refusal):
        return read
    with office.database.write() as connection:
        kiosk, head = lock_kiosk(connection, office.database, read.signer.kiosk_id, read.batch.epoch)
        answer = _accept(office, connection, read, kiosk, head)
        if isinstance(answer, Refusal) and answer.name == "chainFork":
            _keep_evidence(office, connection, kiosk, body)
    if not isinstance(answer, Refusal) or answer.name == "chainFork":
        office.live.changed(read.signer.office_id)
    return office.key.sign_object(ACK, answer) if isinstance(answer, dict) else answer


def _read(office: BackOffice, body: bytes) -> _Read | Refusal:
    """Everything that can be checked before the column is locked."""
    try:
        batch = Batch.model_validate_json(body)
    except ValidationError as error:
        return _unreadable(error)
    if batch.last_sequence - batch.first_sequence + 1 != len(batch.events) or batch.last_sequence >= 10**18:
        return Refusal("schemaViolation", "firstSequence to lastSequence must count the events")
    signer = signed_by(office, batch.source, lambda key: batch_is_signed(batch, key))
    if signer is None:
        return Refusal("invalidSignature", "the batch is not signed by the key of an enrolled column")
    try:
        events = read_events(batch)
        if isinstance(events, str):
            return Refusal("schemaViolation", events)
        if check_chain(batch.events, batch.first_sequence, batch.previous_hash) != batch.head_hash:
            return Refusal("invalidSignature", "the signed headHash is not the hash of the last event")
    except BrokenChain as error:
        return Refusal("invalidSignature", str(error))
    except (ValueError, RecursionError):
        return Refusal("schemaViolation", "an event holds what has no canonical form")
    return _Read(batch, events, signer)


def _unreadable(error: ValidationError) -> Refusal:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return Refusal("badRequest", "the body is not JSON in UTF-8")
    if first["type"] == "too_long":
        return Refusal("payloadTooLarge", f"at most {MAX_EVENTS} events", {"maxBytes": MAX_BYTES})
    where = ".".join(str(part) for part in first["loc"])
    return Refusal("schemaViolation", f"{where}: {first['msg']}")


def _accept(
    office: BackOffice, connection: Connection, read: _Read, kiosk: Kiosk, head: Head
) -> dict[str, object] | Refusal:
    batch = read.batch
    if not same_key(office, kiosk, read.signer):
        return Refusal("invalidSignature", "the column signs with another key by now")
    if kiosk.revoked and not kiosk.may_drain(office.clock()):
        return Refusal("kioskRevoked")
    if batch.epoch > kiosk.epoch and batch.epoch not in PROVISIONAL:
        return Refusal("schemaViolation", f"epoch {batch.epoch} was never granted; the column is in {kiosk.epoch}")
    if batch.first_sequence > head.sequence + 1:
        return Refusal(
            "sequenceGap",
            f"send from {head.sequence + 1}",
            {"expectedSequence": head.sequence + 1, "ackedHash": head.hash},
        )
    known = head.sequence - batch.first_sequence + 1
    if not _continues(connection, read, head, known):
        return Refusal("chainFork", f"stored up to {head.sequence} with other content", {"ackedHash": head.hash})
    now = office.clock()
    new = read.events[known:] if known < len(read.events) else []
    poison = _store(office, connection, kiosk, batch.epoch, new, now) if new else []
    if now - kiosk.last_seen_ms > _SEEN_MS:
        office.database.bulk.run(connection, _SEEN, {"kiosk": kiosk.id, "now": now})
    dead = [{"sequence": p.event.sequence, "id": p.event.id, "problemType": problem_type(p.problem)} for p in poison]
    return {
        "source": batch.source,
        "epoch": batch.epoch,
        "ackedSequence": batch.last_sequence,
        "ackedHash": batch.head_hash,
        "receivedCount": len(batch.events),
        "serverTime": rfc3339(now),
        "deadLettered": dead,
        "hints": {"nextAttemptSec": 0, "leasesLow": queues_running_low(office, connection, kiosk, new)},
    }


def _continues(connection: Connection, read: _Read, head: Head, known: int) -> bool:
    """Whether the batch says the same as we hold for the events we know, and goes on from our head."""
    if known == 0:
        return read.batch.previous_hash == head.hash
    told = {event.sequence: event.hash for event in read.events[:known]}
    held = _held(connection, read, max(told))
    return all(held.get(sequence) == digest for sequence, digest in told.items())


def _held(connection: Connection, read: _Read, last: int) -> dict[int, str]:
    tables = (schema.event.c, schema.dead_letter.c)
    queries = [
        select(t.sequence, t.hash).where(
            t.kiosk_id == read.signer.kiosk_id,
            t.epoch == read.batch.epoch,
            t.sequence.between(read.batch.first_sequence, last),
        )
        for t in tables
    ]
    return {int(row.sequence): str(row.hash) for row in connection.execute(union_all(*queries))}


def _store(
    office: BackOffice, connection: Connection, kiosk: Kiosk, epoch: int, events: list[Event], now: int
) -> list[Poison]:
    column = Column(kiosk.id, kiosk.office_id, kiosk.ordinal, epoch)
    poison = _insert_events(office, connection, column, events, now)
    clashing = {p.event.sequence for p in poison}
    gatherer = Gatherer(office, column, now, events[-1])
    for event in events:
        if event.sequence not in clashing:
            gatherer.add(event)
    poison += write_effects(connection, office, column, gatherer.result, now)
    if poison:
        _put_aside(office, connection, column, poison, now)
    _advance(office, connection, column, events[-1], now)
    return poison


def _insert_events(
    office: BackOffice, connection: Connection, column: Column, events: list[Event], now: int
) -> list[Poison]:
    rows: list[Row] = [
        {
            "kiosk_id": column.id,
            "epoch": column.epoch,
            "sequence": event.sequence,
            "id": event.id,
            "hash": event.hash,
            "type": event.type,
            "received_ms": now,
            "body": event.body,
        }
        for event in events
    ]
    if office.database.bulk.insert_new(connection, schema.event, rows) == len(rows):
        return []
    table = schema.event.c
    mine = set(
        connection.execute(
            select(table.sequence).where(
                table.kiosk_id == column.id,
                table.epoch == column.epoch,
                table.sequence.between(events[0].sequence, events[-1].sequence),
            )
        ).scalars()
    )
    return [Poison(event, "duplicateId", "another event has this id") for event in events if event.sequence not in mine]


def _put_aside(office: BackOffice, connection: Connection, column: Column, poison: list[Poison], now: int) -> None:
    rows = [
        {
            "kiosk_id": column.id,
            "epoch": column.epoch,
            "sequence": p.event.sequence,
            "organisation_id": office.site.id,
            "event_id": p.event.id,
            "hash": p.event.hash,
            "problem": p.problem,
            "detail": p.detail,
            "body": p.event.body,
            "received_ms": now,
        }
        for p in poison
    ]
    connection.execute(insert(schema.dead_letter), rows)


def _advance(office: BackOffice, connection: Connection, column: Column, last: Event, now: int) -> None:
    head: Row = {"kiosk": column.id, "in_epoch": column.epoch, "last": last.sequence, "head": last.hash}
    if office.database.bulk.run(connection, _ADVANCE, head).rowcount == 0:
        connection.execute(
            insert(schema.chain).values(
                kiosk_id=column.id,
                epoch=column.epoch,
                acked_sequence=last.sequence,
                acked_hash=last.hash,
                provisional=column.epoch in PROVISIONAL,
                begun_ms=now,
            )
        )


def _keep_evidence(office: BackOffice, connection: Connection, kiosk: Kiosk, body: bytes) -> None:
    """A rolled back or cloned disk: keep what it sent, stop giving it numbers, tell staff. Nothing is overwritten."""
    if kiosk.quarantined:
        return
    now = office.clock()
    digest = b64url(hashlib.sha256(body).digest())
    connection.execute(
        office.database.insert(schema.evidence)
        .values(kiosk_id=kiosk.id, body_hash=digest, body=body, received_ms=now)
        .on_conflict_do_nothing()
    )
    connection.execute(update(schema.kiosk).where(schema.kiosk.c.id == kiosk.id).values(quarantined_ms=now))
    connection.execute(update(schema.lease).where(schema.lease.c.kiosk_id == kiosk.id).values(quarantined=True))
    connection.execute(
        insert(schema.alarm).values(
            organisation_id=office.site.id,
            office_id=kiosk.office_id,
            kiosk_id=kiosk.id,
            kind="chainFork",
            detail=kiosk.suffix,
            raised_ms=now,
        )
    )
