"""The outbox: what is still to be sent, and what is proved to have arrived.

An event is marked acknowledged only against its own hash, and compacted only once acknowledged. Not for: the network
(`sync.client.uploader`).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from kiosk.store.schema import outbox
from kiosk.store.state import Chain, epochs, load_chain, write_state
from sync.client.ports import AckOutcome, Pending, RewindOutcome
from sync.protocol.ids import uuid7

KEEP_DAYS = 7
_DAY_MS = 24 * 60 * 60 * 1000
_LARGEST = 2**63 - 1
"""SQLite's largest integer; a sequence beyond it cannot be ours."""

_NEXT = (
    select(outbox.c.body)
    .where(outbox.c.epoch == bindparam("epoch"), outbox.c.sequence > bindparam("after"))
    .order_by(outbox.c.sequence)
    .limit(bindparam("most"))
)
_HASH = select(outbox.c.hash).where(outbox.c.epoch == bindparam("at_epoch"), outbox.c.sequence == bindparam("at"))
_SPAN = update(outbox).where(
    outbox.c.epoch == bindparam("at_epoch"),
    outbox.c.sequence > bindparam("after"),
    outbox.c.sequence <= bindparam("until"),
)
_ACKED = _SPAN.values(state="acked")
_PENDING = _SPAN.values(state="pending")
_kept = outbox.alias("kept")
_FIRST_KEPT = (
    select(func.min(_kept.c.sequence))
    .where(
        _kept.c.epoch == bindparam("at_epoch"),
        or_(_kept.c.id >= bindparam("oldest"), _kept.c.state != "acked", _kept.c.sequence > bindparam("until")),
    )
    .scalar_subquery()
)
_COMPACT = delete(outbox).where(
    outbox.c.epoch == bindparam("at_epoch"),
    outbox.c.sequence <= bindparam("until"),
    outbox.c.state == "acked",
    outbox.c.id < bindparam("oldest"),
    # Only from the beginning: an event of a clock that had fallen back looks old in the middle of the chain.
    outbox.c.sequence < func.coalesce(_FIRST_KEPT, 2**62),
)


def next_batch(connection: Connection, max_events: int, max_bytes: int) -> Pending | None:
    """The oldest events not acknowledged, of the oldest epoch that still may be sent; at least one event."""
    for epoch in epochs(connection):
        chain = load_chain(connection, epoch)
        if chain is None or chain.stopped or chain.acked_sequence + 1 >= chain.next_sequence:
            continue
        place = {"epoch": epoch, "after": chain.acked_sequence, "most": max_events}
        bodies = connection.execute(_NEXT, place).scalars().all()
        return Pending(chain.source, epoch, chain.acked_sequence + 1, _within(bodies, max_bytes))
    return None


def _within(bodies: Sequence[bytes], max_bytes: int) -> tuple[bytes, ...]:
    fitting: list[bytes] = []
    size = 0
    for body in bodies:
        size += len(body) + 1
        if fitting and size > max_bytes:
            break
        fitting.append(bytes(body))
    return tuple(fitting)


def own_hash(connection: Connection, chain: Chain, sequence: int) -> str | None:
    """Our hash at a sequence: `birth` at 0, None when we never had the event or compacted it."""
    if sequence == 0:
        return chain.birth
    if sequence == chain.acked_sequence:
        return chain.acked_hash
    if not 0 < sequence < min(chain.next_sequence, _LARGEST):
        return None
    return connection.execute(_HASH, {"at_epoch": chain.epoch, "at": sequence}).scalar_one_or_none()


def acknowledge(connection: Connection, epoch: int, sequence: int, event_hash: str) -> AckOutcome:
    """Advance the watermark to `sequence`, only when `event_hash` is our own hash there."""
    chain = load_chain(connection, epoch)
    if chain is None or own_hash(connection, chain, sequence) != event_hash:
        return AckOutcome.MISMATCH
    if sequence <= chain.acked_sequence:
        return AckOutcome.ALREADY
    span = {"at_epoch": epoch, "after": chain.acked_sequence, "until": sequence}
    connection.execute(_ACKED, span)
    write_state(connection, {chain.key("acked_sequence"): sequence, chain.key("acked_hash"): event_hash})
    return AckOutcome.ADVANCED


def rewind(connection: Connection, epoch: int, expected: int, previous_hash: str) -> RewindOutcome:
    """Move the watermark back so that `expected` is the next event sent, when the other end's history is ours.

    The answer that asks for it is not signed, so it can never move the watermark forward.
    """
    chain = load_chain(connection, epoch)
    if chain is None or not 1 <= expected <= chain.next_sequence:
        return RewindOutcome.MISMATCH
    own = own_hash(connection, chain, expected - 1)
    if own is None:
        return RewindOutcome.COMPACTED
    if own != previous_hash:
        return RewindOutcome.MISMATCH
    if expected > chain.acked_sequence + 1:
        return RewindOutcome.AHEAD
    if expected <= chain.acked_sequence and own_hash(connection, chain, expected) is None:
        return RewindOutcome.COMPACTED
    span = {"at_epoch": epoch, "after": expected - 1, "until": chain.next_sequence}
    connection.execute(_PENDING, span)
    write_state(connection, {chain.key("acked_sequence"): expected - 1, chain.key("acked_hash"): own})
    return RewindOutcome.REWOUND


def stop(connection: Connection, epoch: int, why: str) -> Chain | None:
    """Send nothing more of an epoch; returns its chain, or None when this file never had it or it was stopped."""
    chain = load_chain(connection, epoch)
    if chain is None or chain.stopped:
        return None
    write_state(connection, {chain.key("stopped"): why})
    return chain


def compact(connection: Connection, now_ms: int, keep_days: int = KEEP_DAYS) -> int:
    """Drop acknowledged events older than `keep_days`; returns how many.

    Age is read from the event's id, a time-ordered UUID, so it needs no index of its own.
    """
    oldest = uuid7(max(0, now_ms - keep_days * _DAY_MS))[:14]
    gone = 0
    for epoch in epochs(connection):
        chain = load_chain(connection, epoch)
        if chain is not None:
            place = {"at_epoch": epoch, "until": chain.acked_sequence, "oldest": oldest}
            gone += connection.execute(_COMPACT, place).rowcount
    return gone
